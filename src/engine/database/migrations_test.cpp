#include "engine/database/migrations.hpp"

#include "engine/database/conformance_test.hpp"
#include "testing/clock.hpp"

namespace odeon::database {
namespace {

const Migration kItems{"shop", 1, "CREATE TABLE items (id BIGINT PRIMARY KEY, name TEXT NOT NULL); -- and more\n"};
const Migration kSeed{"shop", 2, "INSERT INTO items (id, name) VALUES (1, 'one'); INSERT INTO items VALUES (2, 'two')"};
const Migration kOther{"club", 1, "CREATE TABLE members (id BIGINT PRIMARY KEY)"};

Task<bool> refuses(Database& db, std::vector<Migration> steps) {
  testing::FakeClock clock;
  try {
    co_await migrate(db, std::move(steps), clock);
  } catch (const Error& error) {
    EXPECT_EQ(Fault::internal, error.fault);
    co_return true;
  }
  co_return false;
}

TEST_P(Conformance, MigratesWhatIsMissing) {
  run([](Database& db) -> Task<> {
    testing::FakeClock clock;
    EXPECT_EQ(1, co_await migrate(db, {kItems}, clock));
    EXPECT_EQ(0, co_await migrate(db, {kItems}, clock));
    EXPECT_EQ(2, co_await migrate(db, {kOther, kItems, kSeed}, clock));
    EXPECT_EQ(2, co_await count_items(db));
    EXPECT_EQ(0, co_await db.find<std::int64_t>("SELECT COUNT(*) FROM members"));
    EXPECT_EQ(0, co_await migrate(db, {}, clock));
  });
}

TEST_P(Conformance, RefusesToMigrateBackwards) {
  run([](Database& db) -> Task<> {
    testing::FakeClock clock;
    co_await migrate(db, {kItems, kSeed}, clock);
    EXPECT_TRUE(co_await refuses(db, {kItems}));
    const Migration edited{"shop", 2, "INSERT INTO items (id, name) VALUES (3, 'three')"};
    EXPECT_TRUE(co_await refuses(db, {kItems, edited}));
    EXPECT_FALSE(co_await refuses(db, {kOther}));
    EXPECT_EQ(2, co_await count_items(db));
  });
}

TEST_P(Conformance, RefusesNumbersOutOfOrder) {
  run([](Database& db) -> Task<> {
    testing::FakeClock clock;
    int refused = 0;
    for (const auto& steps : {std::vector{kSeed}, std::vector{kSeed, kItems}, std::vector{kItems, kItems}}) {
      try {
        co_await migrate(db, steps, clock);
      } catch (const std::logic_error&) {
        ++refused;
      }
    }
    EXPECT_EQ(3, refused);
  });
}

TEST_P(Conformance, LeavesAFailedStepUndone) {
  run([](Database& db) -> Task<> {
    testing::FakeClock clock;
    bool failed = false;
    try {
      const Migration wrong{"shop", 2,
                            "INSERT INTO items (id, name) VALUES (1, 'one'); INSERT INTO nowhere VALUES (1)"};
      co_await migrate(db, {kItems, wrong}, clock);
    } catch (const std::runtime_error&) {
      failed = true;
    }
    EXPECT_TRUE(failed);
    EXPECT_EQ(0, co_await count_items(db));
    EXPECT_EQ(1, co_await migrate(db, {kItems, kSeed}, clock));
    EXPECT_EQ(2, co_await count_items(db));
  });
}

TEST_P(Conformance, MigratesOnceWhenSeveralStartTogether) {
  auto other = scratch->open();
  testing::FakeClock clock;
  int ran = 0;
  std::vector<Task<void>> tasks;
  for (Database* one : {db.get(), other.get(), db.get(), other.get()})
    tasks.push_back([](Database& db, const Clock& clock, int& ran) -> Task<> {
      ran += co_await migrate(db, {kItems, kSeed}, clock);
    }(*one, clock, ran));
  run_together(std::move(tasks));
  EXPECT_EQ(2, ran);
  run([](Database& db) -> Task<> { EXPECT_EQ(2, co_await count_items(db)); });
}

}  // namespace
}  // namespace odeon::database
