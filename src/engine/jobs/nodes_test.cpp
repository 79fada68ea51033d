// Several nodes on one PostgreSQL, with nothing else between them. The clock stands still, so nobody polls:
// what happens was told.
#include <gtest/gtest.h>

#include "engine/jobs/fixture_test.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

// A process as it would be: connections, announcements and a queue of its own.
struct Node {
  Node(const std::string& address, Clock& clock, Log& log, Metrics& metrics, WorkerOptions options = {})
      : clock(clock),
        coordination(coordination::open_memory({}, clock)),
        db(database::open_postgres({.url = address, .connections = 4})),
        queue(*db, *coordination, clock),
        worker(queue, clock, log, metrics, options) {
    worker.handle<Bake>([this](Bake bake, Job& job) { return this->bake(std::move(bake), job); });
  }

  Task<void> bake(Bake cake, Job& job) {
    if (cake.cake == "slow") co_await clock.sleep_for(1h);
    if (cake.cake == "layered" && (co_await job.children()).empty()) {
      auto tx = co_await db->begin();
      co_await job.wait_for_children(*tx);
      const std::vector<Bake> layers(6);
      co_await queue.enqueue_all(*tx, layers, {.parent = job.id()});
      co_await tx->commit();
      co_return;
    }
    auto tx = co_await db->begin();
    co_await tx->execute("INSERT INTO served (cake) VALUES ($1)", job.id());
    co_await job.complete(*tx);
    co_await tx->commit();
    ++baked;
  }

  Task<std::string> enqueue(Bake cake, EnqueueOptions options = {}) {
    auto tx = co_await db->begin();
    auto enqueued = co_await queue.enqueue(*tx, std::move(cake), std::move(options));
    co_await tx->commit();
    co_return enqueued.id;
  }

  Task<void> reach(std::string id, State state) {
    for (;;) {
      if ((co_await queue.progress(id)).value().state == state) co_return;
      co_await asio::post(asio::use_awaitable);
    }
  }

  Clock& clock;
  std::unique_ptr<coordination::Coordination> coordination;
  std::unique_ptr<database::Database> db;
  Queue queue;
  Worker worker;
  int baked = 0;
};

class NodesPostgres : public ::testing::Test {
 protected:
  void SetUp() override {
    run([](Node& api, Clock& clock) -> Task<> {
      static_cast<void>(co_await database::migrate(*api.db, migrations(), clock));
      co_await api.db->execute("CREATE TABLE served (cake TEXT NOT NULL)");
    }(api, clock));
  }
  void run(Task<> task) { run_task(with_timeout(120s, std::move(task))); }

  const std::string address = testing::PostgresServer::shared().fresh_database();
  testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  Node api{address, clock, log, metrics};  // only enqueues
};

TEST_F(NodesPostgres, AJobEnqueuedOnOneStartsOnAnotherAtOnce) {
  Node other(address, clock, log, metrics);
  run([](Node& api, Node& other) -> Task<> {
    co_await other.worker.start();
    for (int i = 0; i < 20; ++i) co_await api.reach(co_await api.enqueue(Bake{"apple"}), State::completed);
    co_await other.worker.stop();
  }(api, other));
}

TEST_F(NodesPostgres, ACancellationReachesTheHandlerOnAnother) {
  Node other(address, clock, log, metrics, {.slots = {1, 1}});
  run([](Node& api, Node& other) -> Task<> {
    co_await other.worker.start();
    const auto slow = co_await api.enqueue(Bake{"slow"});
    co_await api.reach(slow, State::running);
    const auto next = co_await api.enqueue(Bake{"apple"});
    EXPECT_TRUE(co_await api.queue.cancel(slow));
    co_await api.reach(next, State::completed);  // the only slot is free again
    co_await other.worker.stop();
  }(api, other));
}

// Whoever enqueues while others claim, or ends the last child while another ends one too, is not overlooked.
TEST_F(NodesPostgres, NothingIsForgottenHoweverTheyContend) {
  std::vector<std::unique_ptr<Node>> workers;
  for (int i = 0; i < 3; ++i)
    workers.push_back(std::make_unique<Node>(address, clock, log, metrics, WorkerOptions{.slots = {3, 3}}));
  run([](Node& api, std::vector<std::unique_ptr<Node>>& workers) -> Task<> {
    for (const auto& node : workers) co_await node->worker.start();
    std::vector<std::string> ids;
    const auto enqueue = [](Node& node, int who, std::vector<std::string>& ids) -> Task<> {
      for (int i = 0; i < 40; ++i) {
        const EnqueueOptions narrow{.lane = "narrow", .lane_limit = 2};
        const EnqueueOptions own{.priority = 1 + i % 9, .lane = fmt::format("lane {}", who % 2)};
        const std::string cake = i % 10 == 5 ? "layered" : "apple";
        ids.push_back(co_await node.enqueue(Bake{cake}, i % 3 == 0 ? narrow : i % 3 == 1 ? own : EnqueueOptions{}));
      }
    };
    std::vector<Task<void>> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(enqueue(i % 2 == 0 ? api : *workers[0], i, ids));
    co_await all_of(std::move(tasks));
    for (const auto& id : ids) co_await api.reach(id, State::completed);
    for (const auto& node : workers) co_await node->worker.stop();
    EXPECT_EQ(0, co_await api.db->find<std::int64_t>("SELECT count(*) FROM jobs WHERE state <> 'completed'"));
    const auto jobs = co_await api.db->query<std::string>("SELECT id FROM jobs ORDER BY id");
    EXPECT_EQ(jobs.size(), 240u + 24 * 6);
    EXPECT_EQ(jobs, co_await api.db->query<std::string>("SELECT cake FROM served ORDER BY cake"));
  }(api, workers));
  for (const auto& node : workers) EXPECT_GT(node->baked, 0);
}

}  // namespace
}  // namespace odeon::jobs
