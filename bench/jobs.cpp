// The durable queue: how many jobs a second go through their whole life (enqueued, claimed, run,
// completed, every step on disk), and how long one waits that finds the worker idle.
//   jobs_bench               SQLite, then a private PostgreSQL
//   jobs_bench postgresql:…  that database alone, whose jobs are lost
//   jobs_bench URL JOBS CONCURRENCY LONE
//       what bench/peers/lifecycle.mjs measures of other queues, printed as it does; URL may be sqlite:PATH
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "engine/database/migrations.hpp"
#include "engine/database/postgres.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/jobs/worker.hpp"
#include "testing/postgres_server.hpp"
#include "testing/scratch.hpp"

namespace {

using namespace odeon;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr int kJobs = 100'000;
constexpr int kAtOnce = 1'000;
constexpr int kSingleJobs = 10'000;
constexpr int kLoneJobs = 1'000;
constexpr int kWarmUp = 100;
// What the queue on SQLite is meant to reach.
constexpr double kMarkRate = 60'000, kMarkP50 = 300, kMarkP99 = 2'000;  // jobs a second, microseconds
constexpr std::size_t kBatch = 500;  // as large as the local queue of graphile-worker there
constexpr jobs::WorkerOptions kMany{.slots = {1024, 1024}, .batch = 512};

struct Nothing {
  static constexpr std::string_view kind = "bench.nothing";
  std::int64_t number = 0;
};
BOOST_DESCRIBE_STRUCT(Nothing, (), (number))

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// A queue and one worker with a loop of its own, as in `odeon serve`.
struct Plant {
  explicit Plant(std::unique_ptr<database::Database> database, int jobs = kJobs, jobs::WorkerOptions options = kMany)
      : db(std::move(database)),
        worker(queue, clock, log, metrics, options),
        started_at(static_cast<std::size_t>(jobs)) {
    run_task([](Plant& self) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.db, jobs::migrations(), self.clock));
      if (self.db->engine() == database::Engine::postgresql)
        co_await self.db->execute("TRUNCATE jobs, jobs_lanes, jobs_openings");
    }(*this));
    worker.handle<Nothing>([this](Nothing job, jobs::Job&) { return run(job); });
    loops.start();
    on_loop(worker.start());
  }
  ~Plant() {
    on_loop(worker.stop());
    run_task(db->close());
  }

  Task<void> run(Nothing job) {
    started_at[static_cast<std::size_t>(job.number)] = steady_clock::now();
    started.fetch_add(1);
    co_return;
  }

  bool has_marks() const { return db->engine() == database::Engine::sqlite; }

  void on_loop(Task<void> task) {
    run_task([](asio::any_io_executor executor, Task<void> task) -> Task<> {
      co_await asio::co_spawn(executor, std::move(task), asio::use_awaitable);
    }(loops.executor(0), std::move(task)));
  }

  // Until every job's end is on disk.
  Task<void> drained() {
    for (;;) {
      const auto left = co_await db->find<std::int64_t>("SELECT count(*) FROM jobs WHERE state = 'running'");
      const auto ready = co_await db->find<std::int64_t>(
          "SELECT (SELECT count(*) FROM jobs_lanes WHERE turn IS NOT NULL) + (SELECT count(*) FROM jobs_openings)");
      if (*left == 0 && *ready == 0) co_return;
      co_await sleep_on_loop(std::chrono::milliseconds(2));
    }
  }

  SystemClock clock;
  Log log{Log::Level::warning};
  Metrics metrics;
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  std::unique_ptr<database::Database> db;
  jobs::Queue queue{*db, *coordination, clock};
  jobs::Worker worker;
  Loops loops{1};
  std::vector<steady_clock::time_point> started_at;
  std::atomic<int> started = 0;
};

Task<void> enqueue_many(Plant& plant, int lanes, int from = 0, int to = kJobs) {
  for (int first = from; first < to; first += kAtOnce) {
    std::vector<Nothing> batch;
    for (int i = first; i < std::min(first + kAtOnce, to); ++i) batch.push_back({i});
    auto tx = co_await plant.db->begin();
    const auto lane = lanes == 1 ? std::string() : fmt::format("user_{:06}", first / kAtOnce % lanes);
    co_await plant.queue.enqueue_all(*tx, std::move(batch), {.lane = lane});
    co_await tx->commit();
  }
  co_await plant.drained();
}

std::string_view verdict(bool reached) {
  return reached ? "reached" : "MISSED";
}

void report(const std::string& what, double seconds, double cpu, int jobs = kJobs) {
  fmt::print("{:<45} {:>9.0f} jobs/s {:>8.1f} us CPU a job\n", what, jobs / seconds, cpu * 1e6 / jobs);
}

using Open = std::function<std::unique_ptr<database::Database>()>;

void throughput(const Open& open, const std::string& what, int lanes) {
  Plant plant(open());
  const double cpu = cpu_seconds();
  const auto begin = steady_clock::now();
  run_task(enqueue_many(plant, lanes));
  const double seconds = duration<double>(steady_clock::now() - begin).count();
  report(what, seconds, cpu_seconds() - cpu);
  if (plant.has_marks())
    fmt::print("  mark: at least {:.0f} jobs/s, {}\n", kMarkRate, verdict(kJobs / seconds >= kMarkRate));
  if (plant.started != kJobs) fmt::print("  WRONG: {} of {} were started\n", plant.started.load(), kJobs);
}

