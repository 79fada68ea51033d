#include "engine/jobs/core.hpp"

#include "base/crypto.hpp"

namespace odeon::jobs {

std::string topic_of(std::string_view job) {
  return fmt::format("jobs/{}", job);
}

Queue::Core::Core(database::Database& database, coordination::Coordination& coordination, Clock& clock)
    : database(database), coordination(coordination), clock(clock), node(crypto::to_hex(crypto::random_bytes(8))) {}

int Queue::Core::add_worker(Wake wake) {
  std::lock_guard lock(mutex_);
  workers_.emplace(++next_worker_, std::move(wake));
  return next_worker_;
}

void Queue::Core::remove_worker(int number) {
  std::lock_guard lock(mutex_);
  workers_.erase(number);
}

bool Queue::Core::wake(std::optional<Instant> look_at) {
  std::lock_guard lock(mutex_);
  bool at_once = false;
  for (const auto& [number, wake] : workers_) at_once |= wake(look_at);
  return at_once;
}

void Queue::Core::wake_for(database::Transaction& transaction, std::optional<Instant> look_at) {
  // SQLite has one writer: a claim that is asked for with the commit waits behind this transaction, sees what it
  // commits and shares its sync. Where writers do not wait for one another, it would come too early.
  const bool early = database.engine() == database::Engine::sqlite;
  if (early) transaction.with_commit([self = shared_from_this(), look_at] { return self->wake(look_at); });
  transaction.after_commit([self = shared_from_this(), look_at, early] {
    if (!early) self->wake(look_at);
    self->coordination.announce(std::string(kReadyTopic), self->node);
    self->database.signal(std::string(kReadyTopic), self->node);
  });
}

void Queue::Core::changed(std::string_view job) {
  coordination.announce(topic_of(job), "");
}

void Queue::Core::cancelled(const std::string& job) {
  coordination.announce(std::string(kCancelTopic), job);
  database.signal(std::string(kCancelTopic), job);
}

void Queue::Core::set_hook(std::string kind, Hook hook) {
  std::lock_guard lock(mutex_);
  hooks_[std::move(kind)] = std::move(hook);
}

Task<void> Queue::Core::ended_badly(database::Transaction& transaction, std::string kind, std::string payload,
                                    std::string error) {
  Hook hook;
  {
    std::lock_guard lock(mutex_);
    const auto found = hooks_.find(kind);
    if (found == hooks_.end()) co_return;
    hook = found->second;
  }
  co_await hook(std::move(payload), transaction, std::move(error));
}

}  // namespace odeon::jobs
