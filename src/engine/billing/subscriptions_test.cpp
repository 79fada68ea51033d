#include <gmock/gmock.h>

#include "engine/billing/fixture_test.hpp"

namespace odeon::billing {
namespace {

struct SubscriptionsTest : ::testing::Test, Till {
  std::string plan_of(std::string user) {
    return run_task(subscriptions.entitlement(std::move(user), "briefings")).plan->name;
  }
  void set(std::string plan) { run_task(subscriptions.set_plan("ann", "briefings", std::move(plan))); }
  void pay_until(Instant end) {
    static_cast<void>(
        run_task(db->execute("UPDATE billing_subscriptions SET current_period_end = $1 WHERE user_id = 'ann'", end)));
  }
};

TEST_F(SubscriptionsTest, WhoHasNoneHasTheDefaultPlan) {
  EXPECT_EQ(plan_of("ann"), "free");
}

TEST_F(SubscriptionsTest, APlanThatAnOperatorSetsHasNoEnd) {
  set("premium");
  const Entitlement premium = run_task(subscriptions.entitlement("ann", "briefings"));
  EXPECT_EQ(premium.plan->name, "premium");
  EXPECT_EQ(premium.status, SubscriptionStatus::active);
  EXPECT_FALSE(premium.expires_at);
  EXPECT_EQ(plan_of("bob"), "free");
  set("pro");
  EXPECT_EQ(plan_of("ann"), "pro");
}

TEST_F(SubscriptionsTest, WhatHasRunOutIsTheDefaultPlanAgain) {
  set("premium");
  pay_until(clock.now() + std::chrono::hours(1));
  EXPECT_EQ(plan_of("ann"), "premium");
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(plan_of("ann"), "free");
}

TEST_F(SubscriptionsTest, OnlyWhatIsSoldCanBeSet) {
  EXPECT_THROW(set("platinum"), Error);
  EXPECT_THROW(run_task(subscriptions.set_plan("ann", "gardening", "free")), Error);
  EXPECT_EQ(plan_of("ann"), "free");
}

}  // namespace
}  // namespace odeon::billing
