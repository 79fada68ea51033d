#include "engine/database/sqlite.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <fstream>

#include "engine/database/atomically.hpp"
#include "engine/database/conformance_test.hpp"
#include "testing/scratch.hpp"

namespace odeon::database {
namespace {

class SqliteScratch final : public Scratch {
 public:
  std::unique_ptr<Database> open() override { return open_sqlite({.path = folder_ / "test.db"}); }

 private:
  testing::ScratchFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Drivers, Conformance,
                         ::testing::Values(Driver{"sqlite", [] { return std::make_unique<SqliteScratch>(); }}),
                         driver_name);

class Sqlite : public ::testing::Test {
 protected:
  template <class Test>
  void run(Test test) {
    run_task(test(*db));
  }

  testing::ScratchFolder folder;
  std::string path = folder / "test.db";
  std::unique_ptr<Database> db = open_sqlite({.path = path});
};

// How many times the log says that something was committed: each such frame was one sync.
int commits_in(const std::string& log) {
  std::ifstream file(log, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  int commits = 0;
  constexpr std::size_t header = 32, frame = 24 + 4096;
  for (std::size_t at = header; at + frame <= bytes.size(); at += frame)
    commits += bytes.substr(at + 4, 4) != std::string(4, '\0');
  return commits;
}

TEST_F(Sqlite, CommitsWhoeverWaitsWithOneSync) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  const int before = commits_in(path + "-wal");
  Event go;
  std::vector<Task<void>> tasks;
  tasks.push_back([](Database& db, Event& go) -> Task<> {
    auto transaction = co_await db.begin();
    co_await transaction->execute("INSERT INTO items (id, name) VALUES ($1, $2)", 0, "first");
    go.set();
    for (int i = 0; i < 10; ++i) co_await step_aside();
    co_await transaction->commit();
  }(*db, go));
  for (int i = 1; i < 64; ++i)
    tasks.push_back([](Database& db, Event& go, int i) -> Task<> {
      co_await go.wait();
      co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", i, std::to_string(i));
    }(*db, go, i));
  run_together(std::move(tasks));
  run([](Database& db) -> Task<> { EXPECT_EQ(64, co_await count_items(db)); });
  EXPECT_LE(commits_in(path + "-wal") - before, 16);
}

TEST_F(Sqlite, AnIdleTransactionHoldsUpNoneThatIsDone) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  Event first_began, first_done;
  std::vector<Task<void>> tasks;
  tasks.push_back([](Database& db, Event& began, Event& done) -> Task<> {
    auto transaction = co_await db.begin();
    co_await transaction->execute("INSERT INTO items (id, name) VALUES (1, 'first')");
    began.set();
    for (int i = 0; i < 10; ++i) co_await step_aside();
    co_await transaction->commit();
    EXPECT_EQ(1, co_await count_items(db));
    done.set();
  }(*db, first_began, first_done));
  tasks.push_back([](Database& db, Event& began, Event& done) -> Task<> {
    co_await began.wait();
    auto transaction = co_await db.begin();
    const auto id =
        co_await transaction->find<std::int64_t>("INSERT INTO items (id, name) VALUES (2, 'x') RETURNING id");
    transaction->execute_later("INSERT INTO items (id, name) VALUES (3, $1)",
                               std::vector<std::tuple<std::string>>{{"third"}});
    co_await transaction->script("UPDATE items SET name = 'second' WHERE id = 2;");
    co_await done.wait();  // the first one's commit, which came into the same group
    EXPECT_EQ("second", co_await transaction->find<std::string>("SELECT name FROM items WHERE id = $1", id));
    EXPECT_EQ(3, co_await count_items(*transaction));
    co_await transaction->commit();
  }(*db, first_began, first_done));
  run_together(std::move(tasks));
  run([](Database& db) -> Task<> { EXPECT_EQ(3, co_await count_items(db)); });
}

TEST_F(Sqlite, KeepsTextThatIsNoText) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    const std::string odd("a\0b\xFF\xC0", 5);
    co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", 1, odd);
    EXPECT_EQ(odd, co_await db.find<std::string>("SELECT name FROM items"));
    EXPECT_EQ(1, co_await db.find<std::int64_t>("SELECT id FROM items WHERE name = $1", odd));
  });
}

TEST_F(Sqlite, TakesNumberedPlaceholdersAndOneStatementOnly) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    int refused = 0;
    try {
      co_await db.query<std::int64_t>("SELECT id FROM items WHERE id = ?", 1);
    } catch (const std::logic_error&) {
      ++refused;
    }
    try {
      co_await db.execute("DELETE FROM items; DELETE FROM items");
    } catch (const std::logic_error&) {
      ++refused;
    }
    EXPECT_EQ(2, refused);
    EXPECT_EQ(0, co_await db.execute("DELETE FROM items;\n"));
  });
}

Task<void> read_long(Database& db) {
  co_await db.find<std::int64_t>(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT COUNT(*) FROM n");
}

TEST_F(Sqlite, ReadsGoOnWhileALongOneRuns) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  std::vector<Task<void>> tasks;
  std::vector<std::string> order;
  tasks.push_back([](Database& db, std::vector<std::string>& order) -> Task<> {
    co_await read_long(db);
    order.push_back("long");
  }(*db, order));
  for (int i = 0; i < 40; ++i)
    tasks.push_back([](Database& db, std::vector<std::string>& order) -> Task<> {
      co_await count_items(db);
      order.push_back("short");
    }(*db, order));
  run_together(std::move(tasks));
  EXPECT_EQ("long", order.back());
}

