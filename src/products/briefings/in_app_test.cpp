// From a purchase in the app to a plan and back, as an app and the stores do it.
#include "products/briefings/in_app.hpp"

#include <gmock/gmock.h>

#include "engine/billing/api_access.hpp"
#include "engine/billing/stores_shop_test.hpp"
#include "engine/identity/fixture_test.hpp"
#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using json::object;
using std::chrono::days;

struct InAppTest : BriefingsTest {
  InAppTest() {
    open({});
    people.emplace(shared);
    access.emplace(people->identity, dated, billing::PersonsOwn{{std::string(kProduct), kPersonsOwn}});
    shop.emplace(*access);
    till.add(apple);
    till.add(play);
    auto api = std::make_unique<http::Api>("briefings", "Briefings", std::make_unique<EnvelopeFormat>());
    in_app.mount(*api);
    standing.mount(*api);
    shop->add(std::move(api));
    ann = people->join("ann@example.com");
    bob = people->join("bob@example.com");
  }
  ~InAppTest() override {
    if (applying) on_loop(applier.stop());
  }

  testing::HttpReply validate(const identity::Account& who, object body) {
    return shop->call(
        http::Method::post, "/briefings/api/subscription/validate-iap", json::write(body),
        {{"Authorization", "Bearer " + people->sign_in(who).access_token}, {"Content-Type", "application/json"}});
  }
  std::string refusal(const identity::Account& who, object body, unsigned status) {
    const auto reply = validate(who, std::move(body));
    EXPECT_EQ(reply.status, status) << reply.body;
    return std::string(reply.json().at("error").at("code").as_string());
  }
  std::string tier(const identity::Account& who) {
    const auto reply = shop->call(http::Method::get, "/briefings/api/subscription/status", "",
                                  {{"Authorization", "Bearer " + people->sign_in(who).access_token}});
    return std::string(reply.json().at("data").at("tier").as_string());
  }
  testing::HttpReply webhook(const char* store, const std::string& body, const std::string& authorization = "") {
    return shop->call(http::Method::post, std::string("/briefings/api/webhooks/") + store, body,
                      {{"Authorization", authorization}, {"Content-Type", "application/json"}});
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

  identity::Shared shared;
  testing::FakeClock& date = shared.clock;
  std::optional<identity::Node> people;
  billing::Subscriptions dated{*database, plans, date};
  std::optional<billing::KeyAccess> access;
  http::Client client{http::ClientOptions{}};
  billing::AppStoreServer apple_server{date};
  billing::PlayServer play_server{date};
  identity::RemoteKeys keys{play_server.keys_url(), identity::fetch_by(client), *coordination, date, log};
  billing::AppStore apple{client, date, apple_server.options()};
  billing::GooglePlay play{client, date, *database, queue, keys, play_server.options(billing::test_products())};
  billing::Payments till{*database, queue, dated, date, log};
  billing::Allowances dated_allowances{*database, dated, date};
  Account standing{store, voices, dated, dated_allowances, date};
  InApp in_app{till, standing, &apple, &play};
  jobs::Worker applier{queue, clock, log, metrics, {.backoff = std::chrono::milliseconds(1)}};
  bool applying = false;
  identity::Account ann, bob;
  std::optional<testing::HttpServer> shop;
};

TEST_F(InAppTest, FromAPurchaseOnAnIPhoneToAPlanAndBack) {
  const std::string id = apple_server.buy("app.premium.monthly", ann.id);
  const object bought{
      {"platform", "ios"}, {"receipt", apple_server.receipt(id)}, {"product_id", "app.premium.monthly"}};
  const auto reply = validate(ann, bought);
  EXPECT_EQ(reply.status, 200) << reply.body;
  const auto data = reply.json().at("data");
  EXPECT_EQ(data.at("tier"), "premium");
  EXPECT_EQ(data.at("expires_at"), to_iso8601(date.now() + days(30)).c_str());
  EXPECT_EQ(data.at("usage").at("briefings_limit"), 5);
  EXPECT_EQ(validate(ann, bought).body.find("PURCHASE_TAKEN"), std::string::npos) << "the same again";
  EXPECT_EQ(refusal(bob, bought, 409), "PURCHASE_TAKEN");
  EXPECT_EQ(tier(bob), "free");

  apple_server.set_status(id, 2);
  const std::string event = apple_server.event("EXPIRED", id);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(webhook("apple", event).status, 200);
  applied();
  EXPECT_EQ(tier(ann), "free");
}

TEST_F(InAppTest, FromAPurchaseOnAndroidToAPlanAndBack) {
  const std::string token = play_server.buy("app.pro.yearly");
  const object bought{{"platform", "android"}, {"receipt", token}, {"product_id", "app.pro.yearly"}};
  EXPECT_EQ(validate(ann, bought).json().at("data").at("tier"), "pro");
  EXPECT_EQ(play_server.purchase(token).at("acknowledgementState"), "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED");
  EXPECT_EQ(refusal(bob, bought, 409), "PURCHASE_TAKEN");

  play_server.set_state(token, "EXPIRED");
  const auto push = play_server.tell(token, 13);
  const std::string authorization(push.headers.get("Authorization"));
  EXPECT_EQ(webhook("google", push.body, authorization).status, 200);
  applied();
  EXPECT_EQ(tier(ann), "free");
}

TEST_F(InAppTest, WhatIsNotSoIsRefused) {
  const std::string id = apple_server.buy("app.premium.monthly"), token = play_server.buy("app.premium.monthly");
  const std::string receipt = apple_server.receipt(id);
  auto body = [](const char* platform, const std::string& receipt, const char* product) {
    return object{{"platform", platform}, {"receipt", receipt}, {"product_id", product}};
  };
  EXPECT_EQ(refusal(ann, body("ios", receipt, "app.pro.monthly"), 400), "PRODUCT_MISMATCH");
  EXPECT_EQ(refusal(ann, body("android", token, "app.pro.monthly"), 400), "PRODUCT_MISMATCH");
  EXPECT_EQ(refusal(ann, body("ios", receipt + "x", "app.premium.monthly"), 400), "INVALID_RECEIPT");
  EXPECT_EQ(refusal(ann, body("ios", "42", "app.premium.monthly"), 404), "NO_SUCH_PURCHASE");
  EXPECT_EQ(refusal(ann, body("android", "token.42", "app.premium.monthly"), 404), "NO_SUCH_PURCHASE");
  EXPECT_EQ(refusal(ann, body("windows", receipt, "app.premium.monthly"), 400), "VALIDATION_ERROR");
  EXPECT_EQ(refusal(ann, {}, 400), "VALIDATION_ERROR");
  EXPECT_EQ(tier(ann), "free") << "none of these was adopted";
  EXPECT_EQ(shop->post("/briefings/api/subscription/validate-iap", "{}").status, 401);

  EXPECT_EQ(webhook("apple", "{}").status, 400);
  EXPECT_EQ(webhook("google", play_server.tell(token).body, "Bearer x").status, 400);
  EXPECT_TRUE(on_loop(database->query<std::string>("SELECT event_id FROM billing_webhooks")).empty());
}

TEST_F(InAppTest, AKeyBuysNothing) {
  give(ann.id, "pro");
  const identity::ApiKeys::Order order{
      .account_id = ann.id, .product = "briefings", .name = "cron", .scopes = {"read", "write"}};
  const auto reply = shop->call(http::Method::post, "/briefings/api/subscription/validate-iap", "{}",
                                {{"Authorization", "Bearer " + run_task(people->keys.create(order)).secret},
                                 {"Content-Type", "application/json"}});
  EXPECT_EQ(reply.status, 403) << reply.body;
}

TEST_F(InAppTest, AStoreThatIsNotSetUpChecksNothing) {
  InApp alone{till, standing, nullptr, nullptr};
  for (const auto platform : {AppSystem::ios, AppSystem::android}) {
    try {
      on_loop(alone.validate({}, {.platform = platform, .receipt = {"1"}, .product_id = {"p"}}));
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "PAYMENT_NOT_CONFIGURED");
    }
  }
}

}  // namespace
}  // namespace odeon::briefings
