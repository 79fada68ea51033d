#include <boost/asio/bind_cancellation_slot.hpp>

#include "engine/database/atomically.hpp"
#include "engine/jobs/worker_state.hpp"

namespace odeon::jobs {
namespace {

constexpr Micros kFirstPause = std::chrono::milliseconds(100);
constexpr Micros kLongestPause = std::chrono::seconds(5);

// The handler is called from a coroutine, so that it may throw before its first await. It outlives the call.
Task<void> call(const std::function<Task<void>(std::string, Job&)>& handler, std::shared_ptr<RunningJob> job) {
  co_await handler(job->claim().payload, *job);
}

}  // namespace

Task<void> Worker::State::pump() {
  Micros pause = kFirstPause;
  while (!stopping) {
    std::exception_ptr failure;
    bool more = false;
    try {
      if (clock.now().time_since_epoch().count() >= look_at.load()) co_await upkeep();
      more = co_await cycle();
      pause = kFirstPause;
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) {
      log.warning("jobs.database_away", {{"error", describe(failure)}});
      const Instant until = clock.now() + pause;
      while (!stopping && clock.now() < until) co_await bell->wait_until(clock, until);
      pause = std::min(2 * pause, kLongestPause);
    } else if (!more && !stopping) {
      co_await bell->wait_until(clock, Instant(Micros(look_at.load())));
    }
  }
  pumping = false;
  all_done->ring();
}

std::size_t Worker::State::free_slots() const {
  if (stopping || owner == 0 || running.size() >= options.concurrency) return 0;
  return std::min(options.batch, options.concurrency - running.size());
}

// Returns whether there is more to do at once.
Task<bool> Worker::State::cycle() {
  // Handlers that are about to end do so first, to be written down together.
  co_await asio::post(executor, asio::use_awaitable);
  if (!failures.empty()) co_await write_failures();
  const std::size_t slots = free_slots();
  Outcomes ending = std::exchange(outcomes, {});
  if (ending.empty() && slots == 0) co_return false;

  const Instant now = clock.now();
  const auto asked = [&, owner = owner](database::Transaction& tx) -> Task<store::Claim> {
    co_await write(tx, ending, now);
    if (slots == 0) co_return store::Claim{};
    co_return co_await store::claim(tx, owner, static_cast<std::int64_t>(slots), now);
  };
  auto claim = co_await settle(database::atomically(core->database, database::Isolation::statement, asked));
  if (!claim) {
    // Nothing is lost by writing it twice: what was committed after all no longer has this fence.
    outcomes.put_back(std::move(ending));
    std::rethrow_exception(claim.error());
  }
  announce(ending);
  if (stopping) co_return false;  // what was claimed is handed back with all the rest
  const bool full = claim->jobs.size() == slots;
  for (auto& job : claim->jobs) launch(std::move(job));
  co_return (full && free_slots() > 0) || !outcomes.empty();
}

void Worker::State::launch(store::Claimed claim) {
  Kind& kind = kinds.at(claim.kind);
  const auto remind = [self = weak_from_this()](Instant when) {
    if (const auto alive = self.lock()) alive->wake(when);
  };
  const auto parent = TraceContext::parse(claim.trace.value_or("")).value_or(TraceContext());
  auto job = std::make_shared<RunningJob>(core->database, core->coordination, clock, std::move(claim),
                                          spans.begin(parent), remind);
  kind.waited.observe(std::chrono::duration<double>(job->begun() - job->claim().run_at).count());
  core->changed(job->id());
  running.insert(job);
  running_gauge.set(static_cast<double>(running.size()));
  asio::co_spawn(
      executor, call(kind.handler, job),
      asio::bind_cancellation_slot(
          job->slot(), [self = shared_from_this(), job](std::exception_ptr failure) { self->ended(job, failure); }));
}

}  // namespace odeon::jobs
