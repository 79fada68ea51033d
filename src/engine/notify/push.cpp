#include "engine/notify/push.hpp"

#include "engine/notify/expo.hpp"
#include "engine/notify/store.hpp"

namespace odeon::notify {
namespace {

constexpr int kPushPriority = 2;   // soon: somebody waits for it
constexpr int kPushAttempts = 12;  // about an hour: later nobody wants to know
// As Expo advises; it keeps receipts for a day.
constexpr std::chrono::minutes kReceiptsAfter{15};
constexpr std::chrono::days kTicketsKept{1};

}  // namespace

Push::Push(database::Database& database, jobs::Queue& queue, Carrier& carrier, const Clock& clock, Log& log,
           Metrics& metrics)
    : database_(database), queue_(queue), carrier_(carrier), clock_(clock), log_(log), metrics_(metrics) {}

void Push::install(jobs::Worker& worker) {
  worker.handle<SendPush>([this](SendPush job, jobs::Job& handle) { return deliver(std::move(job), handle); });
  worker.handle<FetchReceipts>([this](FetchReceipts, jobs::Job&) { return fetch_receipts(); });
  worker.schedule("notify.push_receipts", jobs::Cron("*/15 * * * *"), FetchReceipts{});
}

Task<void> Push::add(Device device) {
  if (!is_expo_token(device.token))
    throw Error(Fault::invalid, "INVALID_PUSH_TOKEN", "This is not an Expo push token.")
        .with_fields({{"token", "invalid", "This must look like ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]."}});
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::keep_token(*transaction, std::move(device), clock_.now(), max_devices);
  co_await transaction->commit();
}

Task<bool> Push::remove(Device device) {
  return store::remove_token(database_, std::move(device));
}

Task<void> Push::send(database::Transaction& transaction, PushOrder order) {
  if (!co_await store::has_tokens(transaction, order.user_id, order.product)) co_return;
  SendPush job{order.user_id, std::move(order.product), std::move(order.message)};
  co_await queue_.enqueue(transaction, std::move(job),
                          {.priority = kPushPriority,
                           .lane = std::move(order.user_id),
                           .max_attempts = kPushAttempts,
                           .idempotency_key = std::move(order.key)});
}

Task<void> Push::deliver(SendPush job, jobs::Job& handle) {
  auto tokens = co_await store::unreached(database_, job.user_id, job.product, handle.id());
  bool again = false;
  for (std::size_t begin = 0; begin < tokens.size(); begin += Carrier::max_messages) {
    const auto end = std::min(begin + Carrier::max_messages, tokens.size());
    std::vector<std::string> some(tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                                  tokens.begin() + static_cast<std::ptrdiff_t>(end));
    if (!co_await deliver_to(handle.id(), job.message, std::move(some))) again = true;
  }
  if (again) throw Error(Fault::unavailable, "PUSH_LATER", "Some devices could not be reached yet.");
}

// False if some of them are to be tried again.
Task<bool> Push::deliver_to(std::string job_id, PushMessage message, std::vector<std::string> tokens) {
  const auto tickets = co_await carrier_.send(std::move(message), tokens);
  const Instant now = clock_.now();
  std::vector<store::TicketRow> ended, gone;
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    count(tickets[i], "ticket");
    if (tickets[i].outcome == Outcome::later) continue;
    ended.push_back({job_id, tokens[i], tickets[i].receipt_id, now});
    if (tickets[i].outcome == Outcome::gone) gone.push_back(ended.back());
  }
  const bool all = ended.size() == tickets.size();
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::add_tickets(*transaction, std::move(ended));
  co_await store::forget_tokens(*transaction, std::move(gone));
  co_await transaction->commit();
  co_return all;
}

Task<void> Push::fetch_receipts() {
  const Instant now = clock_.now();
  co_await store::remove_tickets(database_, now - kTicketsKept);
  std::string after;
  for (;;) {
    auto open = co_await store::open_tickets(database_, now - kReceiptsAfter, after, Carrier::max_receipts);
    if (open.empty()) co_return;
    after = open.back().receipt_id;
    std::vector<std::string> ids;
    for (const auto& row : open) ids.push_back(row.receipt_id);
    const auto receipts = co_await carrier_.receipts(std::move(ids));
    std::vector<store::TicketRow> ended, gone;
    for (auto& row : open) {
      const auto receipt = receipts.find(row.receipt_id);
      if (receipt == receipts.end()) continue;  // asked for again next time
      count(receipt->second, "receipt");
      if (receipt->second.outcome == Outcome::gone) gone.push_back(row);
      ended.push_back(std::move(row));
    }
    auto transaction = co_await database_.begin(database::Isolation::statement);
    co_await store::settle_tickets(*transaction, std::move(ended));
    co_await store::forget_tokens(*transaction, std::move(gone));
    co_await transaction->commit();
  }
}

void Push::count(const Ticket& ticket, std::string_view step) {
  const std::string outcome(json::enum_name(ticket.outcome));
  metrics_
      .counter("odeon_push_messages_total", "push messages by how far they came",
               {{"step", std::string(step)}, {"outcome", outcome}})
      .add();
  if (ticket.outcome == Outcome::refused)
    log_.warning("push.refused", {{"step", step}, {"reason", std::string_view(ticket.reason).substr(0, 80)}});
}

}  // namespace odeon::notify
