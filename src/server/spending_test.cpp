#include "server/spending.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/billing/fixture_test.hpp"

namespace odeon::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr ai::NanoUsd kDollar = 1'000'000'000;

struct Spending : ::testing::Test, billing::Till {
  Spending() { run_task(subscriptions.set_plan("ada", "chat", "pro")); }
  ~Spending() override {
    run_task(leases.stop());
    run_task(postings.stop());
  }

  std::string reserve(ai::NanoUsd most, std::string product = "chat", std::string user = "ada") {
    return run_task(budgets.reserve({.user_id = std::move(user), .product = std::move(product)}, most));
  }
  void settle(std::string reservation, ai::NanoUsd cost) { run_task(budgets.settle(std::move(reservation), cost)); }
  Error refusal(ai::NanoUsd most) {
    try {
      reserve(most);
    } catch (const Error& error) {
      return error;
    }
    return Error(Fault::internal, "RESERVED", "It was reserved.");
  }
  billing::Allowance spend() {
    // Readers see what was leased when the next commit is through.
    run_task(db->execute("DELETE FROM billing_reservations WHERE id = ''"));
    return run_task(allowances.of("ada", "chat", "spend"));
  }

  Log log{Log::Level::off};
  Metrics metrics;
  billing::Leases leases{*db, allowances, clock, log};
  billing::Ledger ledger{*db, clock};
  billing::Postings postings{ledger, clock, log};
  LedgerMeter meter{metrics, ledger, postings};
  billing::Costs costs{*db, plans, clock};
  CostGauges cost_gauges{metrics, costs, plans, clock};
  SpendBudgets budgets{*db, plans, allowances, leases};
};

TEST_F(Spending, HoldsBeforeAndCountsAfter) {
  const auto held = reserve(4 * kDollar);
  EXPECT_EQ(spend().left(), 6 * kDollar);
  settle(held, kDollar / 2);
  EXPECT_EQ(spend().used, kDollar / 2);
  EXPECT_EQ(spend().left(), 9 * kDollar + kDollar / 2);
}

TEST_F(Spending, WhatIsLeftIsEnoughUntilNothingIs) {
  const auto first = reserve(9 * kDollar);
  const auto second = reserve(9 * kDollar);
  EXPECT_EQ(spend().left(), 0);
  const Error gone = refusal(1);
  EXPECT_EQ(gone.fault, Fault::payment_required);
  EXPECT_EQ(gone.code, "daily_budget_exceeded");
  EXPECT_EQ(gone.upgrade_url, "/pricing");
  settle(first, 0);
  settle(second, 0);
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(refusal(1).code, "RESERVED");
}

TEST_F(Spending, TheNextDayHasABudgetOfItsOwn) {
  settle(reserve(10 * kDollar), 10 * kDollar);
  EXPECT_EQ(refusal(1).code, "daily_budget_exceeded");
  clock.advance(std::chrono::hours(24));
  EXPECT_EQ(refusal(1).code, "RESERVED");
}

TEST_F(Spending, ARequestHoldsOfALeaseWhatAReservationWould) {
  auto hold = [&](ai::NanoUsd most, std::string product = "chat") {
    return run_task(budgets.hold({.user_id = "ada", .product = std::move(product)}, most));
  };
  auto held = hold(4 * kDollar);
  EXPECT_EQ(spend().left(), 6 * kDollar);
  run_task(held->settle(kDollar / 2));
  EXPECT_EQ(spend().used, kDollar / 2);
  EXPECT_EQ(spend().left(), 9 * kDollar + kDollar / 2);
  held = hold(20 * kDollar);
  EXPECT_EQ(spend().left(), 0);
  EXPECT_EQ(refusal(1).code, "daily_budget_exceeded");
  try {
    hold(1);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::payment_required);
    EXPECT_EQ(error.code, "daily_budget_exceeded");
  }
  EXPECT_EQ(hold(kDollar, "briefings"), nullptr);
}

TEST_F(Spending, ProductsWithoutABudgetHoldNothing) {
  EXPECT_EQ(reserve(100 * kDollar, "briefings"), "");
  EXPECT_EQ(reserve(100 * kDollar, "no product"), "");
}

TEST_F(Spending, ACallIsInTheLedgerAndInTheMetrics) {
  run_task(meter.record({.task = "chat.reply",
                         .model = "openai/gpt-4o",
                         .usage = {.input_tokens = 1000, .output_tokens = 500},
                         .cost = kDollar / 2,
                         .payer = {.user_id = "ada", .product = "chat", .tier = "pro"}}));
  const auto totals = run_task(
      ledger.totals("ada", "chat", billing::Ledger::By::model, clock.now(), clock.now() + std::chrono::seconds(1)));
  ASSERT_EQ(totals.size(), 1U);
  EXPECT_EQ(totals[0].name, "gpt-4o");
  EXPECT_EQ(totals[0].cost, kDollar / 2);
  EXPECT_EQ(totals[0].tokens_out, 500);
  EXPECT_EQ(run_task(db->find<std::string>("SELECT tier FROM billing_ledger")), "pro");
  EXPECT_THAT(metrics.text(), HasSubstr(R"(model_api_cost_usd{model="gpt-4o",user_tier="pro"} 0.5)"));
}

