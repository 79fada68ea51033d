// What is acknowledged survives a full disk and a killed process.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <set>

#include "engine/database/atomically.hpp"
#include "engine/database/conformance_test.hpp"
#include "engine/database/sqlite.hpp"
#include "testing/scratch.hpp"

namespace odeon::database {
namespace {

Task<bool> insert_of_size(Database& db, std::int64_t id, std::size_t bytes) {
  try {
    co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", id,
                        std::string(bytes, 'x') + std::to_string(id));
  } catch (const Error& error) {
    EXPECT_EQ(Fault::unavailable, error.fault);
    EXPECT_EQ("DATABASE_UNAVAILABLE", error.code);
    EXPECT_TRUE(error.retry_after.has_value());
    co_return false;
  }
  co_return true;
}

TEST(SqliteFaults, AFullDiskRefusesAndKeepsWhatItHas) {
  testing::ScratchFolder folder;
  auto db = open_sqlite({.path = folder / "test.db", .max_bytes = 1 << 20});
  run_task([](Database& db) -> Task<> {
    co_await make_items(db);
    std::int64_t stored = 0;
    while (co_await insert_of_size(db, stored, 10000)) ++stored;
    EXPECT_GT(stored, 40);
    EXPECT_LT(stored, 200);
    EXPECT_EQ(stored, co_await count_items(db));
    // A transaction fails as a whole.
    bool failed = false;
    try {
      auto transaction = co_await db.begin();
      co_await transaction->execute("DELETE FROM items WHERE id = $1", 0);
      for (int i = 0; i < 10; ++i)
        co_await transaction->execute("INSERT INTO items (id, name) VALUES ($1, $2)", 1000 + i,
                                      std::string(20000, 'y') + std::to_string(i));
    } catch (const Error&) {
      failed = true;
    }
    EXPECT_TRUE(failed);
    EXPECT_EQ(stored, co_await count_items(db));
    const auto whole = co_await settle(atomically(db, Isolation::snapshot, [](Transaction& tx) -> Task<void> {
      co_await tx.execute("DELETE FROM items WHERE id = $1", 0);
      for (int i = 0; i < 10; ++i)
        co_await tx.execute("INSERT INTO items (id, name) VALUES ($1, $2)", 1000 + i, std::string(20000, 'y'));
    }));
    EXPECT_THROW(std::rethrow_exception(whole.error()), Error);
    EXPECT_EQ(stored, co_await count_items(db));
    // Room is made, and used.
    co_await db.execute("DELETE FROM items WHERE id < $1", 10);
    EXPECT_TRUE(co_await insert_of_size(db, 5000, 10000));
    EXPECT_EQ(stored - 9, co_await count_items(db));
  }(*db));
}

// The kernel refuses to let files grow: here it is the COMMIT of the whole group that fails.
class NoGrowth {
 public:
  explicit NoGrowth(std::uintmax_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~NoGrowth() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST(SqliteFaults, AFailedCommitAcknowledgesNoneOfItsGroup) {
  testing::ScratchFolder folder;
  auto db = open_sqlite({.path = folder / "test.db"});
  run_task([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_of_size(db, 1, 10);
  }(*db));
  int acknowledged = 0;
  {
    const NoGrowth full(std::filesystem::file_size(folder / "test.db-wal"));
    std::vector<Task<void>> tasks;
    for (int i = 2; i < 30; ++i)
      tasks.push_back([](Database& db, int i, int& acknowledged) -> Task<> {
        acknowledged += co_await insert_of_size(db, i, 100);
      }(*db, i, acknowledged));
    run_together(std::move(tasks));
  }
  EXPECT_EQ(0, acknowledged);
  run_task([](Database& db) -> Task<> {
    EXPECT_EQ(1, co_await count_items(db));
    EXPECT_TRUE(co_await insert_of_size(db, 2, 10));
    EXPECT_EQ(2, co_await count_items(db));
  }(*db));
}

// Every transaction and every batch writes two rows with its number; the number goes into the pipe once
// it is acknowledged.
Task<void> write_pairs_from(Database& db, std::int64_t from, int pipe, bool in_transaction) {
  for (std::int64_t number = from;; number += 2) {
    if (in_transaction) {
      auto transaction = co_await db.begin();
      co_await transaction->execute("INSERT INTO pairs (number, part) VALUES ($1, $2)", number, 1);
      co_await transaction->execute("INSERT INTO pairs (number, part) VALUES ($1, $2)", number, 2);
      co_await transaction->commit();
    } else {
      std::vector<std::tuple<std::int64_t, int>> rows{{number, 1}, {number, 2}};
      co_await db.execute_each("INSERT INTO pairs (number, part) VALUES ($1, $2)", rows);
    }
    if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(1);
  }
}

[[noreturn]] void write_until_killed(const std::string& path, std::int64_t from, int pipe) {
  auto db = open_sqlite({.path = path});
  std::vector<Task<void>> tasks;
  tasks.push_back(write_pairs_from(*db, from, pipe, true));
  tasks.push_back(write_pairs_from(*db, from + 1, pipe, false));
  run_together(std::move(tasks));
  ::_exit(1);
}

TEST(SqliteFaults, AKilledProcessLosesNothingAcknowledged) {
  testing::ScratchFolder folder;
  const auto path = folder / "test.db";
  {
    auto db = open_sqlite({.path = path});
    run_task([](Database& db) -> Task<> {
      co_await db.execute("CREATE TABLE pairs (number BIGINT, part BIGINT, PRIMARY KEY (number, part))");
    }(*db));
  }
  std::mt19937 random(std::random_device{}());
  std::set<std::int64_t> acknowledged;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    ASSERT_EQ(0, ::pipe(ends));
    const pid_t child = ::fork();
    ASSERT_NE(-1, child);
    if (child == 0) {
      ::close(ends[0]);
      write_until_killed(path, round * 1'000'000, ends[1]);
    }
    ::close(ends[1]);
    std::int64_t number = 0;
    const std::size_t enough = acknowledged.size() + 1 + random() % 100;
    while (acknowledged.size() < enough && ::read(ends[0], &number, sizeof number) == sizeof number)
      acknowledged.insert(number);
    for (auto pause = random() % 200'000; pause > 0; --pause) asm volatile("");
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &number, sizeof number) == sizeof number) acknowledged.insert(number);
    ::close(ends[0]);

    auto db = open_sqlite({.path = path});
    const auto numbers = run_task([](Database& db) -> Task<std::vector<std::int64_t>> {
      EXPECT_EQ(0, co_await db.find<std::int64_t>(
                       "SELECT COUNT(*) FROM (SELECT number FROM pairs GROUP BY number HAVING COUNT(*) <> 2) halves"));
      co_return co_await db.query<std::int64_t>("SELECT number FROM pairs WHERE part = 1 ORDER BY number");
    }(*db));
    const std::set<std::int64_t> stored(numbers.begin(), numbers.end());
    ASSERT_TRUE(std::ranges::includes(stored, acknowledged)) << "in round " << round;
  }
  EXPECT_GE(acknowledged.size(), 25u);
}

}  // namespace
}  // namespace odeon::database
