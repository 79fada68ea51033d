// From sign-up to a plan and back, as an app and Stripe (or the sandbox's pages) do it.
#include "products/briefings/payment.hpp"

#include <gmock/gmock.h>

#include "engine/billing/api_access.hpp"
#include "engine/billing/stripe_server_test.hpp"
#include "engine/identity/fixture_test.hpp"
#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using json::array;
using json::object;
using std::chrono::days;

struct PaymentTest : BriefingsTest {
  PaymentTest() {
    open({});
    people.emplace(shared);
    access.emplace(people->identity, dated, billing::PersonsOwn{{std::string(kProduct), kPersonsOwn}});
    shop.emplace(*access);
    till.add(stripe);
    auto api = std::make_unique<http::Api>("briefings", "Briefings", std::make_unique<EnvelopeFormat>());
    payment.mount(*api);
    standing.mount(*api);
    mine.mount(*api);
    shop->add(std::move(api));
    account = people->join("ann@example.com");
    sign_in();
  }
  void sign_in() { token = people->sign_in(account).access_token; }
  ~PaymentTest() override {
    if (applying) on_loop(applier.stop());
  }

  testing::HttpReply ask(http::Method method, const std::string& target, json::value body = nullptr) {
    return shop->call(method, "/briefings" + target, body.is_null() ? "" : json::write(body),
                      {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}});
  }
  json::value post(const std::string& target, json::value body = nullptr, unsigned expected = 200) {
    const auto reply = ask(http::Method::post, target, std::move(body));
    EXPECT_EQ(reply.status, expected) << reply.body;
    return reply.json().at(expected == 200 ? "data" : "error");
  }
  json::value plan() { return ask(http::Method::get, "/api/subscription/status").json().at("data"); }
  std::string briefing() {
    return std::string(post("/api/briefings", object{{"tickers", array{"AAPL"}}}).at("status").as_string());
  }

  testing::HttpReply webhook(const billing::SignedEvent& event) {
    return shop->call(http::Method::post, "/briefings/api/webhooks/stripe", event.body,
                      {{"Stripe-Signature", event.signature}, {"Content-Type", "application/json; charset=utf-8"}});
  }
  // Until every webhook's job has ended.
  void applied() {
    if (!applying) {
      till.install(applier);
      on_loop(applier.start());
      applying = true;
    }
    auto ignore = [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; };
    for (const auto& id :
         on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = 'billing.apply_webhook'")))
      on_loop(queue.watch(id, ignore));
  }
  void hear(const std::string& type, const std::string& about) {
    const auto reply = webhook(server_of_stripe.event(type, about));
    EXPECT_EQ(reply.status, 200) << reply.body;
    applied();
  }

  identity::Shared shared;
  testing::FakeClock& date = shared.clock;
  std::optional<identity::Node> people;
  billing::Subscriptions dated{*database, plans, date};
  std::optional<billing::KeyAccess> access;
  billing::StripeServer server_of_stripe{date};
  http::Client client{http::ClientOptions{}};
  billing::Stripe stripe{client, date, server_of_stripe.options()};
  billing::Payments till{*database, queue, dated, date, log};
  Payment payment{till, "https://app.test"};
  billing::Allowances dated_allowances{*database, dated, date};
  Account standing{store, voices, dated, dated_allowances, date};
  Personal mine{*database, store, queue, *coordination, playback, quotes, voices, dated, dated_allowances, pool, date};
  jobs::Worker applier{queue, clock, log, metrics, {.backoff = std::chrono::milliseconds(1)}};
  bool applying = false;
  identity::Account account;
  std::string token;
  std::optional<testing::HttpServer> shop;
};

