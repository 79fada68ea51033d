// Which of a provider's prices stands for which of our plans. The price that is paid decides the plan, so every
// price that was ever sold stays in the list.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace odeon::billing {

enum class Cycle { monthly, yearly };
BOOST_DESCRIBE_ENUM(Cycle, monthly, yearly)

// What can be bought.
struct Offer {
  std::string product;
  std::string plan;
  Cycle cycle = Cycle::monthly;
  auto operator<=>(const Offer&) const = default;
};
BOOST_DESCRIBE_STRUCT(Offer, (), (product, plan, cycle))

class PriceList {
 public:
  // The first of `ids` is sold, the others are known from earlier. Throws Error{invalid} for an id that stands for
  // something else already.
  void add(const Offer& offer, const std::vector<std::string>& ids);
  // Null if there is none.
  const std::string* price_of(const Offer& offer) const;
  const Offer* offer_of(std::string_view price) const;
  bool empty() const { return sold_.empty(); }

 private:
  std::map<Offer, std::string> sold_;
  std::map<std::string, Offer, std::less<>> known_;
};

}  // namespace odeon::billing
