#include "products/chat/people.hpp"

#include "engine/identity/id_tokens.hpp"
#include "products/chat/payment.hpp"
#include "testing/product_house.hpp"

namespace odeon::chat {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::string_view kIssuer = "https://issuer.test";

struct PeopleOfChat : ::testing::Test, testing::ProductHouse {
  PeopleOfChat() : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}) {
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Chat", std::make_unique<http::FlatFormat>());
    payments.price_by(currencies);
    people.mount(*api);
    payment.mount(*api);
    api_access.mount(*api);
    webhook_desk.mount(*api);
    open(std::move(api));
  }
  Reply join(const std::string& mail = "ada@example.com", bool consent = true) {
    return post("/api/auth/signup", {{"email", mail},
                                     {"password", "Correct horse 1"},
                                     {"name", "Ada"},
                                     {"consent", consent},
                                     {"voice_consent", false},
                                     {"terms_version", "2026-11"}});
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }

  // An ID token as the issuer would make it for this app.
  std::string id_token(std::string_view subject, const std::string& mail, const std::string& audience = "our-app") {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now().time_since_epoch()).count();
    return identity::jwt::write({{"iss", kIssuer},
                                 {"sub", subject},
                                 {"aud", audience},
                                 {"iat", now},
                                 {"exp", now + 3600},
                                 {"email", mail},
                                 {"email_verified", true},
                                 {"name", "Ada Lovelace"}},
                                issuer_key);
  }
  Task<std::string> documents(std::string url) {
    if (url.ends_with("/.well-known/openid-configuration"))
      co_return json::write(json::object{{"issuer", kIssuer},
                                         {"jwks_uri", std::string(kIssuer) + "/jwks"},
                                         {"authorization_endpoint", std::string(kIssuer) + "/auth"},
                                         {"token_endpoint", std::string(kIssuer) + "/token"}});
    co_return identity::KeySet({issuer_key}).jwks();
  }

  identity::Key issuer_key = identity::Key::make();
  identity::IdTokens id_tokens{{identity::IdIssuer::openid(std::string(kIssuer), "our-app")},
                               [this](std::string url) { return documents(std::move(url)); },
                               *coordination,
                               clock,
                               log};
  http::Client client{http::ClientOptions{}};
  billing::Frankfurter rates{client, clock, {.base_url = "http://127.0.0.1:9"}};
  billing::Currencies currencies{*database, rates, plans, clock, log};
  identity::Door door{accounts, sessions, proofs, {.product = std::string(kProduct)}};
  People people{{*database, door, id_tokens, subscriptions, consents, audit}};
  Payment payment{shop, subscriptions, allowances, currencies, ledger, clock};
};

TEST_F(PeopleOfChat, AgreeToTheTermsToSignUp) {
  EXPECT_EQ(join("ada@example.com", false).at("code"), "CONSENT_REQUIRED");
  const auto joined = join();
  EXPECT_EQ(joined.status, 201);
  EXPECT_EQ(joined.at("expiresIn"), 7 * 86400);
  EXPECT_EQ(joined.at("user").at("tier"), "PRO");
  EXPECT_EQ(joined.at("user").at("subscription_status"), "trialing");
  EXPECT_EQ(joined.at("user").at("trial_or_period_ends_at"), "2026-12-04T07:30:00Z");
  const auto id = text(joined.at("user").at("id"));
  EXPECT_TRUE(run_task(consents.granted(id, "chat", "terms")));
  EXPECT_FALSE(run_task(consents.granted(id, "chat", "voice_logs")));
  EXPECT_EQ(run_task(audit.of(id, "", 10)).size(), 2U);
}

