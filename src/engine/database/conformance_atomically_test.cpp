// Transactions as a whole, with every driver.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "engine/database/atomically.hpp"
#include "engine/database/conformance_test.hpp"

namespace odeon::database {
namespace {

constexpr auto kIsolation = Isolation::statement;

Task<void> insert(Executor& executor, std::int64_t id) {
  co_await executor.execute("INSERT INTO items (id, name) VALUES ($1, $2)", id, std::to_string(id));
}
Task<std::vector<std::int64_t>> ids(Executor& executor) {
  return executor.query<std::int64_t>("SELECT id FROM items ORDER BY id");
}
using Ids = std::vector<std::int64_t>;

TEST_P(Conformance, CommitsAWholeWhenItsBodyReturns) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    const auto seen = co_await atomically(db, kIsolation, [](Transaction& tx) -> Task<Ids> {
      co_await insert(tx, 1);
      co_await insert(tx, 2);
      co_return co_await ids(tx);
    });
    EXPECT_EQ(seen, (Ids{1, 2})) << "it sees what it wrote";
    EXPECT_EQ(co_await ids(db), (Ids{1, 2}));
  });
}

TEST_P(Conformance, RunsWhatWaitsWithinAWhole) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    bool called = false;
    co_await atomically(db, kIsolation, [&](Transaction& tx) -> Task<void> {
      tx.with_commit([&] { return called = true; });
      const std::vector<std::tuple<std::int64_t, std::string>> rows{{1, "one"}, {2, "two"}};
      tx.execute_later("INSERT INTO items (id, name) VALUES ($1, $2)", rows);
      co_await tx.execute("UPDATE items SET id = id + 1 WHERE id = 2");
      tx.execute_later("UPDATE items SET id = id + 1 WHERE id = $1", std::vector<std::tuple<std::int64_t>>{{3}});
    });
    EXPECT_TRUE(called);
    EXPECT_EQ(co_await ids(db), (Ids{1, 4}));
  });
}

TEST_P(Conformance, DoesNothingOfAWholeThatThrows) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    const auto failed = co_await settle(atomically(db, kIsolation, [](Transaction& tx) -> Task<void> {
      co_await insert(tx, 1);
      throw 7;
    }));
    EXPECT_THROW(std::rethrow_exception(failed.error()), int);
    EXPECT_EQ(co_await ids(db), Ids{});
  });
}

TEST_P(Conformance, DoesNothingOfAWholeThatHasNoResult) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    bool told = false;
    const auto result =
        co_await atomically(db, kIsolation, [&](Transaction& tx) -> Task<std::expected<int, std::string>> {
          tx.after_commit([&] { told = true; });
          co_await insert(tx, 1);
          co_return std::unexpected("not today");
        });
    EXPECT_EQ(result.error(), "not today");
    EXPECT_FALSE(told);
    EXPECT_EQ(co_await ids(db), Ids{});
  });
}

TEST_P(Conformance, EndsAWholeAtItsFirstFailure) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert(db, 1);
    bool violated = false;
    const auto failed = co_await settle(atomically(db, kIsolation, [&](Transaction& tx) -> Task<void> {
      co_await insert(tx, 2);
      const auto again = co_await settle(insert(tx, 1));
      violated = !again;
      const auto after = co_await settle(insert(tx, 3));
      EXPECT_FALSE(after);
    }));
    EXPECT_TRUE(violated);
    EXPECT_FALSE(failed) << "though its body returned";
    EXPECT_EQ(co_await ids(db), Ids{1});
  });
}

TEST_P(Conformance, TellsAWholesCommitToWhoWaits) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    const auto here = std::this_thread::get_id();
    int calls = 0;
    co_await atomically(db, kIsolation, [&](Transaction& tx) -> Task<void> {
      co_await insert(tx, 1);
      tx.after_commit([&] { calls += std::this_thread::get_id() == here; });
    });
    EXPECT_EQ(calls, 1);
  });
}

TEST_P(Conformance, ShowsWritersAtOnceWhatIsDurableSoon) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    const auto one = [](std::int64_t id) {
      return [id](this auto, Transaction& tx) -> Task<Ids> {
        co_await insert(tx, id);
        co_return co_await ids(tx);
      };
    };
    for (std::int64_t id = 1; id <= 3; ++id) co_await atomically(db, kIsolation, one(id), Durability::soon);
    EXPECT_EQ(co_await atomically(db, kIsolation, one(4)), (Ids{1, 2, 3, 4}));
    EXPECT_EQ(co_await ids(db), (Ids{1, 2, 3, 4})) << "with what came after it";
    co_await atomically(db, kIsolation, one(5), Durability::soon);
    co_await db.close();
  });
  db = scratch->open();
  run([](Database& db) -> Task<> { EXPECT_EQ(co_await ids(db), (Ids{1, 2, 3, 4, 5})) << "closing waits for it"; });
}

TEST_P(Conformance, LosesNoUpdateOfManyWholes) {
  run([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)");
    co_await db.execute("INSERT INTO counters (id, n) VALUES (1, 0)");
    std::vector<Task<void>> tasks;
    for (int task = 0; task < 12; ++task)
      tasks.push_back([](Database& db, bool whole) -> Task<> {
        for (int i = 0; i < 20; ++i) {
          const auto add = [](Transaction& tx) -> Task<void> {
            const auto n = co_await tx.find<std::int64_t>("SELECT n FROM counters WHERE id = 1 ");
            co_await tx.execute("UPDATE counters SET n = $1 WHERE id = 1", n.value() + 1);
          };
          const auto lock = [](Transaction& tx) { return tx.execute("UPDATE counters SET n = n WHERE id = 1"); };
          if (whole) {
            co_await atomically(db, kIsolation, [&](Transaction& tx) -> Task<void> {
              co_await lock(tx);
              co_await add(tx);
            });
          } else {
            auto tx = co_await db.begin(kIsolation);
            co_await lock(*tx);
            co_await step_aside();
            co_await add(*tx);
            co_await tx->commit();
          }
        }
      }(db, task % 3 != 0));
    co_await all_of(std::move(tasks));
    EXPECT_EQ(240, co_await db.find<std::int64_t>("SELECT n FROM counters"));
  });
}

TEST_P(Conformance, DoesAWholeThatIsCancelledOrNothingOfIt) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  asio::io_context loop(1);
  asio::cancellation_signal leave;
  asio::co_spawn(loop,
                 settle(atomically(*db, kIsolation,
                                   [&](Transaction& tx) -> Task<void> {
                                     co_await insert(tx, 1);
                                     asio::post(loop, [&] { leave.emit(asio::cancellation_type::terminal); });
                                     co_await insert(tx, 2);
                                   })),
                 asio::bind_cancellation_slot(leave.slot(), [](std::exception_ptr, auto) {}));
  loop.run();
  run([](Database& db) -> Task<> {
    const auto found = co_await ids(db);
    EXPECT_TRUE(found == Ids{} || found == (Ids{1, 2})) << found.size();
  });
}

}  // namespace
}  // namespace odeon::database
