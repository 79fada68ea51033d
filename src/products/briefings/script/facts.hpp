// What a personal briefing may say of a person's stocks: every figure computed once, in the form in which
// it is spoken. Composer, prompt and check all take it from here.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "products/briefings/news/quotes.hpp"
#include "products/briefings/script/script.hpp"

namespace odeon::briefings {

// A stock that somebody holds or watches. A price or previous close of 0 is not known: nothing is said
// of it, and the rest of the quote still tells which news is about it.
struct Position {
  Quote quote;
  std::optional<std::int64_t> shares, average_cost;  // millionths; cost of one share in the quote's currency
  int priority = 5;                                  // 1 is told first
};

struct PersonalBrief {
  Instant now;
  double target_seconds = 300;
  std::string first_name;  // may be empty
  std::vector<Position> positions;
  std::string focus = "holdings";  // holdings, watchlist or sectors
  bool profit_and_loss = false;
  std::chrono::minutes utc_offset{0};  // of the person's clock: for greeting, dates and title
};

// One amount or share of it, ready to be spoken. Empty text: not known.
struct Spoken {
  std::string amount;   // "$1,234", "40 shares"
  std::string percent;  // "1.8 percent"
  int direction = 0;    // 1: up, -1: down, 0: unchanged, or too little to be heard
};

struct PositionFacts {
  std::string id;  // of its Fact
  std::string ticker;
  std::string company;    // as spoken: "Apple" of "Apple Inc."
  bool held = false;      // in shares
  std::string price;      // empty when not known
  bool compared = false;  // with a previous close:
  Spoken change;          // `percent` only
  std::string shares;     // from here on only with profit_and_loss and shares
  std::string value;
  Spoken result;            // against what was paid
  std::int64_t weight = 0;  // higher is told earlier; where equal, the earlier `place` in the brief
  std::size_t place = 0;
};

struct PersonalFacts {
  std::vector<PositionFacts> positions;  // the most telling first; without prices last
  std::size_t priced = 0;                // of them
  std::string moves;                     // "Of these 5 stocks, 3 are up and 2 are down."; with three or more
  // With profit_and_loss, where all that is held has a price, in one currency.
  std::string value;
  Spoken day, result;
  std::string dated;  // "These prices are as of Friday, November 20."; when they are of another day
  std::vector<Fact> given;
};

inline constexpr const char* kMovesFact = "stocks";
inline constexpr const char* kPortfolioFact = "portfolio";
inline constexpr const char* kDatedFact = "prices";

// Positions without a proper ticker are left out; of one ticker the first counts.
PersonalFacts facts(const PersonalBrief& brief);

// "Apple" of "Apple Inc.", "Boeing" of "The Boeing Company": without what nobody says.
std::string short_company(std::string_view company);
// A name that can be said in a greeting, or nothing.
std::string spoken_first_name(std::string_view name);

// "$182.35" of 182'350'000, "€0.0312"; `large` in whole units and millions: "$12,345", "$1.23 million".
// Empty for what is too little to be said. Of 0 or more.
std::string spoken_money(std::int64_t millionths, std::string_view currency, bool large);
std::string spoken_shares(std::int64_t millionths);  // "12.5 shares"
// "1.8 percent", of `part` in `whole`, which is above 0; nothing below a twentieth of a percent.
Spoken spoken_change(std::int64_t part, std::int64_t whole);

}  // namespace odeon::briefings
