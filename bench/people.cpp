// People as they come and pay: refresh tokens that are rotated, webhooks that are checked and stored, and passwords
// that are hashed at full strength while a loop answers others.
//   people_bench     SQLite, then a private PostgreSQL
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "base/metrics.hpp"
#include "engine/billing/payments.hpp"
#include "engine/billing/stripe.hpp"
#include "engine/billing/stripe_signature.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/database/migrations.hpp"
#include "engine/database/postgres.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/http/client.hpp"
#include "engine/identity/accounts.hpp"
#include "testing/postgres_server.hpp"
#include "testing/scratch.hpp"

namespace {

using namespace odeon;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr int kCallers = 64;
constexpr int kRotations = 6'400, kWebhooks = 12'800, kLogins = 280;
constexpr int kLoginsAtOnce = 8;
constexpr auto kTick = std::chrono::milliseconds(1);
const std::string kSecret = "whsec_benchmark", kPassword = "correct horse battery staple";

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct House {
  explicit House(std::unique_ptr<database::Database> database) : db(std::move(database)) {
    auto all = identity::migrations();
    for (auto part : {jobs::migrations(), billing::migrations()}) std::ranges::move(part, std::back_inserter(all));
    run_task([](House& self, std::vector<database::Migration> all) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.db, std::move(all), self.clock));
    }(*this, std::move(all)));
    payments.add(stripe);
    yield_to_others(hashing, 2);
  }
  ~House() { run_task(db->close()); }

  SystemClock clock;
  Log log{Log::Level::off};
  ThreadPool hashing{2};
  std::unique_ptr<database::Database> db;
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  identity::Passwords passwords{hashing, {}};
  KeyRing ring{{{"one", std::string(32, '1')}}};
  identity::AccessTokens access{*db, ring, clock, {}};
  identity::Sessions sessions{*db, access, clock, log, {}};
  static constexpr coordination::Limit kAny{1'000'000, std::chrono::seconds(1)};
  identity::Accounts accounts{*db, passwords, sessions, *coordination, clock, {kAny, kAny, kAny}};
  jobs::Queue queue{*db, *coordination, clock};
  billing::Plans plans = billing::Plans::standard();
  billing::Subscriptions subscriptions{*db, plans, clock};
  billing::Payments payments{*db, queue, subscriptions, clock, log};
  http::Client client{http::ClientOptions{}};
  billing::Stripe stripe{client, clock, {.secret_key = "sk_none", .webhook_secrets = {kSecret}}};
};

// Runs `each` until `left` is used up, from `callers` tasks on one loop, and prints the row.
template <class Each>
void measure(std::string_view what, int count, int callers, std::string_view mark, Each each) {
  asio::io_context loop(1);
  int left = count;
  for (int i = 0; i < callers; ++i)
    asio::co_spawn(
        loop,
        [](int caller, int& left, Each& each) -> Task<void> {
          while (left > 0) co_await each(caller, left--);
        }(i, left, each),
        [](std::exception_ptr failure) {
          if (failure) std::rethrow_exception(failure);
        });
  const double cpu = cpu_seconds();
  const auto start = steady_clock::now();
  loop.run();
  const double seconds = duration<double>(steady_clock::now() - start).count();
  fmt::print("{:<44} {:>10.0f} /s {:>9.1f} µs CPU each, mark {}\n", what, count / seconds,
             (cpu_seconds() - cpu) / count * 1e6, mark);
}

void rotations(House& house) {
  std::vector<std::string> tokens;
  const auto account = run_task(house.accounts.sign_up("ada@example.com", kPassword, {}, "192.0.2.1"));
  for (int i = 0; i < kCallers; ++i)
    tokens.push_back(run_task(house.sessions.start(account, "podcasts")).refresh_token);
  measure("refresh rotations, 64 callers", kRotations, kCallers, "15000 /s", [&](int caller, int) -> Task<void> {
    auto& token = tokens[static_cast<std::size_t>(caller)];
    token = (co_await house.sessions.refresh(token, "podcasts")).value().tokens.refresh_token;
  });
}

void webhooks(House& house) {
  measure(
      "webhooks checked and stored, 64 callers", kWebhooks, kCallers, "20000 /s", [&](int, int number) -> Task<void> {
        const std::string body =
            fmt::format(R"({{"id":"evt_{}","object":"event","type":"customer.subscription.updated","data":{{"object":)"
                        R"({{"id":"sub_{}","object":"subscription","customer":"cus_{}"}}}}}})",
                        number, number % 100, number % 100);
        http::Headers headers;
        headers.add("Stripe-Signature", billing::sign(body, kSecret, house.clock.now()));
        co_await house.payments.receive("stripe", body, std::move(headers));
      });
}

// How late a loop answers that hashes elsewhere: ticks of a millisecond beside the logins.
void logins(House& house) {
  bool ended = false;
  std::vector<double> late;
  auto tick = [](bool& ended, std::vector<double>& late) -> Task<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!ended) {
      const auto due = steady_clock::now() + kTick;
      timer.expires_at(due);
      co_await timer.async_wait(asio::use_awaitable);
      late.push_back(duration<double, std::milli>(steady_clock::now() - due).count());
    }
  };
  Loops loops(1);
  asio::co_spawn(loops[0], tick(ended, late), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  loops.start();
  measure("logins (Argon2id), 8 at once", kLogins, kLoginsAtOnce, "70 /s", [&](int, int) -> Task<void> {
    if (!co_await house.accounts.sign_in("ada@example.com", kPassword, "192.0.2.1"))
      throw std::logic_error("the password is right");
  });
  asio::post(loops[0], [&] { ended = true; });
  loops.stop();
  loops.join();
  std::ranges::sort(late);
  fmt::print("{:<44} {:>10.2f} ms                  mark ≤ 5 ms\n", "a loop's p99 lateness beside them",
             late.empty() ? 0.0 : late[late.size() * 99 / 100]);
}

void measure_all(std::unique_ptr<database::Database> database) {
  House house(std::move(database));
  rotations(house);
  webhooks(house);
  logins(house);
}

}  // namespace

int main() {
  testing::ScratchFolder folder;
  fmt::print("SQLite\n");
  measure_all(database::open_sqlite({.path = folder / "people.db"}));
  fmt::print("PostgreSQL (CPU: the client's own)\n");
  measure_all(database::open_postgres({.url = testing::PostgresServer::shared().fresh_database()}));
}
