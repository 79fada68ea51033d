#include "engine/jobs/queue.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engine/jobs/fixture_test.hpp"
#include "engine/jobs/store.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

TEST(Queue, TheJobIsThereIfTheTransactionIs) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    std::string lost;
    {
      auto tx = co_await kitchen.db->begin();
      lost = (co_await kitchen.queue.enqueue(*tx, Bake{"apple"})).id;
    }
    EXPECT_FALSE(co_await kitchen.queue.progress(lost));
    const auto kept = co_await kitchen.enqueue(Bake{"apple"});
    const auto progress = co_await kitchen.queue.progress(kept);
    EXPECT_TRUE(kept.starts_with("job_"));
    EXPECT_EQ(progress.value().state, State::ready);
    EXPECT_EQ(progress.value().kind, "kitchen.bake");
    EXPECT_EQ(progress.value().attempt, 0);
  }(kitchen));
}

TEST(Queue, AKeyMakesOneJobAKind) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    auto tx = co_await kitchen.db->begin();
    const auto first = co_await kitchen.queue.enqueue(*tx, Bake{"apple"}, {.idempotency_key = "order 1"});
    const auto again = co_await kitchen.queue.enqueue(*tx, Bake{"apple"}, {.idempotency_key = "order 1"});
    const auto other = co_await kitchen.queue.enqueue(*tx, Wash{"plate"}, {.idempotency_key = "order 1"});
    EXPECT_TRUE(first.fresh);
    EXPECT_FALSE(again.fresh);
    EXPECT_EQ(again.id, first.id);
    EXPECT_TRUE(other.fresh);
    const auto none = co_await kitchen.queue.enqueue_all(*tx, std::vector<Bake>());
    EXPECT_TRUE(none.empty());
    const std::vector<Bake> two{{"b"}, {"c"}}, three{{"b"}, {"c"}, {"d"}};
    const auto batch = co_await kitchen.queue.enqueue_all(*tx, two, {.idempotency_key = "order 2"});
    const auto more = co_await kitchen.queue.enqueue_all(*tx, three, {.idempotency_key = "order 2"});
    EXPECT_EQ(batch.size(), 2u);
    EXPECT_NE(batch.at(0).id, batch.at(1).id);
    EXPECT_EQ(more.at(1).id, batch.at(1).id);
    EXPECT_FALSE(more.at(1).fresh);
    EXPECT_TRUE(more.at(2).fresh);
    co_await tx->commit();
  }(kitchen));
}

TEST(Queue, ItsDepthIsWhatNobodyHasTaken) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    EXPECT_EQ(co_await kitchen.queue.depth(), ByWeight<std::int64_t>());
    for (const char* pie : {"apple", "plum", "pear"}) co_await kitchen.enqueue(Bake{pie});
    co_await kitchen.enqueue(Bake{"late"}, {.run_at = kitchen.clock.now() + 24h});
    EXPECT_EQ(co_await kitchen.queue.depth(), (ByWeight<std::int64_t>{.light = 3}));
    const auto gone = co_await kitchen.enqueue(Bake{"burnt"});
    co_await kitchen.queue.cancel(gone);
    EXPECT_EQ(co_await kitchen.queue.depth(), (ByWeight<std::int64_t>{.light = 3}));
  }(kitchen));
}

TEST(Queue, PositionAndEstimateComeFromTheQueueAndThePast) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) {
      ids.push_back(co_await kitchen.enqueue(Bake{"apple"}));
      kitchen.clock.advance(1s);
    }
    const auto other = co_await kitchen.enqueue(Wash{"plate"});
    const auto urgent = co_await kitchen.enqueue(Bake{"cherry"}, {.priority = 1, .lane = "pro"});
    EXPECT_EQ((co_await kitchen.queue.progress(urgent))->queue_position, 1);
    EXPECT_EQ((co_await kitchen.queue.progress(ids[0]))->queue_position, 2);
    EXPECT_EQ((co_await kitchen.queue.progress(ids[1]))->queue_position, 4);
    EXPECT_EQ((co_await kitchen.queue.progress(ids[3]))->queue_position, 6);
    EXPECT_EQ((co_await kitchen.queue.progress(other))->queue_position, 3);
    // Nothing is known of how long a cake takes, so nothing is said.
    EXPECT_FALSE((co_await kitchen.queue.progress(ids[0]))->estimated_seconds);

    co_await store::note_durations(*kitchen.db, {{"kitchen.bake", 30e6, 1}});
    EXPECT_FALSE((co_await kitchen.queue.progress(ids[0]))->estimated_seconds);  // and nobody is there to do it
    auto tx = co_await kitchen.db->begin();
    co_await store::enter_worker(*tx, 1, {.light = 2, .heavy = 2}, {"kitchen.bake"}, kitchen.clock.now() + 1h);
    co_await tx->commit();
    EXPECT_DOUBLE_EQ((co_await kitchen.queue.progress(urgent))->estimated_seconds.value(), 30);
    EXPECT_DOUBLE_EQ((co_await kitchen.queue.progress(ids[3]))->estimated_seconds.value(), 90);  // third round of two
    // The mean follows what happens, and forgets.
    co_await store::note_durations(*kitchen.db, {{"kitchen.bake", 50e6, 1}});
    EXPECT_DOUBLE_EQ((co_await kitchen.queue.progress(urgent))->estimated_seconds.value(), 40);
  }(kitchen));
}

