// Outgoing webhooks, as Standard Webhooks has them: people name an address, and are told there of what happens. A
// delivery is a durable job for each endpoint, enqueued in the caller's transaction. An event may arrive more than
// once, with the same webhook-id, and not in order.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/http/client.hpp"
#include "engine/jobs/worker.hpp"

namespace odeon::notify {

// What only a test of an endpoint sends: to it alone, whatever it wants to be told, and once.
inline constexpr std::string_view kPing = "ping";

struct NewEndpoint {
  std::string owner;
  std::string product;
  std::string url;                  // http or https; port 80, 443 or above 1023
  std::vector<std::string> events;  // "briefing.ready"; empty: all
};

struct WebhookEndpoint {
  std::string id;  // whe_…
  std::string owner;
  std::string product;
  std::string url;
  std::vector<std::string> events;
  Instant created_at;
  std::optional<Instant> disabled_at;
  std::string disabled_because;  // gone (it answered 410), failing (for days), or empty
};
BOOST_DESCRIBE_STRUCT(WebhookEndpoint, (), (id, owner, product, url, events, created_at, disabled_at, disabled_because))

struct CreatedEndpoint {
  WebhookEndpoint endpoint;
  std::string secret;  // whsec_…, shown now and never again
};

// One try to deliver an event, for the owner of the endpoint.
struct WebhookAttempt {
  std::string event_id;
  std::string type;
  std::int64_t attempt = 0;  // 1 for the first
  std::int64_t status = 0;   // of the answer; 0: there was none
  std::string fault;         // empty: delivered; status, timeout, dns, connection, answer or address (not a public one)
  Instant made_at;
};
BOOST_DESCRIBE_STRUCT(WebhookAttempt, (), (event_id, type, attempt, status, fault, made_at))

struct WebhookEvent {
  std::string owner;
  std::string product;
  std::string type;  // "briefing.ready"
  json::value data;
  std::string key;  // a second event of this key tells nothing; empty: each is another
};

struct WebhookOptions {
  // For tests, and for a receiver in the same private network: any address and any port.
  bool allow_private = false;
  std::chrono::milliseconds time{15'000};  // until the answer's header
  // Before each further attempt: three days in all.
  std::vector<std::chrono::seconds> pauses{std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
                                           std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
                                           std::chrono::hours(14),  std::chrono::hours(20),  std::chrono::hours(24)};
  std::chrono::hours failing_limit{5 * 24};  // after so long without a success an endpoint is disabled
  std::chrono::hours old_secret_life{24};    // a rolled secret still signs for so long
  std::string authorities_file;              // PEM; empty for the system's
  // How secrets are kept in the database; unset: as they are.
  std::function<std::string(std::string)> seal, open;
};

// The jobs.
struct SendWebhook {
  static constexpr std::string_view kind = "notify.webhook";
  std::string endpoint_id;
  std::string event_id;
};
BOOST_DESCRIBE_STRUCT(SendWebhook, (), (endpoint_id, event_id))

struct TidyWebhooks {
  static constexpr std::string_view kind = "notify.tidy_webhooks";
};
BOOST_DESCRIBE_STRUCT(TidyWebhooks, (), ())

// Thread-safe; what it is given outlives it. It has an HTTP client of its own, which connects to public addresses
// only.
class Webhooks {
 public:
  static constexpr std::size_t max_endpoints = 20;   // of one owner and product
  static constexpr std::int64_t kept_attempts = 50;  // of one endpoint

  Webhooks(database::Database& database, jobs::Queue& queue, const Clock& clock, Log& log, Metrics& metrics,
           WebhookOptions options);

  // Throws Error{invalid} with fields for an address or a type that cannot be, Error{conflict} for one too many.
  Task<CreatedEndpoint> create(NewEndpoint endpoint);
  Task<std::vector<WebhookEndpoint>> list(std::string owner, std::string product);
  // The last `kept_attempts`, the newest first.
  Task<std::vector<WebhookAttempt>> attempts(std::string owner, std::string id);
  // A new secret; the one before signs beside it for a day. These three: nothing or false if it is not theirs.
  Task<std::optional<std::string>> roll_secret(std::string owner, std::string id);
  Task<bool> enable(std::string owner, std::string id);
  Task<bool> remove(std::string owner, std::string id);
  // The id of the event that tests an endpoint; nothing if it is not theirs, or disabled.
  Task<std::optional<std::string>> ping(std::string owner, std::string id);

  // A delivery for each endpoint of the owner and product that wants this type; often none.
  Task<void> send(database::Transaction& transaction, WebhookEvent event);

  // Registers the handlers and the schedule, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  struct Result {
    std::int64_t status = 0;
    std::string fault;
  };
  Task<bool> enqueue(database::Transaction& transaction, SendWebhook job, std::string key);
  Task<void> deliver(SendWebhook job, jobs::Job& handle);
  Task<Result> post(http::ClientRequest request);
  Task<bool> write_down(std::string endpoint_id, WebhookAttempt attempt, jobs::Job& handle);
  Task<void> tidy();

  database::Database& database_;
  jobs::Queue& queue_;
  const Clock& clock_;
  Log& log_;
  Metrics& metrics_;
  const WebhookOptions options_;
  http::Client client_;
};

}  // namespace odeon::notify
