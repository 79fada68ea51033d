// Whose turn it is: priorities, ageing, fairness between lanes and their limits, as workers see them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/jobs/fixture_test.hpp"
#include "engine/jobs/store.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

// A worker by hand: claims and completes when told.
struct Hands {
  explicit Hands(Kitchen& kitchen) : kitchen(kitchen) {
    run_task([](Kitchen& kitchen) -> Task<> {
      auto tx = co_await kitchen.db->begin();
      co_await store::enter_worker(*tx, 1, {4, 4}, {"kitchen.bake"}, kitchen.clock.now() + 24h);
      co_await tx->commit();
    }(kitchen));
  }

  void enqueue(std::string cake, EnqueueOptions options = {}) {
    run_task([](Kitchen& kitchen, std::string cake, EnqueueOptions options) -> Task<> {
      static_cast<void>(co_await kitchen.enqueue(Bake{cake}, options));
    }(kitchen, std::move(cake), std::move(options)));
  }

  void enqueue_all(int count, std::string lane) {
    run_task([](Kitchen& kitchen, int count, std::string lane) -> Task<> {
      auto tx = co_await kitchen.db->begin();
      const std::vector<Bake> cakes(static_cast<std::size_t>(count));
      co_await kitchen.queue.enqueue_all(*tx, cakes, {.lane = lane});
      co_await tx->commit();
    }(kitchen, count, std::move(lane)));
  }

  std::vector<store::Claimed> claim(int slots) {
    return run_task([](Kitchen& kitchen, int slots) -> Task<std::vector<store::Claimed>> {
      auto tx = co_await kitchen.db->begin();
      auto claim = co_await store::claim(*tx, 1, {slots, slots}, kitchen.clock.now());
      co_await tx->commit();
      co_return std::move(claim.jobs);
    }(kitchen, slots));
  }

  void complete(store::Claimed job) {
    run_task([](Kitchen& kitchen, store::Claimed job) -> Task<> {
      auto tx = co_await kitchen.db->begin();
      EXPECT_EQ(co_await store::complete(*tx, {{job.id, job.fence}}, kitchen.clock.now()), 1);
      store::reopen_lanes(*tx, {{job.lane, job.weight}}, kitchen.clock.now());
      co_await tx->commit();
    }(kitchen, std::move(job)));
  }

  // Which cakes come in which order, when one is taken at a time, each `pace` after the one before.
  std::vector<std::string> order(int count, Micros pace = 1s) {
    std::vector<std::string> cakes;
    for (int i = 0; i < count; ++i) {
      const auto jobs = claim(1);
      if (jobs.empty()) break;
      cakes.push_back(json::from<Bake>(jobs[0].payload).cake);
      complete(jobs[0]);
      kitchen.clock.advance(pace);
    }
    return cakes;
  }

  Kitchen& kitchen;
};

using Cakes = std::vector<std::string>;

TEST(Lanes, UrgentFirstThenByAge) {
  Kitchen kitchen;
  Hands hands(kitchen);
  hands.enqueue("late", {.priority = 9});
  hands.enqueue("first", {.priority = 3});
  kitchen.clock.advance(1s);
  hands.enqueue("second", {.priority = 3});
  hands.enqueue("urgent", {.priority = 1});
  EXPECT_EQ(hands.order(9), (Cakes{"urgent", "first", "second", "late"}));
}

TEST(Lanes, WaitingMakesUrgent) {
  Kitchen kitchen;
  Hands hands(kitchen);
  hands.enqueue("patient", {.priority = 9});
  kitchen.clock.advance(8 * 60s - 1s);
  hands.enqueue("urgent", {.priority = 1});
  kitchen.clock.advance(2s);
  hands.enqueue("too late", {.priority = 1});
  EXPECT_EQ(hands.order(9), (Cakes{"urgent", "patient", "too late"}));
}

TEST(Lanes, WaitingMakesUrgentAcrossLanes) {
  Kitchen kitchen;
  Hands hands(kitchen);
  hands.enqueue("patient", {.priority = 3, .lane = "free"});
  kitchen.clock.advance(119s);
  hands.enqueue("urgent", {.priority = 1, .lane = "ann"});
  kitchen.clock.advance(2s);
  hands.enqueue("too late", {.priority = 1, .lane = "bob"});
  EXPECT_EQ(hands.order(9), (Cakes{"urgent", "patient", "too late"}));
}

