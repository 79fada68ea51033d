#include "engine/billing/allowances.hpp"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/allowances_test.hpp"

namespace odeon::billing {
namespace {

using ::testing::ElementsAre;

struct AllowancesTest : ::testing::Test, Desk {};

TEST_F(AllowancesTest, WhatIsReservedCountsUntilItIsGivenBack) {
  const auto first = reserve("visits", 5);
  ASSERT_TRUE(first);
  EXPECT_FALSE(reserve("visits"));
  EXPECT_TRUE(release(*first));
  EXPECT_TRUE(reserve("visits"));
}

TEST_F(AllowancesTest, WhatIsSettledIsUsed) {
  const auto held = reserve("visits");
  EXPECT_EQ(of("visits").reserved, 1);
  EXPECT_TRUE(settle(*held));
  EXPECT_EQ(of("visits").used, 1);
  EXPECT_EQ(of("visits").reserved, 0);
}

TEST_F(AllowancesTest, WhatIsHeldIsToldUntilItEnds) {
  const auto held = reserve("visits", 4);
  EXPECT_EQ(run_task(allowances.held(*db, *held)), 4);
  EXPECT_TRUE(settle(*held));
  EXPECT_EQ(run_task(allowances.held(*db, *held)), 0);
}

TEST_F(AllowancesTest, EndsOnce) {
  const auto held = reserve("visits");
  EXPECT_TRUE(settle(*held));
  EXPECT_FALSE(settle(*held));
  EXPECT_FALSE(release(*held));
  EXPECT_FALSE(release("nothing"));
  EXPECT_EQ(of("visits").used, 1);
}

TEST_F(AllowancesTest, TheTruthIsUsedBeItLessOrMoreThanWasHeld) {
  const auto first = reserve("minutes", 240);
  EXPECT_FALSE(reserve("minutes", 100));
  EXPECT_TRUE(settle(*first, 200));
  const auto second = reserve("minutes", 100);
  ASSERT_TRUE(second);
  EXPECT_TRUE(settle(*second, 150));
  EXPECT_EQ(of("minutes").used, 350);
  EXPECT_EQ(of("minutes").limit, 300);
  EXPECT_EQ(of("minutes").left(), 0);
  EXPECT_FALSE(reserve("minutes"));
}

TEST_F(AllowancesTest, ARefusalSaysWhatIsLeftAndUntilWhen) {
  clock.advance(*parse_iso8601("2026-11-20T18:00:00Z") - clock.now());
  settle(*reserve("visits", 4));
  const auto held = reserve("visits", 2);
  ASSERT_FALSE(held);
  const Refusal& refusal = held.error();
  EXPECT_EQ(refusal.plan, "small");
  EXPECT_EQ(refusal.limit, 5);
  EXPECT_EQ(refusal.used, 4);
  EXPECT_EQ(to_iso8601(*refusal.resets_at), "2026-11-21T00:00:00Z");
  const Error error = refusal.error("DAILY_LIMIT_REACHED", "Enough for today.");
  EXPECT_EQ(error.fault, Fault::forbidden);
  EXPECT_EQ(error.code, "DAILY_LIMIT_REACHED");
  EXPECT_EQ(error.upgrade_url, "/pricing");
  EXPECT_TRUE(reserve("visits", 1));
}

TEST_F(AllowancesTest, ARefusalIsForeseen) {
  auto foreseen = [this](std::int64_t amount) { return run_task(allowances.refusal("ann", "shop", "visits", amount)); };
  EXPECT_FALSE(foreseen(5));
  EXPECT_TRUE(foreseen(6));
  EXPECT_TRUE(reserve("visits", 5));
  const auto refused = foreseen(1);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->plan, "small");
  EXPECT_EQ(refused->used, 5);
  EXPECT_EQ(refused->limit, 5);
  EXPECT_EQ(refused->upgrade_url, "/pricing");
  plan("large");
  EXPECT_FALSE(foreseen(1'000'000));
  plan("medium");
  EXPECT_TRUE(foreseen(100));
  run_task(
      db->execute("INSERT INTO billing_overage_choices (user_id, product, turned_on_at) VALUES ('ann', 'shop', 0)"));
  EXPECT_FALSE(foreseen(100)) << "what is past the limit is paid for";
}

TEST_F(AllowancesTest, AHundredAtOnceAtALimitOfFiveLetFiveThrough) {
  int passed = 0;
  run_task([](Desk& self, int& passed) -> Task<> {
    std::vector<Task<void>> all;
    for (int i = 0; i < 100; ++i)
      all.push_back([](Desk& self, int& passed) -> Task<void> {
        if (co_await self.reserved(self.allowances, "visits", 1)) ++passed;
      }(self, passed));
    co_await all_of(std::move(all));
  }(*this, passed));
  EXPECT_EQ(passed, 5);
  EXPECT_EQ(of("visits").reserved, 5);
}

TEST_F(AllowancesTest, ANewDayBeginsAtMidnightUtcAndOldWorkEndsInItsOwn) {
  clock.advance(*parse_iso8601("2026-11-20T23:59:59.500Z") - clock.now());
  const auto held = reserve("visits", 5);
  EXPECT_FALSE(reserve("visits"));
  clock.advance(std::chrono::milliseconds(500));
  EXPECT_TRUE(reserve("visits"));
  EXPECT_TRUE(settle(*held));
  EXPECT_EQ(of("visits").used, 0);
  EXPECT_EQ(of("visits").reserved, 1);
}

TEST_F(AllowancesTest, ARollbackReservesNothing) {
  run_task([](Desk& self) -> Task<> {
    auto tx = co_await self.db->begin();
    static_cast<void>(co_await self.allowances.reserve(*tx, "ann", "shop", "visits"));
  }(*this));
  EXPECT_EQ(of("visits").reserved, 0);
}

TEST_F(AllowancesTest, NoLimitAndALimitOfNothing) {
  EXPECT_FALSE(reserve("seats"));
  plan("large");
  EXPECT_TRUE(reserve("seats", 1'000'000));
  EXPECT_EQ(of("seats").limit, kUnlimited);
  EXPECT_EQ(of("seats").left(), kUnlimited);
  EXPECT_FALSE(of("seats").resets_at);
}

TEST_F(AllowancesTest, WhatIsInUseIsGivenBackWhenItGoes) {
  plan("medium");
  EXPECT_TRUE(settle(*reserve("seats", 3)));
  EXPECT_FALSE(reserve("seats"));
  give_back("seats", 2);
  EXPECT_EQ(of("seats").used, 1);
  EXPECT_TRUE(reserve("seats", 2));
  give_back("seats", 9);
  EXPECT_EQ(of("seats").used, 0);
  EXPECT_THROW(give_back("visits", 1), std::logic_error);
}

TEST_F(AllowancesTest, AllMetersAreToldAtOnce) {
  settle(*reserve("visits", 2));
  settle(*reserve("minutes", 30));
  const auto held = reserve("minutes", 60);
  const auto all = run_task(allowances.all("ann", "shop"));
  std::vector<std::string> names;
  for (const auto& each : all) names.push_back(each.meter);
  EXPECT_THAT(names, ElementsAre("minutes", "seats", "shelves", "visits"));
  EXPECT_EQ(all[0].used, 30);
  EXPECT_EQ(all[0].reserved, 60);
  EXPECT_EQ(all[0].limit, 300);
  EXPECT_EQ(all[1].used, 0);
  EXPECT_EQ(all[3].used, 2);
  EXPECT_EQ(all[3].plan->name, "small");
}

TEST_F(AllowancesTest, WhatIsPaidHasMonthsOfItsOwn) {
  clock.advance(*parse_iso8601("2027-01-31T10:00:00Z") - clock.now());
  settle(*reserve("minutes", 300));
  EXPECT_EQ(to_iso8601(*of("minutes").resets_at), "2027-02-01T00:00:00Z");
  pay("medium", std::chrono::days(365));
  EXPECT_EQ(of("minutes").used, 0);
  EXPECT_EQ(to_iso8601(*of("minutes").resets_at), "2027-02-28T10:00:00Z");
  settle(*reserve("minutes", 600));
  EXPECT_FALSE(reserve("minutes"));
  clock.advance(*parse_iso8601("2027-02-28T09:59:59Z") - clock.now());
  EXPECT_FALSE(reserve("minutes"));
  clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(reserve("minutes"));
  EXPECT_EQ(to_iso8601(*of("minutes").resets_at), "2027-03-31T10:00:00Z");
  EXPECT_EQ(to_iso8601(*of("visits").resets_at), "2027-03-01T00:00:00Z");
}

TEST_F(AllowancesTest, ThreadsOfTwoNodesTogetherNeverPassALimit) {
  Subscriptions there_subscriptions{*db, plans, clock};
  Allowances there{*db, there_subscriptions, clock};
  std::atomic<int> passed = 0, refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, &node = i % 2 == 0 ? allowances : there] {
        for (int k = 0; k < 50; ++k) ++(run_task(reserved(node, "visits", 1)) ? passed : refused);
      });
  }
  EXPECT_EQ(passed, 5);
  EXPECT_EQ(refused, 395);
  EXPECT_EQ(of("visits").reserved, 5);
}

