#include <gtest/gtest.h>

#include "engine/jobs/fixture_test.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

// The clock starts at 07:30; cakes are baked at each full hour.
struct Bakery {
  explicit Bakery(Kitchen& kitchen) : worker(kitchen.queue, kitchen.clock, kitchen.log, kitchen.metrics, {}) {
    worker.handle<Bake>([this](Bake bake, Job&) { return this->bake(std::move(bake)); });
    worker.schedule("hourly", Cron("0 * * * *"), Bake{"hourly"});
  }
  Task<void> bake(Bake) {
    ++baked;
    co_return;
  }
  Worker worker;
  int baked = 0;
};

Task<std::int64_t> count(Kitchen& kitchen) {
  co_return (co_await kitchen.db->find<std::int64_t>("SELECT count(*) FROM jobs")).value();
}

Task<void> until_fired(Kitchen& kitchen, std::string time) {
  const auto wanted = parse_iso8601(time).value();
  for (;;) {
    const auto last = co_await kitchen.db->find<Instant>("SELECT fired_at FROM jobs_schedules WHERE name = 'hourly'");
    if (last && *last >= wanted) co_return;
  }
}

TEST(Schedule, FiresOnceOverAllNodes) {
  Kitchen kitchen;
  Bakery north(kitchen), south(kitchen);
  kitchen.run([](Kitchen& kitchen, Bakery& north, Bakery& south) -> Task<> {
    co_await north.worker.start();
    co_await south.worker.start();
    co_await until_fired(kitchen, "2026-11-20T07:30:00Z");
    for (const auto* hour : {"2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z"}) {
      kitchen.clock.advance(parse_iso8601(hour).value() - kitchen.clock.now());
      co_await until_fired(kitchen, hour);
    }
    co_await north.worker.stop();
    co_await south.worker.stop();
    EXPECT_EQ(co_await count(kitchen), 3);
  }(kitchen, north, south));
}

TEST(Schedule, WhatWasMissedWhileEveryNodeWasDownRunsOnce) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    Bakery before(kitchen);
    co_await before.worker.start();
    co_await until_fired(kitchen, "2026-11-20T07:30:00Z");
    co_await before.worker.stop();
    EXPECT_EQ(co_await count(kitchen), 0);  // a new schedule has missed nothing
    kitchen.clock.advance(49h + 10min);
    Bakery after(kitchen);
    co_await after.worker.start();
    co_await until_fired(kitchen, "2026-11-22T08:40:00Z");
    EXPECT_EQ(co_await count(kitchen), 1);
    kitchen.clock.advance(20min);
    co_await until_fired(kitchen, "2026-11-22T09:00:00Z");
    EXPECT_EQ(co_await count(kitchen), 2);
    co_await after.worker.stop();
  }(kitchen));
}

}  // namespace
}  // namespace odeon::jobs
