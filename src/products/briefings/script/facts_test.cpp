#include "products/briefings/script/facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "products/briefings/script/figures.hpp"

namespace odeon::briefings {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Instant kFactsRead = *parse_iso8601("2026-11-20T15:00:00Z");

Position position(std::string ticker, std::string company, std::int64_t cents, std::int64_t before_cents) {
  return {.quote = {.ticker = std::move(ticker),
                    .company = std::move(company),
                    .sector = "Energy",
                    .currency = "USD",
                    .price = cents * 10'000,
                    .previous_close = before_cents * 10'000,
                    .as_of = kFactsRead}};
}

PersonalBrief brief(std::vector<Position> positions) {
  return {.now = kFactsRead, .positions = std::move(positions), .profit_and_loss = true};
}

std::vector<std::string> order(const PersonalBrief& brief) {
  std::vector<std::string> tickers;
  for (const auto& position : facts(brief).positions) tickers.push_back(position.ticker);
  return tickers;
}

TEST(Money, IsSaidInItsCurrency) {
  EXPECT_EQ(spoken_money(182'350'000, "USD", false), "$182.35");
  EXPECT_EQ(spoken_money(182'000'000, "USD", false), "$182");
  EXPECT_EQ(spoken_money(182'500'000, "USD", false), "$182.50");
  EXPECT_EQ(spoken_money(182'354'999, "USD", false), "$182.35");
  EXPECT_EQ(spoken_money(182'355'000, "USD", false), "$182.36");
  EXPECT_EQ(spoken_money(7'842'000, "GBP", false), "\u00A37.84");
  EXPECT_EQ(spoken_money(512'400'000, "EUR", false), "\u20AC512.40");
  EXPECT_EQ(spoken_money(4'321'000'000, "JPY", false), "\u00A54,321");
  EXPECT_EQ(spoken_money(142'600'000, "SEK", false), "142.60 Swedish kronor");
  EXPECT_EQ(spoken_money(2'000'000, "XTS", false), "2 XTS");
  EXPECT_EQ(spoken_money(350'000, "USD", false), "$0.35");
  EXPECT_EQ(spoken_money(31'200, "USD", false), "$0.0312");
  EXPECT_EQ(spoken_money(999'960, "USD", false), "$1");
  EXPECT_EQ(spoken_money(49, "USD", false), "") << "too little to be said";
  EXPECT_EQ(spoken_money(0, "USD", false), "");
  EXPECT_EQ(spoken_money(99'994'999, "USD", true), "$99.99");
  EXPECT_EQ(spoken_money(594'400'000, "USD", true), "$594");
  EXPECT_EQ(spoken_money(12'345'600'000, "USD", true), "$12,346");
  EXPECT_EQ(spoken_money(999'999'600'000, "USD", true), "$1 million");
  EXPECT_EQ(spoken_money(1'234'567'000'000, "USD", true), "$1.23 million");
  EXPECT_EQ(spoken_money(999'999'000'000'000, "USD", true), "$1 billion");
  EXPECT_EQ(spoken_money(1'500'000'000'000'000, "CHF", true), "1.5 billion Swiss francs");
  EXPECT_EQ(spoken_money(8'999'000'000'000'000'000, "USD", true), "$9 trillion");
}

TEST(Money, ChangesAndShares) {
  const auto percent = [](std::int64_t now, std::int64_t before) {
    return spoken_change(now - before, before).percent;
  };
  EXPECT_EQ(percent(4125, 4009), "2.9 percent");
  EXPECT_EQ(percent(97, 100), "3 percent");
  EXPECT_EQ(percent(20005, 20000), "") << "less than can be heard";
  EXPECT_EQ(percent(10005, 10000), "0.1 percent");
  EXPECT_EQ(percent(1350, 100), "1,250 percent");
  EXPECT_EQ(spoken_change(-1, 100).direction, -1);
  EXPECT_EQ(spoken_change(1, 10'000).direction, 0);
  EXPECT_EQ(spoken_change(9'000'000'000'000'000'000, 1).percent, "") << "a fault of the data";
  EXPECT_EQ(spoken_shares(1'000'000), "1 share");
  EXPECT_EQ(spoken_shares(12'500'000), "12.5 shares");
  EXPECT_EQ(spoken_shares(1'234'000'001), "1,234.000001 shares");
}

TEST(Company, IsCalledAsPeopleCallIt) {
  const std::pair<const char*, const char*> cases[] = {{"Apple Inc.", "Apple"},
                                                       {"Amazon.com, Inc.", "Amazon"},
                                                       {"JPMorgan Chase & Co.", "JPMorgan Chase"},
                                                       {"The Coca-Cola Company", "Coca-Cola"},
                                                       {"Johnson & Johnson", "Johnson and Johnson"},
                                                       {"S&P 500 ETF", "S&P 500 ETF"},
                                                       {"Maison Th\u00E9venet", "Maison Th\u00E9venet"},
                                                       {"Moody\u2019s Corporation", "Moody's"},
                                                       {"SE", "SE"},
                                                       {"<b>Evil</b> `rm`", "b Evil /b rm"},
                                                       {"", ""}};
  for (const auto& [full, said] : cases) EXPECT_EQ(short_company(full), said);
  EXPECT_EQ(spoken_first_name("Ana Mar\u00EDa"), "Ana Mar\u00EDa");
  EXPECT_EQ(spoken_first_name("O\u2019Neil <3"), "O'Neil");
  EXPECT_EQ(spoken_first_name("Seven"), "") << "a figure would need a source";
  EXPECT_EQ(spoken_first_name("R2D2"), "R D");
  EXPECT_EQ(spoken_first_name("..."), "");
  EXPECT_LE(text::length(spoken_first_name(std::string(5000, 'a'))), 40U);
}

TEST(Facts, TellPricesAndMovements) {
  auto person = brief({position("HLDN", "Halden Motors", 4125, 4009)});
  const auto known = facts(person);
  ASSERT_EQ(known.positions.size(), 1U);
  EXPECT_EQ(known.priced, 1U);
  EXPECT_EQ(known.positions[0].price, "$41.25");
  EXPECT_EQ(known.positions[0].change.percent, "2.9 percent");
  EXPECT_EQ(known.positions[0].change.direction, 1);
  EXPECT_EQ(known.given.front().text,
            "Halden Motors (HLDN), Energy. The price is $41.25, up 2.9 percent from the previous close.");
  EXPECT_EQ(known.given.front().direction, 1);
  EXPECT_EQ(known.dated, "");
  EXPECT_EQ(known.value, "") << "nothing is held";
}

TEST(Facts, ProfitAndLossOnlyForThoseWhoHaveIt) {
  auto held = position("HLDN", "Halden Motors", 4125, 4009);
  held.shares = 12'500'000;
  held.average_cost = 50'000'000;
  auto person = brief({held});
  const auto known = facts(person);
  EXPECT_EQ(known.positions[0].value, "$516");
  EXPECT_EQ(known.positions[0].result.amount, "$109");
  EXPECT_EQ(known.positions[0].result.percent, "17.5 percent");
  EXPECT_EQ(known.positions[0].result.direction, -1);
  EXPECT_EQ(known.value, "$516");
  EXPECT_EQ(known.day.amount, "$14.50");
  EXPECT_EQ(known.day.direction, 1);
  EXPECT_THAT(known.given.front().text, HasSubstr("12.5 shares worth $516, a loss of $109, or 17.5 percent, on"));
  EXPECT_EQ(known.given.front().direction, 0) << "up today and down on what was paid: either may be said";
  person.profit_and_loss = false;
  const auto without = facts(person);
  EXPECT_EQ(without.value + without.positions[0].value + without.positions[0].shares, "");
  EXPECT_THAT(without.given.front().text, Not(HasSubstr("share")));
}

TEST(Facts, ATotalIsSaidOnlyWhereItIsWhole) {
  auto a = position("A", "Aye", 10'000, 9'900), b = position("B", "Bee", 20'000, 20'500);
  a.shares = b.shares = 2'000'000;
  a.average_cost = 90'000'000;
  EXPECT_EQ(facts(brief({a, b})).value, "$600");
  EXPECT_EQ(facts(brief({a, b})).day.amount, "$8");
  EXPECT_EQ(facts(brief({a, b})).day.direction, -1);
  EXPECT_EQ(facts(brief({a, b})).result.amount, "") << "the cost of one is not known";
  auto foreign = b;
  foreign.quote.currency = "EUR";
  EXPECT_EQ(facts(brief({a, foreign})).value, "") << "no rate is invented";
  auto unknown = b;
  unknown.quote.price = 0;
  EXPECT_EQ(facts(brief({a, unknown})).value, "");
  auto huge = b;
  huge.shares = std::numeric_limits<std::int64_t>::max();
  huge.quote.price = 1'000'000'000 * kMillion;
  EXPECT_EQ(facts(brief({a, huge})).value, "");
}

TEST(Facts, TheMostTellingComesFirst) {
  auto calm = position("CALM", "", 1001, 1000), fall = position("FALL", "", 900, 1000),
       rise = position("RISE", "", 1050, 1000), lost = position("LOST", "", 0, 0);
  EXPECT_THAT(order(brief({lost, calm, rise, fall})), ElementsAre("FALL", "RISE", "CALM", "LOST"));
  calm.shares = kMillion;
  auto person = brief({lost, calm, rise, fall});
  EXPECT_THAT(order(person), ElementsAre("CALM", "FALL", "RISE", "LOST")) << "holdings first";
  person.focus = "watchlist";
  EXPECT_THAT(order(person), ElementsAre("FALL", "RISE", "CALM", "LOST"));
  rise.priority = 1;
  fall.priority = 9;
  EXPECT_THAT(order(brief({fall, rise})), ElementsAre("RISE", "FALL")) << "what the person put first";
}

TEST(Facts, CountHowTheStocksMoved) {
  const auto up = [](const char* ticker) { return position(ticker, "", 110, 100); };
  const auto down = [](const char* ticker) { return position(ticker, "", 90, 100); };
  EXPECT_EQ(facts(brief({up("A"), down("B")})).moves, "");
  EXPECT_EQ(facts(brief({up("A"), down("B"), up("C")})).moves, "Of these 3 stocks, 2 are up and 1 is down.");
  EXPECT_EQ(facts(brief({down("A"), down("B"), down("C")})).moves, "All 3 of these stocks are down.");
  EXPECT_EQ(facts(brief({up("A"), down("B"), position("C", "", 5, 5), position("D", "", 0, 0)})).moves,
            "Of these 3 stocks, 1 is up, 1 is down and 1 is little changed.");
}

TEST(Facts, PricesOfAnotherDayAreDated) {
  auto person = brief({position("A", "", 110, 100), position("B", "", 110, 100)});
  person.now = kFactsRead + std::chrono::hours(9);
  EXPECT_EQ(facts(person).dated, "These prices are as of Friday, November 20.");
  person.utc_offset = std::chrono::hours(-5);
  EXPECT_EQ(facts(person).dated, "") << "still the same day for this person";
  person.now = *parse_iso8601("2027-02-01T15:00:00Z");
  person.positions[1].quote.as_of = person.now;
  EXPECT_EQ(facts(person).dated, "The oldest of these prices is from Friday, November 20, 2026.");
}

TEST(Facts, WhatIsNoPositionIsLeftOut) {
  EXPECT_THAT(facts(brief({})).given, IsEmpty());
  EXPECT_THAT(order(brief({position("", "X", 1, 1), position("a b", "X", 1, 1), position("OK", "X", 1, 1),
                           position("OK", "Y", 2, 1)})),
              ElementsAre("OK"));
}

RC_GTEST_PROP(MoneyProperty, NothingIsLostButTheRounding, ()) {
  const bool large = *rc::gen::arbitrary<bool>();
  std::int64_t most = 10;
  for (int digits = *rc::gen::inRange(1, large ? 18 : 15); digits > 1; --digits) most *= 10;
  const auto amount = *rc::gen::inRange<std::int64_t>(1, most);
  const auto said = spoken_money(amount, "USD", large);
  if (said.empty()) {
    RC_ASSERT(amount < 50);
    return;
  }
  const auto read = figures(said);
  RC_ASSERT((read.size() == 1U && read.front().starts_with('$')));
  const double value = std::stod(number_of(read.front())), exact = static_cast<double>(amount) / kMillion;
  const double unit = exact < 1 ? 0.0001 : !large || exact < 100 ? 0.01 : exact < 999'999 ? 1 : exact / 100;
  RC_ASSERT(std::abs(value - exact) <= unit * 0.5001);
}

}  // namespace
}  // namespace odeon::briefings
