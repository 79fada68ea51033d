#include "products/briefings/script/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace odeon::briefings {
namespace {

using ::testing::ElementsAre;
using Figures = std::vector<std::string>;

TEST(Figures, AreTheSameWhateverSpaceIsBetweenTheirWords) {
  EXPECT_EQ(figures("two \f billion\tpercent"), figures("two billion percent"));
}

TEST(Figures, AreEqualWhereTheFactsAre) {
  const std::pair<std::string, Figures> cases[] = {
      {"", {}},
      {"No numbers here.", {}},
      {"1,200 jobs", {"1200"}},
      {"1200 jobs", {"1200"}},
      {"1,234,567", {"1234567"}},
      {"rooms 1, 200 and 3", {"1", "200", "3"}},
      {"up 3.2%", {"3.2%"}},
      {"up 3.20 percent", {"3.2%"}},
      {"up 3.2 per cent", {"3.2%"}},
      {"3.2 percentage points", {"3.2%"}},
      {"a 25-basis-point cut", {"25bp"}},
      {"25bps", {"25bp"}},
      {"$1.5bn", {"$1500000000"}},
      {"$1.5 billion", {"$1500000000"}},
      {"1.5 billion dollars", {"$1500000000"}},
      {"a US$1.5-billion deal", {"$1500000000"}},
      {"\u20AC640m", {"\u20AC640000000"}},
      {"640 million euros", {"\u20AC640000000"}},
      {"\u00A31.9bn", {"\u00A31900000000"}},
      {"two deals", {"2"}},
      {"twenty-five and thirty", {"25", "30"}},
      {"two hundred and six ships", {"206"}},
      {"three million cars", {"3000000"}},
      {"three point two percent", {"3.2%"}},
      {"one of them, no one else", {}},
      {"one million", {"1000000"}},
      {"one percent", {"1%"}},
      {"the third quarter", {"3"}},
      {"Q3", {"3"}},
      {"November 20th, 2026", {"20", "2026"}},
      {"3 m tall", {"3"}},
      {"007", {"7"}},
      {"3\npercent", {"3"}},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(figures(text), expected) << text;
}

TEST(Figures, NumberWithoutUnit) {
  EXPECT_EQ(number_of("3.2%"), "3.2");
  EXPECT_EQ(number_of("\u20AC640"), "640");
  EXPECT_EQ(number_of("25bp"), "25");
}

RC_GTEST_PROP(FiguresProperty, WhateverTheSpelling, (bool percent)) {
  const auto whole = *rc::gen::inRange<int>(0, 2'000'000);
  const auto fraction = *rc::gen::inRange<int>(0, 10);
  std::string grouped = std::to_string(whole);
  for (int at = static_cast<int>(grouped.size()) - 3; at > 0; at -= 3)
    grouped.insert(static_cast<std::size_t>(at), ",");
  const std::string tail = fraction == 0 ? "" : "." + std::to_string(fraction);
  const std::string unit = percent ? "%" : "";
  const Figures expected{std::to_string(whole) + tail + unit};
  RC_ASSERT(figures("It was " + grouped + tail + (percent ? " percent" : "") + ".") == expected);
  RC_ASSERT(figures("(" + std::to_string(whole) + tail + unit + ")") == expected);
}

RC_GTEST_PROP(FiguresProperty, AnyTextIsRead, (const std::string& bytes)) {
  for (const auto& figure : figures(text::to_valid_utf8(bytes))) RC_ASSERT(!number_of(figure).empty());
}

}  // namespace
}  // namespace odeon::briefings
