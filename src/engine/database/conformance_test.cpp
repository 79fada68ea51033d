#include "engine/database/conformance_test.hpp"

namespace odeon::database {

void run_together(std::vector<Task<void>> tasks) {
  asio::io_context loop(1);
  std::exception_ptr first;
  for (auto& task : tasks)
    asio::co_spawn(loop, std::move(task), [&](std::exception_ptr failure) {
      if (!first) first = failure;
    });
  loop.run();
  if (first) std::rethrow_exception(first);
}

Task<void> step_aside() {
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

Task<void> Event::wait() {
  while (!set_) co_await step_aside();
}

Task<void> make_items(Database& db) {
  co_await db.execute("CREATE TABLE items (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE)");
}

Task<std::int64_t> count_items(Executor& executor) {
  co_return (co_await executor.find<std::int64_t>("SELECT COUNT(*) FROM items")).value();
}

namespace {

TEST_P(Conformance, FindsRowsAsStructs) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    EXPECT_EQ(1, co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", 2, "two"));
    EXPECT_EQ(1, co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", 1, "one"));
    const auto all = co_await db.query<Item>("SELECT name, id FROM items ORDER BY id");
    EXPECT_EQ(2u, all.size());
    EXPECT_EQ("one", all.at(0).name);
    EXPECT_EQ(2, all.at(1).id);
    const auto one = co_await db.find<Item>("SELECT * FROM items WHERE id = $1", 2);
    EXPECT_EQ("two", one.value().name);
    EXPECT_FALSE(co_await db.find<Item>("SELECT * FROM items WHERE id = $1", 3));
    EXPECT_EQ("two", co_await db.find<std::string>("SELECT name FROM items WHERE id = $1", 2));
  });
}

TEST_P(Conformance, CountsRowsChanged) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    EXPECT_EQ(1, co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", 1, "a"));
    EXPECT_EQ(0, co_await db.execute("CREATE TABLE more (id BIGINT)"));
    EXPECT_EQ(1, co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", 2, "b"));
    EXPECT_EQ(2, co_await db.execute("UPDATE items SET name = name || $1", "!"));
    EXPECT_EQ(0, co_await db.execute("UPDATE items SET name = $1 WHERE id = $2", "x", 9));
    EXPECT_EQ(2, co_await db.execute("DELETE FROM items"));
    EXPECT_EQ(0, co_await db.execute("DELETE FROM items"));
  });
}

TEST_P(Conformance, BindsArgumentsByNumber) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await db.execute("INSERT INTO items (name, id) VALUES ($2, $1)", 7, "seven");
    const auto found =
        co_await db.find<Item>("SELECT id, name FROM items WHERE name = $2 AND id = $1 AND id + 0 = $1", 7, "seven");
    EXPECT_EQ(7, found.value().id);
  });
}

TEST_P(Conformance, KeepsNullApartFromEmpty) {
  run([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT, bytes BYTEA)");
    co_await db.execute("INSERT INTO notes (id, body, bytes) VALUES ($1, $2, $3)", 1, std::optional<std::string>(),
                        std::optional<Blob>());
    co_await db.execute("INSERT INTO notes (id, body, bytes) VALUES ($1, $2, $3)", 2, std::string(), Blob());
    EXPECT_EQ(1, co_await db.find<std::int64_t>("SELECT id FROM notes WHERE body IS NULL AND bytes IS NULL"));
    EXPECT_EQ(2, co_await db.find<std::int64_t>("SELECT id FROM notes WHERE body = $1 AND bytes IS NOT NULL", ""));
    using Body = std::optional<std::string>;
    const auto bodies = co_await db.query<Body>("SELECT body FROM notes ORDER BY id");
    EXPECT_EQ((std::vector<Body>{std::nullopt, ""}), bodies);
  });
}

TEST_P(Conformance, RefusesNullWhereAValueMustBe) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    bool refused = false;
    try {
      co_await db.find<std::int64_t>("SELECT MAX(id) FROM items");
    } catch (const std::runtime_error&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
    using Maximum = std::optional<std::int64_t>;
    EXPECT_EQ(Maximum(), (co_await db.find<Maximum>("SELECT MAX(id) FROM items")).value());
  });
}

