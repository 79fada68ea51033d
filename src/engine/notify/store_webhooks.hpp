// SQL of outgoing webhooks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/database/database.hpp"
#include "engine/notify/webhooks.hpp"

namespace odeon::notify::store {

struct EndpointRow {
  std::string id;
  std::string owner;
  std::string product;
  std::string url;
  std::string events;  // JSON
  std::string secret;
  std::string old_secret;
  Instant old_secret_until;
  Instant created_at;
  std::optional<Instant> failing_since;
  std::optional<Instant> disabled_at;
  std::string disabled_because;
};
BOOST_DESCRIBE_STRUCT(EndpointRow, (),
                      (id, owner, product, url, events, secret, old_secret, old_secret_until, created_at, failing_since,
                       disabled_at, disabled_because))

struct EventRow {
  std::string id;
  std::string owner;
  std::string product;
  std::string type;
  std::string body;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(EventRow, (), (id, owner, product, type, body, created_at))

// As their owner is told of them.
struct EndpointKept {
  std::string id;
  std::string product;
  std::string url;
  std::vector<std::string> events;
  Instant created_at;
  std::optional<Instant> disabled_at;
  std::string disabled_because;
};
BOOST_DESCRIBE_STRUCT(EndpointKept, (), (id, product, url, events, created_at, disabled_at, disabled_because))
struct AttemptKept {
  std::string endpoint_id;
  std::string event_id;
  std::string type;
  std::int64_t attempt = 0;
  std::int64_t status = 0;
  std::string fault;
  Instant made_at;
};
BOOST_DESCRIBE_STRUCT(AttemptKept, (), (endpoint_id, event_id, type, attempt, status, fault, made_at))

Task<void> add_endpoint(database::Transaction& transaction, EndpointRow row);
// In the order of creation.
Task<std::vector<EndpointRow>> endpoints_of(database::Executor& executor, std::string owner, std::string product);
Task<std::optional<EndpointRow>> find_endpoint(database::Executor& executor, std::string id);
Task<void> set_secrets(database::Executor& executor, EndpointRow row);
struct SecretsRow {
  std::string id;
  std::string secret;
  std::string old_secret;
};
BOOST_DESCRIBE_STRUCT(SecretsRow, (), (id, secret, old_secret))
// Of the endpoints after `after`, at most `most`; if there is a `prefix`, only of those with a secret that does not
// begin with it.
Task<std::vector<SecretsRow>> secrets(database::Executor& executor, std::string prefix, std::string after,
                                      std::int64_t most);
// These: nothing happens, and false, if it is no longer `from`.
Task<bool> replace_secret(database::Executor& executor, std::string id, std::string from, std::string to);
Task<bool> replace_old_secret(database::Executor& executor, std::string id, std::string from, std::string to);
// False if the owner has none of that id.
Task<bool> enable_endpoint(database::Executor& executor, std::string owner, std::string id);
Task<bool> remove_endpoint(database::Transaction& transaction, std::string owner, std::string id);
// Of one product, or of all when it is empty, as the two below; tells how many rows went.
Task<std::int64_t> forget_endpoints(database::Transaction& transaction, std::string owner, std::string product);
Task<std::vector<EndpointKept>> endpoints_kept(database::Executor& executor, std::string owner, std::string product);
Task<std::vector<AttemptKept>> attempts_kept(database::Executor& executor, std::string owner, std::string product);
// Unless it is disabled already.
Task<bool> disable_endpoint(database::Transaction& transaction, std::string id, std::string because, Instant now);
Task<void> note_success(database::Transaction& transaction, std::string id);
// Since when it fails, from now on if it did not; nothing if it is gone.
Task<std::optional<Instant>> note_failure(database::Transaction& transaction, std::string id, Instant now);

Task<void> add_event(database::Transaction& transaction, EventRow row);
Task<std::optional<EventRow>> find_event(database::Executor& executor, std::string id);
// Events of before `before`, and attempts that were under way when their endpoint was removed.
Task<void> tidy_webhooks(database::Executor& executor, Instant before);

// Keeps the newest `most` of the endpoint, or one more when two are added at once.
Task<void> add_attempt(database::Transaction& transaction, std::string id, std::string endpoint_id,
                       WebhookAttempt attempt, std::int64_t most);
Task<std::vector<WebhookAttempt>> attempts_of(database::Executor& executor, std::string owner, std::string endpoint_id,
                                              std::int64_t most);

}  // namespace odeon::notify::store