// ---- warnings --------------------------------------------------------------------------------------

struct WarningsTest : AllowancesTest {
  WarningsTest() {
    allowances.on_warning([this](this auto, database::Transaction&, UsageWarning warning) -> Task<void> {
      told.push_back(fmt::format("{} {}% {}/{}", warning.meter, warning.percent, warning.used, warning.limit));
      resets_at = warning.resets_at;
      co_return;
    });
  }
  std::vector<std::string> told;
  std::optional<Instant> resets_at;
};

TEST_F(WarningsTest, AreToldOnceAPeriodEach) {
  for (int i = 0; i < 3; ++i) settle(*reserve("visits"));
  EXPECT_TRUE(told.empty());
  settle(*reserve("visits"));
  EXPECT_THAT(told, ElementsAre("visits 80% 4/5"));
  settle(*reserve("visits"));
  EXPECT_THAT(told, ElementsAre("visits 80% 4/5", "visits 100% 5/5"));
  EXPECT_EQ(resets_at, of("visits").resets_at);
  clock.advance(std::chrono::days(1));
  settle(*reserve("visits", 5));
  EXPECT_THAT(told, ElementsAre("visits 80% 4/5", "visits 100% 5/5", "visits 100% 5/5"));
}

TEST_F(WarningsTest, AreOfTheMetersThatWarnAndOfWhatWasUsed) {
  plan("medium");
  settle(*reserve("seats", 3));
  const auto held = reserve("visits", 8);
  EXPECT_TRUE(told.empty());
  EXPECT_TRUE(release(*held));
  settle(*reserve("visits", 8), 2);
  EXPECT_TRUE(told.empty());
  settle(*reserve("minutes", 10), 700);
  EXPECT_THAT(told, ElementsAre("minutes 100% 700/600"));
}

