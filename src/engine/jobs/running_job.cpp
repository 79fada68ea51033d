#include "engine/jobs/running_job.hpp"

#include "engine/jobs/core.hpp"

namespace odeon::jobs {
namespace {

constexpr Micros kBetweenSaves = std::chrono::milliseconds(250);

}  // namespace

RunningJob::RunningJob(database::Database& database, coordination::Coordination& coordination, Clock& clock,
                       store::Claimed claim, TraceContext trace, Remind remind)
    : database_(database),
      coordination_(coordination),
      clock_(clock),
      claim_(std::move(claim)),
      trace_(trace),
      remind_(std::move(remind)),
      begun_(clock.now()),
      percent_(static_cast<int>(claim_.percent)) {}

Task<void> RunningJob::progress(int percent, std::string stage, std::string message) {
  if (hold_ == Hold::lost) refuse();
  if (hold_ != Hold::kept) co_return;
  percent_ = std::clamp(percent, percent_, 100);
  stage_ = std::move(stage);
  message_ = std::move(message);
  unsaved_ = true;
  if (clock_.now() < next_save_) {
    remind_(next_save_);
    co_return;
  }
  std::exception_ptr failure;
  try {
    co_await save(database_);
  } catch (const Error& error) {
    // A report is not worth the work: while the database is away it waits.
    if (error.fault != Fault::unavailable) failure = std::current_exception();
  }
  if (failure) std::rethrow_exception(failure);
}

Task<void> RunningJob::save(database::Executor& executor) {
  auto note = unsaved(clock_.now());
  if (!note) co_return;
  std::exception_ptr failure;
  std::int64_t stored = 0;
  try {
    stored = co_await store::note_progress(executor, {*std::move(note)});
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    unsaved_ = true;
    remind_(next_save_);
    std::rethrow_exception(failure);
  }
  if (stored == 0) refuse();
  coordination_.announce(topic_of(id()), "");
}

std::optional<store::ProgressNote> RunningJob::unsaved(Instant due_at) {
  if (!unsaved_ || due_at < next_save_) return std::nullopt;
  unsaved_ = false;
  next_save_ = clock_.now() + kBetweenSaves;
  return store::ProgressNote{key(), percent_, stage_, message_};
}

Task<void> RunningJob::complete(database::Transaction& transaction) {
  if (hold_ == Hold::lost) refuse();
  if (hold_ != Hold::kept) co_return;
  changing_hands_ = true;
  const Instant now = clock_.now();
  if (auto note = unsaved(Instant::max())) co_await store::note_progress(transaction, {*std::move(note)});
  if (co_await store::complete(transaction, {key()}, now) == 0) refuse();
  if (claim_.parent) co_await store::settle_parents(transaction, {*claim_.parent}, now);
  if (claim_.lane_limit > 0) store::reopen_lanes(transaction, {{claim_.lane, claim_.weight}}, now);
  after_commit(transaction, Hold::completed);
}

Task<void> RunningJob::wait_for_children(database::Transaction& transaction) {
  if (hold_ == Hold::lost) refuse();
  if (hold_ != Hold::kept) co_return;
  changing_hands_ = true;
  const Instant now = clock_.now();
  if (auto note = unsaved(Instant::max())) co_await store::note_progress(transaction, {*std::move(note)});
  if (co_await store::wait_for_children(transaction, key(), now) == 0) refuse();
  if (claim_.lane_limit > 0) store::reopen_lanes(transaction, {{claim_.lane, claim_.weight}}, now);
  after_commit(transaction, Hold::waiting);
}

void RunningJob::after_commit(database::Transaction& transaction, Hold hold) {
  transaction.after_commit([self = shared_from_this(), hold] {
    self->hold_ = hold;
    self->coordination_.announce(topic_of(self->id()), "");
    if (self->claim_.parent) self->coordination_.announce(topic_of(*self->claim_.parent), "");
    self->remind_(self->clock_.now());
  });
}

Task<std::vector<Progress>> RunningJob::children() {
  co_return co_await store::children(database_, id());
}

void RunningJob::lose() {
  if (hold_ != Hold::kept) return;
  hold_ = Hold::lost;
  cancel_handler();
}

void RunningJob::cancel_handler() {
  signal_.emit(asio::cancellation_type::terminal);
}

void RunningJob::refuse() {
  if (hold_ == Hold::kept) hold_ = Hold::lost;
  throw Error(Fault::conflict, "LEASE_LOST", "The job was cancelled or is being done elsewhere.");
}

}  // namespace odeon::jobs