TEST(Queue, CancelsWhatIsReadyWithItsChildren) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    const auto parent = co_await kitchen.enqueue(Bake{"wedding cake"});
    const auto child = co_await kitchen.enqueue(Bake{"layer"}, {.parent = parent});
    const auto grandchild =
        co_await kitchen.enqueue(Bake{"icing"}, {.run_at = kitchen.clock.now() + 1h, .parent = child});
    const auto stranger = co_await kitchen.enqueue(Bake{"apple"});
    EXPECT_TRUE(co_await kitchen.queue.cancel(parent));
    for (const auto& id : {parent, child, grandchild})
      EXPECT_EQ((co_await kitchen.queue.progress(id))->state, State::cancelled);
    EXPECT_EQ((co_await kitchen.queue.progress(stranger))->state, State::ready);
    EXPECT_FALSE(co_await kitchen.queue.cancel(parent));
    EXPECT_FALSE(co_await kitchen.queue.cancel("job_unknown"));
  }(kitchen));
}

TEST(Queue, WatchShowsThePresentAndEveryChange) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    const auto id = co_await kitchen.enqueue(Bake{"apple"});
    std::vector<State> seen;
    co_await kitchen.queue.watch(id, [&](const Progress& now) {
      seen.push_back(now.state);
      return [](Kitchen& kitchen, std::string id) -> Task<bool> { co_return co_await kitchen.queue.cancel(id); }(
                                                      kitchen, id);
    });
    EXPECT_EQ(seen, (std::vector{State::ready, State::cancelled}));
    co_await kitchen.queue.watch("job_unknown",
                                 [](const Progress&) -> Task<bool> { throw std::logic_error("called"); });
  }(kitchen));
}

Task<void> cancel_unannounced(Kitchen& kitchen, std::string id) {
  while (kitchen.clock.sleepers() == 0) co_await asio::post(asio::use_awaitable);
  auto tx = co_await kitchen.db->begin();
  co_await store::cancel(*tx, id, kitchen.clock.now());
  co_await tx->commit();
  kitchen.clock.advance(2s);
}

TEST(Queue, ALostAnnouncementOnlyDelays) {
  Kitchen kitchen;
  TaskGroup tasks([](const std::string&, std::exception_ptr failure) { ADD_FAILURE() << describe(failure); });
  kitchen.run([](Kitchen& kitchen, TaskGroup& tasks) -> Task<> {
    const auto id = co_await kitchen.enqueue(Bake{"apple"});
    tasks.spawn(co_await asio::this_coro::executor, "cancel", cancel_unannounced(kitchen, id));
    EXPECT_EQ((co_await kitchen.reach(id, State::cancelled)).state, State::cancelled);
    co_await tasks.stop();
  }(kitchen, tasks));
}

Task<void> end_all(Kitchen& kitchen, bool well) {
  auto tx = co_await kitchen.db->begin();
  co_await tx->execute(
      "UPDATE jobs SET state = $1, error = $2, ended_at = $3, owner = NULL WHERE state IN ('ready', 'running')",
      std::string(well ? "completed" : "failed"), well ? std::nullopt : std::optional<std::string>("no flour"),
      kitchen.clock.now());
  co_await tx->commit();
}

