#include "products/briefings/store_alerts.hpp"

namespace odeon::briefings {
Task<std::vector<std::string>> AlertStore::followed() {
  return database_.query<std::string>("SELECT DISTINCT ticker FROM briefings_positions ORDER BY ticker");
}

Task<std::vector<std::string>> AlertStore::followers(std::string ticker, std::string after, std::int64_t limit) {
  return database_.query<std::string>(
      "SELECT user_id FROM briefings_positions WHERE ticker = $1 AND user_id > $2 ORDER BY user_id LIMIT $3", ticker,
      after, limit);
}

Task<std::vector<MarketEvent>> AlertStore::events_since(Instant since) {
  return database_.query<MarketEvent>(
      "SELECT id, ticker, kind, move, title, body, url, at FROM briefings_market_events WHERE at >= $1", since);
}

Task<bool> AlertStore::add(database::Transaction& transaction, MarketEvent e) {
  co_return co_await transaction.execute(
      "INSERT INTO briefings_market_events (id, ticker, kind, move, title, body, url, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
      e.id, e.ticker, e.kind, e.move, e.title, e.body, e.url, e.at) == 1;
}

Task<std::optional<MarketEvent>> AlertStore::event(std::string id) {
  return database_.find<MarketEvent>(
      "SELECT id, ticker, kind, move, title, body, url, at FROM briefings_market_events WHERE id = $1", id);
}

Task<bool> AlertStore::tell(database::Transaction& transaction, std::string user_id, std::string event_id,
                            Instant now) {
  co_return co_await transaction.execute(
      "INSERT INTO briefings_alerts (user_id, event_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", user_id,
      event_id, now) == 1;
}

Task<std::vector<AlertRow>> AlertStore::told(std::string user_id, Instant since, std::int64_t limit,
                                             std::int64_t offset) {
  return database_.query<AlertRow>(
      "SELECT e.id, e.ticker, e.kind, e.move, e.title, e.body, e.url, e.at, a.at AS told_at FROM briefings_alerts a "
      "JOIN briefings_market_events e ON e.id = a.event_id WHERE a.user_id = $1 AND a.at >= $2 "
      "ORDER BY a.at DESC, e.id LIMIT $3 OFFSET $4",
      user_id, since, limit, offset);
}

Task<void> AlertStore::forget(Instant before) {
  co_await database_.execute("DELETE FROM briefings_alerts WHERE at < $1", before);
  co_await database_.execute("DELETE FROM briefings_market_events WHERE at < $1", before);
}

Task<AlertWishes> AlertStore::wishes(std::string user_id) {
  auto kept = co_await database_.find<AlertWishes>(
      "SELECT news, prices, price_move FROM briefings_alert_wishes WHERE user_id = $1", user_id);
  co_return kept.value_or(AlertWishes{});
}

Task<void> AlertStore::keep_wishes(std::string user_id, AlertWishes wishes) {
  co_await database_.execute(
      "INSERT INTO briefings_alert_wishes (user_id, news, prices, price_move) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (user_id) DO UPDATE SET news = $2, prices = $3, price_move = $4",
      user_id, wishes.news, wishes.prices, wishes.price_move);
}

}  // namespace odeon::briefings