TEST_F(PeopleOfChat, ExchangeAnIdTokenForASession) {
  const auto verify = [&](const std::string& token) {
    return call(http::Method::post, "/api/auth/verify", nullptr, token);
  };
  const auto in = verify(id_token("42", "ada@example.com"));
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(in.at("user").at("name"), "Ada Lovelace");
  EXPECT_EQ(in.at("user").at("email_verified"), true);
  EXPECT_EQ(in.at("user").at("tier"), "PRO");
  EXPECT_EQ(get("/api/auth/me", text(in.at("sessionToken"))).status, 200);
  EXPECT_EQ(verify(id_token("42", "ada@example.com")).at("user").at("id"), in.at("user").at("id"));
  EXPECT_NE(verify(id_token("43", "eve@example.com")).at("user").at("id"), in.at("user").at("id"));
  EXPECT_EQ(verify(id_token("42", "ada@example.com", "another-app")).status, 401);
  EXPECT_EQ(verify("nonsense").status, 401);
  EXPECT_EQ(verify("").status, 401);
  EXPECT_EQ(get("/api/auth/me", id_token("42", "ada@example.com")).status, 401) << "it opens no other door";
  issuer_key = identity::Key::make();
  EXPECT_EQ(verify(id_token("42", "ada@example.com")).status, 401) << "somebody else's key";
}

TEST_F(PeopleOfChat, AgreeWithAnIdTokenToo) {
  const auto verify = [&](json::value body) {
    return call(http::Method::post, "/api/auth/verify", std::move(body), id_token("42", "ada@example.com"));
  };
  const auto id = text(verify(nullptr).at("user").at("id"));
  EXPECT_FALSE(run_task(consents.granted(id, "chat", "terms"))) << "nobody asked them";
  EXPECT_EQ(run_task(audit.of(id, "", 10)).size(), 0U);
  EXPECT_EQ(verify({{"consent", true}, {"voice_consent", false}, {"terms_version", "2026-11"}}).status, 200);
  const auto holding = run_task(consents.current(id, "chat"));
  ASSERT_EQ(holding.size(), 2U);
  EXPECT_EQ(holding[0].purpose, "terms");
  EXPECT_TRUE(holding[0].granted);
  EXPECT_EQ(holding[0].wording, "2026-11");
  EXPECT_FALSE(holding[1].granted);
  EXPECT_EQ(run_task(audit.of(id, "", 10)).size(), 2U);
  EXPECT_TRUE(verify({{"consent", "perhaps"}}).at("details").as_object().contains("consent"));
}

TEST_F(PeopleOfChat, StayForAWeekAndRenewForAMonth) {
  const auto joined = join();
  clock.advance(days(7) + std::chrono::seconds(11));
  EXPECT_EQ(get("/api/auth/me", text(joined.at("sessionToken"))).status, 401);
  clock.advance(days(22));
  const auto next = post("/api/auth/refresh", {{"refreshToken", text(joined.at("refreshToken"))}});
  EXPECT_EQ(next.status, 200);
  clock.advance(days(30));
  EXPECT_EQ(post("/api/auth/refresh", {{"refreshToken", text(next.at("refreshToken"))}}).status, 401);
}

TEST_F(PeopleOfChat, HaveOneTrial) {
  const auto joined = join();
  const auto id = text(joined.at("user").at("id"));
  EXPECT_TRUE(use(id, "conversations", 50));
  EXPECT_FALSE(use(id, "conversations"));
  clock.advance(days(15));
  const auto in = post("/api/auth/login", {{"email", "ada@example.com"}, {"password", "Correct horse 1"}});
  EXPECT_EQ(in.at("user").at("tier"), "NONE");
  EXPECT_FALSE(use(id, "conversations")) << "another month, but no plan";
}

TEST_F(PeopleOfChat, SeePricesInTheirCurrency) {
  const auto tiers = get("/api/billing/plans").at("tiers").as_array();
  ASSERT_EQ(tiers.size(), 2U);
  EXPECT_EQ(tiers[0].at("tier"), "PRO");
  EXPECT_EQ(tiers[0].at("prices"), (json::array{json::object{{"currency", "USD"}, {"amount", 4900}},
                                                json::object{{"currency", "EUR"}, {"amount", 4500}}}))
      << "no rate of the lira is known yet";
  EXPECT_EQ(tiers[1].at("prices").at(0).at("amount"), 12900);
  const auto token = text(join().at("sessionToken"));
  EXPECT_EQ(post("/api/billing/checkout", {{"tier", "PRO"}, {"currency", "TRY"}}, token).at("code"), "NO_RATE");
  EXPECT_EQ(post("/api/billing/checkout", {{"tier", "PRO"}, {"currency", "GBP"}}, token).status, 400);
}

