// What holds when workers die, are declared dead too early, or cannot reach the database.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engine/jobs/fixture_test.hpp"
#include "engine/jobs/store.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

// A database that can be away.
class Flaky final : public database::Database {
 public:
  explicit Flaky(database::Database& inner) : inner_(inner) {}
  database::Engine engine() const override { return inner_.engine(); }
  Task<std::unique_ptr<database::Transaction>> begin(database::Isolation isolation) override {
    refuse();
    co_return co_await inner_.begin(isolation);
  }
  Task<void> ping() override { return inner_.ping(); }
  Task<void> close() override { co_return; }
  bool away = false;
  int refused = 0;

 protected:
  Task<std::int64_t> run(database::Sql sql, std::vector<database::Values> batches, database::RowSink* sink) override {
    struct Open : Database {
      using Executor::run;
    };
    refuse();
    co_return co_await (inner_.*(&Open::run))(sql, std::move(batches), sink);
  }

 private:
  void refuse() {
    if (!away) return;
    ++refused;
    throw Error(Fault::unavailable, "DATABASE_AWAY", "Please try again in a moment.");
  }
  database::Database& inner_;
};

// Handlers that stay until the test lets them go.
struct Oven {
  Oven(Kitchen& kitchen, Queue& queue, WorkerOptions options = {})
      : worker(queue, kitchen.clock, kitchen.log, kitchen.metrics, options), clock(kitchen.clock) {
    worker.handle<Bake>([this](Bake, Job& job) { return bake(job); });
  }

  Task<void> bake(Job& job) {
    ++baking;
    std::exception_ptr failure;
    try {
      while (!open) co_await clock.sleep_for(1s);
      if (report) co_await job.progress(50, "late", "Too late");
    } catch (...) {
      failure = std::current_exception();
    }
    --baking;
    if (!failure) co_return;
    const auto told = describe(failure);
    faults.push_back(told.substr(0, told.find(':')));
    std::rethrow_exception(failure);
  }

  Task<void> wait_for(int count) {
    while (baking != count) co_await asio::post(asio::use_awaitable);
  }

  Worker worker;
  Clock& clock;
  int baking = 0;
  bool open = false;
  bool report = false;
  std::vector<std::string> faults;
};

// As if the machine of every worker so far had been switched off.
Task<void> kill_workers(Kitchen& kitchen) {
  co_await kitchen.db->execute("UPDATE jobs_workers SET lease_until = 0");
}

Task<void> claim_and_die(Kitchen& kitchen) {
  auto tx = co_await kitchen.db->begin();
  const auto now = kitchen.clock.now();
  co_await store::enter_worker(*tx, now.time_since_epoch().count(), {4, 4}, {"kitchen.bake"}, now);
  EXPECT_EQ((co_await store::claim(*tx, now.time_since_epoch().count(), {4, 4}, now)).jobs.size(), 1u);
  co_await tx->commit();
}

TEST(Lease, TheJobOfADeadWorkerIsDoneByAnother) {
  Kitchen kitchen;
  Oven oven(kitchen, kitchen.queue);
  oven.open = true;
  kitchen.run([](Kitchen& kitchen, Oven& oven) -> Task<> {
    const auto id = co_await kitchen.enqueue(Bake{"apple"});
    co_await claim_and_die(kitchen);
    co_await oven.worker.start();
    EXPECT_EQ((co_await kitchen.reach(id, State::completed)).attempt, 2);
    co_await oven.worker.stop();
  }(kitchen, oven));
}

TEST(Lease, AJobThatKillsItsWorkersFailsForGood) {
  Kitchen kitchen;
  Oven oven(kitchen, kitchen.queue);
  kitchen.run([](Kitchen& kitchen, Oven& oven) -> Task<> {
    std::vector<std::string> told;
    oven.worker.on_failure<Bake>([&told](Bake bake, database::Transaction&, std::string error) {
      told.push_back(bake.cake + ": " + error);
      return [] -> Task<void> { co_return; }();
    });
    const auto id = co_await kitchen.enqueue(Bake{"poison"}, {.max_attempts = 2});
    for (int i = 0; i < 2; ++i) {
      co_await claim_and_die(kitchen);
      kitchen.clock.advance(1s);
      auto tx = co_await kitchen.db->begin();
      EXPECT_EQ((co_await store::bury_workers(*tx, kitchen.clock.now())).size(), i == 0 ? 0u : 1u);
      co_await tx->commit();
    }
    co_await oven.worker.start();
    EXPECT_EQ((co_await kitchen.reach(id, State::failed)).attempt, 2);
    EXPECT_EQ(told, (std::vector<std::string>{"poison: The job was interrupted too often."}));
    EXPECT_EQ(oven.baking, 0);
    co_await oven.worker.stop();
  }(kitchen, oven));
}

TEST(Lease, WhoLostItCanNeitherReportNorComplete) {
  Kitchen kitchen;
  Oven late(kitchen, kitchen.queue);
  late.report = true;
  Oven other(kitchen, kitchen.queue);
  kitchen.run([](Kitchen& kitchen, Oven& late, Oven& other) -> Task<> {
    const auto id = co_await kitchen.enqueue(Bake{"apple"});
    co_await late.worker.start();
    co_await late.wait_for(1);
    co_await kill_workers(kitchen);
    co_await other.worker.start();
    co_await other.wait_for(1);
    late.open = true;
    kitchen.clock.advance(1s);
    co_await late.wait_for(0);
    const auto progress = (co_await kitchen.queue.progress(id)).value();
    EXPECT_EQ(progress.state, State::running);
    EXPECT_EQ(progress.attempt, 2);
    EXPECT_EQ(progress.percent, 0);
    other.open = true;
    kitchen.clock.advance(1s);
    EXPECT_EQ((co_await kitchen.reach(id, State::completed)).attempt, 2);
    co_await late.worker.stop();
    co_await other.worker.stop();
  }(kitchen, late, other));
  EXPECT_EQ(late.faults, (std::vector<std::string>{"LEASE_LOST"}));
}

