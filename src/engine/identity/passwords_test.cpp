#include "engine/identity/passwords.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <latch>

#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

using Match = Passwords::Match;

TEST(Passwords, AreKeptAsArgon2id) {
  ThreadPool pool{1};
  Passwords passwords(pool, {.memory = 64 * 1024 * 1024});
  const auto hash = run_task(passwords.hash("correct horse"));
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << hash;
  EXPECT_EQ(run_task(passwords.check("correct horse", hash)), Match::yes);
  EXPECT_EQ(run_task(passwords.check("correct Horse", hash)), Match::no);
}

TEST(Passwords, OfNobodyAreNeverRight) {
  ThreadPool pool{1};
  Passwords passwords(pool, kCheapHashes);
  EXPECT_EQ(run_task(passwords.check("", std::nullopt)), Match::no);
  EXPECT_EQ(run_task(passwords.check("x", "not a hash")), Match::no);
}

TEST(Passwords, AreKnownAsOutdatedWhenParametersChange) {
  ThreadPool pool{1};
  Passwords before(pool, kCheapHashes), after(pool, {.operations = 2, .memory = 16384});
  const auto hash = run_task(before.hash("correct horse"));
  EXPECT_EQ(run_task(after.check("correct horse", hash)), Match::outdated);
  EXPECT_EQ(run_task(after.check("wrong", hash)), Match::no);
}

// The vectors of crypt_blowfish.
TEST(Passwords, OfBcryptAreGoodOnceAndOutdated) {
  ThreadPool pool{1};
  Passwords passwords(pool, kCheapHashes);
  const std::vector<std::pair<std::string, std::string>> known{
      {"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
      {"U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"},
      {"", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"}};
  for (const auto& [password, hash] : known) {
    EXPECT_TRUE(Passwords::knows(hash));
    EXPECT_EQ(run_task(passwords.check(password, hash)), Match::outdated) << password;
    EXPECT_EQ(run_task(passwords.check(password + "x", hash)), Match::no) << password;
  }
}

TEST(Passwords, TellsWhichHashesItKnows) {
  ThreadPool pool{1};
  Passwords passwords(pool, kCheapHashes);
  EXPECT_TRUE(Passwords::knows(run_task(passwords.hash("x"))));
  const std::string tail(53, 'a');
  EXPECT_TRUE(Passwords::knows("$2y$12$" + tail));
  for (const std::string& hash : {std::string(), "$2x$12$" + tail, "$2b$15$" + tail, "$2b$03$" + tail,
                                  "$2b$12$" + tail + "a", std::string("$1$salt$qJH7.N4xYta3aEG/dfqo/0"),
                                  std::string("$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaA"),
                                  std::string("$argon2id$v=19$m=65536,t=2,p=1$!"), std::string(60, 'x')})
    EXPECT_FALSE(Passwords::knows(hash)) << hash;
}

RC_GTEST_PROP(Passwords, MatchThemselvesAlone, (std::string password, std::string other)) {
  ThreadPool pool{1};
  Passwords passwords(pool, kCheapHashes);
  const auto hash = run_task(passwords.hash(password));
  RC_ASSERT(run_task(passwords.check(password, hash)) == Match::yes);
  RC_ASSERT((run_task(passwords.check(other, hash)) == Match::yes) == (other == password));
}

// ---- the line in front of them -------------------------------------------------------------------

Task<void> work(Permits& permits, int& inside, int& most, int& done) {
  auto permit = co_await permits.take();
  most = std::max(most, ++inside);
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  --inside;
  ++done;
}

TEST(Permits, LetInSoManyAndNoMore) {
  Permits permits(3, 100);
  int inside = 0, most = 0, done = 0;
  std::vector<Task<void>> all;
  for (int i = 0; i < 40; ++i) all.push_back(work(permits, inside, most, done));
  run_task(all_of(std::move(all)));
  EXPECT_EQ(most, 3);
  EXPECT_EQ(done, 40);
}

TEST(Permits, SendAwayWhoComesWhenTheLineIsLong) {
  Permits permits(1, 1);
  run_task([](Permits& permits) -> Task<> {
    std::optional<Permits::Permit> held(co_await permits.take());
    bool went = false;
    auto wait = [](Permits& permits, bool& went) -> Task<void> {
      const auto permit = co_await permits.take();
      went = true;
    };
    auto turned_away = [](Permits& permits, std::optional<Permits::Permit>& held) -> Task<void> {
      const auto outcome = co_await settle(permits.take());
      EXPECT_FALSE(outcome.has_value());
      held.reset();
    };
    std::vector<Task<void>> both;
    both.push_back(wait(permits, went));
    both.push_back(turned_away(permits, held));
    co_await all_of(std::move(both));
    EXPECT_TRUE(went);
  }(permits));
}

Task<void> hold_then(Permits& permits, std::exception_ptr failure) {
  const auto permit = co_await permits.take();
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  if (failure) std::rethrow_exception(failure);
}

TEST(Permits, ComeBackFromThoseWhoAreCancelled) {
  Permits permits(1, 100);
  // The first to hold a place fails, which cancels all who wait.
  for (int round = 0; round < 20; ++round) {
    std::vector<Task<void>> all;
    all.push_back(hold_then(permits, std::make_exception_ptr(std::runtime_error("gone"))));
    for (int i = 0; i < 5; ++i) all.push_back(hold_then(permits, nullptr));
    EXPECT_THROW(run_task(all_of(std::move(all))), std::runtime_error);
  }
  int inside = 0, most = 0, done = 0;
  run_task(work(permits, inside, most, done));
  EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace odeon::identity
