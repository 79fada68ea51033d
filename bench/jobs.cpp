// The durable queue: how many jobs a second go through their whole life (enqueued, claimed, run,
// completed, every step on disk), and how long one waits that finds the worker idle.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "engine/database/migrations.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/jobs/worker.hpp"
#include "testing/scratch.hpp"

namespace {

using namespace odeon;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr int kJobs = 200'000;
constexpr int kAtOnce = 1'000;
constexpr int kLoneJobs = 3'000;

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
  Plant() {
    run_task([](Plant& self) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.db, jobs::migrations(), self.clock));
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

  void on_loop(Task<void> task) {
    run_task([](asio::any_io_executor executor, Task<void> task) -> Task<> {
      co_await asio::co_spawn(executor, std::move(task), asio::use_awaitable);
    }(loops.executor(0), std::move(task)));
  }

  // Until every job's end is on disk.
  Task<void> drained() {
    for (;;) {
      const auto left = co_await db->find<std::int64_t>("SELECT count(*) FROM jobs WHERE state = 'running'");
      const auto ready = co_await db->find<std::int64_t>("SELECT count(*) FROM jobs_lanes WHERE turn IS NOT NULL");
      if (*left == 0 && *ready == 0) co_return;
      co_await sleep_on_loop(std::chrono::milliseconds(2));
    }
  }

  testing::ScratchFolder folder;
  SystemClock clock;
  Log log{Log::Level::warning};
  Metrics metrics;
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  std::unique_ptr<database::Database> db = database::open_sqlite({.path = folder / "jobs.db"});
  jobs::Queue queue{*db, *coordination, clock};
  jobs::Worker worker{queue, clock, log, metrics, {.concurrency = 1024, .batch = 512}};
  Loops loops{1};
  std::vector<steady_clock::time_point> started_at = std::vector<steady_clock::time_point>(kJobs);
  std::atomic<int> started = 0;
};

Task<void> enqueue_many(Plant& plant, int lanes) {
  for (int first = 0; first < kJobs; first += kAtOnce) {
    std::vector<Nothing> batch;
    for (int i = 0; i < kAtOnce; ++i) batch.push_back({first + i});
    auto tx = co_await plant.db->begin();
    const auto lane = lanes == 1 ? std::string() : fmt::format("user_{:06}", first / kAtOnce % lanes);
    co_await plant.queue.enqueue_all(*tx, std::move(batch), {.lane = lane});
    co_await tx->commit();
  }
  co_await plant.drained();
}

void report(const std::string& what, double seconds, double cpu) {
  fmt::print("{:<44} {:>9.0f} jobs/s {:>8.1f} us CPU a job\n", what, kJobs / seconds, cpu * 1e6 / kJobs);
}

void throughput(const std::string& what, int lanes) {
  Plant plant;
  const double cpu = cpu_seconds();
  const auto begin = steady_clock::now();
  run_task(enqueue_many(plant, lanes));
  report(what, duration<double>(steady_clock::now() - begin).count(), cpu_seconds() - cpu);
  if (plant.started != kJobs) fmt::print("  WRONG: {} of {} were started\n", plant.started.load(), kJobs);
}

struct Lone {
  std::vector<double> from_call, from_commit, from_acknowledgement, life;
};

Task<void> enqueue_one_by_one(Plant& plant, Lone& lone) {
  const auto micros = [](auto span) { return duration<double, std::micro>(span).count(); };
  for (int i = 0; i < kLoneJobs; ++i) {
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

void latency() {
  Plant plant;
  Lone lone;
  run_task(enqueue_one_by_one(plant, lone));
  const auto print = [](const std::string& what, std::vector<double>& of) {
    std::ranges::sort(of);
    const auto at = [&](double share) {
      return of[static_cast<std::size_t>(share * static_cast<double>(of.size() - 1))];
    };
    fmt::print("{:<44} p50 {:>7.0f} us   p99 {:>7.0f} us\n", what, at(0.5), at(0.99));
  };
  print("idle worker: enqueue called to started", lone.from_call);
  print("idle worker: commit called to started", lone.from_commit);
  print("idle worker: commit returned to started", lone.from_acknowledgement);
}

}  // namespace

int main() {
  throughput("lifecycle, batches of 1000, one lane", 1);
  throughput("lifecycle, batches of 1000, 100 lanes", 100);
  latency();
}
