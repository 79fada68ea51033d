// The people of a test's own: a fresh database, a clock that stands still, cheap hashes. The database is
// SQLite, or PostgreSQL when ODEON_TEST_DATABASE says so: the tests run once with each.
#pragma once

#include "base/ids.hpp"
#include "base/log.hpp"
#include "engine/database/migrations.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/identity/identity.hpp"
#include "engine/identity/proofs.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::identity {

inline constexpr PasswordOptions kCheapHashes{.operations = 1, .memory = 8192};

// What all nodes of one server share.
struct Shared {
  Shared() {
    run_task([](Shared& self) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.db, migrations(), self.clock));
    }(*this));
  }
  testing::ScratchFolder folder;
  testing::FakeClock clock;
  KeyRing ring{{{"one", std::string(32, '1')}}};
  std::unique_ptr<database::Database> db = testing::open_database(folder);
};

// An issuer's JWKS document as a test sets it; nothing: the issuer is away.
struct FakeIssuer {
  Task<std::string> fetch(std::string url) {
    asked.push_back(std::move(url));
    if (!document) throw Error(Fault::unavailable, "AWAY", "There is no one.");
    co_return *document;
  }
  std::optional<std::string> document;
  std::vector<std::string> asked;
};

struct NodeOptions {
  AccessTokenOptions access = {.issuer = "https://odeon.test/auth/v1"};
  AccountOptions accounts;
  SupabaseProject supabase;
  TokenPolicies policies;
  PasswordOptions passwords = kCheapHashes;
};

struct Node {
  explicit Node(Shared& with, NodeOptions options = {})
      : shared(with),
        passwords(pool, options.passwords),
        access(*with.db, with.ring, with.clock, options.access),
        sessions(*with.db, access, with.clock, log, {.policies = options.policies}),
        accounts(*with.db, passwords, sessions, *coordination, with.clock, options.accounts),
        keys(*with.db, with.clock),
        outside(
            options.supabase, [&issuer = issuer](this auto, std::string url) { return issuer.fetch(url); },
            *coordination, with.clock, log),
        identity(access, sessions, accounts, keys, outside, cookies, with.clock, {}),
        proofs(*with.db, *coordination, std::string(32, 'p'), with.clock) {}

  // Someone new, with "correct horse" as their password.
  Account join(std::string mail) {
    return run_task(accounts.sign_up(std::move(mail), "correct horse", {}, "192.0.2.1"));
  }
  SessionTokens sign_in(const Account& account, std::string product = "briefings") {
    return run_task(sessions.start(account, std::move(product)));
  }
  // Who comes with these header fields.
  http::Caller caller(http::Request request, std::string product = "briefings") {
    http::Caller caller;
    run_task(identity.identify(request, std::move(product), caller));
    return caller;
  }
  http::Caller bearer(const std::string& token, std::string product = "briefings") {
    http::Request request;
    request.headers.add("Authorization", "Bearer " + token);
    return caller(std::move(request), std::move(product));
  }

  Shared& shared;
  Log log{Log::Level::off};
  ThreadPool pool{2};
  FakeIssuer issuer;
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, shared.clock);
  Passwords passwords;
  AccessTokens access;
  Sessions sessions;
  Accounts accounts;
  ApiKeys keys;
  OutsideTokens outside;
  SessionCookies cookies{std::string(32, 'c')};
  Identity identity;
  Proofs proofs;
};

// The code of the Error that `task` ends by; "" if it does not.
template <class T>
std::string code_of(Task<T> task) {
  try {
    static_cast<void>(run_task(std::move(task)));
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

}  // namespace odeon::identity