TEST_F(PaymentTest, FromSignUpToAPlanAndBack) {
  EXPECT_EQ(plan().at("tier"), "free");
  EXPECT_EQ(briefing(), "upgrade_required");

  const auto checkout = post("/api/subscription/create-checkout", object{{"tier", "premium"}, {"period", "monthly"}});
  const std::string session(checkout.at("session_id").as_string());
  EXPECT_EQ(checkout.at("checkout_url"), ("https://checkout.stripe.test/c/" + session).c_str());
  const auto asked = server_of_stripe.asked().back().form;
  EXPECT_EQ(asked.at("customer_email"), "ann@example.com");
  EXPECT_EQ(asked.at("client_reference_id"), account.id);
  EXPECT_EQ(asked.at("success_url"), "https://app.test/subscription/success?session_id={CHECKOUT_SESSION_ID}");
  EXPECT_EQ(asked.at("subscription_data[trial_period_days]"), "7");

  const std::string id = server_of_stripe.pay(session);
  hear("checkout.session.completed", session);
  EXPECT_EQ(plan().at("tier"), "premium");
  EXPECT_EQ(plan().at("status"), "active");
  EXPECT_EQ(plan().at("expires_at"), to_iso8601(date.now() + days(7)).c_str());
  EXPECT_EQ(plan().at("usage").at("briefings_limit"), 5);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(briefing(), "queued");
  EXPECT_EQ(briefing(), "limited");
  EXPECT_EQ(post("/api/subscription/create-checkout", object{{"tier", "pro"}, {"period", "yearly"}}, 409).at("code"),
            "ALREADY_SUBSCRIBED");
  EXPECT_EQ(post("/api/subscription/checkout", object{{"tier", "pro"}}, 409).at("code"), "ALREADY_SUBSCRIBED");

  const std::string portal(post("/api/subscription/manage").at("portal_url").as_string());
  EXPECT_THAT(portal, ::testing::StartsWith("https://billing.stripe.test/p/cus_"));
  server_of_stripe.change_price(id, "price_pro_yearly");
  hear("customer.subscription.updated", id);
  EXPECT_EQ(plan().at("tier"), "pro");
  EXPECT_EQ(briefing(), "queued");

  server_of_stripe.set(id, "cancel_at_period_end", true);
  hear("customer.subscription.updated", id);
  EXPECT_EQ(plan().at("cancel_at_period_end"), true);
  EXPECT_EQ(plan().at("tier"), "pro");
  date.advance(days(7));
  sign_in();
  EXPECT_EQ(plan().at("tier"), "free");
  EXPECT_EQ(plan().at("status"), "canceled");
  EXPECT_EQ(briefing(), "upgrade_required");
  server_of_stripe.set(id, "status", "canceled");
  hear("customer.subscription.deleted", id);
  EXPECT_EQ(plan().at("tier"), "free");
}

TEST_F(PaymentTest, WebhooksThatAreNotSignedAreRefusedAndForgotten) {
  const auto good = server_of_stripe.signed_now(
      R"({"id":"evt_1","type":"customer.subscription.updated","data":{"object":{"id":"sub_1","customer":"cus_1"}}})");
  for (const auto& bad : {billing::SignedEvent{good.body, ""}, billing::SignedEvent{good.body + " ", good.signature},
                          billing::SignedEvent{json::write(json::parse(good.body)) + "\n", good.signature},
                          billing::SignedEvent{"", good.signature}, billing::SignedEvent{"{}", good.signature},
                          server_of_stripe.signed_now("{}")}) {
    const auto reply = webhook(bad);
    EXPECT_EQ(reply.status, 400) << reply.body;
    EXPECT_EQ(reply.json().at("success"), false);
  }
  date.advance(std::chrono::seconds(301));
  EXPECT_EQ(webhook(good).status, 400);
  EXPECT_TRUE(on_loop(database->query<std::string>("SELECT event_id FROM billing_webhooks")).empty());
  EXPECT_EQ(webhook(server_of_stripe.signed_now(good.body)).status, 200);
  EXPECT_EQ(webhook(server_of_stripe.signed_now(good.body)).status, 200);
  EXPECT_EQ(on_loop(database->query<std::string>("SELECT event_id FROM billing_webhooks")).size(), 1U);
}

TEST_F(PaymentTest, WrongOrdersAreRefused) {
  for (const auto& order :
       {object{}, object{{"tier", "free"}, {"period", "monthly"}}, object{{"tier", "pro"}},
        object{{"tier", "gold"}, {"period", "monthly"}}, object{{"tier", "pro"}, {"period", "daily"}}})
    EXPECT_EQ(ask(http::Method::post, "/api/subscription/create-checkout", order).status, 400) << json::write(order);
  EXPECT_EQ(shop->post("/briefings/api/subscription/create-checkout", "{}").status, 401);
  EXPECT_EQ(shop->post("/briefings/api/subscription/manage", "").status, 401);
  const auto error = post("/api/subscription/manage", nullptr, 404);
  EXPECT_EQ(error.at("code"), "NO_SUBSCRIPTION");
  EXPECT_EQ(error.at("upgrade_url"), "app://upgrade");
}

TEST_F(PaymentTest, AKeyBuysNothing) {
  give(account.id, "pro");
  const identity::ApiKeys::Order order{
      .account_id = account.id, .product = "briefings", .name = "cron", .scopes = {"read", "write"}};
  token = run_task(people->keys.create(order)).secret;
  EXPECT_EQ(plan().at("tier"), "pro");
  EXPECT_EQ(post("/api/subscription/create-checkout", object{{"tier", "pro"}, {"period", "yearly"}}, 403).at("code"),
            "NOT_BY_API_KEY");
  for (const char* own : {"/api/subscription/manage", "/api/subscription/checkout"})
    EXPECT_EQ(post(own, object{{"tier", "pro"}}, 403).at("code"), "NOT_BY_API_KEY") << own;
}

TEST_F(PaymentTest, PagesOfOursEndAPaymentWhereThereIsNoApp) {
  for (const char* page : {"success?session_id=cs_1", "cancel"}) {
    const auto reply = shop->get(std::string("/briefings/subscription/") + page);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.headers.get("Content-Type"), "text/html; charset=utf-8");
  }
}

}  // namespace
}  // namespace odeon::briefings
