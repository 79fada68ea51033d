#include "engine/billing/plan_rates.hpp"

#include <gtest/gtest.h>

#include "engine/billing/fixture_test.hpp"

namespace odeon::billing {
namespace {

// Everybody is who they say.
struct Believer final : http::Authenticator {
  Task<void> identify(const http::Request& request, std::string, http::Caller& caller) override {
    caller.user_id = request.headers.get("X-Name");
    co_return;
  }
};

struct PlanRatesTest : ::testing::Test, Till {
  // The fault's code; "" where it passes.
  std::string ask(const std::string& name, const std::string& product = "studio") {
    http::Request request;
    if (!name.empty()) request.headers.add("X-Name", name);
    try {
      http::Caller caller;
      run_task(rates.identify(request, product, caller));
      EXPECT_EQ(caller.user_id, name);
      return "";
    } catch (const Error& error) {
      last = error;
      return error.code;
    }
  }
  int passes(const std::string& name, int of, const std::string& product = "studio") {
    int count = 0;
    for (int i = 0; i < of; ++i) count += ask(name, product).empty() ? 1 : 0;
    return count;
  }

  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  Believer believer;
  PlanRates rates{believer, subscriptions, *coordination};
  Error last{Fault::internal, "", ""};
};

TEST_F(PlanRatesTest, ArePlans) {
  EXPECT_EQ(passes("ann", 61), 60);
  EXPECT_EQ(last.code, "RATE_LIMITED");
  EXPECT_EQ(last.fault, Fault::rate_limited);
  EXPECT_GT(last.retry_after.value().count(), 0);
  EXPECT_EQ(last.upgrade_url, "/pricing");
  EXPECT_EQ(passes("bob", 1), 1) << "each has their own";
  run_task(subscriptions.set_plan("ann", "studio", "pro"));
  EXPECT_EQ(passes("ann", 301), 240) << "what was asked before counts";
  clock.advance(std::chrono::minutes(2));
  EXPECT_EQ(passes("ann", 301), 300);
}

TEST_F(PlanRatesTest, AreOfWhoHasAPlan) {
  EXPECT_EQ(passes("", 100), 100);
  EXPECT_EQ(passes("ann", 100, "stories"), 100) << "its plans name none";
  EXPECT_EQ(passes("ann", 100, "auth"), 100) << "it has no plans";
}

}  // namespace
}  // namespace odeon::billing
