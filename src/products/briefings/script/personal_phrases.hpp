// What the presenter says of a person's stocks. All figures come in as facts (facts.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "products/briefings/script/facts.hpp"

namespace odeon::briefings {

// As Phrases: no wording comes back before its fellows were used, and one briefing always speaks the same.
class PersonalPhrases {
 public:
  explicit PersonalPhrases(Instant local) : local_(local), turn_(seed(local)) {}

  std::string greeting(std::string_view first_name) const;
  std::string stocks(std::string_view focus) const;  // opens the section of prices
  std::string moved(const PositionFacts& position);
  static std::string holding(const PositionFacts& position);  // empty where there is nothing to say
  static std::string total(const PersonalFacts& facts);
  static std::string result(const PersonalFacts& facts);                 // empty where it is not known
  static std::string without_price(std::vector<std::string> companies);  // one at least
  std::string news() const;
  std::string sectors() const;

 private:
  static std::size_t seed(Instant local);

  Instant local_;
  std::size_t turn_;
};

// "Your Briefing - 3PM: AAPL, TSLA".
std::string personal_title(Instant local, const std::vector<std::string>& tickers);

}  // namespace odeon::briefings