TEST_P(Conformance, RunsOneStatementForManyRows) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    std::vector<std::tuple<int, std::string>> rows;
    for (int i = 0; i < 500; ++i) rows.emplace_back(i, "item " + std::to_string(i));
    EXPECT_EQ(500, co_await db.execute_each("INSERT INTO items (id, name) VALUES ($1, $2)", rows));
    std::vector<std::tuple<int>> ids{{400}, {3}, {7000}, {12}};
    const auto gone = co_await db.query_each<Item>("DELETE FROM items WHERE id = $1 RETURNING id, name", ids);
    EXPECT_EQ(3u, gone.size());
    EXPECT_EQ(400, gone.at(0).id);
    EXPECT_EQ(3, gone.at(1).id);
    EXPECT_EQ("item 12", gone.at(2).name);
    EXPECT_EQ(497, co_await count_items(db));
    rows.clear();
    EXPECT_EQ(0, co_await db.execute_each("INSERT INTO items (id, name) VALUES ($1, $2)", rows));
  });
}

TEST_P(Conformance, TakesAllRowsOrNone) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    std::vector<std::tuple<int, std::string>> rows{{1, "a"}, {2, "b"}, {3, "a"}, {4, "d"}};
    bool violated = false;
    try {
      co_await db.execute_each("INSERT INTO items (id, name) VALUES ($1, $2)", rows);
    } catch (const Violation& violation) {
      violated = violation.kind == Violation::Kind::unique;
    }
    EXPECT_TRUE(violated);
    EXPECT_EQ(0, co_await count_items(db));
  });
}

TEST_P(Conformance, TakesBackOnlyWhatFailsOfManyAtOnce) {
  run([](Database& db) -> Task<> { co_await make_items(db); });
  constexpr int kMany = 30;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < kMany; ++i)
    tasks.push_back([](Database& db, int i) -> Task<> {
      const bool fails = i % 3 == 0;
      std::vector<std::tuple<int, std::string>> rows{{2 * i, fmt::format("first {}", i)},
                                                     {fails ? 2 * i : 2 * i + 1, fmt::format("second {}", i)}};
      const auto done = co_await settle(db.execute_each("INSERT INTO items (id, name) VALUES ($1, $2)", rows));
      EXPECT_EQ(fails, !done);
    }(*db, i));
  run_together(std::move(tasks));
  run([](Database& db) -> Task<> { EXPECT_EQ(kMany * 2 / 3 * 2, co_await count_items(db)); });
}

TEST_P(Conformance, TakesNothingWhenARowCannotBeRead) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    bool refused = false;
    try {
      co_await db.query<Item>("INSERT INTO items (id, name) VALUES ($1, $2) RETURNING id", 1, "a");
    } catch (const std::runtime_error&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
    EXPECT_EQ(0, co_await count_items(db));
  });
}

TEST_P(Conformance, WritesOrUpdates) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    for (const auto* name : {"first", "second"}) {
      const auto stored = co_await db.find<Item>(
          "INSERT INTO items (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING "
          "id, name",
          1, name);
      EXPECT_EQ(name, stored.value().name);
    }
    EXPECT_EQ(1, co_await count_items(db));
    const auto renamed = co_await db.find<Item>(
        "WITH chosen AS (SELECT id FROM items ORDER BY id LIMIT 1) "
        "UPDATE items SET name = $1 WHERE id IN (SELECT id FROM chosen) RETURNING id, name",
        "third");
    EXPECT_EQ("third", renamed.value().name);
    EXPECT_EQ("third", co_await db.find<std::string>("SELECT name FROM items"));
  });
}

template <class... Args>
Task<std::optional<Violation::Kind>> violation_of(Executor& db, Sql sql, Args... args) {
  try {
    co_await db.execute(sql, args...);
  } catch (const Violation& violation) {
    EXPECT_EQ(Fault::conflict, violation.fault);
    co_return violation.kind;
  }
  co_return std::nullopt;
}

