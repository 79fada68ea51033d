#include "engine/billing/leases.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <list>
#include <thread>

#include "engine/billing/allowances_test.hpp"

namespace odeon::billing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPurse = R"(
[shop]
default = "small"
upgrade_url = "/pricing"
[shop.meters]
spend = { limit = "cents", period = "day", warns = true }
[shop.plans.small]
title = "Small"
limits = { cents = 100 }
[shop.plans.large]
title = "Large"
limits = { cents = 4000 }
)";

struct LeaseHouse : Till {
  LeaseHouse() : Till(Plans(kPurse, "shop.toml")) {}
  ~LeaseHouse() {
    run_task(leases.stop());
    run_task(elsewhere.stop());
  }

  using Held = std::expected<Leases::Hold, Refusal>;
  Held hold(std::int64_t amount) { return hold(leases, amount); }
  static Held hold(Leases& at, std::int64_t amount) { return run_task(at.hold("ann", "shop", "spend", amount)); }
  void settle(Micros idle = {}) { run_task(leases.settle(idle)); }
  // What another node reads.
  Allowance stored() { return read(others); }
  Allowance shown() { return read(allowances); }

  // Readers see it when the next commit is through.
  Allowance read(Allowances& by) {
    run_task(db->execute("DELETE FROM billing_reservations WHERE id = ''"));
    return run_task(by.of("ann", "shop", "spend"));
  }

  Log log{Log::Level::off};
  Leases leases{*db, allowances, clock, log};
  Allowances others{*db, subscriptions, clock};
  Leases elsewhere{*db, others, clock, log};
};
struct LeasesTest : ::testing::Test, LeaseHouse {};

TEST_F(LeasesTest, HoldInMemoryWhatFitsIntoAPortion) {
  {
    auto first = hold(5);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->amount(), 5);
    first->settle(3);
  }
  run_task(db->execute("ALTER TABLE billing_usage RENAME TO away"));
  for (int again = 0; again < 5; ++again) {
    auto held = hold(5);
    ASSERT_TRUE(held) << "without the database";
    held->settle(1);
  }
  run_task(db->execute("ALTER TABLE away RENAME TO billing_usage"));
  settle();
  EXPECT_EQ(stored().used, 8);
  EXPECT_EQ(stored().reserved, 0);
}

TEST_F(LeasesTest, GrowWhereManyHoldAtOnce) {
  std::list<Leases::Hold> held;
  for (int i = 0; i < 20; ++i) held.push_back(std::move(*hold(5)));
  EXPECT_EQ(shown().reserved, 100);
  EXPECT_FALSE(hold(1));
  held.clear();
  settle();
  EXPECT_EQ(stored().reserved, 0);
}

TEST_F(LeasesTest, WhatIsLeftIsEnoughUntilNothingIs) {
  auto most = hold(90);
  ASSERT_TRUE(most);
  auto rest = hold(90);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->amount(), 10);
  const auto refused = hold(1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().limit, 100);
  EXPECT_EQ(refused.error().upgrade_url, "/pricing");
  rest->settle(4);
  const auto again = hold(10);
  ASSERT_TRUE(again) << "from memory, though the database has nothing left";
  EXPECT_EQ(again->amount(), 6);
}

TEST_F(LeasesTest, ShowOnThisNodeWhatIsHeldAndNoMore) {
  auto held = hold(5);
  EXPECT_EQ(stored().reserved, 40) << "the portion";
  EXPECT_EQ(shown().reserved, 5);
  EXPECT_EQ(shown().used, 0);
  held->settle(2);
  EXPECT_EQ(shown().reserved, 0);
  EXPECT_EQ(shown().used, 2);
  EXPECT_EQ(shown().left(), 98);
  EXPECT_EQ(run_task(allowances.all("ann", "shop")).at(0).used, 2);
}