// As an API enqueues: each job in a transaction of its own, from many tasks at once.
void throughput_one_by_one(const Open& open) {
  Plant plant(open());
  std::atomic<int> next = 0;
  const auto enqueue = [](Plant& plant, std::atomic<int>& next) -> Task<> {
    for (int number = next++; number < kSingleJobs; number = next++) {
      auto tx = co_await plant.db->begin();
      co_await plant.queue.enqueue(*tx, Nothing{number});
      co_await tx->commit();
    }
  };
  const double cpu = cpu_seconds();
  const auto begin = steady_clock::now();
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 64; ++i) tasks.push_back(enqueue(plant, next));
  run_task(all_of(std::move(tasks)));
  run_task(plant.drained());
  report("lifecycle, one by one from 64 tasks, one lane", duration<double>(steady_clock::now() - begin).count(),
         cpu_seconds() - cpu, kSingleJobs);
}

struct Lone {
  std::vector<double> from_call, from_commit, from_acknowledgement, life;
};

Task<void> enqueue_one_by_one(Plant& plant, Lone& lone, int from = 0, int to = kLoneJobs) {
  const auto micros = [](auto span) { return duration<double, std::micro>(span).count(); };
  for (int i = from; i < to; ++i) {
    const auto called = steady_clock::now();
    auto tx = co_await plant.db->begin();
    co_await plant.queue.enqueue(*tx, Nothing{i});
    const auto committing = steady_clock::now();
    co_await tx->commit();
    const auto acknowledged = steady_clock::now();
    while (plant.started <= i) co_await sleep_on_loop(std::chrono::milliseconds(1));
    const auto started = plant.started_at[static_cast<std::size_t>(i)];
    lone.from_call.push_back(micros(started - called));
    lone.from_commit.push_back(micros(started - committing));
    lone.from_acknowledgement.push_back(micros(started - acknowledged));
    co_await plant.drained();
  }
}

double at(double share, std::vector<double>& of) {
  std::ranges::sort(of);
  return of[static_cast<std::size_t>(share * static_cast<double>(of.size() - 1))];
}

void latency(const Open& open) {
  Plant plant(open());
  Lone lone;
  run_task(enqueue_one_by_one(plant, lone));
  const auto print = [](const std::string& what, std::vector<double>& of) {
    fmt::print("{:<44} p50 {:>7.0f} us   p99 {:>7.0f} us\n", what, at(0.5, of), at(0.99, of));
  };
  print("idle worker: enqueue called to started", lone.from_call);
  print("idle worker: commit called to started", lone.from_commit);
  print("idle worker: commit returned to started", lone.from_acknowledgement);
  if (plant.has_marks())
    fmt::print("  mark: enqueue called to started p50 at most {:.0f} us, p99 at most {:.0f} us, {}\n", kMarkP50,
               kMarkP99, verdict(at(0.5, lone.from_call) <= kMarkP50 && at(0.99, lone.from_call) <= kMarkP99));
}

void measure_all(const Open& open) {
  throughput(open, "lifecycle, batches of 1000, one lane", 1);
  throughput(open, "lifecycle, batches of 1000, 100 lanes", 100);
  throughput_one_by_one(open);
  latency(open);
}

std::unique_ptr<database::Database> open_any(const std::string& url) {
  constexpr std::string_view sqlite = "sqlite:";
  if (url.starts_with(sqlite)) return database::open_sqlite({.path = url.substr(sqlite.size())});
  return database::open_postgres({.url = url});
}

// As bench/peers/lifecycle.mjs does it.
int measure_as_peers(const std::string& url, int jobs, std::size_t concurrency, int lone) {
  const int first_lone = kWarmUp + jobs, all = first_lone + lone;
  Plant plant(open_any(url), all, {.slots = {concurrency, concurrency}, .batch = kBatch});
  run_task(enqueue_many(plant, 1, 0, kWarmUp));
  fmt::print("{{\"name\": \"odeon\"}}\n");
  std::fflush(stdout);

  const double cpu = cpu_seconds();
  const auto begin = steady_clock::now();
  run_task(enqueue_many(plant, 1, kWarmUp, first_lone));
  const double seconds = duration<double>(steady_clock::now() - begin).count();
  const double used = cpu_seconds() - cpu;

  fmt::print("{{\"rate\": {:.0f}, \"cpu_us\": {:.2f}}}\n", jobs / seconds, used * 1e6 / jobs);
  std::fflush(stdout);

  Lone waits;
  run_task(enqueue_one_by_one(plant, waits, first_lone, all));
  fmt::print("{{\"p50_us\": {:.0f}, \"p99_us\": {:.0f}}}\n", at(0.5, waits.from_call), at(0.99, waits.from_call));
  return plant.started == all ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 5)
    return measure_as_peers(arguments[1], std::stoi(arguments[2]), std::stoul(arguments[3]), std::stoi(arguments[4]));
  if (count > 1) {
    measure_all([url = arguments[1]] { return database::open_postgres({.url = url}); });
    return 0;
  }
  testing::ScratchFolder folder;
  fmt::print("SQLite\n");
  measure_all([&, number = 0]() mutable {
    return database::open_sqlite({.path = folder / fmt::format("jobs{}.db", ++number)});
  });
  fmt::print("PostgreSQL (CPU: the client's own)\n");
  measure_all([] { return database::open_postgres({.url = testing::PostgresServer::shared().fresh_database()}); });
}
