// People of the stories product who are signed in: `account token`, a line each. Nobody's password is measured.
//   readers_bench DATABASE_URL COUNT     in the database of a server that has made its tables
#include <cstdio>
#include <cstdlib>

#include "engine/coordination/coordination.hpp"
#include "engine/database/postgres.hpp"
#include "engine/identity/accounts.hpp"
#include "products/stories/stories.hpp"

namespace odeon {
namespace {

constexpr identity::PasswordOptions kCheapHashes{.operations = 1, .memory = 8192};  // nobody signs in

Task<void> write_tokens(std::string url, int count) {
  SystemClock clock;
  Log log(Log::Level::off);
  ThreadPool pool(2);
  const auto database = database::open_postgres({.url = std::move(url)});
  const auto coordination = coordination::open_memory({}, clock);
  KeyRing ring({{"one", std::string(32, '1')}});
  identity::Passwords passwords(pool, kCheapHashes);
  identity::AccessTokens access(*database, ring, clock, {});
  const std::string product(stories::kProduct);
  identity::Sessions sessions(*database, access, clock, log,
                              {.policies = identity::TokenPolicies({{product, stories::kTokens}})});
  identity::Accounts accounts(*database, passwords, sessions, *coordination, clock,
                              {.sign_ups_from_address = {count, std::chrono::seconds(1)}});
  for (int i = 0; i < count; ++i) {
    const auto account = co_await accounts.sign_up("reader-" + std::to_string(i) + "@example.com",
                                                   "correct horse battery", {}, "192.0.2.1");
    const auto tokens = co_await sessions.start(account, product);
    std::printf("%s %s\n", account.id.c_str(), tokens.access_token.c_str());
  }
  co_await database->close();
}

}  // namespace
}  // namespace odeon

int main(int count, char** words) {
  if (count != 3) return 2;
  odeon::run_task(odeon::write_tokens(words[1], std::atoi(words[2])));
}
