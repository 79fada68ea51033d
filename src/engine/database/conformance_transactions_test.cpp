// Transactions, alone and against one another, with every driver.
#include <rapidcheck.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <thread>

#include "engine/database/conformance_test.hpp"

namespace odeon::database {
namespace {

Task<void> insert_within(Executor& executor, std::int64_t id) {
  co_await executor.execute("INSERT INTO items (id, name) VALUES ($1, $2)", id, "item " + std::to_string(id));
}

TEST_P(Conformance, ShowsATransactionToItselfUntilItCommits) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    auto transaction = co_await db.begin();
    co_await insert_within(*transaction, 1);
    EXPECT_EQ(1, co_await count_items(*transaction));
    EXPECT_EQ(0, co_await count_items(db));
    co_await transaction->commit();
    EXPECT_EQ(1, co_await count_items(db));
  });
}

TEST_P(Conformance, RollsBackWhatIsNotCommitted) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    {
      auto transaction = co_await db.begin();
      co_await insert_within(*transaction, 1);
    }
    {
      auto unused = co_await db.begin();
    }
    try {
      auto transaction = co_await db.begin();
      co_await insert_within(*transaction, 2);
      throw 7;
    } catch (int) {
    }
    co_await insert_within(db, 3);
    EXPECT_EQ((std::vector<std::int64_t>{3}), co_await db.query<std::int64_t>("SELECT id FROM items"));
  });
}

TEST_P(Conformance, EndsATransactionAtItsFirstFailure) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_within(db, 1);
    auto transaction = co_await db.begin();
    co_await insert_within(*transaction, 2);
    int refused = 0;
    try {
      co_await insert_within(*transaction, 1);
    } catch (const Violation&) {
      ++refused;
    }
    for (int i = 0; i < 2; ++i) {
      try {
        if (i == 0)
          co_await insert_within(*transaction, 3);
        else
          co_await transaction->commit();
      } catch (const std::logic_error&) {
        ++refused;
      }
    }
    EXPECT_EQ(3, refused);
    transaction.reset();
    EXPECT_EQ(1, co_await count_items(db));
  });
}

TEST_P(Conformance, CommitsOnce) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    auto transaction = co_await db.begin();
    co_await insert_within(*transaction, 1);
    co_await transaction->commit();
    int refused = 0;
    for (int i = 0; i < 2; ++i) {
      try {
        if (i == 0)
          co_await transaction->commit();
        else
          co_await insert_within(*transaction, 2);
      } catch (const std::logic_error&) {
        ++refused;
      }
    }
    EXPECT_EQ(2, refused);
    EXPECT_EQ(1, co_await count_items(db));
    auto unused = co_await db.begin();
    co_await unused->commit();
  });
}

TEST_P(Conformance, CallsAfterTheCommitAndOnlyThen) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    std::vector<int> calls;
    {
      auto transaction = co_await db.begin();
      transaction->after_commit([&] { calls.push_back(0); });
      co_await insert_within(*transaction, 1);
    }
    auto transaction = co_await db.begin();
    transaction->after_commit([&] { calls.push_back(1); });
    co_await insert_within(*transaction, 1);
    transaction->after_commit([&] { calls.push_back(2); });
    EXPECT_TRUE(calls.empty());
    co_await transaction->commit();
    EXPECT_EQ((std::vector<int>{1, 2}), calls);
  });
}

void insert_later(Transaction& transaction, std::vector<std::int64_t> ids) {
  std::vector<std::tuple<std::int64_t, std::string>> rows;
  for (const auto id : ids) rows.emplace_back(id, "item " + std::to_string(id));
  transaction.execute_later("INSERT INTO items (id, name) VALUES ($1, $2)", std::move(rows));
}

TEST_P(Conformance, RunsWhatWaitsBeforeTheNextStatement) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    auto transaction = co_await db.begin();
    insert_later(*transaction, {1, 2});
    insert_later(*transaction, {});
    EXPECT_EQ(2, co_await count_items(*transaction));
    EXPECT_EQ(2, co_await transaction->execute("UPDATE items SET name = name || '!'"));
    insert_later(*transaction, {3});
    transaction->execute_later("UPDATE items SET name = $1 WHERE id = 3",
                               std::vector<std::tuple<std::string>>{{"first"}, {"last"}});
    EXPECT_EQ((std::vector<std::string>{"item 1!", "item 2!", "last"}),
              co_await transaction->query<std::string>("SELECT name FROM items ORDER BY id"));
    co_await transaction->commit();
    EXPECT_EQ(3, co_await count_items(db));
  });
}

TEST_P(Conformance, RunsWhatWaitsWithTheCommitOrNotAtAll) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    {
      auto transaction = co_await db.begin();
      insert_later(*transaction, {1});
    }
    auto alone = co_await db.begin();
    insert_later(*alone, {2});
    co_await alone->commit();
    auto behind = co_await db.begin();
    co_await insert_within(*behind, 3);
    insert_later(*behind, {4, 5});
    co_await behind->commit();
    EXPECT_EQ((std::vector<std::int64_t>{2, 3, 4, 5}),
              co_await db.query<std::int64_t>("SELECT id FROM items ORDER BY id"));
  });
}

