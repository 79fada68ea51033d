// Programs that call the finished server, each in the name of a person of its own, so that no one's limit is what is
// measured: API keys of ULTRA, a line each.
//   callers_bench DATABASE COUNT     DATABASE is the server's odeon.db
#include <cstdio>
#include <cstdlib>

#include "engine/billing/subscriptions.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/identity/accounts.hpp"
#include "engine/identity/api_keys.hpp"

namespace odeon {
namespace {

constexpr identity::PasswordOptions kCheapHashes{.operations = 1, .memory = 8192};  // nobody signs in

Task<void> write_keys(std::string path, int count) {
  SystemClock clock;
  Log log(Log::Level::off);
  ThreadPool pool(2);
  const auto database = database::open_sqlite({.path = std::move(path)});
  const auto coordination = coordination::open_memory({}, clock);
  KeyRing ring({{"one", std::string(32, '1')}});
  identity::Passwords passwords(pool, kCheapHashes);
  identity::AccessTokens access(*database, ring, clock, {});
  identity::Sessions sessions(*database, access, clock, log, {});
  identity::Accounts accounts(*database, passwords, sessions, *coordination, clock,
                              {.sign_ups_from_address = {count, std::chrono::seconds(1)}});
  identity::ApiKeys keys(*database, clock);
  const auto plans = billing::Plans::standard();
  billing::Subscriptions subscriptions(*database, plans, clock);
  for (int i = 0; i < count; ++i) {
    const auto mail = "program-" + std::to_string(i) + "@example.com";
    const auto account = co_await accounts.sign_up(mail, "correct horse battery", {}, "192.0.2.1");
    co_await subscriptions.set_plan(account.id, "chat", "ultra");
    const auto made = co_await keys.create(
        {.account_id = account.id, .product = "chat", .name = "program", .scopes = {"read", "write"}});
    std::puts(made.secret.c_str());
  }
  co_await database->close();
}

}  // namespace
}  // namespace odeon

int main(int count, char** words) {
  if (count != 3) return 2;
  odeon::run_task(odeon::write_keys(words[1], std::atoi(words[2])));
}