TEST(Queue, WhatFailedStaysUntilSomeoneLooks) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    const auto first = co_await kitchen.enqueue(Bake{"apple"});
    co_await end_all(kitchen, false);
    kitchen.clock.advance(1s);
    const auto second = co_await kitchen.enqueue(Bake{"cherry"});
    co_await end_all(kitchen, false);
    kitchen.clock.advance(24h);
    EXPECT_EQ(co_await kitchen.queue.prune(kitchen.clock.now()), 0);
    auto failed = co_await kitchen.queue.failed(10);
    EXPECT_EQ(failed.size(), 2u);
    EXPECT_EQ(failed.at(0).id, second);
    EXPECT_EQ(failed.at(0).error, "no flour");
    EXPECT_EQ((co_await kitchen.queue.failed(1)).size(), 1u);

    EXPECT_TRUE(co_await kitchen.queue.retry(first));
    EXPECT_FALSE(co_await kitchen.queue.retry(first));
    const auto retried = (co_await kitchen.queue.progress(first)).value();
    EXPECT_EQ(retried.state, State::ready);
    EXPECT_EQ(retried.attempt, 0);
    EXPECT_FALSE(retried.error);
  }(kitchen));
}

TEST(Queue, PrunesWhatEndedLongAgo) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    const auto parent = co_await kitchen.enqueue(Bake{"wedding cake"}, {.run_at = kitchen.clock.now() + 240h});
    const auto layer = co_await kitchen.enqueue(Bake{"layer"}, {.parent = parent});
    std::vector<std::string> old;
    for (int i = 0; i < 3; ++i) old.push_back(co_await kitchen.enqueue(Bake{"apple"}));
    co_await end_all(kitchen, true);
    kitchen.clock.advance(48h);
    const auto recent = co_await kitchen.enqueue(Bake{"cherry"});
    co_await end_all(kitchen, true);
    EXPECT_EQ(co_await kitchen.queue.prune(kitchen.clock.now() - 49h), 0);
    EXPECT_EQ(co_await kitchen.queue.prune(kitchen.clock.now() - 1h), 3);
    EXPECT_FALSE(co_await kitchen.queue.progress(old[0]));
    EXPECT_TRUE(co_await kitchen.queue.progress(recent));
    EXPECT_TRUE(co_await kitchen.queue.progress(layer));  // its parent has not seen yet how it did
    EXPECT_TRUE(co_await kitchen.queue.cancel(parent));
    EXPECT_EQ(co_await kitchen.queue.prune(kitchen.clock.now() - 1h), 1);
  }(kitchen));
}

TEST(Queue, NoIndexHoldsWhatHasEnded) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    if (testing::on_postgresql()) {
      const auto whole = co_await kitchen.db->query<std::string>(
          "SELECT indexname FROM pg_indexes WHERE tablename = 'jobs' AND indexdef NOT LIKE '%WHERE%'");
      EXPECT_EQ(whole, (std::vector<std::string>{"jobs_pkey"}));
      co_return;
    }
    const auto whole = co_await kitchen.db->query<std::string>(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'jobs' AND sql IS NOT NULL "
        "AND sql NOT LIKE '%WHERE%'");
    EXPECT_TRUE(whole.empty());
  }(kitchen));
}

TEST(Queue, ShowsOperatorsItsJobs) {
  Kitchen kitchen;
  kitchen.run([](Kitchen& kitchen) -> Task<> {
    const auto apple = co_await kitchen.enqueue(Bake{"apple"}, {.lane = "ann"});
    const auto later = co_await kitchen.enqueue(Bake{"pear"}, {.run_at = kitchen.clock.now() + 1h});
    const auto plate = co_await kitchen.enqueue(Wash{"plate"});
    auto ids = [&queue = kitchen.queue](this auto, JobFilter filter) -> Task<std::vector<std::string>> {
      std::vector<std::string> ids;
      for (const auto& job : co_await queue.list(std::move(filter))) ids.push_back(job.id);
      co_return ids;
    };
    EXPECT_EQ(co_await ids({}), (std::vector<std::string>{plate, later, apple}));
    EXPECT_EQ(co_await ids({.limit = 1}), std::vector<std::string>{plate});
    EXPECT_EQ(co_await ids({.state = "ready"}), (std::vector<std::string>{plate, apple}));
    EXPECT_EQ(co_await ids({.state = "ready", .kind = "kitchen.bake"}), std::vector<std::string>{apple});
    EXPECT_EQ((co_await kitchen.queue.find(apple)).value().lane, "ann");
    EXPECT_EQ((co_await kitchen.queue.find(later)).value().state, State::scheduled);
    EXPECT_FALSE(co_await kitchen.queue.find("job_0"));
  }(kitchen));
}

}  // namespace
}  // namespace odeon::jobs