TEST_F(LeasesTest, GoBackWhenNobodyHasHeldAnyForAWhile) {
  hold(5)->settle(1);
  auto held = hold(5);
  settle(1s);
  EXPECT_EQ(stored().used, 1) << "what was used is counted meanwhile";
  EXPECT_EQ(stored().reserved, 39);
  clock.advance(2s);
  settle(1s);
  EXPECT_EQ(stored().reserved, 39) << "somebody holds some of it";
  held->settle(0);
  settle(1s);
  EXPECT_EQ(stored().reserved, 0);
  EXPECT_TRUE(hold(100));
}

TEST_F(LeasesTest, AHundredthOfTheLimitIsKeptForAMinute) {
  run_task(subscriptions.set_plan("ann", "shop", "large"));
  hold(5)->settle(1);
  clock.advance(59s);
  settle(1s);
  EXPECT_EQ(stored().used, 1);
  EXPECT_EQ(stored().reserved, 39);
  clock.advance(1s);
  settle(1s);
  EXPECT_EQ(stored().reserved, 0);
  hold(6)->settle(1);
  clock.advance(1s);
  settle(1s);
  EXPECT_EQ(stored().reserved, 0) << "48 are more than a hundredth";
}

TEST_F(LeasesTest, WhatEndsWithoutAWordWasNotUsed) {
  {
    const auto held = hold(5);
  }
  settle();
  EXPECT_EQ(stored().used, 0);
  EXPECT_EQ(stored().reserved, 0);
}

TEST_F(LeasesTest, TheTruthMayBeMoreThanWasHeld) {
  hold(10)->settle(130);
  EXPECT_EQ(shown().used, 130);
  EXPECT_FALSE(hold(1));
  settle();
  EXPECT_EQ(stored().used, 130);
  EXPECT_EQ(stored().reserved, 0);
}

TEST_F(LeasesTest, ADayEndsWithItsOwn) {
  auto late = hold(50);
  clock.advance(24h);
  auto early = hold(100);
  ASSERT_TRUE(early);
  EXPECT_EQ(early->amount(), 100);
  late->settle(50);
  early->settle(7);
  settle();
  EXPECT_EQ(stored().used, 7);
  EXPECT_EQ(run_task(db->query<std::int64_t>("SELECT used FROM billing_usage ORDER BY used")),
            (std::vector<std::int64_t>{7, 50}));
  EXPECT_EQ(run_task(db->find<std::int64_t>("SELECT COUNT(*) FROM billing_reservations")), 0);
}

TEST_F(LeasesTest, ExpireWhenTheirNodeIsGone) {
  auto lost = hold(elsewhere, 10);
  clock.advance(4min);
  run_task(elsewhere.settle(1s));
  clock.advance(4min);
  EXPECT_EQ(run_task(allowances.release_expired()), 0) << "it is renewed while its node lives";
  clock.advance(2min);
  EXPECT_EQ(run_task(allowances.release_expired()), 1);
  EXPECT_EQ(shown().reserved, 0);
  // It was not gone after all.
  lost->settle(6);
  run_task(elsewhere.settle(Micros{}));
  EXPECT_EQ(shown().used, 6);
  EXPECT_EQ(shown().reserved, 0);
}

TEST_F(LeasesTest, WhatCannotBeWrittenIsWrittenLater) {
  hold(5)->settle(3);
  run_task(db->execute("ALTER TABLE billing_usage RENAME TO away"));
  EXPECT_ANY_THROW(settle(1s));
  EXPECT_ANY_THROW(settle(Micros{}));
  run_task(db->execute("ALTER TABLE away RENAME TO billing_usage"));
  settle(Micros{});
  EXPECT_EQ(stored().used, 3);
  EXPECT_EQ(stored().reserved, 0);
}

TEST_F(LeasesTest, LoseNothingWhenWhoeverSettlesThemIsCancelled) {
  constexpr int people = 300;
  for (const auto patience : {0ms, 2ms, 10ms}) {
    for (int i = 0; i < people; ++i) run_task(leases.hold(fmt::format("person {}", i), "shop", "spend", 1))->settle(1);
    const auto settled = run_task(odeon::settle(with_timeout(patience, leases.settle(Micros{}))));
    EXPECT_TRUE(patience > 0ms || !settled) << "it was to be cancelled";
  }
  settle();
  EXPECT_EQ(run_task(db->find<std::int64_t>("SELECT CAST(SUM(used) AS BIGINT) FROM billing_usage")), 3 * people);
  EXPECT_EQ(run_task(db->find<std::int64_t>("SELECT COUNT(*) FROM billing_reservations")), 0);
}