// API keys are ULTRA's, and leave what is the person's own alone.
TEST_F(PeopleOfChat, CallByKeyWithUltra) {
  const auto joined = join();
  const auto id = text(joined.at("user").at("id")), token = text(joined.at("sessionToken"));
  const auto refused = post("/api/keys", {{"name", "my program"}}, token);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.at("code"), "UPGRADE_REQUIRED");
  EXPECT_EQ(refused.at("error"), "API keys are part of the ULTRA plan.");
  run_task(subscriptions.set_plan(id, product, "ultra"));
  const auto key = text(post("/api/keys", {{"name", "my program"}}, token).at("secret"));
  EXPECT_EQ(get("/api/billing/subscription", key).at("tier"), "ULTRA");
  for (const auto* path : {"/api/keys", "/api/webhook-endpoints", "/api/auth/me"})
    EXPECT_EQ(get(path, key).at("code"), "NOT_BY_API_KEY") << path;
  EXPECT_EQ(post("/api/billing/checkout", {{"tier", "PRO"}}, key).at("code"), "NOT_BY_API_KEY");
  run_task(subscriptions.set_plan(id, product, "none"));
  EXPECT_EQ(get("/api/billing/subscription", key).at("code"), "UPGRADE_REQUIRED");
}

TEST_F(PeopleOfChat, HaveTheirProgramsToldOfTheirTier) {
  const auto token = text(join().at("sessionToken"));
  const auto made = post("/api/webhook-endpoints", {{"url", "https://hooks.example/chat"}}, token);
  EXPECT_EQ(made.status, 201) << made.body;
  const auto order = json::object{{"tier", "ultra"}};
  pay(post("/api/billing/checkout", order, token).at("checkout_url").as_string());
  const auto told = events();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].at("type"), "subscription.changed");
  EXPECT_EQ(told[0].at("data").at("product"), "chat");
  EXPECT_EQ(told[0].at("data").at("plan"), "ultra");
  EXPECT_EQ(told[0].at("data").at("status"), "active");
  EXPECT_FALSE(told[0].at("data").as_object().contains("user_id"));
}

// Sign-up, limit reached, checkout, webhook, higher limit, cancel, downgrade.
TEST_F(PeopleOfChat, WalkThroughATier) {
  const auto joined = join();
  const auto id = text(joined.at("user").at("id")), token = text(joined.at("sessionToken"));
  EXPECT_TRUE(use(id, "voice_sessions"));
  EXPECT_FALSE(use(id, "voice_sessions"));
  EXPECT_TRUE(use(id, "spend", 9'500'000'000));
  const auto budget = get("/api/user/usage", token).at("daily_budget");
  EXPECT_DOUBLE_EQ(budget.at("left_usd").as_double(), 0.5);
  EXPECT_FALSE(use(id, "spend", 600'000'000));

  const auto checkout = post("/api/billing/checkout", {{"tier", "ultra"}}, token);
  ASSERT_EQ(checkout.status, 200) << checkout.body;
  pay(checkout.at("checkout_url").as_string());
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(get("/api/billing/subscription", token).at("tier"), "ULTRA");
  EXPECT_TRUE(use(id, "voice_sessions", 5));
  EXPECT_TRUE(use(id, "spend", 20'000'000'000));
  EXPECT_EQ(get("/api/user/usage", token).at("conversations").at("limit"), -1);
  EXPECT_EQ(post("/api/billing/cancel", json::object(), token).at("cancel_at_period_end"), true);
  clock.advance(days(32));
  const auto again = post("/api/auth/login", {{"email", "ada@example.com"}, {"password", "Correct horse 1"}});
  EXPECT_EQ(again.at("user").at("tier"), "NONE");
  EXPECT_EQ(again.at("user").at("subscription_status"), "canceled");
}

}  // namespace
}  // namespace odeon::chat