Task<> read_often(Database& db, int times) {
  for (int i = 0; i < times; ++i) EXPECT_EQ(co_await db.find<std::int64_t>("SELECT $1 + 0", i), i);
}

// What counts steps to tell a long statement may strike in a short one, or at the end of a snapshot; the
// reader must then be counted as awake once and not twice, or nobody is woken again.
TEST_F(Sqlite, ManyShortReadsNeverLoseAReader) {
  run([](Database& db) -> Task<> {
    std::vector<Task<>> readers;
    for (int i = 0; i < 12; ++i) readers.push_back(read_often(db, 40000));
    co_await with_timeout(std::chrono::minutes(2), all_of(std::move(readers)));
  });
}

TEST_F(Sqlite, ACancelledReadLeavesTheQueue) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  db = open_sqlite({.path = path, .readers = 1});
  std::vector<std::string> order;
  std::vector<Task<void>> tasks;
  tasks.push_back([](Database& db, std::vector<std::string>& order) -> Task<> {
    co_await read_long(db);
    order.push_back("long");
  }(*db, order));
  tasks.push_back([](Database& db, std::vector<std::string>& order) -> Task<> {
    asio::cancellation_signal signal;
    Event ended;
    auto read = [](Database& db) -> Task<> { co_await count_items(db); };
    asio::co_spawn(co_await asio::this_coro::executor, read(db),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr failure) {
                     order.push_back(failure ? "cancelled" : "read");
                     ended.set();
                   }));
    for (int i = 0; i < 5; ++i) co_await step_aside();
    while (!ended.is_set()) {
      signal.emit(asio::cancellation_type::terminal);
      co_await step_aside();
    }
  }(*db, order));
  run_together(std::move(tasks));
  EXPECT_EQ((std::vector<std::string>{"cancelled", "long"}), order);
}

TEST_F(Sqlite, SharesItsFileWithAnotherProcess) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  auto other = open_sqlite({.path = path});
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 40; ++i)
    tasks.push_back([](Database& db, int i) -> Task<> {
      auto transaction = co_await db.begin();
      co_await transaction->execute("INSERT INTO items (id, name) VALUES ($1, $2)", i, std::to_string(i));
      EXPECT_EQ(i, co_await transaction->find<std::int64_t>("SELECT id FROM items WHERE id = $1", i));
      co_await transaction->commit();
    }(i % 2 == 0 ? *db : *other, i));
  run_together(std::move(tasks));
  run([](Database& db) -> Task<> { EXPECT_EQ(40, co_await count_items(db)); });
}

TEST_F(Sqlite, ServesWhatWaitsWhenItIsClosed) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  int served = 0;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 20; ++i)
    tasks.push_back([](Database& db, int i, int& served) -> Task<> {
      co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", i, std::to_string(i));
      ++served;
    }(*db, i, served));
  tasks.push_back([](Database& db) -> Task<> { co_await db.close(); }(*db));
  run_together(std::move(tasks));
  EXPECT_EQ(20, served);
  db = open_sqlite({.path = path});
  run([](Database& db) -> Task<> { EXPECT_EQ(20, co_await count_items(db)); });
}

TEST_F(Sqlite, RefusesAWholeThatAwaitsSomethingElseThanItself) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    const auto done = co_await settle(atomically(db, Isolation::snapshot, [&](Transaction& tx) -> Task<void> {
      co_await tx.execute("INSERT INTO items (id, name) VALUES (1, 'one')");
      co_await db.execute("INSERT INTO items (id, name) VALUES (2, 'two')");
    }));
    EXPECT_THROW(std::rethrow_exception(done.error()), std::logic_error) << "it would wait for itself";
    EXPECT_EQ(0, co_await count_items(db));
  });
}

TEST_F(Sqlite, CommitsWhatIsDurableSoonThoughSomebodyIdles) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    const auto add = [](Transaction& tx) -> Task<void> {
      co_await tx.execute("INSERT INTO items (id, name) VALUES (1, 'one')");
    };
    auto idler = co_await db.begin();
    // Handed over together, so that the second begins before the first is committed.
    std::vector<Task<void>> both;
    both.push_back(atomically(db, Isolation::statement, add, Durability::soon));
    both.push_back([](Transaction& tx) -> Task<void> {
      co_await tx.execute("INSERT INTO items (id, name) VALUES (2, 'two')");
    }(*idler));
    co_await all_of(std::move(both));
    for (int waited = 0; co_await count_items(db) == 0 && waited < 1'000; ++waited)
      co_await sleep_on_loop(std::chrono::milliseconds(5));
    EXPECT_EQ(1, co_await count_items(db)) << "while the other is still open";
    co_await idler->commit();
    EXPECT_EQ(2, co_await count_items(db)) << "and loses nothing";
  });
}

TEST(SqliteFile, CannotBeOpened) {
  testing::ScratchFolder folder;
  bool refused = false;
  try {
    open_sqlite({.path = folder / "nowhere/test.db"});
  } catch (const Error& error) {
    refused = error.fault == Fault::unavailable && error.message.find(folder.path()) == std::string::npos;
  }
  EXPECT_TRUE(refused);
  std::ofstream(folder / "picture.db") << std::string(4096, 'x');
  EXPECT_THROW(open_sqlite({.path = folder / "picture.db"}), Error);
}

}  // namespace
}  // namespace odeon::database
