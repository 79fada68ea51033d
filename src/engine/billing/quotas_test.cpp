#include "engine/billing/quotas.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/fixture_test.hpp"

namespace odeon::billing {
namespace {

Hold briefing(std::int64_t limit) {
  return {.user_id = "ann", .product = "briefings", .meter = "briefings", .period = Period::day, .limit = limit};
}

struct Desk : Till {
  Task<std::optional<std::string>> reserve(Hold hold) {
    auto tx = co_await db->begin();
    auto held = co_await quotas.reserve(*tx, std::move(hold));
    if (held) co_await tx->commit();
    co_return held;
  }
  bool settle(std::string id, std::optional<std::int64_t> amount = {}) {
    return run_task([](Desk& self, std::string id, std::optional<std::int64_t> amount) -> Task<bool> {
      auto tx = co_await self.db->begin();
      const bool done = co_await self.quotas.settle(*tx, id, amount);
      co_await tx->commit();
      co_return done;
    }(*this, std::move(id), amount));
  }
  bool release(std::string id) {
    return run_task([](Desk& self, std::string id) -> Task<bool> {
      auto tx = co_await self.db->begin();
      const bool done = co_await self.quotas.release(*tx, id);
      co_await tx->commit();
      co_return done;
    }(*this, std::move(id)));
  }
  Usage usage(Period period = Period::day) { return run_task(quotas.usage("ann", "briefings", "briefings", period)); }
};

struct QuotasTest : ::testing::Test, Desk {};

TEST_F(QuotasTest, WhatIsReservedCountsUntilItIsGivenBack) {
  const auto first = run_task(reserve(briefing(1)));
  ASSERT_TRUE(first);
  EXPECT_FALSE(run_task(reserve(briefing(1))));
  EXPECT_TRUE(release(*first));
  EXPECT_TRUE(run_task(reserve(briefing(1))));
}

TEST_F(QuotasTest, WhatIsSettledIsUsed) {
  const auto held = run_task(reserve(briefing(5)));
  EXPECT_EQ(usage().reserved, 1);
  EXPECT_TRUE(settle(*held));
  EXPECT_EQ(usage().used, 1);
  EXPECT_EQ(usage().reserved, 0);
}

TEST_F(QuotasTest, EndsOnce) {
  const auto held = run_task(reserve(briefing(5)));
  EXPECT_TRUE(settle(*held));
  EXPECT_FALSE(settle(*held));
  EXPECT_FALSE(release(*held));
  EXPECT_FALSE(release("nothing"));
  EXPECT_EQ(usage().used, 1);
}

TEST_F(QuotasTest, LessThanWasReservedMayBeUsed) {
  Hold minutes = briefing(30);
  minutes.amount = 20;
  const auto held = run_task(reserve(minutes));
  EXPECT_FALSE(run_task(reserve(minutes)));
  EXPECT_TRUE(settle(*held, 7));
  EXPECT_EQ(usage().used, 7);
  EXPECT_TRUE(run_task(reserve(minutes)));
}

TEST_F(QuotasTest, WhatEndedLongAgoGoesAndWhatIsHeldStays) {
  const auto settled = run_task(reserve(briefing(9))), released = run_task(reserve(briefing(9))),
             held = run_task(reserve(briefing(9)));
  settle(*settled);
  release(*released);
  clock.advance(std::chrono::seconds(10));
  const auto later = run_task(reserve(briefing(9)));
  settle(*later);
  EXPECT_EQ(run_task(quotas.prune(clock.now() - std::chrono::seconds(20))), 0);
  EXPECT_EQ(run_task(quotas.prune(clock.now() - std::chrono::seconds(1))), 2);
  EXPECT_EQ(run_task(db->query<std::string>("SELECT id FROM billing_reservations ORDER BY id")),
            (std::vector<std::string>{*held, *later}));
  EXPECT_EQ(usage().used, 2);
  EXPECT_TRUE(release(*held));
}

TEST_F(QuotasTest, AHundredAtOnceAtALimitOfFiveLetFiveThrough) {
  int passed = 0;
  run_task([](Desk& self, int& passed) -> Task<> {
    std::vector<Task<void>> all;
    for (int i = 0; i < 100; ++i)
      all.push_back([](Desk& self, int& passed) -> Task<void> {
        if (co_await self.reserve(briefing(5))) ++passed;
      }(self, passed));
    co_await all_of(std::move(all));
  }(*this, passed));
  EXPECT_EQ(passed, 5);
  EXPECT_EQ(usage().reserved, 5);
}

TEST_F(QuotasTest, ANewDayBeginsAtMidnightUtcAndOldWorkEndsInItsOwn) {
  clock.advance(*parse_iso8601("2026-11-20T23:59:59Z") - clock.now());
  const auto held = run_task(reserve(briefing(1)));
  EXPECT_FALSE(run_task(reserve(briefing(1))));
  clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(run_task(reserve(briefing(1))));
  EXPECT_TRUE(settle(*held));
  EXPECT_EQ(usage().used, 0);
  EXPECT_EQ(usage().reserved, 1);
}

TEST_F(QuotasTest, ARollbackReservesNothing) {
  run_task([](Desk& self) -> Task<> {
    auto tx = co_await self.db->begin();
    static_cast<void>(co_await self.quotas.reserve(*tx, briefing(1)));
  }(*this));
  EXPECT_EQ(usage().reserved, 0);
}

TEST_F(QuotasTest, NoLimitAndALimitOfNothing) {
  EXPECT_TRUE(run_task(reserve(briefing(kUnlimited))));
  EXPECT_FALSE(run_task(reserve(briefing(0))));
}

TEST(Periods, BeginAndEndInUtc) {
  const Instant when = *parse_iso8601("2026-12-31T23:30:00Z");
  EXPECT_EQ(to_iso8601(start_of(Period::day, when)), "2026-12-31T00:00:00Z");
  EXPECT_EQ(to_iso8601(*end_of(Period::day, when)), "2027-01-01T00:00:00Z");
  EXPECT_EQ(to_iso8601(start_of(Period::month, when)), "2026-12-01T00:00:00Z");
  EXPECT_EQ(to_iso8601(*end_of(Period::month, when)), "2027-01-01T00:00:00Z");
  EXPECT_FALSE(end_of(Period::always, when));
}

// Whatever is asked for, settled and given back in whatever order: never above the limit, and what is
// counted is what is held.
RC_GTEST_PROP(Quotas, NeverCountMoreThanTheLimitNorLoseAny, ()) {
  Desk desk;
  const auto limit = *rc::gen::inRange<std::int64_t>(0, 12);
  std::vector<std::pair<std::string, std::int64_t>> open;
  std::int64_t used = 0, reserved = 0;
  const int steps = *rc::gen::inRange(1, 25);
  for (int i = 0; i < steps; ++i) {
    const int act = *rc::gen::inRange(0, 4);
    if (act < 2 || open.empty()) {
      Hold hold = briefing(limit);
      hold.amount = *rc::gen::inRange<std::int64_t>(1, 5);
      const auto held = run_task(desk.reserve(hold));
      RC_ASSERT(held.has_value() == (used + reserved + hold.amount <= limit));
      if (!held) continue;
      reserved += hold.amount;
      open.emplace_back(*held, hold.amount);
    } else {
      const auto [id, amount] = open.back();
      open.pop_back();
      reserved -= amount;
      const auto part = *rc::gen::inRange<std::int64_t>(0, amount + 1);
      const bool ended = act == 2 ? desk.settle(id, part) : desk.release(id);
      RC_ASSERT(ended);
      if (act == 2) used += part;
    }
    RC_ASSERT(desk.usage().used == used);
    RC_ASSERT(desk.usage().reserved == reserved);
  }
}

}  // namespace
}  // namespace odeon::billing
