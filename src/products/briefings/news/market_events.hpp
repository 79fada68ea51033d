// What happens to stocks while people follow them: a price that has moved far in a day, news about a company.
// Pure functions; alerts.hpp says who is told.
#pragma once

#include <string>
#include <vector>

#include "products/briefings/news/news.hpp"
#include "products/briefings/news/quotes.hpp"

namespace odeon::briefings {

enum class AlertKind { price, news };
BOOST_DESCRIBE_ENUM(AlertKind, price, news)

struct MarketEvent {
  std::string id;  // the same whoever finds it, and however often
  std::string ticker;
  AlertKind kind = AlertKind::price;
  std::int64_t move = 0;  // of a price: the step in percent that it has passed, negative when it fell
  std::string title;      // "AAPL is up 5.2 %"
  std::string body;
  std::string url;  // of news; empty: none
  Instant at;       // when it was found

  bool operator==(const MarketEvent&) const = default;
};
BOOST_DESCRIBE_STRUCT(MarketEvent, (), (id, ticker, kind, move, title, body, url, at))

// Older news is no news, and an older price says nothing about now.
inline constexpr std::chrono::minutes kAlertWindow{30};
// How long an event keeps others that say the same from being told.
inline constexpr std::chrono::hours kAlertMemory{48};

// The largest of 2, 3, 5, 8, 10, 15, 20, 30, 50, 75 and 100 percent that the price has moved from the previous
// close, negative when it fell; 0 for less than 2.
std::int64_t step_of(const Quote& quote);

// What is new at `now`, given `known` (what was found within the memory): of each stock the furthest step that
// its price has passed today, and each story about it, once. `quotes` are the followed stocks'.
std::vector<MarketEvent> events_in(const std::vector<Quote>& quotes, const std::vector<Article>& articles,
                                   const std::vector<MarketEvent>& known, Instant now);

}  // namespace odeon::briefings