TEST_F(LeasesTest, WarnWhenALimitIsNear) {
  std::vector<std::int64_t> told;
  allowances.on_warning([&](database::Transaction&, UsageWarning warning) -> Task<void> {
    told.push_back(warning.percent);
    co_return;
  });
  hold(80)->settle(79);
  settle();
  EXPECT_TRUE(told.empty());
  hold(20)->settle(1);
  settle();
  hold(20)->settle(20);
  settle();
  EXPECT_EQ(told, (std::vector<std::int64_t>{80, 100}));
}

TEST_F(LeasesTest, NobodyWithoutAnAccountIsCounted) {
  auto held = hold(10);
  run_task(db->execute("DELETE FROM billing_reservations"));
  run_task(db->execute("DELETE FROM billing_usage"));
  held->settle(5);
  settle();
  EXPECT_EQ(run_task(db->find<std::int64_t>("SELECT COUNT(*) FROM billing_usage")), 0) << "erased meanwhile";
}

TEST_F(LeasesTest, ThreadsOfTwoNodesTogetherNeverPassALimit) {
  std::atomic<std::int64_t> out = 0, used = 0;
  std::atomic<bool> passed = false;
  auto work = [&](Leases& at) {
    for (int i = 0; i < 40; ++i) {
      auto held = hold(at, 1 + i % 7);
      if (!held) continue;
      if (out += held->amount(); out + used > 100) passed = true;
      const std::int64_t amount = held->amount(), spent = i % 5 == 0 ? 1 : 0;
      out -= amount;
      held->settle(spent);
      used += spent;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (Leases* at : {&leases, &leases, &elsewhere, &elsewhere}) threads.emplace_back([&work, at] { work(*at); });
  }
  EXPECT_FALSE(passed);
  settle();
  run_task(elsewhere.settle(Micros{}));
  EXPECT_EQ(stored().used, used);
  EXPECT_EQ(stored().reserved, 0);
}

TEST_F(LeasesTest, SettleByThemselvesWhileTheyAreStarted) {
  Loops loops(1);
  loops.start();
  leases.start(loops.executor(0));
  hold(5)->settle(3);
  for (int waited = 0; stored().used != 3 && waited < 1'000; ++waited) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(stored().used, 3);
  run_task(leases.stop());
  EXPECT_EQ(stored().reserved, 0);
  run_task(db->close());
}

// Whatever is held, settled, counted and let go in whatever order: the limit holds, and in the end the sum is right.
RC_GTEST_PROP(Leases, LoseNothingAndPassNothing, ()) {
  LeaseHouse house;
  std::list<Leases::Hold> held;
  std::int64_t out = 0, used = 0;
  for (int steps = *rc::gen::inRange(1, 30); steps > 0; --steps) {
    auto& at = *rc::gen::arbitrary<bool>() ? house.leases : house.elsewhere;
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        if (auto got = LeaseHouse::hold(at, *rc::gen::inRange(1, 120))) {
          out += got->amount();
          held.push_back(std::move(*got));
        }
        RC_ASSERT(out + used <= 100);
        break;
      case 1:
        if (held.empty()) break;
        {
          const auto spent = *rc::gen::inRange<std::int64_t>(0, held.front().amount() + 1);
          out -= held.front().amount();
          used += spent;
          held.front().settle(spent);
          held.pop_front();
        }
        break;
      case 2:
        run_task(at.settle(*rc::gen::element<Micros>(0s, 1s)));
        break;
      default:
        house.clock.advance(std::chrono::milliseconds(700));
    }
  }
  held.clear();
  run_task(house.leases.settle(Micros{}));
  run_task(house.elsewhere.settle(Micros{}));
  RC_ASSERT(house.stored().used == used);
  RC_ASSERT(house.stored().reserved == 0);
}

}  // namespace
}  // namespace odeon::billing