TEST_F(WarningsTest, WhereNoPeriodEndsAreToldOnceAMonth) {
  settle(*reserve("shelves", 8));
  give_back("shelves", 8);
  settle(*reserve("shelves", 8));
  EXPECT_THAT(told, ElementsAre("shelves 80% 8/10"));
  EXPECT_FALSE(resets_at);
  clock.advance(std::chrono::days(33));
  settle(*reserve("shelves", 1));
  EXPECT_THAT(told, ElementsAre("shelves 80% 8/10", "shelves 80% 9/10"));
}

TEST_F(WarningsTest, ArePartOfTheSettlingTransaction) {
  const auto held = reserve("visits", 4);
  run_task([](Desk& self, std::string id) -> Task<> {
    auto tx = co_await self.db->begin(database::Isolation::statement);
    co_await self.allowances.settle(*tx, id);
  }(*this, *held));
  settle(*held);
  EXPECT_THAT(told, ElementsAre("visits 80% 4/5", "visits 80% 4/5"));
}

TEST_F(WarningsTest, AreNotToldOfAPlanThatWasLeftForALargerOne) {
  const auto held = reserve("visits", 5);
  plan("large");
  settle(*held);
  EXPECT_TRUE(told.empty());
  settle(*reserve("visits", 100));
  EXPECT_TRUE(told.empty());
}

// ---- what a node remembers -------------------------------------------------------------------------

TEST_F(AllowancesTest, WhatChangesOnThisNodeIsFeltAtOnce) {
  const auto held = reserve("visits", 5);
  EXPECT_FALSE(reserve("visits"));
  EXPECT_TRUE(release(*held));
  const auto again = reserve("visits", 5);
  ASSERT_TRUE(again);
  EXPECT_FALSE(reserve("visits"));
  EXPECT_TRUE(settle(*again, 4));
  EXPECT_TRUE(reserve("visits"));
  EXPECT_FALSE(reserve("visits"));
  plan("medium");
  EXPECT_TRUE(reserve("visits"));
}

TEST_F(AllowancesTest, WhatChangesElsewhereIsFeltWithinASecond) {
  Subscriptions there_subscriptions{*db, plans, clock};
  Allowances there{*db, there_subscriptions, clock};
  const auto held = run_task(reserved(there, "visits", 5));
  EXPECT_FALSE(reserve("visits"));
  EXPECT_TRUE(run_task(ended(there, *held, {}, false)));
  clock.advance(Refusals::remembered);
  EXPECT_TRUE(reserve("visits", 5));
  EXPECT_FALSE(reserve("visits"));
  run_task(there_subscriptions.set_plan("ann", "shop", "large"));
  clock.advance(Refusals::remembered);
  EXPECT_TRUE(reserve("visits"));
}

