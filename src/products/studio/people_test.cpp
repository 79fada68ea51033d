#include "products/studio/people.hpp"

#include "products/studio/payment.hpp"
#include "products/studio/ways_in.hpp"
#include "testing/product_house.hpp"

namespace odeon::studio {
namespace {

using http::Method;
using std::chrono::days;
using std::chrono::hours;

struct PeopleOfStudio : ::testing::Test, testing::ProductHouse {
  PeopleOfStudio() : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}) {
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Studio", std::make_unique<Format>());
    people.mount(*api);
    payment.mount(*api);
    api_access.mount(*api, kKeyRoutes);
    webhook_desk.mount(*api, kWebhookRoutes);
    open(std::move(api));
  }
  Reply join(const std::string& mail = "ada@example.com") {
    return post("/api/v1/auth/signup", {{"email", mail}, {"password", "Correct horse 1"}, {"display_name", "Ada"}});
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }
  static json::value data(const Reply& reply) { return reply.at("data"); }
  static std::string code(const Reply& reply) { return text(reply.at("error").at("code")); }
  // As a browser keeps and sends it.
  static std::map<std::string, std::string> jar_of(const Reply& reply) {
    std::map<std::string, std::string> jar;
    for (const auto& [name, value] : reply.headers)
      if (name == "Set-Cookie")
        jar[std::string(value.substr(0, value.find('=')))] =
            value.substr(value.find('=') + 1, value.find(';') - value.find('=') - 1);
    return jar;
  }
  Reply by_cookie(Method method, const std::string& path, const std::map<std::string, std::string>& jar,
                  const std::string& csrf = "", json::value body = nullptr) {
    std::string cookies;
    for (const auto& [name, value] : jar) cookies += name + "=" + value + "; ";
    testing::HttpServer::HeaderList headers{{"Cookie", cookies}};
    if (!csrf.empty()) headers.emplace_back("X-CSRF-Token", csrf);
    return call(method, path, std::move(body), "", std::move(headers));
  }

  identity::Door door{accounts, sessions, proofs, {.product = std::string(kProduct)}};
  People people{door, cookies, subscriptions, allowances, clock};
  Payment payment{{*database, shop, subscriptions, allowances, overages, audit, clock}};
};

TEST_F(PeopleOfStudio, SignUpWithTokensAndCookies) {
  const auto joined = join();
  EXPECT_EQ(joined.status, 201);
  EXPECT_TRUE(joined.at("meta").as_object().contains("request_id"));
  const auto user = data(joined).at("user");
  EXPECT_EQ(user.at("display_name"), "Ada");
  EXPECT_TRUE(user.at("avatar_url").is_null());
  EXPECT_EQ(user.at("subscription_tier"), "free");
  EXPECT_EQ(user.at("subscription_status"), "none");
  EXPECT_EQ(data(joined).at("expires_in"), 86400);
  EXPECT_EQ(jar_of(joined).size(), 3U);
  EXPECT_EQ(data(get("/api/v1/auth/me", text(data(joined).at("access_token")))).at("email"), "ada@example.com");
}

