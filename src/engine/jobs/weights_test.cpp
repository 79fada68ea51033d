// Light and heavy jobs do not wait for one another.
#include "engine/jobs/weight.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/jobs/fixture_test.hpp"
#include "engine/jobs/store.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

// Roasts for ever, and bakes at once; or the other way round.
struct Cook {
  Cook(Kitchen& kitchen, Weight busy, WorkerOptions options)
      : kitchen(kitchen), busy(busy), worker(kitchen.queue, kitchen.clock, kitchen.log, kitchen.metrics, options) {
    worker.handle<Bake>([this](Bake, Job&) { return cook(Weight::light); });
    worker.handle<Roast>([this](Roast, Job&) { return cook(Weight::heavy); });
  }

  Task<void> cook(Weight weight) {
    ++begun[weight];
    if (weight == busy) co_await kitchen.clock.sleep_for(std::chrono::years(1));
  }

  Kitchen& kitchen;
  const Weight busy;
  ByWeight<int> begun;
  Worker worker;
};

TEST(Weights, ALightJobStartsAtOnceThoughAllHeavySlotsAreTakenForEver) {
  Kitchen kitchen;
  Cook cook(kitchen, Weight::heavy, {.slots = {1, 2}});
  kitchen.run([](Kitchen& kitchen, Cook& cook) -> Task<> {
    co_await cook.worker.start();
    for (int i = 0; i < 5; ++i)
      static_cast<void>(co_await kitchen.enqueue(Roast{"duck"}, {.priority = 1, .lane = "ann"}));
    while (cook.begun.heavy < 2) co_await asio::post(asio::use_awaitable);
    for (const auto* lane : {"ann", "bob", ""}) {
      const auto light = co_await kitchen.enqueue(Bake{"cake"}, {.priority = 9, .lane = lane});
      EXPECT_EQ((co_await kitchen.queue.progress(light))->queue_position.value_or(1), 1);
      co_await kitchen.reach(light, State::completed);
    }
    EXPECT_EQ(cook.begun, (ByWeight<int>{3, 2}));
    EXPECT_EQ(co_await kitchen.queue.depth(), (ByWeight<std::int64_t>{0, 3}));
    EXPECT_TRUE(kitchen.metrics.text().contains("odeon_jobs_running{weight=\"heavy\"} 2"));
    EXPECT_TRUE(kitchen.metrics.text().contains("odeon_jobs_slots{weight=\"light\"} 1"));
    co_await cook.worker.stop();
  }(kitchen, cook));
}

TEST(Weights, NorDoHeavyOnesWaitForLightOnes) {
  Kitchen kitchen;
  Cook cook(kitchen, Weight::light, {.slots = {1, 1}});
  kitchen.run([](Kitchen& kitchen, Cook& cook) -> Task<> {
    co_await cook.worker.start();
    for (int i = 0; i < 3; ++i) static_cast<void>(co_await kitchen.enqueue(Bake{"cake"}, {.lane = "ann"}));
    while (cook.begun.light < 1) co_await asio::post(asio::use_awaitable);
    co_await kitchen.reach(co_await kitchen.enqueue(Roast{"duck"}, {.lane = "ann"}), State::completed);
    EXPECT_EQ(cook.begun, (ByWeight<int>{1, 1}));
    co_await cook.worker.stop();
  }(kitchen, cook));
}

// ---- by hand ---------------------------------------------------------------------------------------

using Names = std::vector<std::string>;

Task<Names> claimed(Kitchen& kitchen, store::Slots slots) {
  auto tx = co_await kitchen.db->begin(database::Isolation::statement);
  Names names;
  for (const auto& job : (co_await store::claim(*tx, 1, slots, kitchen.clock.now())).jobs) {
    names.push_back(job.payload);
    EXPECT_EQ(co_await store::complete(*tx, {{job.id, job.fence}}, kitchen.clock.now()), 1);
    store::reopen_lanes(*tx, {{job.lane, job.weight}}, kitchen.clock.now());
  }
  co_await tx->commit();
  co_return names;
}

Task<void> enter(Kitchen& kitchen) {
  auto tx = co_await kitchen.db->begin();
  co_await store::enter_worker(*tx, 1, {4, 2}, {"kitchen.bake", "kitchen.roast"}, kitchen.clock.now() + 24h);
  co_await tx->commit();
}

TEST(Weights, NoLaneOfHeavyJobsIsLookedAtForALightOne) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    co_await enter(kitchen);
    for (int i = 0; i < 100; ++i)
      static_cast<void>(co_await kitchen.enqueue(Roast{"duck"}, {.priority = 1, .lane = fmt::format("user {}", i)}));
    static_cast<void>(co_await kitchen.enqueue(Bake{"cake"}, {.priority = 9, .lane = "user 99"}));
    EXPECT_EQ(co_await claimed(kitchen, {1, 0}), Names{json::write(Bake{"cake"})});
    EXPECT_EQ((co_await claimed(kitchen, {4, 2})).size(), 2u);
  }(kitchen));
}

