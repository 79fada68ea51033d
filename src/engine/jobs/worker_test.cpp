#include "engine/jobs/worker.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engine/jobs/fixture_test.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

// What a handler does is told by the name of the cake.
struct Baker {
  explicit Baker(Kitchen& kitchen, WorkerOptions options = {})
      : kitchen(kitchen), worker(kitchen.queue, kitchen.clock, kitchen.log, kitchen.metrics, options) {
    worker.handle<Bake>([this](Bake bake, Job& job) { return this->bake(std::move(bake), job); });
    worker.on_failure<Bake>([this](Bake bake, database::Transaction& tx, std::string error) {
      return failed(std::move(bake), tx, std::move(error));
    });
  }

  Task<void> bake(Bake bake, Job& job) {
    attempts.push_back(job.attempt());
    baked.push_back(bake.cake);
    if (bake.cake == "burnt twice" && job.attempt() < 3) throw Error(Fault::upstream, "OVEN", "The oven was off.");
    if (bake.cake == "strange") throw std::runtime_error("secret detail");
    if (bake.cake == "impossible") throw Error(Fault::invalid, "NO_FLOUR", "There is no flour.");
    if (bake.cake == "later") throw Error(Fault::rate_limited, "BUSY", "The oven is busy.").with_retry_after(90s);
    if (bake.cake == "slow") co_await kitchen.clock.sleep_for(1h);
    if (bake.cake == "served") co_await serve(bake, job, true);
    if (bake.cake == "dropped") co_await serve(bake, job, false);
    if (bake.cake == "eaten") {
      co_await serve(bake, job, true);
      throw std::runtime_error("after the fact");
    }
    if (bake.cake == "layered") co_await layer(job);
    if (bake.cake == "watched") co_await watched(job);
  }

  Task<void> serve(Bake bake, Job& job, bool commit) {
    auto tx = co_await kitchen.db->begin();
    co_await tx->execute("INSERT INTO served (cake) VALUES ($1)", bake.cake);
    co_await job.complete(*tx);
    if (commit) co_await tx->commit();
  }

  // The first time it makes layers and waits for them, the second time it looks at them.
  Task<void> layer(Job& job) {
    layers = co_await job.children();
    if (!layers.empty()) co_return;
    auto tx = co_await kitchen.db->begin();
    co_await job.wait_for_children(*tx);
    for (const auto* cake : {"plain", "impossible"})
      co_await kitchen.queue.enqueue(*tx, Bake{cake}, {.parent = job.id()});
    co_await tx->commit();
  }

  Task<void> watched(Job& job) {
    co_await job.progress(10, "mixing", "Mixing");
    co_await job.progress(20, "mixing", "Mixing well");
    co_await job.progress(15, "baking", "In the oven");
    in_the_oven = true;
    co_await kitchen.clock.sleep_for(10s);
    co_await job.progress(150, "cooling", "Cooling");
  }

  Task<void> failed(Bake bake, database::Transaction& tx, std::string error) {
    if (refusals-- > 0) throw std::runtime_error("the ledger is locked");
    co_await tx.execute("INSERT INTO served (cake) VALUES ($1)", bake.cake + ": " + error);
  }

  Kitchen& kitchen;
  std::vector<std::string> baked;
  std::vector<int> attempts;
  std::vector<Progress> layers;
  int refusals = 0;
  bool in_the_oven = false;
  Worker worker;
};

using Strings = std::vector<std::string>;

TEST(Worker, RunsWhatWasEnqueued) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    const auto before = co_await kitchen.enqueue(Bake{"apple"});
    co_await baker.worker.start();
    const auto after = co_await kitchen.enqueue(Bake{"cherry"});
    for (const auto& id : {before, after}) EXPECT_EQ((co_await kitchen.reach(id, State::completed)).percent, 100);
    co_await baker.worker.stop();
    co_await baker.worker.stop();  // again does nothing
  }(kitchen, baker));
  EXPECT_EQ(baker.baked, (Strings{"apple", "cherry"}));
}

