// SQL of alerts.
#pragma once

#include "engine/database/database.hpp"
#include "products/briefings/news/market_events.hpp"

namespace odeon::briefings {

// What one listener wants to be told.
struct AlertWishes {
  bool news = true;
  bool prices = true;
  std::int64_t price_move = 5;  // percent in a day, up or down
};
BOOST_DESCRIBE_STRUCT(AlertWishes, (), (news, prices, price_move))

// An event as one listener was told of it.
struct AlertRow : MarketEvent {
  Instant told_at;
};
BOOST_DESCRIBE_STRUCT(AlertRow, (MarketEvent), (told_at))

class AlertStore {
 public:
  explicit AlertStore(database::Database& database) : database_(database) {}

  // Every stock that somebody follows.
  Task<std::vector<std::string>> followed();
  // Who follows a stock, in the order of their ids after `after`.
  Task<std::vector<std::string>> followers(std::string ticker, std::string after, std::int64_t limit);

  Task<std::vector<MarketEvent>> events_since(Instant since);
  // False if it was found before.
  Task<bool> add(database::Transaction& transaction, MarketEvent event);
  Task<std::optional<MarketEvent>> event(std::string id);

  // False if the listener was told before.
  Task<bool> tell(database::Transaction& transaction, std::string user_id, std::string event_id, Instant now);
  // The newest first.
  Task<std::vector<AlertRow>> told(std::string user_id, Instant since, std::int64_t limit, std::int64_t offset);
  // Events before `before` and who was told of them.
  Task<void> forget(Instant before);

  Task<AlertWishes> wishes(std::string user_id);
  Task<void> keep_wishes(std::string user_id, AlertWishes wishes);

 private:
  database::Database& database_;
};

}  // namespace odeon::briefings