TEST(Weights, ALimitHoldsForEachWeight) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    co_await enter(kitchen);
    for (int i = 0; i < 3; ++i) {
      static_cast<void>(co_await kitchen.enqueue(Bake{"cake"}, {.lane = "ann", .lane_limit = 2}));
      static_cast<void>(co_await kitchen.enqueue(Roast{"duck"}, {.lane = "ann", .lane_limit = 1}));
    }
    auto tx = co_await kitchen.db->begin(database::Isolation::statement);
    const auto claim = co_await store::claim(*tx, 1, {4, 4}, kitchen.clock.now());
    EXPECT_EQ(std::ranges::count(claim.jobs, Weight::light, &store::Claimed::weight), 2);
    EXPECT_EQ(std::ranges::count(claim.jobs, Weight::heavy, &store::Claimed::weight), 1);
    co_await tx->commit();
  }(kitchen));
}

TEST(Weights, EstimatesCountTheSlotsOfTheirWeight) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    co_await enter(kitchen);
    co_await store::note_durations(*kitchen.db, {{"kitchen.bake", 1e6, 10}, {"kitchen.roast", 60e6, 10}});
    std::string last_cake, last_duck;
    for (int i = 0; i < 4; ++i) {
      last_cake = co_await kitchen.enqueue(Bake{"cake"}, {.lane = fmt::format("user {}", i)});
      last_duck = co_await kitchen.enqueue(Roast{"duck"}, {.lane = fmt::format("user {}", i)});
      kitchen.clock.advance(1s);
    }
    const auto cake = (co_await kitchen.queue.progress(last_cake)).value();
    EXPECT_EQ(cake.queue_position, 4);
    EXPECT_EQ(cake.estimated_seconds, 1);  // four at once
    const auto duck = (co_await kitchen.queue.progress(last_duck)).value();
    EXPECT_EQ(duck.queue_position, 4);
    EXPECT_EQ(duck.estimated_seconds, 120);  // two at once
  }(kitchen));
}

TEST(Weights, WhatWaitedBeforeThereWereWeightsIsLight) {
  testing::ScratchFolder folder;
  testing::FakeClock clock;
  const auto db = testing::open_database(folder);
  run_task([](database::Database& db, Clock& clock) -> Task<> {
    auto steps = migrations();
    std::erase_if(steps, [](const database::Migration& step) { return step.number > 3; });
    static_cast<void>(co_await database::migrate(db, steps, clock));
    co_await db.execute(
        "INSERT INTO jobs (id, kind, payload, state, lane, lane_limit, priority, rank, run_at, max_attempts) "
        "VALUES ('job_1', 'kitchen.bake', '{}', 'ready', 'ann', 1, 3, 0, 0, 5), "
        "       ('job_2', 'kitchen.bake', '{}', 'ready', 'ann', 1, 3, 1, 0, 5)");
    EXPECT_EQ(co_await database::migrate(db, migrations(), clock),
              static_cast<int>(migrations().size() - steps.size()));
    auto tx = co_await db.begin(database::Isolation::statement);
    co_await store::enter_worker(*tx, 1, {4, 4}, {"kitchen.bake"}, clock.now() + 24h);
    const auto claim = co_await store::claim(*tx, 1, {4, 4}, clock.now());
    EXPECT_EQ(claim.jobs.size(), 1u);
    co_await tx->commit();
  }(*db, clock));
}

// ---- each weight as if it were alone ---------------------------------------------------------------

// The same acts upon a queue with both weights and upon one with nothing but light jobs.
struct Twins {
  static Task<void> empty(Kitchen& kitchen) {
    auto tx = co_await kitchen.db->begin();
    co_await tx->script("DELETE FROM jobs; DELETE FROM jobs_lanes; DELETE FROM jobs_openings");
    co_await tx->commit();
  }
  static Task<void> enqueue(Kitchen& mixed, Kitchen& alone, Weight weight, std::string name, EnqueueOptions options) {
    if (weight == Weight::heavy) {
      static_cast<void>(co_await mixed.enqueue(Roast{name}, std::move(options)));
      co_return;
    }
    static_cast<void>(co_await mixed.enqueue(Bake{name}, options));
    static_cast<void>(co_await alone.enqueue(Bake{name}, std::move(options)));
  }
};

RC_GTEST_PROP(WeightsProperty, EachIsServedAsIfItWereAlone, ()) {
  static Kitchen mixed, alone;
  static bool entered = false;
  if (!std::exchange(entered, true))
    for (auto* kitchen : {&mixed, &alone}) run_task(enter(*kitchen));
  for (auto* kitchen : {&mixed, &alone}) run_task(Twins::empty(*kitchen));
  const int steps = *rc::gen::inRange(1, 25);
  for (int i = 0; i < steps; ++i) {
    for (auto* kitchen : {&mixed, &alone}) kitchen->clock.advance(1s);
    if (*rc::gen::inRange(0, 3) > 0) {
      const auto weight = *rc::gen::element(Weight::light, Weight::heavy);
      // One limit a lane: of two, whose turns come at once, either may count.
      const int limit = *rc::gen::inRange(0, 3);
      const EnqueueOptions options{
          .priority = *rc::gen::inRange(1, 10), .lane = fmt::format("{} at once", limit), .lane_limit = limit};
      run_task(Twins::enqueue(mixed, alone, weight, fmt::format("{}", i), options));
      continue;
    }
    const int light = *rc::gen::inRange(0, 4), heavy = *rc::gen::inRange(0, 4);
    auto names = run_task(claimed(mixed, {light, heavy}));
    std::erase_if(names, [](const std::string& name) { return name.contains("meat"); });
    RC_ASSERT(names == run_task(claimed(alone, {light, heavy})));
  }
}

}  // namespace
}  // namespace odeon::jobs
