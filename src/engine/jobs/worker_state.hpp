// What a worker holds. One task, the pump, does all its writing, a cycle at a time: what has ended since
// and what is claimed next share one transaction. So while a commit is under way results gather, and
// batches grow with the load; when there is none, a lone job waits for nobody.
//
// worker.cpp starts and stops, pump.cpp claims, outcomes.cpp writes down what became of jobs, upkeep.cpp
// keeps the lease and tidies, schedule.cpp fires.
#pragma once

#include <random>
#include <unordered_map>
#include <unordered_set>

#include "engine/jobs/bell.hpp"
#include "engine/jobs/core.hpp"
#include "engine/jobs/running_job.hpp"
#include "engine/jobs/store.hpp"
#include "engine/jobs/worker.hpp"

namespace odeon::jobs {

// Everything but `wake`, `look_by` and what they use belongs to the worker's loop.
struct Worker::State : std::enable_shared_from_this<Worker::State> {
  using Handler = std::function<Task<void>(std::string payload, Job& job)>;
  struct Kind {
    Handler handler;
    Metrics::Counter completed;
    Metrics::Counter retried;
    Metrics::Counter failed;
    Metrics::Histogram seconds;
    Metrics::Histogram waited;
  };
  struct Schedule {
    std::string name;
    Cron cron;
    JobKind kind;
    std::string payload;
    EnqueueOptions options;
  };
  // What became of jobs and is not written down yet.
  struct Outcomes {
    std::vector<store::ProgressNote> notes;
    std::vector<store::Hold> completed;
    std::vector<store::Retry> retries;
    std::vector<std::string> parents;   // perhaps waiting for one of these
    std::vector<store::LaneKey> lanes;  // with a limit
    std::vector<std::string> changed;
    bool empty() const { return completed.empty() && retries.empty() && parents.empty() && lanes.empty(); }
    void put_back(Outcomes earlier);
  };
  // A job that is to fail for good. Written apart from the others: what is called then may fail too.
  struct Failure {
    store::Exhausted job;
    std::string error;
    Instant not_before;
  };
  struct Taken {
    double micros = 0;
    std::int64_t samples = 0;
  };

  State(Queue& queue, Clock& clock, Log& log, Metrics& metrics, WorkerOptions options, Spans* spans);

  // worker.cpp
  void add_kind(std::string kind, Handler handler);
  Task<void> start(std::shared_ptr<State> self);
  Task<void> shut_down();
  Task<void> hand_back();
  void look_by(Instant when);              // thread-safe
  bool wake(std::optional<Instant> look);  // thread-safe; whether it had nothing to do
  Task<void> hear_ready();
  Task<void> hear_cancelled();
  void cancelled(const std::string& id);
  void hear_database(std::weak_ptr<State> self);

  // pump.cpp
  Task<void> pump();
  Task<void> keep_time();
  Task<bool> cycle();
  void launch(store::Claimed claim);
  store::Slots free_slots() const;
  void count(Weight weight, int change);

  // outcomes.cpp
  void ended(std::shared_ptr<RunningJob> job, std::exception_ptr failure);
  void trace(const RunningJob& job, std::exception_ptr failure);
  void judge(const RunningJob& job, std::exception_ptr failure);
  void give_up(const store::Claimed& claim, std::string error);
  Task<void> write(database::Transaction& transaction, Outcomes outcomes, Instant now);
  void announce(const Outcomes& outcomes);
  Task<void> write_failures();
  Task<bool> fail_together(std::vector<Failure> some);

  // upkeep.cpp
  Task<void> upkeep();
  Task<void> enter();
  Task<void> renew();
  Task<void> reconcile();
  Task<void> save_progress();
  Task<void> save_durations();
  Task<Instant> tidy();

  // schedule.cpp
  Task<void> run_schedules();
  Task<Instant> fire_if_due(Schedule schedule);

  std::shared_ptr<Queue::Core> core;
  Queue& queue;
  Clock& clock;
  Log& log;
  Metrics& metrics;
  ByWeight<Metrics::Gauge> running_gauges;
  const WorkerOptions options;
  Spans no_spans;
  Spans& spans;
  std::mt19937_64 random;
  std::unordered_map<std::string, Kind> kinds;
  std::vector<Schedule> schedules;

  asio::any_io_executor executor;
  std::optional<Bell> bell;      // the pump waits here
  std::optional<Bell> alarm;     // `keep_time` waits here
  std::optional<Bell> all_done;  // `shut_down` waits here
  bool pumping = false;
  std::atomic<bool> idle = false;  // the pump has nothing to do, and free slots
  bool stopping = false;
  bool stopped = false;
  int number = 0;  // at the core
  std::array<std::shared_ptr<void>, 2> signals;

  std::int64_t owner = 0;  // 0: not entered
  Instant renew_at;
  std::atomic<Instant::rep> look_at = 0;  // when upkeep is due; any thread may bring it forward
  std::unordered_set<std::shared_ptr<RunningJob>> running;
  ByWeight<std::size_t> busy;  // slots
  Outcomes outcomes;
  std::vector<Failure> failures;
  std::unordered_map<std::string, Taken> taken;  // how long jobs took, by kind, since it was noted

  TaskGroup tasks;
};

}  // namespace odeon::jobs