TEST(Lanes, ManyJobsOfOneUserDoNotDelayAnother) {
  Kitchen kitchen;
  Hands hands(kitchen);
  for (int i = 0; i < 20; ++i) hands.enqueue(fmt::format("ann {}", i), {.lane = "ann"});
  EXPECT_EQ(hands.order(2), (Cakes{"ann 0", "ann 1"}));
  for (int i = 0; i < 3; ++i) hands.enqueue(fmt::format("bob {}", i), {.lane = "bob"});
  hands.enqueue("eve 0", {.lane = "eve"});
  const auto next = hands.order(7);
  EXPECT_EQ(std::ranges::count_if(next, [](const auto& cake) { return cake.starts_with("ann"); }), 3);
  EXPECT_LE(std::ranges::find(next, "bob 0") - next.begin(), 2);
  EXPECT_LE(std::ranges::find(next, "eve 0") - next.begin(), 2);
}

TEST(Lanes, ABatchIsSharedToo) {
  Kitchen kitchen;
  Hands hands(kitchen);
  hands.enqueue_all(50, "ann");
  hands.enqueue_all(50, "bob");
  hands.enqueue("eve", {.lane = "eve"});
  std::map<std::string, int> shares;
  for (const auto& job : hands.claim(21)) ++shares[job.lane];
  EXPECT_EQ(shares, (std::map<std::string, int>{{"ann", 10}, {"bob", 10}, {"eve", 1}}));
}

TEST(Lanes, ALimitHoldsAndLeavesRoomToOthers) {
  Kitchen kitchen;
  Hands hands(kitchen);
  for (int i = 0; i < 5; ++i) hands.enqueue("ann", {.lane = "ann", .lane_limit = 2});
  for (int i = 0; i < 5; ++i) hands.enqueue("bob", {.lane = "bob"});
  const auto first = hands.claim(6);
  EXPECT_EQ(std::ranges::count(first, "ann", &store::Claimed::lane), 2);
  EXPECT_EQ(first.size(), 6u);
  EXPECT_EQ(hands.claim(6).size(), 1u);  // the last of bob
  EXPECT_TRUE(hands.claim(6).empty());
  hands.complete(*std::ranges::find(first, "ann", &store::Claimed::lane));
  const auto next = hands.claim(6);
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].lane, "ann");
}

TEST(Lanes, AWorkerLeavesKindsItDoesNotKnow) {
  Kitchen kitchen;
  Hands hands(kitchen);
  run_task([](Kitchen& kitchen) -> Task<> {
    for (int i = 0; i < 3; ++i) static_cast<void>(co_await kitchen.enqueue(Wash{"plate"}, {.lane = "ann"}));
  }(kitchen));
  hands.enqueue("apple", {.lane = "ann"});
  hands.enqueue("cherry", {.lane = "bob"});
  EXPECT_EQ(hands.order(9), (Cakes{"apple", "cherry"}));
}

// However lanes fill, nobody is served twice while another of the same priority waits all that time.
RC_GTEST_PROP(LanesProperty, LanesTakeTurns, ()) {
  static Kitchen kitchen;
  static Hands hands(kitchen);
  run_task([](Kitchen& kitchen) -> Task<> {
    co_await kitchen.db->execute("DELETE FROM jobs");
    co_await kitchen.db->execute("DELETE FROM jobs_lanes");
    co_await kitchen.db->execute("DELETE FROM jobs_openings");
  }(kitchen));
  std::map<std::string, int> waiting;
  std::map<std::string, int> served_since;  // by lane, since another lane has been waiting
  std::map<std::string, std::map<std::string, int>> passed;
  const auto steps = *rc::gen::container<std::vector<int>>(20, rc::gen::inRange(0, 8));
  for (const int step : steps) {
    kitchen.clock.advance(1s);
    if (step < 4) {
      const auto lane = std::string(1, static_cast<char>('a' + step));
      const int count = 1 + step;
      hands.enqueue_all(count, lane);
      waiting[lane] += count;
      continue;
    }
    const auto jobs = hands.claim(1);
    int all = 0;
    for (const auto& [lane, count] : waiting) all += count;
    RC_ASSERT(jobs.size() == (all > 0 ? 1u : 0u));
    if (jobs.empty()) continue;
    const auto& lane = jobs[0].lane;
    --waiting[lane];
    passed[lane].clear();
    for (const auto& [other, count] : waiting)
      if (other != lane && count > 0) RC_ASSERT(++passed[other][lane] <= 1);
    for (auto& [other, by] : passed)
      if (waiting[other] == 0) by.clear();
    hands.complete(jobs[0]);
  }
}

}  // namespace
}  // namespace odeon::jobs
