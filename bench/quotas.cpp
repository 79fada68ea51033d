// Quotas as products use them: held in the transaction that asks for work, settled or given back in the one
// that ends it, both on disk. And whether a limit holds when all come at once: ends by 1 if it does not.
//   quotas_bench     SQLite, then a private PostgreSQL
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "engine/billing/quotas.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/database/migrations.hpp"
#include "engine/database/postgres.hpp"
#include "engine/database/sqlite.hpp"
#include "testing/postgres_server.hpp"
#include "testing/scratch.hpp"

namespace {

using namespace odeon;
using billing::Period;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr int kCallers = 64;
constexpr int kCounters = 1'000;
const std::string kProduct = "bench";

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// A process that has the database open: a node.
struct Node {
  explicit Node(std::unique_ptr<database::Database> database) : db(std::move(database)) {
    run_task([](Node& self) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.db, billing::migrations(), self.clock));
    }(*this));
  }
  ~Node() { run_task(db->close()); }

  SystemClock clock;
  std::unique_ptr<database::Database> db;
  billing::Quotas quotas{*db, clock};
};

enum class End { settle, release };

// What the callers of one measurement share.
struct Errand {
  std::string meter;
  End end = End::settle;
  std::int64_t limit = 0;  // of each counter
  int counters = 1;
  int left = 0;  // attempts
  int passed = 0;
  std::int64_t held = 0, most_held = 0;  // known to be held at once, of all counters
};

Task<void> call(Node& node, Errand& errand) {
  while (errand.left > 0) {
    const int number = errand.left--;
    auto asking = co_await node.db->begin(database::Isolation::statement);
    const auto held =
        co_await node.quotas.reserve(*asking, {.user_id = fmt::format("user_{}", number % errand.counters),
                                               .product = kProduct,
                                               .meter = errand.meter,
                                               .period = Period::always,
                                               .limit = errand.limit});
    if (!held) continue;
    co_await asking->commit();
    ++errand.passed;
    errand.most_held = std::max(errand.most_held, ++errand.held);

    auto ending = co_await node.db->begin(database::Isolation::statement);
    --errand.held;
    const bool ended = errand.end == End::settle ? co_await node.quotas.settle(*ending, *held)
                                                 : co_await node.quotas.release(*ending, *held);
    if (!ended) throw std::logic_error("a reservation was lost");
    co_await ending->commit();
  }
}

// Runs it from kCallers tasks, which take turns between the nodes; the seconds it took.
double run(std::vector<std::unique_ptr<Node>>& nodes, Errand& errand) {
  asio::io_context loop(1);
  for (std::size_t i = 0; i < kCallers; ++i)
    asio::co_spawn(loop, call(*nodes[i % nodes.size()], errand), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  const auto start = steady_clock::now();
  loop.run();
  return duration<double>(steady_clock::now() - start).count();
}

billing::Usage usage(Node& node, const Errand& errand) {
  return run_task(node.quotas.usage("user_0", kProduct, errand.meter, Period::always));
}

void measure(std::vector<std::unique_ptr<Node>>& nodes, std::string_view what, End end, int counters, int attempts) {
  Errand errand{.meter = std::string(what), .end = end, .limit = attempts, .counters = counters, .left = attempts};
  const double cpu = cpu_seconds();
  const double seconds = run(nodes, errand);
  fmt::print("{:<44} {:>10.0f} /s {:>9.1f} µs CPU each\n", what, attempts / seconds,
             (cpu_seconds() - cpu) / attempts * 1e6);
  if (errand.passed != attempts) throw std::logic_error("within the limit, and refused");
}

// Twice as many as may pass, on one counter, from two nodes.
std::int64_t overshoot(std::vector<std::unique_ptr<Node>>& nodes, End end, std::int64_t limit, int attempts) {
  Errand errand{
      .meter = end == End::settle ? "all used" : "all given back", .end = end, .limit = limit, .left = attempts};
  run(nodes, errand);
  const auto after = usage(*nodes.front(), errand);
  if (after.reserved != 0) throw std::logic_error("something is still held");
  if (end == End::release) return std::max(errand.most_held - limit, after.used);
  if (errand.passed < limit) throw std::logic_error("refused before the limit was reached");
  return std::max(errand.passed, static_cast<int>(after.used)) - limit;
}

using Open = std::function<std::unique_ptr<database::Database>()>;

// How far any limit was exceeded.
std::int64_t measure_all(const Open& open) {
  std::vector<std::unique_ptr<Node>> nodes;
  nodes.push_back(std::make_unique<Node>(open()));
  measure(nodes, "reserve and settle, 64 callers, 1000 counters", End::settle, kCounters, 6'400);
  measure(nodes, "reserve and release, 64 callers, 1000 counters", End::release, kCounters, 6'400);
  measure(nodes, "reserve and settle, 64 callers, one counter", End::settle, 1, 2'560);
  measure(nodes, "reserve and release, 64 callers, one counter", End::release, 1, 2'560);
  nodes.push_back(std::make_unique<Node>(open()));
  const auto over = std::max(overshoot(nodes, End::settle, 500, 1'000), overshoot(nodes, End::release, 16, 1'000));
  fmt::print("{:<44} {:>10}      mark 0\n", "overshoot of a limit, asked on two nodes", over);
  return over;
}

}  // namespace

int main() {
  testing::ScratchFolder folder;
  fmt::print("SQLite\n");
  auto over = measure_all([&] { return database::open_sqlite({.path = folder / "quotas.db"}); });
  fmt::print("PostgreSQL (CPU: the client's own)\n");
  const auto url = testing::PostgresServer::shared().fresh_database();
  over = std::max(over, measure_all([&] { return database::open_postgres({.url = url}); }));
  return over == 0 ? 0 : 1;
}
