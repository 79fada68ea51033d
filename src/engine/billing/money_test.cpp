#include "engine/billing/money.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::billing {
namespace {

TEST(Money, ReadsAsPeopleWriteIt) {
  const std::vector<std::pair<Money, std::string>> cases{
      {{4900, "usd"}, "$49.00"},         {{11905, "eur"}, "€119.05"},
      {{149900, "try"}, "1,499.00 TRY"}, {{123456789, "jpy"}, "123,456,789 JPY"},
      {{1500, "kwd"}, "1.500 KWD"},      {{7, "usd"}, "$0.07"},
      {{0, "gbp"}, "0.00 GBP"}};
  for (const auto& [money, text] : cases) EXPECT_EQ(to_text(money), text);
}

TEST(Money, OnlyThreeSmallLettersAreACurrency) {
  for (const char* good : {"usd", "try"}) EXPECT_TRUE(is_currency(good));
  for (const char* bad : {"", "us", "usdt", "USD", "us1", "üs"}) EXPECT_FALSE(is_currency(bad)) << bad;
}

TEST(Money, IsConvertedExactlyAndRoundedDown) {
  EXPECT_EQ(converted(4900, 33'000'000, "try"), (Money{161'700, "try"}));
  EXPECT_EQ(converted(4900, 913'399, "eur"), (Money{4475, "eur"}));
  EXPECT_EQ(converted(4900, 149'123'456, "jpy"), (Money{7307, "jpy"}));
  EXPECT_EQ(converted(4900, 306'700, "kwd"), (Money{15'028, "kwd"}));
  EXPECT_EQ(converted(1'000'000'000, kMaxRate, "kwd").amount, 10'000'000'000'000'000);
}

TEST(FamiliarPrice, IsTheOneBelowThatShopsUse) {
  const std::vector<std::pair<Money, std::int64_t>> cases{
      {{161'700, "try"}, 149'900}, {{165'000, "try"}, 149'900}, {{425'700, "try"}, 399'900},
      {{149'900, "try"}, 149'900}, {{149'899, "try"}, 139'900}, {{4480, "eur"}, 3999},
      {{999, "eur"}, 999},         {{9900, "eur"}, 9900},       {{9899, "eur"}, 8999},
      {{57, "eur"}, 57},           {{7307, "jpy"}, 6999},       {{0, "usd"}, 0}};
  for (const auto& [exact, price] : cases)
    EXPECT_EQ(familiar_price(exact), (Money{price, exact.currency})) << to_text(exact);
}

Money any_money() {
  const auto digits = *rc::gen::inRange(1, 13);
  std::int64_t most = 1;
  for (int i = 0; i < digits; ++i) most *= 10;
  return {*rc::gen::inRange<std::int64_t>(1, most), *rc::gen::element<std::string>("try", "eur", "jpy", "kwd")};
}

RC_GTEST_PROP(FamiliarPrice, NeverPassesNorFallsFarBelow, ()) {
  const Money exact = any_money(), price = familiar_price(exact);
  RC_ASSERT(price.amount <= exact.amount);
  RC_ASSERT(price.amount * 5 >= exact.amount * 4);
  RC_ASSERT(price.currency == exact.currency);
  RC_ASSERT(familiar_price(price) == price);
}

RC_GTEST_PROP(FamiliarPrice, NeverFallsWhenTheRateRises, ()) {
  const Money exact = any_money();
  Money more = exact;
  more.amount += *rc::gen::inRange<std::int64_t>(0, exact.amount / 3 + 3);
  RC_ASSERT(familiar_price(exact).amount <= familiar_price(more).amount);
}

}  // namespace
}  // namespace odeon::billing
