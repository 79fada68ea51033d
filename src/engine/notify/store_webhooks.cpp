#include "engine/notify/store_webhooks.hpp"

namespace odeon::notify::store {

Task<void> add_endpoint(database::Transaction& transaction, EndpointRow row) {
  co_await transaction.execute(
      "INSERT INTO notify_endpoints (id, owner, product, url, events, secret, old_secret, old_secret_until, "
      "created_at, disabled_because) VALUES ($1, $2, $3, $4, $5, $6, '', 0, $7, '')",
      row.id, row.owner, row.product, row.url, row.events, row.secret, row.created_at);
}

Task<std::vector<EndpointRow>> endpoints_of(database::Executor& executor, std::string owner, std::string product) {
  return executor.query<EndpointRow>(
      "SELECT id, owner, product, url, events, secret, old_secret, old_secret_until, created_at, failing_since, "
      "disabled_at, disabled_because FROM notify_endpoints WHERE owner = $1 AND product = $2 ORDER BY id",
      owner, product);
}

Task<std::optional<EndpointRow>> find_endpoint(database::Executor& executor, std::string id) {
  return executor.find<EndpointRow>(
      "SELECT id, owner, product, url, events, secret, old_secret, old_secret_until, created_at, failing_since, "
      "disabled_at, disabled_because FROM notify_endpoints WHERE id = $1",
      id);
}

Task<void> set_secrets(database::Executor& executor, EndpointRow row) {
  co_await executor.execute(
      "UPDATE notify_endpoints SET secret = $2, old_secret = $3, old_secret_until = $4 WHERE id = $1", row.id,
      row.secret, row.old_secret, row.old_secret_until);
}

Task<std::vector<SecretsRow>> secrets(database::Executor& executor, std::string prefix, std::string after,
                                      std::int64_t most) {
  return executor.query<SecretsRow>(
      "SELECT id, secret, old_secret FROM notify_endpoints WHERE id > $2 AND ($1 = '' "
      "OR substr(secret, 1, length($1)) <> $1 OR (old_secret <> '' AND substr(old_secret, 1, length($1)) <> $1)) "
      "ORDER BY id LIMIT $3",
      prefix, after, most);
}

Task<bool> replace_secret(database::Executor& executor, std::string id, std::string from, std::string to) {
  co_return co_await executor.execute("UPDATE notify_endpoints SET secret = $3 WHERE id = $1 AND secret = $2", id, from,
                                      to) == 1;
}

Task<bool> replace_old_secret(database::Executor& executor, std::string id, std::string from, std::string to) {
  co_return co_await executor.execute("UPDATE notify_endpoints SET old_secret = $3 WHERE id = $1 AND old_secret = $2",
                                      id, from, to) == 1;
}

Task<bool> enable_endpoint(database::Executor& executor, std::string owner, std::string id) {
  co_return co_await executor.execute(
      "UPDATE notify_endpoints SET disabled_at = NULL, disabled_because = '', failing_since = NULL "
      "WHERE id = $1 AND owner = $2",
      id, owner) > 0;
}

Task<bool> remove_endpoint(database::Transaction& transaction, std::string owner, std::string id) {
  if (co_await transaction.execute("DELETE FROM notify_endpoints WHERE id = $1 AND owner = $2", id, owner) == 0)
    co_return false;
  co_await transaction.execute("DELETE FROM notify_attempts WHERE endpoint_id = $1", id);
  co_return true;
}

Task<std::int64_t> forget_endpoints(database::Transaction& transaction, std::string owner, std::string product) {
  std::int64_t rows = co_await transaction.execute(
      "DELETE FROM notify_attempts WHERE endpoint_id IN "
      "(SELECT id FROM notify_endpoints WHERE owner = $1 AND ($2 = '' OR product = $2))",
      owner, product);
  rows += co_await transaction.execute("DELETE FROM notify_endpoints WHERE owner = $1 AND ($2 = '' OR product = $2)",
                                       owner, product);
  rows += co_await transaction.execute("DELETE FROM notify_events WHERE owner = $1 AND ($2 = '' OR product = $2)",
                                       owner, product);
  co_return rows;
}

Task<std::vector<EndpointKept>> endpoints_kept(database::Executor& executor, std::string owner, std::string product) {
  return executor.query<EndpointKept>(
      "SELECT id, product, url, events, created_at, disabled_at, disabled_because FROM notify_endpoints "
      "WHERE owner = $1 AND ($2 = '' OR product = $2) ORDER BY id",
      owner, product);
}

Task<std::vector<AttemptKept>> attempts_kept(database::Executor& executor, std::string owner, std::string product) {
  return executor.query<AttemptKept>(
      "SELECT a.endpoint_id, a.event_id, a.type, a.attempt, a.status, a.fault, a.made_at FROM notify_attempts a "
      "JOIN notify_endpoints e ON e.id = a.endpoint_id WHERE e.owner = $1 AND ($2 = '' OR e.product = $2) "
      "ORDER BY a.endpoint_id, a.id",
      owner, product);
}

Task<bool> disable_endpoint(database::Transaction& transaction, std::string id, std::string because, Instant now) {
  co_return co_await transaction.execute(
      "UPDATE notify_endpoints SET disabled_at = $3, disabled_because = $2 WHERE id = $1 AND disabled_at IS NULL", id,
      because, now) > 0;
}

Task<void> note_success(database::Transaction& transaction, std::string id) {
  co_await transaction.execute(
      "UPDATE notify_endpoints SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL", id);
}

Task<std::optional<Instant>> note_failure(database::Transaction& transaction, std::string id, Instant now) {
  return transaction.find<Instant>(
      "UPDATE notify_endpoints SET failing_since = COALESCE(failing_since, $2) WHERE id = $1 RETURNING failing_since",
      id, now);
}

Task<void> add_event(database::Transaction& transaction, EventRow row) {
  co_await transaction.execute(
      "INSERT INTO notify_events (id, owner, product, type, body, created_at) VALUES ($1, $2, $3, $4, $5, $6)", row.id,
      row.owner, row.product, row.type, row.body, row.created_at);
}

Task<std::optional<EventRow>> find_event(database::Executor& executor, std::string id) {
  return executor.find<EventRow>("SELECT id, owner, product, type, body, created_at FROM notify_events WHERE id = $1",
                                 id);
}

Task<void> tidy_webhooks(database::Executor& executor, Instant before) {
  co_await executor.execute("DELETE FROM notify_events WHERE created_at < $1", before);
  co_await executor.execute("DELETE FROM notify_attempts WHERE endpoint_id NOT IN (SELECT id FROM notify_endpoints)");
}

Task<void> add_attempt(database::Transaction& transaction, std::string id, std::string endpoint_id,
                       WebhookAttempt attempt, std::int64_t most) {
  co_await transaction.execute(
      "INSERT INTO notify_attempts (id, endpoint_id, event_id, type, attempt, status, fault, made_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      id, endpoint_id, attempt.event_id, attempt.type, attempt.attempt, attempt.status, attempt.fault, attempt.made_at);
  co_await transaction.execute(
      "DELETE FROM notify_attempts WHERE endpoint_id = $1 AND id NOT IN "
      "(SELECT id FROM notify_attempts WHERE endpoint_id = $1 ORDER BY id DESC LIMIT $2)",
      endpoint_id, most);
}

Task<std::vector<WebhookAttempt>> attempts_of(database::Executor& executor, std::string owner, std::string endpoint_id,
                                              std::int64_t most) {
  return executor.query<WebhookAttempt>(
      "SELECT a.event_id, a.type, a.attempt, a.status, a.fault, a.made_at FROM notify_attempts a "
      "JOIN notify_endpoints e ON e.id = a.endpoint_id WHERE e.id = $1 AND e.owner = $2 ORDER BY a.id DESC LIMIT $3",
      endpoint_id, owner, most);
}

}  // namespace odeon::notify::store
