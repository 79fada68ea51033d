// A database as products use it: through coroutines on one loop, from many tasks at once.
//   database_bench               SQLite, then a private PostgreSQL
//   database_bench postgresql:…  that server alone; the tables `heroes` and `notes` are made anew
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <functional>

#include "engine/database/postgres.hpp"
#include "engine/database/sqlite.hpp"
#include "testing/postgres_server.hpp"
#include "testing/scratch.hpp"

namespace {

using namespace odeon;
using database::Database;
using std::chrono::duration;
using std::chrono::steady_clock;

struct Hero {
  std::string id;
  std::string name;
  std::int64_t age = 0;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(Hero, (), (id, name, age, created_at))

constexpr int kHeroes = 10000;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string hero_id(int number) {
  return fmt::format("hero_{:08}", number);
}

Task<void> fill(Database& db) {
  co_await db.execute("DROP TABLE IF EXISTS heroes");
  co_await db.execute("DROP TABLE IF EXISTS notes");
  co_await db.execute(
      "CREATE TABLE heroes (id TEXT PRIMARY KEY, name TEXT NOT NULL, age BIGINT NOT NULL, created_at BIGINT NOT NULL)");
  co_await db.execute("CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL)");
  std::vector<std::tuple<std::string, std::string, int, Instant>> rows;
  for (int i = 0; i < kHeroes; ++i) rows.emplace_back(hero_id(i), "A hero of some name", i % 18, Instant(Micros(i)));
  co_await db.execute_each("INSERT INTO heroes (id, name, age, created_at) VALUES ($1, $2, $3, $4)", rows);
}

Task<void> read_points(Database& db, int task, int count) {
  for (int i = 0; i < count; ++i) {
    const auto hero = co_await db.find<Hero>("SELECT id, name, age, created_at FROM heroes WHERE id = $1",
                                             hero_id((task * 7919 + i * 31) % kHeroes));
    if (!hero) std::abort();
  }
}

std::int64_t next_note = 0;

Task<void> insert_lone(Database& db, int, int count) {
  for (int i = 0; i < count; ++i)
    co_await db.execute("INSERT INTO notes (id, body) VALUES ($1, $2)", next_note++,
                        "a note of some forty characters, more or less");
}

Task<void> insert_in_transactions(Database& db, int, int count) {
  for (int i = 0; i < count; ++i) {
    auto transaction = co_await db.begin();
    for (int j = 0; j < 2; ++j)
      co_await transaction->execute("INSERT INTO notes (id, body) VALUES ($1, $2)", next_note++,
                                    "a note of some forty characters, more or less");
    co_await transaction->commit();
  }
}

Task<void> insert_thousands(Database& db, int, int count) {
  for (int i = 0; i < count; ++i) {
    std::vector<std::tuple<std::int64_t, std::string>> rows;
    for (int j = 0; j < 1000; ++j) rows.emplace_back(next_note++, "a note of some forty characters, more or less");
    co_await db.execute_each("INSERT INTO notes (id, body) VALUES ($1, $2)", std::move(rows));
  }
}

using Work = Task<void> (*)(Database&, int, int);

void measure(Database& db, std::string_view what, int tasks, int each, int per_operation, Work work) {
  asio::io_context loop(1);
  for (int task = 0; task < tasks; ++task)
    asio::co_spawn(loop, work(db, task, each), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  const double cpu = cpu_seconds();
  const auto start = steady_clock::now();
  loop.run();
  const double wall = duration<double>(steady_clock::now() - start).count();
  const double count = static_cast<double>(tasks) * each * per_operation;
  fmt::print("{:<44} {:>10.0f} /s {:>9.2f} µs CPU each\n", what, count / wall, (cpu_seconds() - cpu) / count * 1e6);
}

void measure_all(std::unique_ptr<Database> db) {
  run_task(fill(*db));
  measure(*db, "point reads, 64 tasks", 64, 5000, 1, read_points);
  measure(*db, "point reads, 1 task", 1, 20000, 1, read_points);
  measure(*db, "durable inserts, 64 tasks", 64, 300, 1, insert_lone);
  measure(*db, "durable inserts, 1 task", 1, 300, 1, insert_lone);
  measure(*db, "durable transactions of 2 inserts, 64 tasks", 64, 100, 1, insert_in_transactions);
  measure(*db, "rows by execute_each of 1000, durable", 1, 50, 1000, insert_thousands);
  run_task(db->close());
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) {
    measure_all(database::open_postgres({.url = arguments[1]}));
    return 0;
  }
  testing::ScratchFolder folder;
  fmt::print("SQLite\n");
  measure_all(database::open_sqlite({.path = folder / "bench.db"}));
  fmt::print("PostgreSQL (CPU: the client's own)\n");
  measure_all(database::open_postgres({.url = testing::PostgresServer::shared().fresh_database()}));
}