TEST_P(Conformance, TellsViolationsApart) {
  run([](Database& db) -> Task<> {
    using Kind = Violation::Kind;
    co_await make_items(db);
    co_await db.execute(
        "CREATE TABLE parts (id BIGINT PRIMARY KEY, item BIGINT NOT NULL REFERENCES items (id), "
        "weight BIGINT NOT NULL CHECK (weight > 0))");
    co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", 1, "one");
    EXPECT_EQ(Kind::unique, co_await violation_of(db, "INSERT INTO items (id, name) VALUES ($1, $2)", 1, "other"));
    EXPECT_EQ(Kind::unique, co_await violation_of(db, "INSERT INTO items (id, name) VALUES ($1, $2)", 2, "one"));
    EXPECT_EQ(Kind::not_null,
              co_await violation_of(db, "INSERT INTO items (id, name) VALUES ($1, $2)", 2, std::nullopt));
    EXPECT_EQ(Kind::foreign_key, co_await violation_of(db, "INSERT INTO parts (id, item, weight) VALUES (1, 9, 5)"));
    EXPECT_EQ(Kind::check, co_await violation_of(db, "INSERT INTO parts (id, item, weight) VALUES (1, 1, 0)"));
    EXPECT_EQ(std::nullopt, co_await violation_of(db, "INSERT INTO parts (id, item, weight) VALUES (1, 1, 5)"));
    EXPECT_EQ(Kind::foreign_key, co_await violation_of(db, "DELETE FROM items WHERE id = 1"));
  });
}

TEST_P(Conformance, NamesTheConstraint) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    co_await db.execute("INSERT INTO items (id, name) VALUES (1, 'one')");
    std::string constraint;
    try {
      co_await db.execute("INSERT INTO items (id, name) VALUES (2, 'one')");
    } catch (const Violation& violation) {
      constraint = violation.constraint;
    }
    EXPECT_NE(std::string::npos, constraint.find("items"));
    EXPECT_NE(std::string::npos, constraint.find("name"));
  });
}

TEST_P(Conformance, RefusesAWrongNumberOfArguments) {
  run([](Database& db) -> Task<> {
    co_await make_items(db);
    int refused = 0;
    try {
      co_await db.execute("INSERT INTO items (id, name) VALUES ($1, $2)", 1);
    } catch (const std::logic_error&) {
      ++refused;
    }
    try {
      co_await db.query<Item>("SELECT id, name FROM items WHERE id = $1", 1, 2);
    } catch (const std::logic_error&) {
      ++refused;
    }
    EXPECT_EQ(2, refused);
  });
}

TEST_P(Conformance, ReportsSqlAtFault) {
  run([](Database& db) -> Task<> {
    int refused = 0;
    for (int i = 0; i < 2; ++i) {
      try {
        if (i == 0)
          co_await db.query<Item>("SELECT id, name FROM nowhere");
        else
          co_await db.execute("UPDATE nowhere SET id = 1");
      } catch (const Error&) {
        ADD_FAILURE() << "a fault of ours must not look like one that may pass";
      } catch (const std::runtime_error&) {
        ++refused;
      }
    }
    EXPECT_EQ(2, refused);
    co_await make_items(db);  // and goes on
    EXPECT_EQ(0, co_await count_items(db));
  });
}

TEST_P(Conformance, SaysItIsThereUntilItIsClosed) {
  run([](Database& db) -> Task<> {
    co_await db.ping();
    co_await make_items(db);
    co_await db.execute("INSERT INTO items (id, name) VALUES (1, 'one')");
    co_await db.close();
    int refused = 0;
    for (int i = 0; i < 3; ++i) {
      try {
        if (i == 0) co_await db.ping();
        if (i == 1) co_await db.execute("DELETE FROM items");
        if (i == 2) co_await count_items(db);
      } catch (const Error& error) {
        refused += error.fault == Fault::unavailable;
      }
    }
    EXPECT_EQ(3, refused);
  });
  db = scratch->open();
  run([](Database& db) -> Task<> { EXPECT_EQ(1, co_await count_items(db)); });
}

}  // namespace
}  // namespace odeon::database
