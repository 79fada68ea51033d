// Runs jobs: claims them in batches under a lease, keeps the lease alive, retries, gives back.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/jobs/queue.hpp"

namespace odeon::jobs {

// A claimed job in its handler's hands. Lives on the worker's loop.
class Job {
 public:
  virtual ~Job() = default;
  virtual const std::string& id() const = 0;
  virtual int attempt() const = 0;  // 1 for the first
  // The place of this attempt, for what it enqueues and calls.
  virtual const TraceContext& trace() const = 0;
  // Stored and announced, at most a few times a second (the last always). Throws Error{conflict,
  // "LEASE_LOST"} once another worker owns the job.
  virtual Task<void> progress(int percent, std::string stage, std::string message) = 0;
  // Completes the job in `transaction`, which the handler then commits with its own results: both or
  // neither. Without this call the job completes when the handler returns. Throws LEASE_LOST.
  virtual Task<void> complete(database::Transaction& transaction) = 0;
  // Makes this job wait for its children (enqueued with parent = id() in `transaction`): it runs again,
  // from the start, when all of them ended. `children` then tells how each did.
  virtual Task<void> wait_for_children(database::Transaction& transaction) = 0;
  virtual Task<std::vector<Progress>> children() = 0;
};

struct WorkerOptions {
  ByWeight<std::size_t> slots{4, 4};         // handlers at once
  std::size_t batch = 64;                    // of one weight claimed at once at the most
  std::chrono::milliseconds lease{30'000};   // renewed at a third
  std::chrono::milliseconds poll{1'000};     // beneath wake-ups: for due and abandoned jobs
  std::chrono::milliseconds backoff{1'000};  // first retry; doubles, ±20 % jitter, at most 1 hour
};

// A cron line of five fields in UTC ("0 */4 * * *"): minute hour day month weekday; lists, ranges, steps.
class Cron {
 public:
  // Throws Error{invalid}.
  explicit Cron(std::string_view line);
  // The first firing after `after`.
  Instant next(Instant after) const;

 private:
  std::uint64_t minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
  bool any_day_ = false, any_weekday_ = false;
};

class Worker {
 public:
  // Each attempt becomes a span, where there are `spans`; they outlive the worker.
  Worker(Queue& queue, Clock& clock, Log& log, Metrics& metrics, WorkerOptions options, Spans* spans = nullptr);
  ~Worker();  // after `stop`

  // Handles jobs of J::kind. A thrown Error with may_pass() (and anything that is not an Error) is
  // retried with backoff; another Error fails the job for good. Register before `start`.
  template <class J>
  void handle(std::function<Task<void>(J, Job&)> handler) {
    handle_raw(std::string(J::kind), [handler = std::move(handler)](std::string payload, Job& job) -> Task<void> {
      return handler(json::from<J>(payload), job);
    });
  }
  void handle_raw(std::string kind, std::function<Task<void>(std::string payload, Job& job)> handler);
  // Called in the transaction that ends a job for good without success (failed or cancelled): to give a
  // quota back, to mark a row. If it throws, the job has not ended and it is called again later. A process
  // that cancels jobs but runs none registers it too, on a worker that is never started.
  template <class J>
  void on_failure(std::function<Task<void>(J, database::Transaction&, std::string error)> call) {
    on_failure_raw(
        std::string(J::kind),
        [call = std::move(call)](std::string payload, database::Transaction& tx, std::string error) -> Task<void> {
          return call(json::from<J>(payload), tx, std::move(error));
        });
  }
  void on_failure_raw(std::string kind,
                      std::function<Task<void>(std::string, database::Transaction&, std::string)> call);

  // Enqueues `job` at each firing of `cron`, once over all nodes. A firing missed while every node was
  // down runs once at start.
  template <class J>
  void schedule(std::string name, Cron cron, J job, EnqueueOptions options = {}) {
    schedule_raw(std::move(name), cron, kind_of<J>(), json::write(job), std::move(options));
  }
  void schedule_raw(std::string name, Cron cron, JobKind kind, std::string payload, EnqueueOptions options);

  // Starts on the calling task's loop, where handlers then run.
  Task<void> start();
  // Claims no more, cancels handlers, hands their jobs back to be claimed at once. Idempotent.
  Task<void> stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace odeon::jobs
