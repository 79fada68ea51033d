#include "engine/database/sqlite.hpp"

#include <gtest/gtest.h>

#include "testing/scratch.hpp"

namespace odeon::database {
namespace {

struct Point {
  std::int64_t id = 0;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Point, (), (id, name))

TEST(Sqlite, KeepsWhatWasCommittedOnly) {
  testing::ScratchFolder folder;
  auto db = open_sqlite({.path = folder / "test.db"});
  run_task([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE points (id BIGINT PRIMARY KEY, name TEXT NOT NULL)");
    {
      auto tx = co_await db.begin();
      co_await tx->execute("INSERT INTO points (id, name) VALUES ($1, $2)", 1, "one");
      co_await tx->commit();
    }
    {
      auto tx = co_await db.begin();
      co_await tx->execute("INSERT INTO points (id, name) VALUES ($1, $2)", 2, "two");
    }
    const auto rows = co_await db.query<Point>("SELECT id, name FROM points");
    EXPECT_EQ(rows.size(), 1u);
  }(*db));
}

}  // namespace
}  // namespace odeon::database
