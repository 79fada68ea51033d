// Telling endpoints of events.
#include "base/ids.hpp"
#include "engine/notify/signatures.hpp"
#include "engine/notify/store_webhooks.hpp"
#include "engine/notify/webhooks.hpp"

namespace odeon::notify {
namespace {

constexpr int kWebhookPriority = 4;  // after what people wait for
constexpr int kJobsOfEndpoint = 2;   // at once: one that is slow does not keep every worker
constexpr std::size_t kMaxAnswer = 64 * 1024;
constexpr std::chrono::seconds kDrainTime{5};
constexpr unsigned kGone = 410;
// Longer than all attempts take.
constexpr std::chrono::days kKeepEvents{7};

struct Body {
  std::string type;
  Instant timestamp;
  json::value data;
};
BOOST_DESCRIBE_STRUCT(Body, (), (type, timestamp, data))

bool wants(const store::EndpointRow& endpoint, const std::string& type) {
  const auto types = json::from<std::vector<std::string>>(endpoint.events);
  return !endpoint.disabled_at && (types.empty() || std::ranges::find(types, type) != types.end());
}

// What the owner is told of a connection that failed: a word, and nothing of our inside.
std::string fault_of(const Error& error) {
  if (error.fault == Fault::timeout) return "timeout";
  if (error.fault == Fault::forbidden) return "address";
  if (error.fault == Fault::upstream) return "answer";
  return error.code == "DNS_FAILED" ? "dns" : "connection";
}

// Reads a little, so that the connection can be used again; the status has said everything.
Task<void> drain(ByteSource& body) {
  std::array<char, 4096> piece;
  for (std::size_t read = 0; read < kMaxAnswer;) {
    const std::size_t some = co_await body.read(std::span(piece).first(std::min(piece.size(), kMaxAnswer - read)));
    if (some == 0) co_return;
    read += some;
  }
}

}  // namespace

void Webhooks::install(jobs::Worker& worker) {
  worker.handle<SendWebhook>([this](SendWebhook job, jobs::Job& handle) { return deliver(std::move(job), handle); });
  worker.handle<TidyWebhooks>([this](TidyWebhooks, jobs::Job&) { return tidy(); });
  worker.schedule("notify.tidy_webhooks", jobs::Cron("35 3 * * *"), TidyWebhooks{});
}

// False if that was done before.
Task<bool> Webhooks::enqueue(database::Transaction& transaction, SendWebhook job, std::string key) {
  const std::string endpoint = job.endpoint_id;
  const auto made = co_await queue_.enqueue(transaction, std::move(job),
                                            {.priority = kWebhookPriority,
                                             .lane = endpoint,
                                             .lane_limit = kJobsOfEndpoint,
                                             .max_attempts = static_cast<int>(options_.pauses.size()) + 1,
                                             .idempotency_key = key.empty() ? std::string() : key + ":" + endpoint});
  co_return made.fresh;
}

Task<void> Webhooks::send(database::Transaction& transaction, WebhookEvent event) {
  const Instant now = clock_.now();
  const std::string id = new_id("evt", clock_);
  bool fresh = false;
  for (const auto& endpoint : co_await store::endpoints_of(transaction, event.owner, event.product))
    if (wants(endpoint, event.type) && co_await enqueue(transaction, {endpoint.id, id}, event.key)) fresh = true;
  if (!fresh) co_return;
  std::string body = json::write(Body{event.type, now, std::move(event.data)});
  co_await store::add_event(transaction, {.id = id,
                                          .owner = std::move(event.owner),
                                          .product = std::move(event.product),
                                          .type = std::move(event.type),
                                          .body = std::move(body),
                                          .created_at = now});
}

Task<std::optional<std::string>> Webhooks::ping(std::string owner, std::string id) {
  const Instant now = clock_.now();
  auto transaction = co_await database_.begin();
  const auto endpoint = co_await store::find_endpoint(*transaction, std::move(id));
  if (!endpoint || endpoint->owner != owner || endpoint->disabled_at) co_return std::nullopt;
  store::EventRow event{.id = new_id("evt", clock_),
                        .owner = std::move(owner),
                        .product = endpoint->product,
                        .type = std::string(kPing),
                        .body = json::write(Body{std::string(kPing), now, json::object{{"endpoint_id", endpoint->id}}}),
                        .created_at = now};
  std::string event_id = event.id;
  co_await enqueue(*transaction, {endpoint->id, event_id}, "");
  co_await store::add_event(*transaction, std::move(event));
  co_await transaction->commit();
  co_return event_id;
}

Task<void> Webhooks::deliver(SendWebhook job, jobs::Job& handle) {
  auto endpoint = co_await store::find_endpoint(database_, job.endpoint_id);
  auto event = co_await store::find_event(database_, job.event_id);
  if (!endpoint || endpoint->disabled_at || !event) co_return;  // removed meanwhile, or given up

  const Instant now = clock_.now();
  std::vector<std::string> secrets{std::move(endpoint->secret)};
  if (endpoint->old_secret_until > now) secrets.push_back(std::move(endpoint->old_secret));
  if (options_.open)
    for (auto& secret : secrets) secret = options_.open(std::move(secret));
  auto [timestamp, signature] = sign_webhook(event->id, now, event->body, secrets);

  http::ClientRequest request{.method = http::Method::post, .url = endpoint->url, .body = std::move(event->body)};
  request.headers.add("Content-Type", "application/json");
  request.headers.add("User-Agent", "odeon-webhooks");
  request.headers.add("webhook-id", event->id);
  request.headers.add("webhook-timestamp", std::move(timestamp));
  request.headers.add("webhook-signature", std::move(signature));
  auto [status, fault] = co_await post(std::move(request));

  const bool delivered = fault.empty();
  metrics_
      .counter("odeon_webhook_attempts_total", "attempts to deliver a webhook by how they ended",
               {{"outcome", delivered ? "delivered" : fault}})
      .add();
  const bool over = co_await write_down(
      endpoint->id, {event->id, event->type, handle.attempt(), status, std::move(fault), now}, handle);
  if (over) co_return;
  const auto pause = options_.pauses.at(static_cast<std::size_t>(handle.attempt()) - 1);
  throw Error(Fault::unavailable, "WEBHOOK_LATER", "The receiver did not take the event yet.").with_retry_after(pause);
}

Task<Webhooks::Result> Webhooks::post(http::ClientRequest request) {
  auto answer = co_await settle(with_timeout(options_.time, client_.send(std::move(request))));
  if (answer) {
    static_cast<void>(co_await settle(with_timeout(kDrainTime, drain(*answer->body))));
    const bool good = answer->status >= 200 && answer->status < 300;
    co_return Result{answer->status, good ? "" : "status"};
  }
  try {
    std::rethrow_exception(answer.error());
  } catch (const Error& error) {
    co_return Result{0, fault_of(error)};
  }
}

// True if no further attempt is to be made: then the job is completed, too. What failed for good is for the owner of
// the endpoint to look at, not for whoever runs this house.
Task<bool> Webhooks::write_down(std::string endpoint_id, WebhookAttempt attempt, jobs::Job& handle) {
  // It has happened, so that is written down even if the worker is being stopped.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::add_attempt(*transaction, new_id("wha", clock_), endpoint_id, attempt, kept_attempts);
  bool over = attempt.fault.empty() || attempt.type == kPing || attempt.attempt > std::ssize(options_.pauses);
  std::string disabled_because;
  if (attempt.fault.empty()) {
    co_await store::note_success(*transaction, endpoint_id);
  } else {
    const auto since = co_await store::note_failure(*transaction, endpoint_id, attempt.made_at);
    if (attempt.status == kGone)
      disabled_because = "gone";
    else if (since && attempt.made_at - *since >= options_.failing_limit)
      disabled_because = "failing";
  }
  if (!disabled_because.empty()) {
    over = true;
    if (co_await store::disable_endpoint(*transaction, endpoint_id, disabled_because, attempt.made_at))
      log_.warning("webhooks.disabled", {{"endpoint", endpoint_id}, {"because", disabled_because}});
  }
  if (over) co_await handle.complete(*transaction);
  co_await transaction->commit();
  co_return over;
}

Task<void> Webhooks::tidy() {
  co_await store::tidy_webhooks(database_, clock_.now() - kKeepEvents);
}

}  // namespace odeon::notify
