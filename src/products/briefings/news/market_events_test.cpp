#include "products/briefings/news/market_events.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;

const Instant kMarketOpen = *parse_iso8601("2026-11-20T15:00:00Z");

Quote apple(std::int64_t price, std::int64_t previous_close = 200 * kMillion, Instant as_of = kMarketOpen - 1min) {
  return {.ticker = "AAPL",
          .company = "Apple",
          .sector = "Technology",
          .currency = "USD",
          .price = price,
          .previous_close = previous_close,
          .as_of = as_of};
}

Article event_article(std::string title, Instant published = kMarketOpen - 5min) {
  return {.source = "Meridian Wire",
          .title = std::move(title),
          .url = "https://example.com/" + to_iso8601(published),
          .published = published};
}

TEST(MarketEvents, AFarMoveIsToldInWords) {
  const auto events = events_in({apple(210'400'000)}, {}, {}, kMarketOpen);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].id, "price:AAPL:2026-11-20:up:5");
  EXPECT_EQ(events[0].move, 5);
  EXPECT_EQ(events[0].title, "AAPL is up 5.2 %");
  EXPECT_EQ(events[0].body, "Apple trades at 210.40 USD, 5.2 % above the previous close.");
  const auto down = events_in({apple(150'000'000)}, {}, {}, kMarketOpen);
  EXPECT_EQ(down.at(0).move, -20);
  EXPECT_EQ(down.at(0).title, "AAPL is down 25.0 %");
}

TEST(MarketEvents, ASmallMoveAndAnOldPriceAreNone) {
  EXPECT_TRUE(events_in({apple(203'000'000)}, {}, {}, kMarketOpen).empty());
  EXPECT_TRUE(events_in({apple(300'000'000, 200 * kMillion, kMarketOpen - 31min)}, {}, {}, kMarketOpen).empty());
  EXPECT_TRUE(events_in({apple(300'000'000, 0)}, {}, {}, kMarketOpen).empty()) << "no previous close";
  EXPECT_TRUE(events_in({Quote{.ticker = "AAPL"}}, {}, {}, kMarketOpen).empty()) << "no price";
}

TEST(MarketEvents, AStepIsToldOnceADayAndStandsForTheSmallerOnes) {
  auto known = events_in({apple(217'000'000)}, {}, {}, kMarketOpen);
  EXPECT_EQ(known.at(0).move, 8);
  EXPECT_TRUE(events_in({apple(218'000'000)}, {}, known, kMarketOpen).empty());
  EXPECT_TRUE(events_in({apple(207'000'000)}, {}, known, kMarketOpen).empty()) << "it came back";
  EXPECT_EQ(events_in({apple(221'000'000)}, {}, known, kMarketOpen).at(0).move, 10);
  EXPECT_EQ(events_in({apple(190'000'000)}, {}, known, kMarketOpen).at(0).move, -5) << "the other way";
  const Instant tomorrow = kMarketOpen + 24h;
  EXPECT_EQ(events_in({apple(207'000'000, 200 * kMillion, tomorrow)}, {}, known, tomorrow).at(0).move, 3);
}

TEST(MarketEvents, NewsIsWhatAHeadlineSaysAboutAStock) {
  const auto events =
      events_in({apple(200'000'000)},
                {event_article("Apple sues chip maker over patents"), event_article("Oil falls on a warm winter"),
                 event_article("Apple opens a campus", kMarketOpen - 31min)},
                {}, kMarketOpen);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, AlertKind::news);
  EXPECT_EQ(events[0].title, "AAPL: Apple sues chip maker over patents");
  EXPECT_EQ(events[0].body, "Meridian Wire");
  EXPECT_TRUE(events[0].id.starts_with("news:AAPL:"));
}

TEST(MarketEvents, OneStoryIsToldOnceWhoeverTellsIt) {
  const std::vector<Article> told{event_article("Apple sues chip maker over patents", kMarketOpen - 9min)};
  auto known = events_in({apple(200'000'000)}, told, {}, kMarketOpen - 8min);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_TRUE(events_in({apple(200'000'000)}, told, known, kMarketOpen).empty());
  EXPECT_TRUE(
      events_in({apple(200'000'000)}, {event_article("Apple sues a chip maker over patents")}, known, kMarketOpen)
          .empty());
  EXPECT_EQ(events_in({apple(200'000'000)},
                      {event_article("Apple sues chip maker over patents"),
                       event_article("Apple sues a chip maker over patents")},
                      {}, kMarketOpen)
                .size(),
            1U);
}

TEST(MarketEvents, WhatASourceSaysItIsAboutCounts) {
  Article tagged = event_article("Cupertino changes its chief");
  tagged.tickers = {{"AAPL"}};
  EXPECT_EQ(events_in({apple(200'000'000)}, {tagged}, {}, kMarketOpen).size(), 1U);
}

// Whatever prices do, a day tells each side's steps in growing order, each once.
RC_GTEST_PROP(MarketEventsProperty, StepsOfADayOnlyGrow, ()) {
  const auto prices = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(1, 600 * kMillion));
  std::vector<MarketEvent> known;
  std::int64_t highest = 0, lowest = 0;
  for (const auto price : prices) {
    const auto found = events_in({apple(price)}, {}, known, kMarketOpen);
    const auto step = step_of(apple(price));
    RC_ASSERT(found.size() == (step > highest || step < lowest ? 1U : 0U));
    highest = std::max(highest, step);
    lowest = std::min(lowest, step);
    known.insert(known.end(), found.begin(), found.end());
  }
}

}  // namespace
}  // namespace odeon::briefings