TEST_F(AllowancesTest, WhoIsRefusedAsksTheDatabaseNoMore) {
  settle(*reserve("visits", 5));
  EXPECT_FALSE(reserve("visits"));
  static_cast<void>(run_task(db->execute("DELETE FROM billing_usage")));
  EXPECT_FALSE(reserve("visits"));
  clock.advance(Refusals::remembered);
  EXPECT_TRUE(reserve("visits"));
}

TEST(Refusals, WhatWasForgottenMeanwhileIsNotKept) {
  Refusals refusals;
  const std::string key = Refusals::key("ann", "shop", "visits");
  const Instant now{};
  const auto moment = refusals.moment(key);
  refusals.forget(key);
  refusals.keep(key, {.limit = 5, .used = 5}, moment, now);
  EXPECT_FALSE(refusals.find(key, 1, now));
  refusals.keep(key, {.limit = 5, .used = 5}, refusals.moment(key), now);
  EXPECT_TRUE(refusals.find(key, 1, now));
}

TEST(Refusals, AreNotKeptBeyondThePeriodNorWithoutBound) {
  Refusals refusals;
  const Instant now{};
  auto keep = [&](const std::string& user, Refusal refusal) {
    const std::string key = Refusals::key(user, "shop", "visits");
    refusals.keep(key, std::move(refusal), refusals.moment(key), now);
    return key;
  };
  const std::string ann = keep("ann", {.limit = 5, .used = 5, .resets_at = now + Micros(10)});
  EXPECT_TRUE(refusals.find(ann, 1, now + Micros(9)));
  EXPECT_FALSE(refusals.find(ann, 1, now + Micros(10)));
  std::size_t known = 0;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < 2 * Refusals::most; ++i) keys.push_back(keep(std::to_string(i), {.limit = 1, .used = 1}));
  for (const auto& key : keys) known += refusals.find(key, 1, now) ? 1 : 0;
  EXPECT_LE(known, Refusals::most);
  EXPECT_TRUE(refusals.find(keys.back(), 1, now));
}

// ---- whatever happens ------------------------------------------------------------------------------

// Whatever is asked for, settled, given back and sold in whatever order, at two nodes: nothing is let through above
// the limit of the moment, nothing is counted that is not held, and who is refused may be so for a second at most.
RC_GTEST_PROP(Allowances, NeverLetMoreThroughThanThePlanNorLoseAny, ()) {
  Desk desk;
  Subscriptions there_subscriptions{*desk.db, desk.plans, desk.clock};
  Allowances there{*desk.db, there_subscriptions, desk.clock};
  std::vector<std::pair<std::string, std::int64_t>> open;
  std::int64_t used = 0, reserved = 0, limit = 5;
  const int steps = *rc::gen::inRange(1, 30);
  for (int i = 0; i < steps; ++i) {
    const int act = *rc::gen::inRange(0, 7);
    auto& node = *rc::gen::arbitrary<bool>() ? desk.allowances : there;
    if (act == 6) {
      desk.clock.advance(Refusals::remembered);
    } else if (act == 5) {
      const bool medium = *rc::gen::arbitrary<bool>();
      desk.plan(medium ? "medium" : "small");
      limit = medium ? 8 : 5;
    } else if (act < 3 || open.empty()) {
      const auto amount = *rc::gen::inRange<std::int64_t>(1, 5);
      const bool fits = used + reserved + amount <= limit;
      const auto held = run_task(desk.reserved(node, "visits", amount));
      if (held) RC_ASSERT(fits);
      if (!held && fits) {
        desk.clock.advance(Refusals::remembered);
        continue;
      }
      if (!held) continue;
      reserved += amount;
      open.emplace_back(*held, amount);
    } else {
      const auto [id, amount] = open.back();
      open.pop_back();
      reserved -= amount;
      const bool settles = act == 3;
      const auto part = *rc::gen::inRange<std::int64_t>(0, amount + 2);
      RC_ASSERT(run_task(desk.ended(node, id, part, settles)));
      if (settles) used += part;
    }
    RC_ASSERT(desk.of("visits").used == used);
    RC_ASSERT(desk.of("visits").reserved == reserved);
  }
}

}  // namespace
}  // namespace odeon::billing
