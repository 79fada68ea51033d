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

TEST_F(SubscriptionsTest, AChangeIsToldInItsTransaction) {
  std::string told;
  subscriptions.on_plan_change([&told](this auto, database::Transaction&, PlanChange change) -> Task<void> {
    if (change.plan == "pro") throw Error(Fault::unavailable, "AWAY", "Nobody is told.");
    told = change.user_id + " has " + change.plan;
    co_return;
  });
  set("premium");
  EXPECT_EQ(told, "ann has premium");
  EXPECT_THROW(set("pro"), Error);
  EXPECT_EQ(plan_of("ann"), "premium");
}

TEST_F(SubscriptionsTest, WhatHasRunOutIsTheDefaultPlanAgain) {
  set("premium");
  pay_until(clock.now() + std::chrono::hours(1));
  EXPECT_EQ(plan_of("ann"), "premium");
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(plan_of("ann"), "free");
}

TEST_F(SubscriptionsTest, ANewAccountOfChatHasItsTrialOnce) {
  auto begin = [this](std::string user, std::string product) {
    return run_task([](Till& self, std::string user, std::string product) -> Task<bool> {
      auto tx = co_await self.db->begin(database::Isolation::statement);
      const bool begun = co_await self.subscriptions.begin_trial(*tx, std::move(user), std::move(product));
      co_await tx->commit();
      co_return begun;
    }(*this, std::move(user), std::move(product)));
  };
  auto chat = [this] { return run_task(subscriptions.entitlement("ann", "chat")); };
  EXPECT_EQ(chat().plan->name, "none");
  EXPECT_TRUE(begin("ann", "chat"));
  EXPECT_EQ(chat().plan->name, "pro");
  EXPECT_TRUE(chat().trial);
  EXPECT_EQ(chat().expires_at, clock.now() + std::chrono::days(14));
  clock.advance(std::chrono::days(14));
  EXPECT_EQ(chat().plan->name, "none");
  EXPECT_FALSE(begin("ann", "chat"));
  EXPECT_EQ(chat().plan->name, "none");
  EXPECT_FALSE(begin("ann", "stories"));
}

TEST_F(SubscriptionsTest, OnlyWhatIsSoldCanBeSet) {
  EXPECT_THROW(set("platinum"), Error);
  EXPECT_THROW(run_task(subscriptions.set_plan("ann", "gardening", "free")), Error);
  EXPECT_EQ(plan_of("ann"), "free");
}

}  // namespace
}  // namespace odeon::billing
