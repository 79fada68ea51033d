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
      idle = free_slots() != store::Slots();
      co_await bell->wait();
      idle = false;
    }
  }
  pumping = false;
  all_done->ring();
}

// Rings when upkeep is due. The pump itself waits without a limit in time, which costs less each time.
Task<void> Worker::State::keep_time() {
  for (;;) {
    const Instant due(Micros(look_at.load()));
    if (clock.now() < due) {
      co_await alarm->wait_until(clock, due);
    } else {
      bell->ring();
      co_await alarm->wait();
    }
  }
}

store::Slots Worker::State::free_slots() const {
  store::Slots slots;
  if (stopping || owner == 0) return slots;
  for (const Weight weight : kWeights)
    slots[weight] = static_cast<std::int64_t>(std::min(options.batch, options.slots[weight] - busy[weight]));
  return slots;
}

void Worker::State::count(Weight weight, int change) {
  busy[weight] += static_cast<std::size_t>(change);
  running_gauges[weight].set(static_cast<double>(busy[weight]));
}

// Returns whether there is more to do at once.
Task<bool> Worker::State::cycle() {
  // Handlers that are about to end do so first, to be written down together.
  co_await asio::post(executor, asio::use_awaitable);
  if (!failures.empty()) co_await write_failures();
  const store::Slots slots = free_slots();
  Outcomes ending = std::exchange(outcomes, {});
  if (ending.empty() && slots == store::Slots()) co_return false;

  const Instant now = clock.now();
  const auto asked = [&, owner = owner](database::Transaction& tx) -> Task<store::Claim> {
    co_await write(tx, ending, now);
    if (slots == store::Slots()) co_return store::Claim{};
    co_return co_await store::claim(tx, owner, slots, now);
  };
  auto claim = co_await settle(database::atomically(core->database, database::Isolation::statement, asked));
  if (!claim) {
    // Nothing is lost by writing it twice: what was committed after all no longer has this fence.
    outcomes.put_back(std::move(ending));
    std::rethrow_exception(claim.error());
  }
  // One that is due at once was not there to be seen before.
  for (const auto& retry : ending.retries) look_by(retry.run_at);
  announce(ending);
  if (stopping) co_return false;  // what was claimed is handed back with all the rest
  store::Slots filled;
  for (auto& job : claim->jobs) {
    ++filled[job.weight];
    launch(std::move(job));
  }
  const store::Slots free = free_slots();
  const auto wants_more = [&](Weight weight) {
    return slots[weight] > 0 && filled[weight] == slots[weight] && free[weight] > 0;
  };
  co_return std::ranges::any_of(kWeights, wants_more) || !outcomes.empty();
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
  count(job->claim().weight, 1);
  asio::co_spawn(
      executor, call(kind.handler, job),
      asio::bind_cancellation_slot(
          job->slot(), [self = shared_from_this(), job](std::exception_ptr failure) { self->ended(job, failure); }));
}

}  // namespace odeon::jobs