TEST_F(PeopleOfStudio, HearWhatIsWrongInTheEnvelope) {
  const auto refused = post("/api/v1/auth/signup", {{"email", ""}, {"password", "x"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(code(refused), "VALIDATION_ERROR");
  EXPECT_TRUE(refused.at("error").at("details").at("fields").as_object().contains("email"));
  const auto wrong = post("/api/v1/auth/login", {{"email", "ada@example.com"}, {"password", "x"}});
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(code(wrong), "INVALID_CREDENTIALS");
  EXPECT_TRUE(wrong.at("error").at("details").is_null());
}

TEST_F(PeopleOfStudio, WorkByCookieFromTheirPages) {
  auto jar = jar_of(join());
  EXPECT_EQ(by_cookie(Method::get, "/api/v1/auth/me", jar).status, 200);
  EXPECT_EQ(code(by_cookie(Method::post, "/api/v1/auth/logout", jar)), "CSRF_TOKEN_INVALID");
  // A day later the session is renewed by its cookie.
  clock.advance(hours(25));
  EXPECT_EQ(by_cookie(Method::get, "/api/v1/auth/me", jar).status, 401);
  EXPECT_EQ(by_cookie(Method::post, "/api/v1/auth/refresh", jar).status, 403);
  const auto renewed = by_cookie(Method::post, "/api/v1/auth/refresh", jar, jar.at("csrf_token"));
  ASSERT_EQ(renewed.status, 200) << renewed.body;
  jar = jar_of(renewed);
  EXPECT_EQ(by_cookie(Method::get, "/api/v1/auth/me", jar).status, 200);
  const auto left = by_cookie(Method::post, "/api/v1/auth/logout", jar, jar.at("csrf_token"));
  EXPECT_EQ(left.status, 200);
  for (const auto& [name, value] : jar_of(left)) EXPECT_EQ(value, "") << name;
  EXPECT_EQ(by_cookie(Method::get, "/api/v1/auth/me", jar).status, 401);
}

TEST_F(PeopleOfStudio, AskAsOftenAsTheirTierAllows) {
  const auto token = text(data(join()).at("access_token"));
  for (int i = 0; i < 60; ++i) EXPECT_EQ(get("/api/v1/auth/me", token).status, 200);
  const auto refused = get("/api/v1/auth/me", token);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(code(refused), "RATE_LIMITED");
  EXPECT_FALSE(refused.headers.get("Retry-After").empty());
}

TEST_F(PeopleOfStudio, RefreshByTokenInApps) {
  const auto token = text(data(join()).at("refresh_token"));
  const auto next = post("/api/v1/auth/refresh", {{"refresh_token", token}});
  EXPECT_EQ(get("/api/v1/auth/me", text(data(next).at("access_token"))).status, 200);
  EXPECT_EQ(post("/api/v1/auth/refresh").status, 401);
}

TEST_F(PeopleOfStudio, HaveTheirProgramsToldOfTheirTierButNoKeys) {
  const auto token = text(data(join()).at("access_token"));
  EXPECT_EQ(post("/api/v1/keys", {{"name", "my program"}}, token).status, 404) << "no tier has them";
  const auto refused = post("/api/v1/webhook-endpoints", {{"url", "http://localhost/"}}, token);
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(refused.at("error").at("details").at("fields").as_object().contains("url"));
  const auto made = post("/api/v1/webhook-endpoints", {{"url", "https://hooks.example/studio"}}, token);
  EXPECT_EQ(made.status, 201) << made.body;
  const auto id = text(data(made).at("endpoint").at("id"));
  EXPECT_EQ(post("/api/v1/webhook-endpoints/" + id + "/test", json::object(), token).status, 202);
  pay(data(post("/api/v1/subscription/checkout", {{"tier", "pro"}}, token)).at("checkout_url").as_string());
  const auto told = events();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].at("type"), "ping");
  EXPECT_EQ(told[1].at("data").at("plan"), "pro");
}

// Sign-up, limit reached, checkout, webhook, higher limit, past it, cancel, downgrade.
TEST_F(PeopleOfStudio, WalkThroughATier) {
  const auto joined = data(join());
  const auto id = text(joined.at("user").at("id")), token = text(joined.at("access_token"));
  EXPECT_TRUE(use(id, "assets", 5));
  EXPECT_FALSE(use(id, "assets"));
  EXPECT_EQ(data(get("/api/v1/subscription/usage", token)).at("assets_generated_this_month"), 5);
  EXPECT_EQ(code(call(Method::put, "/api/v1/subscription/overage", {{"enabled", true}}, token)), "NO_OVERAGE");

  const auto checkout = post("/api/v1/subscription/checkout", {{"tier", "pro"}}, token);
  ASSERT_EQ(checkout.status, 200) << checkout.body;
  pay(data(checkout).at("checkout_url").as_string());
  clock.advance(std::chrono::seconds(1));
  const auto bought = data(get("/api/v1/subscription", token));
  EXPECT_EQ(bought.at("tier"), "pro");
  EXPECT_EQ(bought.at("status"), "active");
  EXPECT_EQ(bought.at("assets_limit"), 100);
  EXPECT_EQ(bought.at("platforms_limit"), 3);
  EXPECT_EQ(bought.at("current_period_start"), "2026-11-20T07:30:00Z");
  EXPECT_EQ(bought.at("current_period_end"), "2026-12-20T07:30:00Z");
  EXPECT_TRUE(use(id, "assets", 100));
  EXPECT_FALSE(use(id, "assets")) << "overage is off unless it is turned on";
  clock.advance(std::chrono::seconds(1));

  const auto on = call(Method::put, "/api/v1/subscription/overage", {{"enabled", true}}, token);
  ASSERT_EQ(on.status, 200) << on.body;
  EXPECT_TRUE(use(id, "assets", 3));
  work();
  const auto overage = data(get("/api/v1/subscription/usage", token)).at("overage");
  EXPECT_EQ(overage.at("price_cents"), 25);
  EXPECT_EQ(overage.at("assets"), 3);
  EXPECT_EQ(overage.at("cost_cents"), 75);

  EXPECT_EQ(data(post("/api/v1/subscription/cancel", json::object(), token)).at("cancel_at_period_end"), true);
  clock.advance(days(31));
  const auto again = data(post("/api/v1/auth/login", {{"email", "ada@example.com"}, {"password", "Correct horse 1"}}));
  const auto after = data(get("/api/v1/subscription", text(again.at("access_token"))));
  EXPECT_EQ(after.at("tier"), "free");
  EXPECT_EQ(after.at("status"), "canceled");
  EXPECT_EQ(after.at("assets_limit"), 5);
  EXPECT_EQ(after.at("assets_used"), 0);
}

}  // namespace
}  // namespace odeon::studio
