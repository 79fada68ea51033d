#include "engine/notify/mail.hpp"

#include "base/error.hpp"
#include "engine/notify/store_mail.hpp"

namespace odeon::notify {
namespace {

constexpr int kMailPriority = 2;   // soon: somebody waits for it
constexpr int kMailAttempts = 18;  // with the worker's backoff about seven hours: a server's night, a grey list
// A mail that failed waits so long for somebody who mends the cause and tries again.
constexpr std::chrono::days kKeepFailed{7};

}  // namespace

Mail::Mail(database::Database& database, jobs::Queue& queue, Postman& postman, const Clock& clock, Log& log,
           Metrics& metrics, MailOptions options)
    : database_(database),
      queue_(queue),
      postman_(postman),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      options_(std::move(options)) {}

void Mail::install(jobs::Worker& worker) {
  worker.handle<SendMail>([this](SendMail, jobs::Job& handle) { return deliver(handle); });
  worker.handle<TidyMails>([this](TidyMails, jobs::Job&) { return tidy(); });
  worker.schedule("notify.tidy_mails", jobs::Cron("25 3 * * *"), TidyMails{});
}

Task<void> Mail::send(database::Transaction& transaction, MailOrder order) {
  const Instant now = clock_.now();
  Letter letter{.id = "unknown-yet",
                .from = options_.from,
                .to = std::move(order.to),
                .subject = std::move(order.content.subject),
                .text = std::move(order.content.text),
                .html = std::move(order.content.html),
                .unsubscribe_url = std::move(order.unsubscribe_url),
                .date = now};
  if (!order.from_name.empty()) letter.from.name = std::move(order.from_name);
  check(letter);
  const auto job = co_await queue_.enqueue(transaction, SendMail{},
                                           {.priority = kMailPriority,
                                            .lane = order.user_id,
                                            .max_attempts = kMailAttempts,
                                            .idempotency_key = std::move(order.key)});
  if (!job.fresh) co_return;
  letter.id = job.id;
  co_await store::add_mail(transaction, job.id, std::move(order.user_id), std::move(letter), now);
}

Task<void> Mail::deliver(jobs::Job& handle) {
  const std::string id = handle.id();
  auto letter = co_await store::find_mail(database_, id);
  if (!letter) co_return;  // forgotten meanwhile
  if (!is_out(id)) co_await hand_over(id, std::move(*letter));
  // It is out, so that is written down even if the worker is being stopped.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::remove_mail(*transaction, id);
  co_await handle.complete(*transaction);
  co_await transaction->commit();
  const std::lock_guard lock(mutex_);
  out_.erase(id);
}

Task<void> Mail::hand_over(std::string id, Letter letter) {
  auto count = [this](const char* outcome) {
    metrics_.counter("odeon_mails_total", "attempts to send a mail by how they ended", {{"outcome", outcome}}).add();
  };
  try {
    co_await postman_.send(std::move(letter));
  } catch (const Error& error) {
    count(error.may_pass() ? "later" : "refused");
    throw;
  }
  count("sent");
  const std::lock_guard lock(mutex_);
  out_.insert(id);
}

Task<void> Mail::tidy() {
  const auto forgotten = co_await store::tidy_mails(database_, clock_.now() - kKeepFailed);
  if (forgotten > 0) log_.warning("mail.given_up", {{"mails", forgotten}});
}

bool Mail::is_out(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return out_.contains(id);
}

}  // namespace odeon::notify