TEST_P(Conformance, TellsTheFailureOfWhatWaitsToWhoComesNext) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_within(db, 1);
    for (const bool with_commit : {true, false}) {
      auto transaction = co_await db.begin();
      co_await insert_within(*transaction, 2);
      insert_later(*transaction, {1});
      bool refused = false, over = false;
      try {
        if (with_commit)
          co_await transaction->commit();
        else
          co_await count_items(*transaction);
      } catch (const Violation&) {
        refused = true;
      }
      try {
        insert_later(*transaction, {3});
      } catch (const std::logic_error&) {
        over = true;
      }
      EXPECT_TRUE(refused && over);
    }
    EXPECT_EQ(1, co_await count_items(db));
  });
}

TEST_P(Conformance, CallsWithTheCommitAndOnlyThen) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    std::vector<std::string> calls;
    {
      auto transaction = co_await db.begin();
      transaction->with_commit([&] { return calls.push_back("never"), false; });
      co_await insert_within(*transaction, 1);
    }
    auto transaction = co_await db.begin();
    transaction->after_commit([&] { calls.push_back("after"); });
    transaction->with_commit([&] { return calls.push_back("with"), true; });
    co_await insert_within(*transaction, 1);
    EXPECT_TRUE(calls.empty());
    co_await transaction->commit();
    EXPECT_EQ((std::vector<std::string>{"with", "after"}), calls);
  });
}

TEST_P(Conformance, RunsScriptsAsAPartOfTheTransaction) {
  run([](Database& db) -> Task<> {
    for (const bool commit : {false, true}) {
      auto transaction = co_await db.begin();
      co_await transaction->script(R"(
        -- a schema, as a file holds it
        CREATE TABLE items (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE INDEX items_by_name ON items (name);
        INSERT INTO items (id, name) VALUES (1, 'semi;colon');
      )");
      EXPECT_EQ(1, co_await count_items(*transaction));
      if (commit) co_await transaction->commit();
    }
    EXPECT_EQ("semi;colon", co_await db.find<std::string>("SELECT name FROM items"));
  });
}

TEST_P(Conformance, ChecksDeferredKeysAtTheCommit) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await db.execute(
        "CREATE TABLE parts (id BIGINT PRIMARY KEY, item BIGINT NOT NULL REFERENCES items (id) DEFERRABLE INITIALLY "
        "DEFERRED)");
    auto mended = co_await db.begin();
    co_await mended->execute("INSERT INTO parts (id, item) VALUES (1, 1)");
    co_await insert_within(*mended, 1);
    co_await mended->commit();
    auto broken = co_await db.begin();
    co_await broken->execute("INSERT INTO parts (id, item) VALUES (2, 2)");
    bool violated = false;
    try {
      co_await broken->commit();
    } catch (const Violation& violation) {
      violated = violation.kind == Violation::Kind::foreign_key;
    }
    EXPECT_TRUE(violated);
    EXPECT_FALSE(co_await settle(db.execute("INSERT INTO parts (id, item) VALUES (3, 3)")));
    EXPECT_EQ(1, co_await db.find<std::int64_t>("SELECT COUNT(*) FROM parts"));
  });
}

TEST_P(Conformance, OutlivesItsLoop) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  std::unique_ptr<Transaction> transaction;
  run_task([](Database& db, std::unique_ptr<Transaction>& out) -> Task<> {
    out = co_await db.begin();
    co_await insert_within(*out, 1);
  }(*db, transaction));
  transaction.reset();
  run([](Database& db) -> Task<> { EXPECT_EQ(0, co_await count_items(db)); });
}

TEST_P(Conformance, LeavesTheQueueWhenItIsCancelled) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_within(db, 1);
    auto holder = co_await db.begin();
    co_await holder->execute("UPDATE items SET name = 'held' WHERE id = 1");

    asio::cancellation_signal signal;
    std::exception_ptr outcome;
    auto ended = std::make_shared<Event>();
    auto waiter = [](Database& db) -> Task<> {
      auto transaction = co_await db.begin();
      co_await transaction->execute("UPDATE items SET name = 'waited' WHERE id = 1");
      co_await transaction->commit();
    };
    asio::co_spawn(co_await asio::this_coro::executor, waiter(db),
                   asio::bind_cancellation_slot(signal.slot(), [&outcome, ended](std::exception_ptr failure) {
                     outcome = failure;
                     ended->set();
                   }));
    for (int i = 0; i < 5; ++i) co_await step_aside();
    while (!ended->is_set()) {  // while the holder still holds
      signal.emit(asio::cancellation_type::terminal);
      co_await step_aside();
    }
    EXPECT_TRUE(outcome);

    co_await holder->commit();
    EXPECT_EQ("held", co_await db.find<std::string>("SELECT name FROM items"));
    co_await db.execute("UPDATE items SET name = 'free' WHERE id = 1");
  });
}

