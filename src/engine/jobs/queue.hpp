// The durable queue. A job is a described struct with a stable kind, enqueued in the caller's
// transaction: if the row is there, so is the job.
//
//   struct MakeEdition {
//     static constexpr std::string_view kind = "briefings.make_edition";
//     std::string edition_id;
//   };
//   co_await queue.enqueue(*tx, MakeEdition{id}, {.priority = 3, .lane = user});
//
// Delivery is at least once, with fencing: a worker that lost its lease can neither report progress
// nor complete. Handlers therefore write their results through `Job::complete`'s transaction or make
// them idempotent.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "base/trace.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"
#include "engine/jobs/weight.hpp"

namespace odeon::jobs {

// What the state machine knows. Terminal: completed, failed, cancelled.
enum class State { scheduled, ready, running, waiting, completed, failed, cancelled };
BOOST_DESCRIBE_ENUM(State, scheduled, ready, running, waiting, completed, failed, cancelled)

struct EnqueueOptions {
  int priority = 3;               // 1 is the most urgent, 9 the least; waiting raises it (ageing)
  std::string lane;               // usually the user: lanes take turns; empty: a lane per kind
  int lane_limit = 0;             // jobs of this lane and of one weight running at once; 0: no limit
  std::optional<Instant> run_at;  // not before
  int max_attempts = 5;
  std::string idempotency_key;  // per kind: a second enqueue gives the first job
  std::string parent;           // job that waits for this one
  TraceContext trace;           // of whoever asks for it: the attempts become a part of that
};

// What all jobs of a kind have in common.
struct JobKind {
  std::string name;
  Weight weight = Weight::light;
};
template <class Job>
JobKind kind_of() {
  return {std::string(Job::kind), weight_of<Job>()};
}

struct Enqueued {
  std::string id;
  bool fresh = true;  // false: the idempotency key was known
};

struct Progress {
  std::string id;
  std::string kind;
  State state = State::ready;
  int percent = 0;      // 0–100, never falls while running
  std::string stage;    // short stable name: "speaking"
  std::string message;  // for people
  int attempt = 0;
  std::optional<std::string> error;            // for people, once failed
  std::optional<std::int64_t> queue_position;  // 1 is next, while ready
  std::optional<double> estimated_seconds;     // until done, from past durations of the kind
};
BOOST_DESCRIBE_STRUCT(Progress, (),
                      (id, kind, state, percent, stage, message, attempt, error, queue_position, estimated_seconds))

// A job as operators see it. What it holds is not shown: that may be a person's.
struct JobShown {
  std::string id;
  std::string kind;
  Weight weight = Weight::light;
  State state = State::ready;
  std::string lane;
  std::int64_t attempt = 0;
  std::int64_t max_attempts = 0;
  std::int64_t percent = 0;
  std::string stage;
  std::optional<std::string> error;  // of the last attempt that failed
  Instant run_at;
  std::optional<Instant> started_at;
  std::optional<Instant> ended_at;
  std::optional<std::string> parent;
};
BOOST_DESCRIBE_STRUCT(JobShown, (),
                      (id, kind, weight, state, lane, attempt, max_attempts, percent, stage, error, run_at, started_at,
                       ended_at, parent))

struct JobFilter {
  std::string state;  // empty: any
  std::string kind;   // empty: any
  std::int64_t limit = 50;
};

class Queue {
 public:
  Queue(database::Database& database, coordination::Coordination& coordination, Clock& clock);
  ~Queue();

  template <class Job>
  Task<Enqueued> enqueue(database::Transaction& transaction, Job job, EnqueueOptions options = {}) {
    return enqueue_raw(transaction, kind_of<Job>(), json::write(job), std::move(options));
  }
  Task<Enqueued> enqueue_raw(database::Transaction& transaction, JobKind kind, std::string payload,
                             EnqueueOptions options);
  // Many of one kind at once: as many round trips as for one. An idempotency key stands for the first; the
  // others have "#1", "#2" … behind it.
  template <class Job>
  Task<std::vector<Enqueued>> enqueue_all(database::Transaction& transaction, std::vector<Job> jobs,
                                          EnqueueOptions options = {}) {
    std::vector<std::string> payloads;
    for (const auto& job : jobs) payloads.push_back(json::write(job));
    return enqueue_all_raw(transaction, kind_of<Job>(), std::move(payloads), std::move(options));
  }
  Task<std::vector<Enqueued>> enqueue_all_raw(database::Transaction& transaction, JobKind kind,
                                              std::vector<std::string> payloads, EnqueueOptions options);

  Task<std::optional<Progress>> progress(std::string id);
  // Each change of `id` until it is terminal (that one included), the present state first. Returns false
  // from `on_change` to stop. Ends by itself after a terminal state; polls slowly beneath announcements,
  // so that a lost announcement only delays.
  Task<void> watch(std::string id, std::function<Task<bool>(const Progress&)> on_change);
  // A ready job ends at once; a running one is told, and its worker cancels the handler. Children too.
  // False if it was terminal already or is unknown.
  Task<bool> cancel(std::string id);
  // All of a lane that have not ended, of kinds that start with `kinds`. Returns how many.
  Task<std::int64_t> cancel_lane(std::string lane, std::string kinds);
  // Deletes those that have ended, failed ones too. Returns how many.
  Task<std::int64_t> forget_lane(std::string lane, std::string kinds);
  // Puts a failed job back to ready with fresh attempts: what an operator does after mending the cause.
  Task<bool> retry(std::string id);
  // Jobs that failed for good and wait for someone to look, newest first.
  Task<std::vector<Progress>> failed(std::size_t limit);
  // The newest first.
  Task<std::vector<JobShown>> list(JobFilter filter);
  Task<std::optional<JobShown>> find(std::string id);
  // How many jobs are ready and in nobody's hands, on all nodes: what says that workers are too few.
  Task<ByWeight<std::int64_t>> depth();
  // Deletes terminal jobs that ended before `before`, failed ones excepted. Returns how many.
  Task<std::int64_t> prune(Instant before);

 private:
  friend class Worker;
  struct Core;
  std::shared_ptr<Core> core_;
};

// The tables of this room.
std::vector<database::Migration> migrations();

}  // namespace odeon::jobs
