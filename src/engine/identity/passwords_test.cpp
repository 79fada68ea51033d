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
