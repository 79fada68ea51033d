// Allowances as products use them: held in the transaction that asks for work, settled or given back in the one
// that ends it, both on disk. Whether a limit holds when all come at once: ends by 1 if it does not. And what ten
// million tries at a limit that is reached cost.
//   quotas_bench     SQLite, then a private PostgreSQL
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "engine/billing/allowances.hpp"
#include "engine/database/migrations.hpp"
#include "engine/database/postgres.hpp"
#include "engine/database/sqlite.hpp"
#include "testing/postgres_server.hpp"
#include "testing/scratch.hpp"

namespace {

using namespace odeon;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr int kCallers = 64;
constexpr int kCounters = 1'000;
constexpr int kRefusals = 10'000'000;
const std::string kProduct = "bench";

// Meters that are limited to what a measurement needs.
billing::Plans plans() {
  return billing::Plans(R"([bench]
default = "free"
upgrade_url = "/pricing"
[bench.meters]
many = { limit = "many", period = "always" }
one = { limit = "many", period = "always" }
used = { limit = "used", period = "always" }
given_back = { limit = "given_back", period = "always" }
[bench.plans.free]
title = "Free"
limits = { many = 1_000_000, used = 500, given_back = 16 }
)",
                        "bench.toml");
}

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
  billing::Plans sold = plans();
  billing::Subscriptions subscriptions{*db, sold, clock};
  billing::Allowances allowances{*db, subscriptions, clock};
};

enum class End { settle, release };

// What the callers of one measurement share.
struct Errand {
  std::string meter;
  End end = End::settle;
  int counters = 1;
  int left = 0;  // attempts
  int passed = 0;
  std::int64_t held = 0, most_held = 0;  // known to be held at once, of all counters
};

Task<void> call(Node& node, Errand& errand) {
  while (errand.left > 0) {
    const int number = errand.left--;
    auto asking = co_await node.db->begin(database::Isolation::statement);
    const auto held = co_await node.allowances.reserve(*asking, fmt::format("user_{}", number % errand.counters),
                                                       kProduct, errand.meter);
    if (!held) continue;
    co_await asking->commit();
    ++errand.passed;
    errand.most_held = std::max(errand.most_held, ++errand.held);

    auto ending = co_await node.db->begin(database::Isolation::statement);
    --errand.held;
    const bool ended = errand.end == End::settle ? co_await node.allowances.settle(*ending, *held)
                                                 : co_await node.allowances.release(*ending, *held);
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

billing::Allowance usage(Node& node, const Errand& errand) {
  return run_task(node.allowances.of("user_0", kProduct, errand.meter));
}

void measure(std::vector<std::unique_ptr<Node>>& nodes, std::string_view what, End end, int counters, int attempts) {
  Errand errand{.meter = counters == 1 ? "one" : "many", .end = end, .counters = counters, .left = attempts};
  const double cpu = cpu_seconds();
  const double seconds = run(nodes, errand);
  fmt::print("{:<44} {:>10.0f} /s {:>9.1f} µs CPU each\n", what, attempts / seconds,
             (cpu_seconds() - cpu) / attempts * 1e6);
  if (errand.passed != attempts) throw std::logic_error("within the limit, and refused");
}

// How many of them pass.
Task<std::int64_t> tries(Node& node, int attempts) {
  std::int64_t passed = 0;
  for (int i = 0; i < attempts; ++i) {
    auto asking = co_await node.db->begin(database::Isolation::statement);
    if (!co_await node.allowances.reserve(*asking, "user_0", kProduct, "used")) continue;
    co_await asking->commit();
    ++passed;
  }
  co_return passed;
}

// Twice as many as may pass, on one counter, from two nodes.
std::int64_t overshoot(std::vector<std::unique_ptr<Node>>& nodes, End end, int attempts) {
  Errand errand{.meter = end == End::settle ? "used" : "given_back", .end = end, .left = attempts};
  run(nodes, errand);
  const auto after = usage(*nodes.front(), errand);
  const std::int64_t limit = after.limit;
  if (after.reserved != 0) throw std::logic_error("something is still held");
  if (end == End::release) return std::max(errand.most_held - limit, after.used);
  if (errand.passed < limit) throw std::logic_error("refused before the limit was reached");
  return std::max(errand.passed, static_cast<int>(after.used)) - limit;
}

// At a limit that is reached, from a thread for each core: how far it was exceeded.
std::int64_t refuse(Node& node, int attempts) {
  Errand reached{.meter = "used", .left = 0};
  const auto before = usage(node, reached);
  const int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const double cpu = cpu_seconds();
  const auto start = steady_clock::now();
  std::atomic<std::int64_t> passed = 0;
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i) all.emplace_back([&] { passed += run_task(tries(node, attempts / threads)); });
  }
  const double seconds = duration<double>(steady_clock::now() - start).count();
  fmt::print("{:<44} {:>10.0f} /s {:>9.2f} µs CPU each, mark 500000 /s\n", "refused, ten million tries",
             attempts / seconds, (cpu_seconds() - cpu) / attempts * 1e6);
  return passed + usage(node, reached).used - before.used;
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
  auto over = std::max(overshoot(nodes, End::settle, 1'000), overshoot(nodes, End::release, 1'000));
  over = std::max(over, refuse(*nodes.front(), kRefusals));
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
