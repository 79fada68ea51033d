#include "engine/database/postgres_test.hpp"

#include <rapidcheck.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "engine/database/postgres_wait.hpp"

namespace odeon::database {
namespace {

INSTANTIATE_TEST_SUITE_P(Postgres, Conformance,
                         ::testing::Values(Driver{"postgresql", [] { return std::make_unique<PostgresScratch>(); }}),
                         driver_name);

class Postgres : public ::testing::Test {
 protected:
  template <class Test>
  void run(Test test) {
    run_task(test(*db));
  }

  PostgresScratch scratch;
  std::unique_ptr<Database> db = scratch.open();
};

Task<std::string> name_of(Executor& db, std::int64_t id) {
  co_return (co_await db.find<std::string>("SELECT name FROM items WHERE id = $1", id)).value();
}

Task<void> insert_named(Executor& db, std::int64_t id, std::string name) {
  co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", id, name);
}

// Which fault `task` ends with; nothing if it succeeds.
Task<std::optional<Fault>> fault_of(Task<void> task) {
  try {
    co_await std::move(task);
  } catch (const Error& error) {
    co_return error.fault;
  }
  co_return std::nullopt;
}

TEST_F(Postgres, AFailureInThePipelineHarmsNoNeighbour) {
  db = open_postgres({.url = scratch.url, .connections = 2});
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_named(db, 7, "seven");
  });
  int failed = 0, found = 0, violated = 0, stored = 0;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 300; ++i) {
    tasks.push_back([](Database& db, int i, int& failed, int& found) -> Task<> {
      try {
        const auto part = co_await db.find<std::int64_t>("SELECT 6 / CAST($1 AS BIGINT)", i % 3);
        EXPECT_EQ(part, 6 / (i % 3));
        ++found;
      } catch (const std::runtime_error&) {
        ++failed;
      }
    }(*db, i, failed, found));
    tasks.push_back([](Database& db, int i, int& violated, int& stored) -> Task<> {
      try {
        co_await insert_named(db, i % 2 == 0 ? 7 : 1000 + i, std::to_string(i));
        ++stored;
      } catch (const Violation&) {
        ++violated;
      }
    }(*db, i, violated, stored));
    // A statement that is new to the connection, at fault, and asked for many times at once.
    tasks.push_back([](Database& db) -> Task<> {
      bool refused = false;
      try {
        co_await db.execute("UPDATE nowhere SET id = 1");
      } catch (const std::runtime_error&) {
        refused = true;
      }
      EXPECT_TRUE(refused);
    }(*db));
  }
  run_together(std::move(tasks));
  EXPECT_EQ(100, failed);
  EXPECT_EQ(200, found);
  EXPECT_EQ(150, violated);
  EXPECT_EQ(150, stored);
  run([](Database& db) -> Task<> { EXPECT_EQ(151, co_await count_items(db)); });
}

TEST_F(Postgres, TransactionsWaitForAConnectionAndReadsDoNot) {
  db = open_postgres({.url = scratch.url, .connections = 2});
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    auto holder = co_await db.begin();
    co_await insert_named(*holder, 1, "held");
    bool waited = false;
    auto waiter = [](Database& db, bool& waited) -> Task<> {
      auto transaction = co_await db.begin();
      co_await insert_named(*transaction, 2, "waited");
      waited = true;
      co_await transaction->commit();
    };
    auto holding = [](Database& db, std::unique_ptr<Transaction> holder, bool& waited) -> Task<> {
      for (int i = 0; i < 20; ++i) EXPECT_EQ(0, co_await count_items(db));
      EXPECT_FALSE(waited);
      co_await holder->commit();
    };
    std::vector<Task<void>> both;
    both.push_back(waiter(db, waited));
    both.push_back(holding(db, std::move(holder), waited));
    co_await all_of(std::move(both));
    EXPECT_EQ(2, co_await count_items(db));
  });
}

TEST_F(Postgres, WhoWaitsTooLongForAConnectionIsTold) {
  db = open_postgres({.url = scratch.url, .connections = 2, .queue_timeout = std::chrono::milliseconds(1)});
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    auto holder = co_await db.begin();
    co_await insert_named(*holder, 1, "held");
    EXPECT_EQ(wait_for_connection(db), Micros(0));
    EXPECT_EQ(Fault::unavailable, co_await fault_of(insert_named(db, 2, "waited")));
    EXPECT_GE(wait_for_connection(db), std::chrono::milliseconds(1));
    co_await holder->commit();
    co_await insert_named(db, 2, "waited");
  });
}