TEST_F(Spending, PeopleAreGaugesOfADay) {
  const auto call = [&](std::string user, std::string task, std::string product = "chat", std::string tier = "ultra") {
    run_task(
        meter.record({.task = std::move(task),
                      .model = "openai/gpt-4o",
                      .payer = {.user_id = std::move(user), .product = std::move(product), .tier = std::move(tier)}}));
  };
  const auto shown = [&](const char* line) { EXPECT_THAT(metrics.text(), HasSubstr(std::string("\n") + line + "\n")); };
  run_task(cost_gauges.refresh());
  shown("odeon_active_people 0");
  shown(R"(odeon_product_people{product="chat",tier="ultra"} 0)");
  shown(R"(odeon_new_payers{product="chat"} 0)");

  for (const auto* task : {"chat.reply", "chat.reply", "chat.compare"}) call("ada", task);
  call("ben", "chat.reply");
  call("ben", "briefings.script", "briefings", "free");
  call("", "chat.reply");
  run_task(db->execute(
      "INSERT INTO billing_contracts (provider, id, revision, user_id, customer, product, plan, cycle, status, "
      "period_start, period_end, cancel_at_period_end, created_at, updated_at) "
      "VALUES ('stripe', 'a', 1, 'ada', 'ada', 'chat', 'pro', 'monthly', 'ended', $1, $2, FALSE, $1, $1), "
      "('stripe', 'b', 1, 'ada', 'ada', 'chat', 'ultra', 'monthly', 'active', $2, $2, FALSE, $2, $2), "
      "('stripe', 'c', 1, 'ben', 'ben', 'chat', 'ultra', 'monthly', 'active', $2, $2, FALSE, $2, $2)",
      clock.now() - std::chrono::days(30), clock.now()));
  run_task(postings.written());
  clock.advance(std::chrono::minutes(1));
  run_task(cost_gauges.refresh());
  shown("odeon_active_people 0");  // once in ten minutes is enough
  clock.advance(std::chrono::minutes(9));
  run_task(cost_gauges.refresh());
  shown("odeon_active_people 2");
  shown(R"(odeon_product_people{product="chat",tier="ultra"} 2)");
  shown(R"(odeon_product_people{product="briefings",tier="free"} 1)");
  shown(R"(odeon_feature_people{feature="chat.compare",product="chat",tier="ultra"} 1)");
  shown(R"(odeon_feature_people{feature="chat.reply",product="chat",tier="ultra"} 2)");
  shown(R"(odeon_new_payers{product="chat"} 1)");

  clock.advance(std::chrono::hours(24));
  run_task(cost_gauges.refresh());
  shown("odeon_active_people 0");
  shown(R"(odeon_feature_people{feature="chat.compare",product="chat",tier="ultra"} 0)");

  run_task(db->execute("ALTER TABLE billing_ledger RENAME TO away"));
  clock.advance(std::chrono::minutes(10));
  run_task(cost_gauges.refresh());
  shown("odeon_active_people Nan");
  run_task(db->execute("ALTER TABLE away RENAME TO billing_ledger"));
  run_task(cost_gauges.refresh());
  shown("odeon_active_people Nan");  // what takes long is not begun anew with every scrape
  clock.advance(std::chrono::minutes(1));
  run_task(cost_gauges.refresh());
  shown("odeon_active_people 0");
}

TEST_F(Spending, TodaysCostAndWhatIsEarnedAreGauges) {
  run_task(cost_gauges.refresh());
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_cost_today_usd{product="chat"} 0)"));
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_daily_revenue_usd{product="chat",tier="ultra"} 0)"));
  EXPECT_THAT(metrics.text(), Not(HasSubstr(R"(odeon_contracts{product="chat",tier="none"})"))) << "nobody pays for it";

  run_task(meter.record({.task = "chat.reply",
                         .model = "openai/gpt-4o",
                         .cost = kDollar / 2,
                         .payer = {.user_id = "ada", .product = "chat", .tier = "pro"}}));
  run_task(db->execute(
      "INSERT INTO billing_contracts (provider, id, revision, user_id, customer, product, plan, cycle, status, "
      "period_start, period_end, cancel_at_period_end, created_at, updated_at) "
      "VALUES ('stripe', 'a', 1, 'ada', 'ada', 'chat', 'ultra', 'monthly', 'active', $1, $2, FALSE, $1, $1)",
      clock.now(), clock.now() + std::chrono::days(30)));
  run_task(postings.written());
  run_task(cost_gauges.refresh());
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_cost_today_usd{product="chat"} 0)")) << "once a minute is enough";
  clock.advance(std::chrono::minutes(1));
  run_task(cost_gauges.refresh());
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_cost_today_usd{product="chat"} 0.5)"));
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_daily_revenue_usd{product="chat",tier="ultra"} 4.3)"));
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_contracts{product="chat",tier="ultra"} 1)"));
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_contracts{product="chat",tier="pro"} 0)"));

  run_task(db->close());
  clock.advance(std::chrono::minutes(1));
  run_task(cost_gauges.refresh());
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_cost_today_usd{product="chat"} Nan)"));
}

TEST_F(Spending, ACallThatIsToldTwiceIsInTheLedgerOnce) {
  for (int again = 0; again < 2; ++again)
    run_task(meter.record({.task = "chat.summary",
                           .model = "openai/gpt-4o",
                           .cost = kDollar,
                           .payer = {.user_id = "ada", .product = "chat", .tier = "pro"},
                           .id = "0190-batch#0"}));
  EXPECT_EQ(run_task(db->find<std::int64_t>("SELECT SUM(cost) FROM billing_ledger")), kDollar) << "and at once";
}

TEST_F(Spending, WhatIsFreeAndNobodysIsCountedOnly) {
  run_task(meter.record({.task = "briefings.script", .model = "odeon-offline"}));
  EXPECT_TRUE(
      run_task(ledger.totals("", "", billing::Ledger::By::model, clock.now(), clock.now() + std::chrono::seconds(1)))
          .empty());
}

}  // namespace
}  // namespace odeon::server
