// A queue of a test's own: a fresh database, announcements in memory, a clock that stands still. The database
// is SQLite, or PostgreSQL when ODEON_TEST_DATABASE says so: the tests run once with each.
#pragma once

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/database/migrations.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/jobs/queue.hpp"
#include "engine/jobs/worker.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::jobs {

struct Bake {
  static constexpr std::string_view kind = "kitchen.bake";
  std::string cake;
};
BOOST_DESCRIBE_STRUCT(Bake, (), (cake))

struct Wash {
  static constexpr std::string_view kind = "kitchen.wash";
  std::string dish;
};
BOOST_DESCRIBE_STRUCT(Wash, (), (dish))

// Takes an oven.
struct Roast {
  static constexpr std::string_view kind = "kitchen.roast";
  static constexpr auto weight = Weight::heavy;
  std::string meat;
};
BOOST_DESCRIBE_STRUCT(Roast, (), (meat))

struct Kitchen {
  Kitchen() {
    run_task([](Kitchen& self) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.db, migrations(), self.clock));
      co_await self.db->execute("CREATE TABLE served (cake TEXT NOT NULL)");
    }(*this));
  }

  // Runs `task` on a loop of its own; fails instead of hanging when it waits for something that never comes.
  void run(Task<> task) { run_task(with_timeout(std::chrono::seconds(60), std::move(task))); }

  template <class Job>
  Task<std::string> enqueue(Job job, EnqueueOptions options = {}) {
    auto tx = co_await db->begin();
    auto enqueued = co_await queue.enqueue(*tx, std::move(job), std::move(options));
    co_await tx->commit();
    co_return enqueued.id;
  }

  // Waits until `id` is as `wanted` says.
  Task<Progress> reach(std::string id, std::function<bool(const Progress&)> wanted) {
    auto seen = std::make_shared<Progress>();
    co_await queue.watch(id, [seen, wanted](const Progress& now) { return look(seen, wanted, now); });
    co_return *seen;
  }
  Task<Progress> reach(std::string id, State state) {
    return reach(std::move(id), [state](const Progress& now) { return now.state == state; });
  }

  Task<std::vector<std::string>> served() { return db->query<std::string>("SELECT cake FROM served ORDER BY cake"); }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  std::unique_ptr<database::Database> db = testing::open_database(folder);
  Queue queue{*db, *coordination, clock};

 private:
  static Task<bool> look(std::shared_ptr<Progress> seen, std::function<bool(const Progress&)> wanted, Progress now) {
    *seen = std::move(now);
    co_return !wanted(*seen);
  }
};

}  // namespace odeon::jobs
