#include "engine/ai/providers/spoken.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "engine/ai/providers/number_words.hpp"

namespace odeon::ai {
namespace {

struct Line {
  const char* written;
  const char* said;
};

// clang-format off
constexpr Line kLines[] = {
    // Money
    {"$4.99", "four dollars and ninety nine cents"},
    {"$1", "one dollar"},
    {"$1.00", "one dollar"},
    {"$1.01", "one dollar and one cent"},
    {"$61.5", "sixty one dollars and fifty cents"},
    {"$3.125", "three point one two five dollars"},
    {"$0.35", "thirty five cents"},
    {"$.35", "thirty five cents"},
    {"$0.00", "zero dollars"},
    {"-$4.99", "minus four dollars and ninety nine cents"},
    {"$-3", "minus three dollars"},
    {"$1,250.00", "one thousand two hundred fifty dollars"},
    {"$1.2bn", "one point two billion dollars"},
    {"$1.2 billion", "one point two billion dollars"},
    {"$500M", "five hundred million dollars"},
    {"$3T", "three trillion dollars"},
    {"US$5m", "five million U S dollars"},
    {"C$20", "twenty Canadian dollars"},
    {"€5.50", "five euros and fifty cents"},
    {"£3.05", "three pounds and five pence"},
    {"¥1,250", "one thousand two hundred fifty yen"},
    {"50¢", "fifty cents"},
    {"a $2 billion buyback", "a two billion dollar buyback"},
    {"$5/month", "five dollars per month"},
    {"$10–$12 a share", "ten dollars to twelve dollars a share"},
    {"a $ sign", "a sign"},
    // Shares of a whole, and other units
    {"3.2%", "three point two percent"},
    {"−0.4 %", "minus zero point four percent"},
    {"+3.2%", "plus three point two percent"},
    {"2-3% growth", "two to three percent growth"},
    {"(−2%)", "minus two percent,"},
    {"up 3 bps", "up three basis points"},
    {"1 bp", "one basis point"},
    {"24.5x", "twenty four point five times"},
    {"~5%", "about five percent"},
    // Plain numbers
    {"1.2bn", "one point two billion"},
    {"12k", "twelve thousand"},
    {"3M", "three M"},
    {"500M users", "five hundred million users"},
    {"5,912.47", "five thousand nine hundred twelve point four seven"},
    {"1,234,567,890", "one billion two hundred thirty four million five hundred sixty seven thousand eight hundred ninety"},
    {"1,23", "one, twenty three"},
    {"0.05", "zero point zero five"},
    {"007", "zero zero seven"},
    {"1234567890123456", "one two three four five six seven eight nine zero one two three four five six"},
    {"1.2.3", "one point two point three"},
    {"50+", "fifty plus"},
    {"#1", "number one"},
    {"No. 7", "number seven"},
    {"3:1 split", "three to one split"},
    {"1/2", "one half"},
    {"24/7", "twenty four seven"},
    {"5/8", "five over eight"},
    {"the 3rd, 21st and 30th", "the third, twenty first and thirtieth"},
    {"52-week high", "fifty two week high"},
    {"10Y", "ten Y"},
    {"１２３", "one hundred twenty three"},
    // Names with figures
    {"S&P 500", "S and P five hundred"},
    {"Russell 2000", "Russell two thousand"},
    {"FTSE 100", "footsie one hundred"},
    {"Q3", "Q three"},
    {"G7, H100, 5G", "G seven, H one hundred, five G"},
    // Dates and times
    {"2026-11-20", "November twentieth, twenty twenty six"},
    {"2026-11-20T07:30:00Z", "November twentieth, twenty twenty six at seven thirty U T C"},
    {"2026-13-40", "twenty twenty six to thirteen forty"},
    {"Nov 20", "November twentieth"},
    {"Nov. 20", "November twentieth"},
    {"November 21, 2026", "November twenty first, twenty twenty six"},
    {"May 2026", "May twenty twenty six"},
    {"in 2008", "in two thousand eight"},
    {"in 1905", "in nineteen oh five"},
    {"the 1990s", "the nineteen nineties"},
    {"2025's", "twenty twenty five's"},
    {"9:30 a.m. ET", "nine thirty A M E T"},
    {"9:00 am", "nine A M"},
    {"9:00", "nine o'clock"},
    {"16:00", "sixteen hundred"},
    {"16:05", "sixteen oh five"},
    {"4pm", "four P M"},
    // Words
    {"AAPL", "A A P L"},
    {"AAPL's rise", "A A P L's rise"},
    {"$AAPL", "A A P L"},
    {"Apple (AAPL) rose", "Apple, A A P L, rose"},
    {"ETFs", "E T F's"},
    {"OPEC and NASDAQ", "Opec and Nasdaq"},
    {"OpenAI, JPMorgan, SpaceX, McDonald's", "Open A I, J P Morgan, Space X, McDonald's"},
    {"AT&T", "A T and T"},
    {"M&A", "M and A"},
    {"Johnson & Johnson", "Johnson and Johnson"},
    {"U.S. stocks", "U S stocks"},
    {"in the U.S.", "in the U S."},
    {"e.g. gold", "for example gold"},
    {"Apple Inc. rose", "Apple Inc rose"},
    {"Ford Motor Co. vs. GM", "Ford Motor Company versus G M"},
    {"up 2.1% y/y", "up two point one percent year over year"},
    {"FED HOLDS RATES, MARKETS RALLY", "fed holds rates, markets rally"},
    {"I am here", "I am here"},
    {"don't 'quote' “me”", "don't quote me"},
    {"example.com", "example dot com"},
    {"Nestlé and Société Générale", "Nestle and Societe Generale"},
    {"one — two … three", "one, two. three"},
    {"**bold** _it_ `x`", "bold it x"},
    {"", ""},
};
// clang-format on

TEST(Spoken, ReadsMarketNewsAsPeopleDo) {
  for (const auto& [written, said] : kLines) EXPECT_EQ(spoken(written, "en-US"), said) << written;
}

TEST(Spoken, LeavesOtherLanguagesToTheirVoices) {
  EXPECT_EQ(spoken("  Der DAX stieg\num 3,2 %. ", "de"), "Der DAX stieg um 3,2 %.");
}

// Words back to figures, by other means than they were made with.
const std::map<std::string, int> kValues = {
    {"zero", 0},      {"one", 1},       {"two", 2},       {"three", 3},    {"four", 4},     {"five", 5},
    {"six", 6},       {"seven", 7},     {"eight", 8},     {"nine", 9},     {"ten", 10},     {"eleven", 11},
    {"twelve", 12},   {"thirteen", 13}, {"fourteen", 14}, {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17},
    {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},   {"thirty", 30},  {"forty", 40},   {"fifty", 50},
    {"sixty", 60},    {"seventy", 70},  {"eighty", 80},   {"ninety", 90}};
const std::map<std::string, std::int64_t> kScales = {
    {"thousand", 1'000}, {"million", 1'000'000}, {"billion", 1'000'000'000}, {"trillion", 1'000'000'000'000}};

struct Understood {
  std::int64_t whole = 0;
  std::string decimals;
  bool minus = false;
  std::vector<std::string> others;
};
Understood understand(const std::string& words) {
  Understood out;
  std::int64_t group = 0;
  bool after_point = false;
  std::istringstream in(words);
  for (std::string word; in >> word;) {
    if (word == "minus") {
      out.minus = true;
    } else if (word == "point") {
      after_point = true;
    } else if (const auto value = kValues.find(word); value != kValues.end()) {
      if (after_point)
        out.decimals += std::to_string(value->second);
      else
        group += value->second;
    } else if (word == "hundred") {
      group *= 100;
    } else if (const auto scale = kScales.find(word); scale != kScales.end()) {
      out.whole += group * scale->second;
      group = 0;
    } else {
      out.others.push_back(word);
    }
  }
  out.whole += group;
  return out;
}

std::string with_commas(std::string digits) {
  for (std::ptrdiff_t i = std::ssize(digits) - 3; i > 0; i -= 3) digits.insert(static_cast<std::size_t>(i), ",");
  return digits;
}

RC_GTEST_PROP(SpokenProperty, EveryFigureIsSaidExactly, (bool minus, bool percent)) {
  const auto size = *rc::gen::inRange<int>(1, 16);
  const auto whole = *rc::gen::inRange<std::int64_t>(0, static_cast<std::int64_t>(std::pow(10, size)));
  const auto decimals = *rc::gen::container<std::string>(rc::gen::inRange('0', static_cast<char>('9' + 1)));
  const std::string fraction = decimals.substr(0, 6);
  std::string written = minus ? "-" : "";
  written += with_commas(std::to_string(whole));
  if (!fraction.empty()) written += "." + fraction;
  // A bare number from 1900 to 2099 is a year, and said as one.
  RC_PRE(percent || !fraction.empty() || whole < 1900 || whole > 2099);
  if (percent) written += "%";
  const Understood heard = understand(spoken("It is " + written + " now", "en"));
  RC_ASSERT(heard.whole == whole);
  RC_ASSERT(heard.decimals == fraction);
  RC_ASSERT(heard.minus == minus);
  std::vector<std::string> others{"It", "is"};
  if (percent) others.emplace_back("percent");
  others.emplace_back("now");
  RC_ASSERT(heard.others == others);
}

RC_GTEST_PROP(SpokenProperty, DollarsAndCentsAreSaidExactly, ()) {
  const auto dollars = *rc::gen::inRange<std::int64_t>(2, 10'000'000);
  const auto cents = *rc::gen::inRange(2, 100);
  const std::string said = spoken(fmt::format("${}.{:02}", with_commas(std::to_string(dollars)), cents), "en");
  const std::size_t middle = said.find(" dollars and ");
  RC_ASSERT(middle != std::string::npos);
  RC_ASSERT(said.ends_with(" cents"));
  RC_ASSERT(understand(said.substr(0, middle)).whole == dollars);
  RC_ASSERT(understand(said.substr(middle + 13, said.size() - middle - 19)).whole == cents);
}

RC_GTEST_PROP(SpokenProperty, NoDigitIsLeftToTheVoice, ()) {
  static constexpr std::string_view kPieces[] = {
      "$", "%", "1", "99",    ".",  ",",   "-", "'", "(", ")", "AAPL", "a",    "Q",  " ", " ", "\n",  "/",  "&",
      "_", "é", "€", "1,000", "bn", "Nov", ":", "T", "Z", "s", "x",    "2026", "中", "−", "#", "No.", "am", "+"};
  std::string text;
  const int count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i) text += kPieces[*rc::gen::inRange<std::size_t>(0, std::size(kPieces))];
  const std::string said = spoken(text, "en");
  for (const char c : said) {
    RC_ASSERT(c >= ' ' && c < 0x7F);
    RC_ASSERT(!(c >= '0' && c <= '9'));
    RC_ASSERT(std::string_view("$%&/_#()+\"").find(c) == std::string_view::npos);
  }
}

TEST(NumberWords, OrdinalsAndYears) {
  EXPECT_EQ(ordinal_words("1"), "first");
  EXPECT_EQ(ordinal_words("12"), "twelfth");
  EXPECT_EQ(ordinal_words("20"), "twentieth");
  EXPECT_EQ(ordinal_words("101"), "one hundred first");
  EXPECT_EQ(year_words(2000), "two thousand");
  EXPECT_EQ(year_words(2010), "twenty ten");
  EXPECT_EQ(year_words(1900), "nineteen hundred");
}

}  // namespace
}  // namespace odeon::ai
