// What is acknowledged survives a server that loses power, and the driver finds it again.
#include <atomic>
#include <set>

#include "engine/database/postgres_test.hpp"

namespace odeon::database {
namespace {

using namespace std::chrono_literals;

class PostgresFaults : public ::testing::Test {
 protected:
  // A server of their own, not that of all tests, for they kill it.
  static void SetUpTestSuite() { own_server = std::make_unique<testing::PostgresServer>(); }
  static void TearDownTestSuite() { own_server.reset(); }
  static inline std::unique_ptr<testing::PostgresServer> own_server;

  testing::PostgresServer& server = *own_server;
  std::unique_ptr<Database> db = open_postgres({.url = server.fresh_database(), .connections = 6});
};

Task<std::optional<Error>> error_of(Task<void> task) {
  try {
    co_await std::move(task);
  } catch (const Error& error) {
    co_return error;
  }
  co_return std::nullopt;
}

Task<void> back_again(Database& db) {
  while (co_await error_of(db.ping())) co_await sleep_on_loop(5ms);
}

Task<void> insert_amid_faults(Executor& db, std::int64_t id) {
  co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", id, std::to_string(id));
}

TEST_F(PostgresFaults, ADeadServerIsReportedAtOnceAndFoundAgain) {
  run_task([](Database& db, testing::PostgresServer& server) -> Task<> {
    co_await make_items(db);
    co_await insert_amid_faults(db, 1);
    auto open = co_await db.begin();
    co_await insert_amid_faults(*open, 2);
    server.kill();
    for (int i = 0; i < 100; ++i) {
      const auto error = co_await error_of(i % 2 == 0 ? db.ping() : insert_amid_faults(db, 3));
      EXPECT_TRUE(error.has_value());
      if (!error) break;
      EXPECT_EQ(Fault::unavailable, error->fault);
      EXPECT_TRUE(error->retry_after.has_value());
    }
    EXPECT_EQ(Fault::unavailable, (co_await error_of(insert_amid_faults(*open, 4)))->fault);
    EXPECT_EQ(Fault::unavailable, (co_await error_of([](Database& db) -> Task<> {
                                    auto transaction = co_await db.begin();
                                    co_await insert_amid_faults(*transaction, 5);
                                  }(db)))
                                      ->fault);
    server.start();
    co_await back_again(db);
    while (co_await error_of(insert_amid_faults(db, 6))) co_await sleep_on_loop(5ms);
    EXPECT_EQ((std::vector<std::int64_t>{1, 6}), co_await db.query<std::int64_t>("SELECT id FROM items ORDER BY id"));
  }(*db, server));
}

struct Load {
  std::set<std::int64_t> acknowledged;
  std::int64_t next = 0;
  int running = 0;
  int refused = 0;
  bool enough = false;
};

// Pairs of rows, by transaction or in one go; half of a pair is a fault.
Task<void> write_pairs_to_postgres(Database& db, Load& load, bool in_transaction) {
  ++load.running;
  while (!load.enough) {
    const std::int64_t number = load.next++;
    const auto pair = [](Database& db, std::int64_t number, bool in_transaction) -> Task<> {
      std::vector<std::tuple<std::int64_t, int>> rows{{number, 1}, {number, 2}};
      if (!in_transaction) {
        co_await db.execute_each("INSERT INTO pairs (number, part) VALUES ($1, $2)", rows);
        co_return;
      }
      auto transaction = co_await db.begin();
      for (const auto& [same, part] : rows)
        co_await transaction->execute("INSERT INTO pairs (number, part) VALUES ($1, $2)", same, part);
      co_await transaction->commit();
    };
    const auto error = co_await error_of(pair(db, number, in_transaction));
    if (!error) {
      load.acknowledged.insert(number);
      continue;
    }
    EXPECT_EQ(Fault::unavailable, error->fault) << error->detail;
    ++load.refused;
    co_await sleep_on_loop(1ms);
  }
  --load.running;
}

Task<void> read_on(Database& db, Load& load) {
  ++load.running;
  while (!load.enough) {
    const auto before = static_cast<std::int64_t>(load.acknowledged.size());
    std::int64_t found = before;
    const auto error = co_await error_of([](Database& db, std::int64_t& found) -> Task<> {
      found = (co_await db.find<std::int64_t>("SELECT count(DISTINCT number) FROM pairs")).value();
    }(db, found));
    EXPECT_GE(found, before);
    if (error) co_await sleep_on_loop(1ms);
  }
  --load.running;
}

Task<void> kill_and_restart(Database& db, testing::PostgresServer& server, Load& load) {
  for (int round = 0; round < 3; ++round) {
    const auto enough = load.acknowledged.size() + 60;
    while (load.acknowledged.size() < enough) co_await sleep_on_loop(1ms);
    server.kill();
    server.start();
    co_await back_again(db);
  }
  const auto enough = load.acknowledged.size() + 60;
  while (load.acknowledged.size() < enough) co_await sleep_on_loop(1ms);
  load.enough = true;
}

TEST_F(PostgresFaults, EverythingAcknowledgedIsThereAfterACrashUnderLoad) {
  run_task([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE pairs (number BIGINT NOT NULL, part BIGINT NOT NULL)");
  }(*db));
  Load load;
  std::vector<Task<void>> tasks;
  tasks.reserve(17);
  for (int i = 0; i < 12; ++i) tasks.push_back(write_pairs_to_postgres(*db, load, i % 2 == 0));
  for (int i = 0; i < 4; ++i) tasks.push_back(read_on(*db, load));
  tasks.push_back(kill_and_restart(*db, server, load));
  run_together(std::move(tasks));
  run_task([](Database& db, const Load& load) -> Task<> {
    const auto whole =
        co_await db.query<std::int64_t>("SELECT number FROM pairs GROUP BY number HAVING count(*) = 2 ORDER BY number");
    EXPECT_TRUE(std::ranges::includes(whole, load.acknowledged));
    EXPECT_EQ(whole.size() * 2,
              static_cast<std::size_t>((co_await db.find<std::int64_t>("SELECT count(*) FROM pairs")).value()));
  }(*db, load));
  EXPECT_GT(load.refused, 0);
}

TEST_F(PostgresFaults, WhoListensIsToldThatSomethingMayHaveBeenMissed) {
  std::atomic<int> told = 0;
  const auto listening = db->on_signal("bell", [&](const std::string& message) {
    if (message.empty()) told.fetch_add(1);
    told.notify_all();
  });
  told.wait(0);
  server.kill();
  server.start();
  told.wait(1);
  EXPECT_EQ(2, told.load());
}

TEST(PostgresAway, NobodyAnswers) {
  auto db = open_postgres({.url = "postgresql:///odeon?host=/nonexistent"});
  const auto error = run_task(error_of(db->ping()));
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(Fault::unavailable, error->fault);
  EXPECT_TRUE(error->retry_after.has_value());
}

}  // namespace
}  // namespace odeon::database