TEST_F(Postgres, ACancelledWriteLetsGoOfTheLockItWaitsFor) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_named(db, 1, "first");
    auto holder = co_await db.begin();
    co_await holder->execute("UPDATE items SET name = 'held' WHERE id = 1");
    asio::cancellation_signal signal;
    std::exception_ptr outcome;
    auto ended = std::make_shared<Event>();
    auto write = [](Database& db) -> Task<> { co_await db.execute("UPDATE items SET name = 'waited' WHERE id = 1"); };
    asio::co_spawn(co_await asio::this_coro::executor, write(db),
                   asio::bind_cancellation_slot(signal.slot(), [&outcome, ended](std::exception_ptr failure) {
                     outcome = failure;
                     ended->set();
                   }));
    while (co_await db.find<std::int64_t>("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
    }
    signal.emit(asio::cancellation_type::terminal);
    co_await ended->wait();
    EXPECT_TRUE(outcome);
    co_await holder->commit();
    EXPECT_EQ("held", co_await name_of(db, 1));
    co_await db.execute("UPDATE items SET name = 'free' WHERE id = 1");
  });
}

TEST_F(Postgres, ASilentServerIsGivenUp) {
  db = open_postgres({.url = scratch.url, .connections = 2, .answer_timeout = std::chrono::milliseconds(1)});
  run([](Database& db) -> Task<> {
    const auto forever = [](Database& db) -> Task<> {
      static_cast<void>(co_await db.query<std::string>("SELECT CAST(pg_sleep(1000000) AS TEXT)"));
    };
    EXPECT_EQ(Fault::unavailable, co_await fault_of(forever(db)));
    while (co_await fault_of(db.ping())) {
    }
  });
}

TEST_F(Postgres, RefusesTextThatItCannotHold) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_named(db, 1, "first");
    for (const auto& text : {std::string("a\0b", 3), std::string("\0", 1), std::string("\xff\xfe"),
                             std::string("\xed\xa0\x80"), std::string("\xc0\x80")}) {
      EXPECT_EQ(Fault::invalid, co_await fault_of(insert_named(db, 2, text)));
      auto transaction = co_await db.begin();
      co_await insert_named(*transaction, 3, "lost with it");
      EXPECT_EQ(Fault::invalid, co_await fault_of(insert_named(*transaction, 2, text)));
    }
    EXPECT_EQ(1, co_await count_items(db));
  });
}

TEST_F(Postgres, AnyBytesAreKeptOrRefused) {
  run([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE words (id BIGINT PRIMARY KEY, word TEXT NOT NULL, bytes BYTEA NOT NULL)");
  });
  std::int64_t id = 0;
  EXPECT_TRUE(rc::check([&] {
    const auto word = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    Blob bytes;
    for (const char byte : word) bytes.push_back(static_cast<std::byte>(byte));
    const auto refused = run_task([](Database& db, std::int64_t id, std::string word, Blob bytes) -> Task<bool> {
      try {
        co_await db.execute("INSERT INTO words (id, word, bytes) VALUES ($1, $2, $3)", id, word, bytes);
      } catch (const Error& error) {
        RC_ASSERT(error.fault == Fault::invalid);
        co_return true;
      }
      RC_ASSERT((co_await db.find<std::string>("SELECT word FROM words WHERE id = $1", id)) == word);
      RC_ASSERT((co_await db.find<Blob>("SELECT bytes FROM words WHERE id = $1", id)) == bytes);
      co_return false;
    }(*db, ++id, word, bytes));
    RC_ASSERT(refused == (!text::is_utf8(word) || word.contains('\0')));
  }));
}

