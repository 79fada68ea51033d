#include "products/podcasts/people.hpp"

#include "products/podcasts/payment.hpp"
#include "testing/product_house.hpp"

namespace odeon::podcasts {
namespace {

using std::chrono::days;
using std::chrono::minutes;

struct PeopleOfPodcasts : ::testing::Test, testing::ProductHouse {
  PeopleOfPodcasts() : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}) {
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Podcasts", std::make_unique<http::FlatFormat>());
    people.mount(*api);
    payment.mount(*api);
    api_access.mount(*api);
    webhook_desk.mount(*api);
    open(std::move(api));
  }
  Reply join(const std::string& mail = "ada@example.com") {
    return post("/api/auth/register", {{"email", mail}, {"password", "Correct horse 1"}, {"full_name", "Ada L."}});
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }

  identity::Door door{accounts, sessions, proofs, {.product = std::string(kProduct)}};
  People people{door, subscriptions, allowances};
  Payment payment{shop, subscriptions, allowances};
};

TEST_F(PeopleOfPodcasts, SignUpInAndOut) {
  const auto joined = join();
  EXPECT_EQ(joined.status, 201);
  EXPECT_EQ(joined.headers.get("Cache-Control"), "no-store");
  const auto user = joined.at("user");
  EXPECT_EQ(user.at("full_name"), "Ada L.");
  EXPECT_EQ(user.at("subscription_tier"), "free");
  EXPECT_EQ(user.at("subscription_status"), "inactive");
  EXPECT_EQ(user.at("recording_minutes_limit"), 120);
  EXPECT_EQ(joined.at("expires_in"), 1800);
  EXPECT_EQ(join().status, 409);
  EXPECT_EQ(post("/api/auth/login", {{"email", "ada@example.com"}, {"password", "wrong"}}).status, 401);

  const auto in = post("/api/auth/login", {{"email", "ADA@example.com"}, {"password", "Correct horse 1"}});
  const auto token = text(in.at("access_token"));
  EXPECT_EQ(get("/api/auth/me", token).at("user").at("email"), "ada@example.com");
  EXPECT_EQ(post("/api/auth/logout", json::object(), token).at("success"), true);
  EXPECT_EQ(get("/api/auth/me", token).status, 401);
  EXPECT_EQ(get("/api/auth/me").status, 401);
}

TEST_F(PeopleOfPodcasts, StayForAWeekByRefreshing) {
  auto joined = join();
  const auto first = text(joined.at("refresh_token"));
  clock.advance(minutes(31));
  EXPECT_EQ(get("/api/auth/me", text(joined.at("access_token"))).status, 401);
  const auto next = post("/api/auth/refresh", {{"refresh_token", first}});
  EXPECT_EQ(get("/api/auth/me", text(next.at("access_token"))).status, 200);
  EXPECT_EQ(post("/api/auth/refresh", {{"refresh_token", first}}).at("refresh_token"), next.at("refresh_token"));
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(post("/api/auth/refresh", {{"refresh_token", first}}).status, 401) << "a thief's";
  EXPECT_EQ(post("/api/auth/refresh", {{"refresh_token", text(next.at("refresh_token"))}}).status, 401);
}

TEST_F(PeopleOfPodcasts, AreOutAfterAWeekAway) {
  const auto token = text(join().at("refresh_token"));
  clock.advance(days(7));
  EXPECT_EQ(post("/api/auth/refresh", {{"refresh_token", token}}).status, 401);
}

TEST_F(PeopleOfPodcasts, SeeThePlansOfTheSpec) {
  const auto plans = get("/api/billing/plans").at("plans").as_array();
  ASSERT_EQ(plans.size(), 4U);
  EXPECT_EQ(plans[1].at("slug"), "creator");
  EXPECT_EQ(plans[1].at("price_monthly"), 1900);
  EXPECT_TRUE(plans[1].at("price_yearly").is_null());
  EXPECT_EQ(plans[2].at("recording_minutes_per_month"), -1);
  EXPECT_EQ(plans[3].at("storage_gb"), 1000);
}

TEST_F(PeopleOfPodcasts, CallByKeyWithProAndWithAllFeatures) {
  const auto joined = join();
  const auto id = text(joined.at("user").at("id")), token = text(joined.at("access_token"));
  EXPECT_EQ(post("/api/keys", {{"name", "my program"}}, token).at("code"), "UPGRADE_REQUIRED");
  for (const char* plan : {"pro", "network"}) {
    run_task(subscriptions.set_plan(id, product, plan));
    const auto key = text(post("/api/keys", {{"name", plan}}, token).at("secret"));
    EXPECT_EQ(get("/api/billing/subscription", key).at("tier"), plan);
    EXPECT_EQ(get("/api/auth/me", key).at("code"), "NOT_BY_API_KEY");
  }
}

TEST_F(PeopleOfPodcasts, HaveTheirProgramsToldOfTheirPlan) {
  const auto token = text(join().at("access_token"));
  EXPECT_EQ(post("/api/webhook-endpoints", {{"url", "https://hooks.example/podcasts"}}, token).status, 201);
  pay(post("/api/billing/checkout", {{"plan", "creator"}}, token).at("checkout_url").as_string());
  EXPECT_EQ(post("/api/billing/cancel", json::object(), token).status, 200);
  const auto told = events();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].at("data").at("plan"), "creator");
  EXPECT_EQ(told[0].at("data").at("cancel_at_period_end"), false);
  EXPECT_EQ(told[1].at("data").at("cancel_at_period_end"), true);
}

// Sign-up, limit reached, checkout, webhook, higher limit, cancel, downgrade.
TEST_F(PeopleOfPodcasts, WalkThroughAPlan) {
  const auto joined = join();
  const auto id = text(joined.at("user").at("id")), token = text(joined.at("access_token"));
  EXPECT_TRUE(use(id, "recording", 120 * 60));
  EXPECT_FALSE(use(id, "recording", 1)) << "two hours are two hours";
  EXPECT_EQ(get("/api/billing/subscription", token).at("usage").at("recording_minutes_used"), 120);

  EXPECT_EQ(post("/api/billing/checkout", {{"plan", "free"}}, token).status, 400);
  const auto checkout = post("/api/billing/checkout", {{"plan", "creator"}}, token);
  ASSERT_EQ(checkout.status, 200) << checkout.body;
  pay(checkout.at("checkout_url").as_string());
  const auto bought = get("/api/billing/subscription", token);
  EXPECT_EQ(bought.at("tier"), "creator");
  EXPECT_EQ(bought.at("status"), "active");
  EXPECT_EQ(bought.at("usage").at("recording_minutes_limit"), 600);
  clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(use(id, "recording", 480 * 60));
  EXPECT_EQ(post("/api/billing/checkout", {{"plan", "pro"}}, token).status, 409) << "it is changed in the portal";
  EXPECT_EQ(post("/api/billing/portal", json::object(), token).status, 200);

  EXPECT_EQ(post("/api/billing/cancel", json::object(), token).at("cancel_at_period_end"), true);
  EXPECT_EQ(get("/api/billing/subscription", token).at("tier"), "creator") << "it is paid for";
  clock.advance(days(32));
  const auto again = post("/api/auth/login", {{"email", "ada@example.com"}, {"password", "Correct horse 1"}});
  const auto after = get("/api/billing/subscription", text(again.at("access_token")));
  EXPECT_EQ(after.at("tier"), "free");
  EXPECT_EQ(after.at("status"), "cancelled");
  EXPECT_EQ(after.at("usage").at("recording_minutes_limit"), 120);
}

}  // namespace
}  // namespace odeon::podcasts
