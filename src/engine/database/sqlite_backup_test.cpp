#include "engine/database/sqlite_backup.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "engine/database/conformance_test.hpp"
#include "engine/database/sqlite.hpp"
#include "testing/scratch.hpp"

namespace odeon::database {
namespace {

constexpr int kPairs = 200;

// Two rows in one transaction, again and again.
Task<void> write_pairs(Database& db) {
  for (int i = 0; i < kPairs; ++i) {
    auto tx = co_await db.begin();
    co_await tx->execute("INSERT INTO items (id, name) VALUES ($1, $2)", 2 * i,
                         std::string(3000, 'a') + std::to_string(i));
    co_await tx->execute("INSERT INTO items (id, name) VALUES ($1, $2)", 2 * i + 1,
                         std::string(3000, 'b') + std::to_string(i));
    co_await tx->commit();
  }
}

TEST(SqliteBackup, ACopyUnderWritesIsOneMoment) {
  testing::ScratchFolder folder;
  const std::string path = folder / "it's.db";
  auto db = open_sqlite({.path = path});
  run_task(make_items(*db));
  std::thread writer([&] { run_task(write_pairs(*db)); });
  std::int64_t before = 0;
  for (int i = 0; i < 5; ++i) {
    const std::string to = folder / fmt::format("copy '{}'.db", i);
    copy_sqlite(path, to);
    check_sqlite(to);
    const auto count = run_task(count_items(*open_sqlite({.path = to})));
    EXPECT_EQ(count % 2, 0) << "half a transaction";
    EXPECT_GE(count, before);
    before = count;
  }
  writer.join();
  EXPECT_EQ(run_task(count_items(*db)), 2 * kPairs);
}

TEST(SqliteBackup, NothingIsOverwrittenAndNothingIsMadeUp) {
  testing::ScratchFolder folder;
  EXPECT_THROW(copy_sqlite(folder / "none.db", folder / "copy.db"), Error);
  EXPECT_FALSE(std::filesystem::exists(folder / "copy.db"));
  auto db = open_sqlite({.path = folder / "test.db"});
  run_task(make_items(*db));
  copy_sqlite(folder / "test.db", folder / "copy.db");
  EXPECT_ANY_THROW(copy_sqlite(folder / "test.db", folder / "copy.db"));
}

TEST(SqliteBackup, AnyTruncationIsFound) {
  testing::ScratchFolder folder;
  {
    auto db = open_sqlite({.path = folder / "test.db"});
    run_task(make_items(*db));
    run_task(write_pairs(*db));
  }
  copy_sqlite(folder / "test.db", folder / "copy.db");
  const auto size = std::filesystem::file_size(folder / "copy.db");
  for (const std::uintmax_t left : {size - 1, size - 4096, size / 2, std::uintmax_t(5000), std::uintmax_t(100)}) {
    std::filesystem::resize_file(folder / "copy.db", left);
    EXPECT_THROW(check_sqlite(folder / "copy.db"), Error) << left;
  }
}

}  // namespace
}  // namespace odeon::database