TEST(Lease, AWorkerTakenForDeadLetsGoAndStartsAnew) {
  Kitchen kitchen;
  Oven oven(kitchen, kitchen.queue);
  kitchen.run([](Kitchen& kitchen, Oven& oven) -> Task<> {
    const auto id = co_await kitchen.enqueue(Bake{"apple"});
    co_await oven.worker.start();
    co_await oven.wait_for(1);
    co_await kitchen.db->execute("DELETE FROM jobs_workers");
    kitchen.clock.advance(10s);  // it renews at a third of its lease
    co_await kitchen.reach(id, [](const Progress& p) { return p.attempt == 2; });
    EXPECT_EQ(oven.faults.size(), 1u);
    oven.open = true;
    kitchen.clock.advance(1s);
    co_await kitchen.reach(id, State::completed);
    co_await oven.worker.stop();
  }(kitchen, oven));
}

TEST(Lease, IsKeptAsLongAsTheWorkerLives) {
  Kitchen kitchen;
  Oven oven(kitchen, kitchen.queue), other(kitchen, kitchen.queue);
  kitchen.run([](Kitchen& kitchen, Oven& oven, Oven& other) -> Task<> {
    const auto id = co_await kitchen.enqueue(Bake{"apple"});
    co_await oven.worker.start();
    co_await oven.wait_for(1);
    co_await other.worker.start();
    for (int i = 0; i < 20; ++i) {
      kitchen.clock.advance(10s);
      const auto renewed = kitchen.clock.now() + 30s;
      for (;;) {
        const auto least = co_await kitchen.db->find<std::optional<Instant>>(
            "SELECT min(lease_until) FROM jobs_workers HAVING count(*) = 2");
        if (least && *least && **least == renewed) break;
      }
    }
    EXPECT_EQ((co_await kitchen.queue.progress(id))->attempt, 1);
    EXPECT_EQ(oven.baking + other.baking, 1);
    co_await oven.worker.stop();
    co_await other.worker.stop();
  }(kitchen, oven, other));
}

TEST(Lease, AnUnheardCancellationIsFoundWhenTheLeaseIsRenewed) {
  Kitchen kitchen;
  Oven oven(kitchen, kitchen.queue);
  kitchen.run([](Kitchen& kitchen, Oven& oven) -> Task<> {
    const auto id = co_await kitchen.enqueue(Bake{"apple"});
    co_await oven.worker.start();
    co_await oven.wait_for(1);
    auto tx = co_await kitchen.db->begin();
    EXPECT_EQ((co_await store::cancel(*tx, id, kitchen.clock.now())).size(), 1u);
    co_await tx->commit();
    kitchen.clock.advance(10s);
    co_await oven.wait_for(0);
    EXPECT_EQ(oven.faults.size(), 1u);
    co_await oven.worker.stop();
  }(kitchen, oven));
}

TEST(Lease, WhatAFailedCommitClaimedAfterAllIsHandedBack) {
  Kitchen kitchen;
  Oven oven(kitchen, kitchen.queue, {.slots = {1, 1}});
  oven.open = true;
  kitchen.run([](Kitchen& kitchen, Oven& oven) -> Task<> {
    co_await oven.worker.start();
    co_await kitchen.reach(co_await kitchen.enqueue(Bake{"apple"}), State::completed);
    const auto stray = co_await kitchen.enqueue(Bake{"cherry"}, {.run_at = kitchen.clock.now() + 1h});
    co_await kitchen.db->execute(
        "UPDATE jobs SET state = 'running', attempt = 1, fence = 1, owner = (SELECT id FROM jobs_workers) "
        "WHERE id = $1",
        stray);
    kitchen.clock.advance(10s);
    EXPECT_EQ((co_await kitchen.reach(stray, State::completed)).attempt, 1);
    co_await oven.worker.stop();
  }(kitchen, oven));
}

TEST(Lease, NothingIsLostWhileTheDatabaseIsAway) {
  Kitchen kitchen;
  Flaky flaky(*kitchen.db);
  Queue queue(flaky, *kitchen.coordination, kitchen.clock);
  Oven oven(kitchen, queue);
  kitchen.run([](Kitchen& kitchen, Flaky& flaky, Oven& oven) -> Task<> {
    flaky.away = true;
    co_await oven.worker.start();
    while (flaky.refused == 0) co_await asio::post(asio::use_awaitable);
    flaky.away = false;
    const auto id = co_await kitchen.enqueue(Bake{"apple"});
    kitchen.clock.advance(100ms);
    co_await oven.wait_for(1);

    flaky.away = true;
    flaky.refused = 0;
    oven.open = true;
    kitchen.clock.advance(1s);
    co_await oven.wait_for(0);
    for (int times = 1; times < 5; ++times) {
      while (flaky.refused < times) co_await asio::post(asio::use_awaitable);
      kitchen.clock.advance(5s);
    }
    EXPECT_EQ((co_await kitchen.queue.progress(id))->state, State::running);
    flaky.away = false;
    kitchen.clock.advance(5s);
    EXPECT_EQ((co_await kitchen.reach(id, State::completed)).attempt, 1);
    co_await oven.worker.stop();
  }(kitchen, flaky, oven));
}

}  // namespace
}  // namespace odeon::jobs