TEST(Worker, TriesAgainWhatMayPass) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"burnt twice"});
    co_await kitchen.reach(id, State::scheduled);
    kitchen.clock.advance(1200ms);  // one second and 20 %
    co_await kitchen.reach(id, [](const Progress& p) { return p.state == State::scheduled && p.attempt == 2; });
    kitchen.clock.advance(1599ms);  // two seconds less 20 % are not over
    EXPECT_EQ((co_await kitchen.queue.progress(id))->state, State::scheduled);
    kitchen.clock.advance(801ms);
    EXPECT_EQ((co_await kitchen.reach(id, State::completed)).attempt, 3);
    co_await baker.worker.stop();
  }(kitchen, baker));
  EXPECT_EQ(baker.attempts, (std::vector{1, 2, 3}));
}

TEST(Worker, WaitsAsLongAsItWasTold) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"later"});
    co_await kitchen.reach(id, State::scheduled);
    kitchen.clock.advance(89s);
    const auto witness = co_await kitchen.enqueue(Bake{"plain"});
    co_await kitchen.reach(witness, State::completed);
    EXPECT_EQ((co_await kitchen.queue.progress(id))->state, State::scheduled);
    kitchen.clock.advance(1s);
    co_await kitchen.reach(id, [](const Progress& p) { return p.attempt == 2; });
    co_await baker.worker.stop();
  }(kitchen, baker));
}

TEST(Worker, GivesUpWhatCannotPassAndSaysSoInOneTransaction) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"impossible"});
    const auto failed = co_await kitchen.reach(id, State::failed);
    EXPECT_EQ(failed.attempt, 1);
    EXPECT_EQ(failed.error, "There is no flour.");
    EXPECT_EQ(co_await kitchen.served(), (Strings{"impossible: There is no flour."}));
    co_await baker.worker.stop();
  }(kitchen, baker));
}

TEST(Worker, GivesUpAfterTheLastAttemptAndShowsNoInside) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"strange"}, {.max_attempts = 2});
    co_await kitchen.reach(id, State::scheduled);
    kitchen.clock.advance(2s);
    const auto failed = co_await kitchen.reach(id, State::failed);
    EXPECT_EQ(failed.attempt, 2);
    EXPECT_EQ(failed.error, "Something went wrong on our side.");
    EXPECT_TRUE(co_await kitchen.queue.retry(id));
    co_await kitchen.reach(id, State::scheduled);
    co_await baker.worker.stop();
  }(kitchen, baker));
  EXPECT_EQ(baker.attempts, (std::vector{1, 2, 1}));
}

TEST(Worker, AFailureIsNotWrittenWithoutItsConsequences) {
  Kitchen kitchen;
  Baker baker(kitchen);
  baker.refusals = 1;
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"impossible"});
    while (baker.refusals > 0) co_await asio::post(asio::use_awaitable);
    EXPECT_EQ((co_await kitchen.queue.progress(id))->state, State::running);
    kitchen.clock.advance(1s);
    co_await kitchen.reach(id, State::failed);
    EXPECT_EQ((co_await kitchen.served()).size(), 1u);
    co_await baker.worker.stop();
  }(kitchen, baker));
}

TEST(Worker, OneFailureThatCannotBeWrittenHoldsUpNoOther) {
  Kitchen kitchen;
  Baker baker(kitchen);
  baker.refusals = 2;  // both together, then the first alone
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    auto tx = co_await kitchen.db->begin();
    const std::vector<Bake> cakes{{"impossible"}, {"impossible"}};
    const auto jobs = co_await kitchen.queue.enqueue_all(*tx, cakes);
    co_await tx->commit();
    co_await baker.worker.start();
    co_await kitchen.reach(jobs[1].id, State::failed);
    EXPECT_EQ((co_await kitchen.queue.progress(jobs[0].id))->state, State::running);
    kitchen.clock.advance(1s);
    co_await kitchen.reach(jobs[0].id, State::failed);
    EXPECT_EQ((co_await kitchen.served()).size(), 2u);
    co_await baker.worker.stop();
  }(kitchen, baker));
}

