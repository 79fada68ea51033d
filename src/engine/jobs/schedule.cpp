#include "engine/jobs/worker_state.hpp"

namespace odeon::jobs {
namespace {

// A longer sleep would not notice that the machine slept too, or that its clock was set.
constexpr Micros kLongestSleep = std::chrono::seconds(60);

}  // namespace

Task<void> Worker::State::run_schedules() {
  for (;;) {
    Instant next = clock.now() + kLongestSleep;
    for (const auto& schedule : schedules) {
      std::exception_ptr failure;
      try {
        next = std::min(next, co_await fire_if_due(schedule));
      } catch (...) {
        failure = std::current_exception();
      }
      if (!failure) continue;
      if (stopping) co_return;
      log.warning("jobs.schedule_delayed", {{"name", schedule.name}, {"error", describe(failure)}});
      next = std::min(next, clock.now() + options.poll);
    }
    co_await clock.sleep_until(next);
  }
}

// Returns when it fires next. However many firings were missed, they make one job.
Task<Instant> Worker::State::fire_if_due(Schedule schedule) {
  const Instant now = clock.now();
  const Instant last = co_await store::last_fired(core->database, schedule.name, now);
  if (schedule.cron.next(last) > now) co_return schedule.cron.next(last);
  auto tx = co_await core->database.begin();
  if (co_await store::fire(*tx, schedule.name, last, now)) {
    co_await queue.enqueue_raw(*tx, schedule.kind, schedule.payload, schedule.options);
    co_await tx->commit();
  }
  co_return schedule.cron.next(now);
}

}  // namespace odeon::jobs
