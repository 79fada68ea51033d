#include "engine/notify/store.hpp"

namespace odeon::notify {

namespace embedded {
extern const std::string_view schema_sql, mail_sql, webhooks_sql, webhooks_2_sql;
}

namespace store {

Task<void> keep_token(database::Transaction& transaction, Device device, Instant now, std::int64_t most) {
  co_await transaction.execute(
      "INSERT INTO notify_push_tokens (product, token, user_id, platform, created_at, seen_at) "
      "VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (product, token) DO UPDATE SET "
      "user_id = excluded.user_id, platform = excluded.platform, seen_at = excluded.seen_at",
      device.product, device.token, device.user_id, device.platform, now);
  co_await transaction.execute(
      "DELETE FROM notify_push_tokens WHERE user_id = $1 AND product = $2 AND token NOT IN "
      "(SELECT token FROM notify_push_tokens WHERE user_id = $1 AND product = $2 "
      "ORDER BY seen_at DESC, created_at DESC, token LIMIT $3)",
      device.user_id, device.product, most);
}

Task<bool> remove_token(database::Database& database, Device device) {
  co_return co_await database.execute(
      "DELETE FROM notify_push_tokens WHERE product = $1 AND token = $2 AND user_id = $3", device.product, device.token,
      device.user_id) > 0;
}

Task<std::vector<DeviceKept>> devices_of(database::Database& database, std::string user_id, std::string product) {
  return database.query<DeviceKept>(
      "SELECT product, token, platform, created_at, seen_at FROM notify_push_tokens "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2) ORDER BY created_at",
      user_id, product);
}

// Tickets are known by their tokens, and go first: without the token nobody would find them.
Task<std::int64_t> forget_devices(database::Transaction& transaction, std::string user_id, std::string product) {
  const auto tickets = co_await transaction.execute(
      "DELETE FROM notify_push_tickets WHERE token IN "
      "(SELECT token FROM notify_push_tokens WHERE user_id = $1 AND ($2 = '' OR product = $2))",
      user_id, product);
  co_return tickets +
      co_await transaction.execute("DELETE FROM notify_push_tokens WHERE user_id = $1 AND ($2 = '' OR product = $2)",
                                   user_id, product);
}

Task<bool> has_tokens(database::Executor& executor, std::string user_id, std::string product) {
  const auto found = co_await executor.find<std::string>(
      "SELECT token FROM notify_push_tokens WHERE user_id = $1 AND product = $2 LIMIT 1", user_id, product);
  co_return found.has_value();
}

Task<std::vector<std::string>> unreached(database::Database& database, std::string user_id, std::string product,
                                         std::string job_id) {
  return database.query<std::string>(
      "SELECT token FROM notify_push_tokens WHERE user_id = $1 AND product = $2 AND token NOT IN "
      "(SELECT token FROM notify_push_tickets WHERE job_id = $3) ORDER BY token",
      user_id, product, job_id);
}

Task<void> add_tickets(database::Transaction& transaction, std::vector<TicketRow> tickets) {
  std::vector<std::tuple<std::string, std::string, std::string, Instant>> rows;
  for (auto& t : tickets) rows.emplace_back(t.job_id, t.token, t.receipt_id, t.sent_at);
  if (rows.empty()) co_return;
  co_await transaction.execute_each(
      "INSERT INTO notify_push_tickets (job_id, token, receipt_id, sent_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (job_id, token) DO NOTHING",
      std::move(rows));
}

Task<std::vector<TicketRow>> open_tickets(database::Database& database, Instant until, std::string after,
                                          std::int64_t limit) {
  return database.query<TicketRow>(
      "SELECT job_id, token, receipt_id, sent_at FROM notify_push_tickets "
      "WHERE receipt_id <> '' AND receipt_id > $2 AND sent_at <= $1 ORDER BY receipt_id LIMIT $3",
      until, after, limit);
}

Task<void> settle_tickets(database::Transaction& transaction, std::vector<TicketRow> tickets) {
  std::vector<std::tuple<std::string, std::string>> rows;
  for (auto& t : tickets) rows.emplace_back(t.job_id, t.token);
  if (rows.empty()) co_return;
  co_await transaction.execute_each("UPDATE notify_push_tickets SET receipt_id = '' WHERE job_id = $1 AND token = $2",
                                    std::move(rows));
}

Task<void> forget_tokens(database::Transaction& transaction, std::vector<TicketRow> tickets) {
  std::vector<std::tuple<std::string, Instant>> rows;
  for (auto& t : tickets) rows.emplace_back(t.token, t.sent_at);
  if (rows.empty()) co_return;
  co_await transaction.execute_each("DELETE FROM notify_push_tokens WHERE token = $1 AND seen_at <= $2",
                                    std::move(rows));
}

Task<void> remove_tickets(database::Database& database, Instant before) {
  co_await database.execute("DELETE FROM notify_push_tickets WHERE sent_at < $1", before);
}

}  // namespace store

std::vector<database::Migration> migrations() {
  return {{"notify", 1, embedded::schema_sql},
          {"notify", 2, embedded::mail_sql},
          {"notify", 3, embedded::webhooks_sql},
          {"notify", 4, embedded::webhooks_2_sql}};
}

}  // namespace odeon::notify