TEST_F(Postgres, TakesHugeValuesAndSaysWhatIsTooMuch) {
  run([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE huge (id BIGINT PRIMARY KEY, body TEXT NOT NULL)");
    co_await db.execute("CREATE TABLE keys (key TEXT PRIMARY KEY)");
    std::string body(std::size_t{48} << 20, 'x');
    for (std::size_t i = 0; i < body.size(); i += 4096) body[i] = static_cast<char>('a' + i / 4096 % 26);
    co_await db.execute("INSERT INTO huge (id, body) VALUES (1, $1)", body);
    EXPECT_TRUE(body == co_await db.find<std::string>("SELECT body FROM huge"));
    std::string key;
    for (int i = 0; key.size() < 20'000; ++i) key += std::to_string(i * 7919);
    EXPECT_EQ(Fault::invalid, co_await fault_of([](Database& db, std::string key) -> Task<> {
                co_await db.execute("INSERT INTO keys (key) VALUES ($1)", key);
              }(db, key)));
    EXPECT_EQ(0, co_await db.find<std::int64_t>("SELECT count(*) FROM keys"));
  });
}

TEST_F(Postgres, ManyRowsGoThroughOnePipeline) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    std::vector<std::tuple<std::int64_t, std::string>> rows;
    rows.reserve(30'000);
    for (int i = 0; i < 30'000; ++i) rows.emplace_back(i, fmt::format("{:0200}", i));
    EXPECT_EQ(30'000, co_await db.execute_each("INSERT INTO items (id, name) VALUES ($1, $2)", rows));
    const auto names = co_await db.query_each<std::string>(
        "UPDATE items SET name = name || '!' WHERE id = $1 AND name = $2 RETURNING name", rows);
    EXPECT_EQ(30'000u, names.size());
    EXPECT_TRUE(names.at(29'999).ends_with("29999!"));
  });
}

TEST_F(Postgres, RunsAgainWhatASnapshotForbids) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_named(db, 1, "one");
    co_await insert_named(db, 2, "two");
    // What it has read is still so.
    auto transaction = co_await db.begin();
    EXPECT_EQ("one", co_await name_of(*transaction, 1));
    co_await insert_named(*transaction, 3, "three");
    co_await db.execute("UPDATE items SET name = 'second' WHERE id = 2");
    co_await transaction->execute("UPDATE items SET name = name || '!' WHERE id = 2");
    co_await transaction->commit();
    EXPECT_EQ("second!", co_await name_of(db, 2));
    EXPECT_EQ("three", co_await name_of(db, 3));
    // What it has read is not.
    transaction = co_await db.begin();
    const auto read = co_await name_of(*transaction, 1);
    co_await db.execute("UPDATE items SET name = 'first' WHERE id = 1");
    EXPECT_EQ(Fault::unavailable, co_await fault_of([](Transaction& transaction, std::string name) -> Task<> {
                co_await transaction.execute("UPDATE items SET name = $1 WHERE id = 1", name);
              }(*transaction, read + "?")));
    EXPECT_EQ("first", co_await name_of(db, 1));
  });
}

TEST_F(Postgres, SeesWhatWasCommittedMeanwhileIfItAsksFor) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    for (const auto isolation : {Isolation::snapshot, Isolation::statement}) {
      co_await db.execute("DELETE FROM items");
      auto transaction = co_await db.begin(isolation);
      EXPECT_EQ(0, co_await count_items(*transaction));
      co_await insert_named(db, 1, "one");
      EXPECT_EQ(isolation == Isolation::statement, co_await count_items(*transaction));
    }
  });
}

TEST_F(Postgres, GivesWayInADeadlockAndComesBack) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_named(db, 1, "");
    co_await insert_named(db, 2, " ");
    Event first, second;
    auto cross = [](Database& db, std::int64_t from, std::int64_t to, Event& mine, Event& other) -> Task<> {
      auto transaction = co_await db.begin(Isolation::statement);
      co_await transaction->execute("UPDATE items SET name = name || 'x' WHERE id = $1", from);
      mine.set();
      co_await other.wait();
      co_await transaction->execute("UPDATE items SET name = name || 'y' WHERE id = $1", to);
      co_await transaction->commit();
    };
    std::vector<Task<void>> both;
    both.push_back(cross(db, 1, 2, first, second));
    both.push_back(cross(db, 2, 1, second, first));
    co_await all_of(std::move(both));
    EXPECT_EQ(2u, (co_await name_of(db, 1)).size());
    EXPECT_EQ(3u, (co_await name_of(db, 2)).size());
  });
}

TEST_F(Postgres, PreparesAnewWhatASchemaChangeInvalidates) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await insert_named(db, 1, "one");
    for (int column = 0; column < 3; ++column) {
      for (int i = 0; i < 8; ++i) EXPECT_EQ(1u, (co_await db.query<Item>("SELECT * FROM items")).size());
      auto transaction = co_await db.begin();
      co_await transaction->script(fmt::format("ALTER TABLE items ADD COLUMN more_{} BIGINT", column));
      co_await transaction->commit();
    }
  });
}

TEST_F(Postgres, SignalsReachWhoListensInOtherProcesses) {
  auto other = scratch.open();
  std::atomic<int> ready = 0, heard = 0, others = 0;
  const auto note = [](std::atomic<int>& count) {
    count.fetch_add(1);
    count.notify_all();
  };
  auto listening = other->on_signal("bell", [&](const std::string& message) {
    note(message.empty() ? ready : message == "again" ? heard : others);
  });
  ready.wait(0);
  db->signal("another", "nobody listens");
  db->signal("bell", "again");
  heard.wait(0);
  listening.reset();
  db->signal("bell", "again");
  EXPECT_EQ(0, others.load());
  EXPECT_EQ(1, heard.load());
  run_task(db->close());
  db->signal("bell", "after the end");
}

TEST_F(Postgres, AMutilatedAddressIsRefused) {
  for (const auto* url : {"postgresql://[::1/", "nonsense", "postgres://host/name?colour=red"}) {
    bool refused = false;
    try {
      open_postgres({.url = url});
    } catch (const Error& error) {
      refused = error.fault == Fault::invalid;
    }
    EXPECT_TRUE(refused) << url;
  }
}

}  // namespace
}  // namespace odeon::database