TEST(Worker, CompletesWithTheResultsOrNotAtAll) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    for (const auto* cake : {"served", "dropped", "eaten"})
      co_await kitchen.reach(co_await kitchen.enqueue(Bake{cake}), State::completed);
    EXPECT_EQ(co_await kitchen.served(), (Strings{"eaten", "served"}));
    co_await baker.worker.stop();
  }(kitchen, baker));
}

TEST(Worker, AParentRunsAgainWhenItsChildrenEnded) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"layered"}, {.lane = "ann", .lane_limit = 1});
    EXPECT_EQ((co_await kitchen.reach(id, State::completed)).attempt, 1);
    co_await baker.worker.stop();
  }(kitchen, baker));
  ASSERT_EQ(baker.layers.size(), 2u);
  EXPECT_EQ(baker.layers[0].state, State::completed);
  EXPECT_EQ(baker.layers[1].state, State::failed);
  EXPECT_EQ(baker.layers[1].error, "There is no flour.");
}

TEST(Worker, TellsHowFarItIs) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"watched"});
    const auto first = co_await kitchen.reach(id, [](const Progress& p) { return p.percent > 0; });
    EXPECT_EQ(first.percent, 10);  // what came right after is held back
    EXPECT_EQ(first.stage, "mixing");
    while (!baker.in_the_oven) co_await asio::post(asio::use_awaitable);
    kitchen.clock.advance(250ms);
    const auto second = co_await kitchen.reach(id, [](const Progress& p) { return p.percent > 10; });
    EXPECT_EQ(second.percent, 20);
    EXPECT_EQ(second.stage, "baking");
    EXPECT_EQ(second.message, "In the oven");
    kitchen.clock.advance(10s);
    EXPECT_EQ((co_await kitchen.reach(id, State::completed)).stage, "cooling");
    co_await baker.worker.stop();
  }(kitchen, baker));
}

TEST(Worker, CancelReachesTheHandler) {
  Kitchen kitchen;
  Baker baker(kitchen, {.slots = {1, 1}});
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"slow"});
    const auto next = co_await kitchen.enqueue(Bake{"plain"});
    co_await kitchen.reach(id, State::running);
    EXPECT_TRUE(co_await kitchen.queue.cancel(id));
    co_await kitchen.reach(next, State::completed);  // the only slot is free again
    EXPECT_EQ((co_await kitchen.queue.progress(id))->state, State::cancelled);
    EXPECT_EQ(co_await kitchen.served(), (Strings{"slow: The job was cancelled."}));
    co_await baker.worker.stop();
  }(kitchen, baker));
}

TEST(Worker, StopHandsBackWhatRuns) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"slow"}, {.max_attempts = 1});
    co_await kitchen.reach(id, State::running);
    co_await baker.worker.stop();
    const auto handed_back = (co_await kitchen.queue.progress(id)).value();
    EXPECT_EQ(handed_back.state, State::ready);
    EXPECT_EQ(handed_back.attempt, 0);
    Baker other(kitchen);
    co_await other.worker.start();
    EXPECT_EQ((co_await kitchen.reach(id, State::running)).attempt, 1);
    co_await other.worker.stop();
  }(kitchen, baker));
}

TEST(Worker, DueJobsRunWhenTheirTimeComes) {
  Kitchen kitchen;
  Baker baker(kitchen);
  kitchen.run([](Kitchen& kitchen, Baker& baker) -> Task<> {
    co_await baker.worker.start();
    const auto id = co_await kitchen.enqueue(Bake{"plain"}, {.run_at = kitchen.clock.now() + 300ms});
    const auto witness = co_await kitchen.enqueue(Bake{"plain"});
    co_await kitchen.reach(witness, State::completed);
    EXPECT_EQ((co_await kitchen.queue.progress(id))->state, State::scheduled);
    kitchen.clock.advance(300ms);
    co_await kitchen.reach(id, State::completed);
    co_await baker.worker.stop();
  }(kitchen, baker));
}

}  // namespace
}  // namespace odeon::jobs