TEST_P(Conformance, ShowsEveryAcknowledgedCommitToLaterReads) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  int acknowledged = 0;
  std::vector<Task<void>> tasks;
  for (int task = 0; task < 16; ++task)
    tasks.push_back([](Database& db, int task, int& acknowledged) -> Task<> {
      for (int i = 0; i < 20; ++i) {
        co_await insert_within(db, task * 1000 + i);
        ++acknowledged;
        const int before = acknowledged;
        EXPECT_GE(co_await count_items(db), before);
      }
    }(*db, task, acknowledged));
  run_together(std::move(tasks));
}

TEST_P(Conformance, LosesNoUpdateOfManyLoops) {
  run([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)");
    co_await db.execute("INSERT INTO counters (id, n) VALUES (1, 0)");
  });
  Loops loops(3);
  TaskGroup group([](const std::string&, std::exception_ptr failure) { ADD_FAILURE() << describe(failure); });
  for (std::size_t task = 0; task < 12; ++task)
    group.spawn(loops.executor(task), "count", [](Database& db) -> Task<> {
      for (int i = 0; i < 10; ++i) {
        auto transaction = co_await db.begin();
        co_await transaction->execute("UPDATE counters SET n = n + 1 WHERE id = $1", 1);
        co_await transaction->find<std::int64_t>("SELECT n FROM counters WHERE id = $1", 1);
        co_await transaction->commit();
      }
    }(*db));
  loops.start();
  while (group.running() != 0) std::this_thread::yield();
  loops.stop();
  loops.join();
  run([](Database& db) -> Task<> { EXPECT_EQ(120, co_await db.find<std::int64_t>("SELECT n FROM counters")); });
}

// Transfers between accounts, some given up half-way, interleaved at random: no money is made or lost,
// and the balances are what the ledger says.
struct Transfer {
  int from = 0;
  int to = 0;
  std::int64_t amount = 0;
  bool commit = true;
  int pause = 0;
};

Task<void> transfer(Database& db, Transfer t) {
  auto transaction = co_await db.begin();
  const auto balance = co_await transaction->find<std::int64_t>("SELECT n FROM accounts WHERE id = $1", t.from);
  for (int i = 0; i < t.pause; ++i) co_await step_aside();
  co_await transaction->execute("UPDATE accounts SET n = $2 WHERE id = $1", t.from, balance.value() - t.amount);
  for (int i = 0; i < t.pause; ++i) co_await step_aside();
  co_await transaction->execute("UPDATE accounts SET n = n + $2 WHERE id = $1", t.to, t.amount);
  co_await transaction->execute("INSERT INTO ledger (source, target, amount) VALUES ($1, $2, $3)", t.from, t.to,
                                t.amount);
  if (t.commit) co_await transaction->commit();
}

// A driver may ask for another try where it would otherwise lose an update.
Task<void> transfers(Database& db, std::vector<Transfer> list) {
  for (const auto& one : list) {
    for (bool again = true; again;) {
      again = false;
      try {
        co_await transfer(db, one);
      } catch (const Error& error) {
        again = error.may_pass();
      }
    }
  }
}

Task<void> check_accounts(Database& db, std::int64_t committed) {
  EXPECT_EQ(committed, co_await db.find<std::int64_t>("SELECT COUNT(*) FROM ledger"));
  EXPECT_EQ(0, co_await db.find<std::int64_t>("SELECT COUNT(*) FROM accounts a WHERE n <> 100 "
                                              "+ COALESCE((SELECT SUM(amount) FROM ledger WHERE target = a.id), 0) "
                                              "- COALESCE((SELECT SUM(amount) FROM ledger WHERE source = a.id), 0)"));
}

TEST_P(Conformance, KeepsTheBooksUnderRandomInterleavings) {
  run([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE accounts (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)");
    co_await db.execute("CREATE TABLE ledger (source BIGINT NOT NULL, target BIGINT NOT NULL, amount BIGINT NOT NULL)");
    std::vector<std::tuple<int>> ids{{0}, {1}, {2}, {3}};
    co_await db.execute_each("INSERT INTO accounts (id, n) VALUES ($1, 100)", ids);
  });
  std::int64_t committed = 0;
  EXPECT_TRUE(rc::check([&] {
    std::vector<Task<void>> tasks;
    const int count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) {
      std::vector<Transfer> list;
      const int length = *rc::gen::inRange(0, 4);
      for (int j = 0; j < length; ++j) {
        list.push_back({*rc::gen::inRange(0, 4), *rc::gen::inRange(0, 4), *rc::gen::inRange(0, 50),
                        *rc::gen::arbitrary<bool>(), *rc::gen::inRange(0, 3)});
        committed += list.back().commit;
      }
      tasks.push_back(transfers(*db, std::move(list)));
    }
    run_together(std::move(tasks));
    run_task(check_accounts(*db, committed));
    RC_ASSERT(!::testing::Test::HasFailure());
  }));
}

}  // namespace
}  // namespace odeon::database
