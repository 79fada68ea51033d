#include "products/briefings/news/interest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "products/briefings/examples_test.hpp"

namespace odeon::briefings {
namespace {

using ::testing::ElementsAre;

bool names(const std::string& ticker, const std::string& company, const std::string& text) {
  return Interest(Quote{.ticker = ticker, .company = company}).named_in(Mentions(text));
}

Position watched(std::string ticker, std::string company, std::string sector = "") {
  return {.quote = {.ticker = std::move(ticker), .company = std::move(company), .sector = std::move(sector)}};
}

std::vector<std::string> titles_of(const std::vector<Story>& stories) {
  std::vector<std::string> out;
  for (const auto& story : stories) out.push_back(story.title());
  return out;
}

Story story(std::string title, std::string summary = "", std::vector<std::string> tickers = {}) {
  return {
      .articles = {{.source = "Wire", .title = std::move(title), .summary = std::move(summary), .tickers = tickers}}};
}

TEST(Interest, FindsNames) {
  EXPECT_TRUE(names("AAPL", "Apple Inc.", "Shares of Apple rose."));
  EXPECT_TRUE(names("AAPL", "Apple Inc.", "Apple\u2019s chief spoke."));
  EXPECT_FALSE(names("AAPL", "Apple Inc.", "An apple a day."));
  EXPECT_FALSE(names("AAPL", "Apple Inc.", "Appleton burned."));
  EXPECT_TRUE(names("NVDA", "NVIDIA Corporation", "Chips by Nvidia sell."));
  EXPECT_TRUE(names("GOOGL", "Alphabet Inc.", "Google lost a case."));
  EXPECT_TRUE(names("CSTL", "Castellan Bank", "Castellan agreed to buy Merrow."));
  EXPECT_TRUE(names("SPY", "S&P 500 ETF", "The S&P 500 rose."));
  EXPECT_TRUE(names("QQQ", "Nasdaq 100 ETF", "The Nasdaq gained."));
  EXPECT_TRUE(names("JNJ", "Johnson & Johnson", "Talc cost Johnson & Johnson dearly."));
  EXPECT_TRUE(names("ORVL", "Orrin and Vale", "Orrin and Vale swings to profit"));
  EXPECT_FALSE(names("BAC", "Bank of America", "The Bank of England met."));
  EXPECT_FALSE(names("AAL", "American Airlines", "American shares rose."));
  EXPECT_TRUE(names("AAL", "American Airlines", "American Airlines shares rose."));
  EXPECT_FALSE(names("SQ", "Block", "Block the deal, they said. Block it now."));
  EXPECT_TRUE(names("SQ", "Block", "Payments firm Block rose."));
}

TEST(Interest, FindsTickers) {
  EXPECT_TRUE(names("HLDN", "", "Analysts like HLDN best."));
  EXPECT_TRUE(names("BRK.B", "", "They sold BRK.B."));
  EXPECT_FALSE(names("HLDN", "", "hldn"));
  EXPECT_FALSE(names("T", "", "Plan T failed."));
  EXPECT_TRUE(names("T", "", "AT&T (T) fell."));
  EXPECT_TRUE(names("T", "", "AT&T (NYSE: T) fell."));
  EXPECT_TRUE(names("T", "", "Buy $T today."));
  EXPECT_FALSE(names("CEO", "", "The CEO left."));
  EXPECT_FALSE(names("NOW", "", "BUY STOCKS NOW BEFORE IT IS LATE"));
  EXPECT_FALSE(names("CAT", "", "THE CAT IS OUT OF THE BAG"));
  EXPECT_FALSE(names("QQQ", "Nasdaq 100 ETF", "Apple (NASDAQ: AAPL) rose.")) << "a place of trading";
}

TEST(Pick, PutsEachStoryWhereItBelongs) {
  const std::vector<Story> stories{story("Stocks rise on Friday"),
                                   story("Oil falls for a fourth day", "Brent crude lost ground."),
                                   story("Lenders gain", "Castellan Bank led them."),
                                   story("Castellan Bank buys rival"), story("Phone sales climb", "", {"AAPL"})};
  PersonalBrief brief{.positions = {watched("CSTL", "Castellan Bank"), watched("AAPL", "Apple Inc."),
                                    watched("XOM", "Exxon Mobil Corporation", "Energy")}};
  const auto picked = pick(stories, brief);
  EXPECT_THAT(titles_of(picked.named), ElementsAre("Castellan Bank buys rival", "Phone sales climb", "Lenders gain"));
  EXPECT_THAT(titles_of(picked.sector), ElementsAre("Oil falls for a fourth day"));
  EXPECT_THAT(titles_of(picked.rest), ElementsAre("Stocks rise on Friday"));
  brief.positions[1].shares = kMillion;
  EXPECT_EQ(titles_of(pick(stories, brief).named).front(), "Phone sales climb") << "what is held comes first";
  brief.focus = "watchlist";
  EXPECT_EQ(titles_of(pick(stories, brief).named).front(), "Castellan Bank buys rival");
  EXPECT_TRUE(pick(stories, {}).named.empty());
}

TEST(Pick, OneStockDoesNotCrowdOutTheOthers) {
  std::vector<Story> stories;
  for (int i = 0; i < 5; ++i) stories.push_back(story(fmt::format("Halden Motors news {}", i)));
  stories.push_back(story("A day for lenders", "Castellan Bank rose."));
  const PersonalBrief brief{.positions = {watched("HLDN", "Halden Motors"), watched("CSTL", "Castellan Bank")}};
  const auto named = titles_of(pick(stories, brief).named);
  EXPECT_LT(std::ranges::find(named, "A day for lenders") - named.begin(), 3);
}

TEST(Pick, LeavesRoomForTheMarketUnlessSectorsAreWanted) {
  std::vector<Story> stories;
  for (int i = 0; i < 20; ++i) stories.push_back(story(fmt::format("Oil moves again, part {}", i)));
  PersonalBrief brief{.positions = {watched("XOM", "Exxon", "Energy")}};
  EXPECT_EQ(pick(stories, brief).sector.size(), 5U);
  EXPECT_EQ(pick(stories, brief).rest.size(), 15U);
  brief.focus = "sectors";
  EXPECT_EQ(pick(stories, brief).sector.size(), 20U);
}

TEST(Sector, IsKnownByItsWords) {
  const auto about = [](const char* title, const char* sector) { return concerns_sector({.title = title}, sector); };
  EXPECT_TRUE(about("Copper reaches highest price since June", "Materials"));
  EXPECT_TRUE(about("Drugmaker halts trial", " health care "));
  EXPECT_TRUE(about("Memory chip prices climb", "Semiconductors"));
  EXPECT_TRUE(about("Cannabis growers merge", "Cannabis"));
  EXPECT_FALSE(about("Copper reaches highest price since June", "Health Care"));
  EXPECT_FALSE(about("Copper reaches highest price since June", ""));
  EXPECT_FALSE(about("Index funds grow", "Index Funds"));
}

RC_GTEST_PROP(PickProperty, NoStoryIsLostOrDoubled, ()) {
  static const auto stories = stories_from(example_articles(), *parse_iso8601("2026-11-20T15:00:00Z"));
  PersonalBrief brief{.focus = *rc::gen::element<std::string>("holdings", "watchlist", "sectors", "?")};
  for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
    brief.positions.push_back(
        watched(*rc::gen::element<std::string>("A", "SPY", "HLDN", "CSTL"),
                *rc::gen::element<std::string>("Halden Motors", "Castellan Bank", "Oil", "", "The"),
                *rc::gen::element<std::string>("Energy", "Financials", "", "Space")));
    if (*rc::gen::arbitrary<bool>()) brief.positions.back().shares = kMillion;
    brief.positions.back().priority = *rc::gen::arbitrary<int>();
  }
  const auto picked = pick(stories, brief);
  std::multiset<std::string> before, after;
  for (const auto& title : titles_of(stories)) before.insert(title);
  for (const auto* part : {&picked.named, &picked.sector, &picked.rest})
    for (const auto& title : titles_of(*part)) after.insert(title);
  RC_ASSERT(before == after);
}

RC_GTEST_PROP(InterestProperty, AnyTextIsRead,
              (const std::string& ticker, const std::string& company, const std::string& text)) {
  const Interest interest(Quote{.ticker = ticker, .company = company});
  static_cast<void>(interest.named_in(Mentions(text::to_valid_utf8(text))));
  const Interest known(Quote{.ticker = "HLDN", .company = "Halden Motors"});
  RC_ASSERT(known.named_in(Mentions(text::to_valid_utf8(text) + "\nShares of Halden Motors rose.")));
}

}  // namespace
}  // namespace odeon::briefings
