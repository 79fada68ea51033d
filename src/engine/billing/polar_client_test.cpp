// Polar's official SDK: signatures in both directions, whether it can read what our stand-in answers, and what it sends
// beside what we send.
#include <gtest/gtest.h>

#include <fstream>

#include "engine/billing/polar_server_test.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::billing {
namespace {

using json::array;
using json::object;

struct PolarClient : ::testing::Test {
  static void SetUpTestSuite() {
    ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/engine/billing/clients " +
                           installed())
                              .c_str()),
              0);
  }
  static std::string installed() { return ODEON_BUILD_DIR "/npm/billing"; }

  json::value sdk(const std::string& action, const json::value& request) {
    std::ofstream(folder / "request.json") << json::write(request);
    const std::string command = fmt::format("node {}/polar.mjs {} < {} > {}", installed(), action,
                                            folder / "request.json", folder / "answer.json");
    if (std::system(command.c_str()) != 0) throw std::runtime_error("the SDK refused");
    std::ifstream answer(folder / "answer.json");
    return json::parse(std::string{std::istreambuf_iterator<char>(answer), {}});
  }
  std::int64_t now() const { return std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count(); }
  bool taken(const std::string& body, const std::string& signature, std::int64_t timestamp,
             std::vector<std::string> secrets, const std::string& id = "msg_1") {
    Polar ours(client, clock, {.webhook_secrets = std::move(secrets)});
    http::Headers headers;
    headers.add("webhook-id", id);
    headers.add("webhook-timestamp", std::to_string(timestamp));
    headers.add("webhook-signature", signature);
    try {
      return run_task(ours.read_webhook(body, headers)).type == "order.paid";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::invalid);
      return false;
    }
  }
  // As `verify` takes it.
  object seen(const PolarEvent& event, const std::string& secret = kPolarSecret, std::int64_t late = 0) const {
    object headers;
    for (const char* name : {"webhook-id", "webhook-timestamp", "webhook-signature"})
      headers[name] = event.headers.get(name);
    return {{"payload", event.body}, {"headers", headers}, {"secret", secret}, {"receivedAt", (now() + late) * 1000}};
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  PolarServer server{clock};
  http::Client client{http::ClientOptions{}};
  Polar polar{client, clock, server.options()};
};

TEST_F(PolarClient, ItsLibrarysSignaturesAreTaken) {
  const std::string payload = "{\n  \"type\": \"order.paid\", \"data\": {\"id\": \"ü\", \"n\": 1.50}}\n";
  const auto asked = [&](const char* secret, std::int64_t by = 0) {
    return object{{"payload", payload}, {"secret", secret}, {"id", "msg_1"}, {"timestamp", now() + by}};
  };
  const auto made = sdk("sign", array{asked("polar_whs_new"), asked("polar_whs_old"), asked("polar_whs_new", -300),
                                      asked("polar_whs_new", -301), asked("polar_whs_new", 300),
                                      asked("polar_whs_new", 301), asked("whsec_c2VjcmV0"), asked("gëheim")});
  const auto at = [&](std::size_t i) { return std::string(made.at(i).as_string()); };
  const std::vector<std::string> both{"polar_whs_new", "polar_whs_old"};
  EXPECT_TRUE(taken(payload, at(0), now(), both));
  EXPECT_TRUE(taken(payload, at(1), now(), both));
  EXPECT_FALSE(taken(payload, at(1), now(), {"polar_whs_new"})) << "after it was replaced";
  EXPECT_TRUE(taken(payload, at(1) + " " + at(0), now(), {"polar_whs_new"})) << "signed with both";
  EXPECT_TRUE(taken(payload, at(2), now() - 300, both));
  EXPECT_FALSE(taken(payload, at(3), now() - 301, both));
  EXPECT_TRUE(taken(payload, at(4), now() + 300, both));
  EXPECT_FALSE(taken(payload, at(5), now() + 301, both));
  EXPECT_TRUE(taken(payload, at(6), now(), {"whsec_c2VjcmV0"})) << "the secret as it is shown";
  EXPECT_TRUE(taken(payload, at(7), now(), {"gëheim"}));

  std::string tampered = payload;
  tampered[tampered.find("1.50")] = '9';
  EXPECT_FALSE(taken(tampered, at(0), now(), both));
  EXPECT_FALSE(taken(json::write(json::parse(payload)), at(0), now(), both)) << "written anew";
  EXPECT_FALSE(taken(payload, at(0), now() + 1, both));
  EXPECT_FALSE(taken(payload, at(0), now(), both, "msg_2"));
}

TEST_F(PolarClient, TakesOurSignaturesAndReadsOurEvents) {
  const std::string checkout = run_task(polar.create_checkout({.user_id = "ann", .offer = {"briefings", "pro"}})).id;
  const std::string id = server.pay(checkout), order = server.newest_order(id);
  const auto paid = server.event("order.paid", order);
  PolarEvent tampered = paid, anew = paid;
  tampered.body.back() = ' ';
  anew.body = " " + anew.body;
  array asked{
      seen(paid), seen(paid, "another"), seen(paid, kPolarSecret, 301), seen(paid, kPolarSecret, -301), seen(tampered),
      seen(anew)};
  const char* fault = "WebhookVerificationError";
  array expected{("order.paid " + order).c_str(), fault, fault, fault, fault, fault};
  const auto reads = [&](const char* type, const std::string& about) {
    asked.push_back(seen(server.event(type, about)));
    expected.push_back(fmt::format("{} {}", type, about).c_str());
  };
  reads("checkout.updated", checkout);
  reads("subscription.created", id);
  reads("subscription.active", id);
  run_task(polar.cancel_at_period_end(id));
  reads("subscription.canceled", id);
  reads("order.updated", server.renew(id, false));
  reads("subscription.past_due", id);
  server.revoke(id);
  reads("subscription.revoked", id);
  EXPECT_EQ(sdk("verify", asked), expected);
}

TEST_F(PolarClient, SendsWhatWeSendAndUnderstandsTheStandIn) {
  CheckoutOrder order{.user_id = "ann",
                      .mail = "ann+1@example.com",
                      .offer = {"briefings", "pro", Cycle::monthly},
                      .currency = "try",
                      .amount = 149'900,
                      .trial_days = 7,
                      .success_url = "https://app.test/done?id={CHECKOUT_SESSION_ID}&x=ä b",
                      .cancel_url = "https://app.test/no"};
  const auto checkout = run_task(polar.create_checkout(order));
  auto plain = order;
  plain.trial_days = 0;
  const auto bought = run_task(polar.create_checkout(plain));
  const std::string id = server.pay(bought.id);
  const object params{
      {"products", array{"product-pro"}},
      {"currency", "try"},
      {"prices", object{{"product-pro",
                         array{object{{"amountType", "fixed"}, {"priceCurrency", "try"}, {"priceAmount", 149'900}}}}}},
      {"successUrl", "https://app.test/done?id={CHECKOUT_ID}&x=ä b"},
      {"returnUrl", "https://app.test/no"},
      {"allowDiscountCodes", true},
      {"allowTrial", true},
      {"trialInterval", "day"},
      {"trialIntervalCount", 7},
      {"externalCustomerId", "ann"},
      {"customerEmail", "ann+1@example.com"},
      {"metadata", object{{"user_id", "ann"}, {"product", "briefings"}, {"plan", "pro"}, {"cycle", "monthly"}}}};
  const std::size_t before = server.asked().size();
  const auto answer =
      sdk("walk", object{{"url", server.url()}, {"checkout", params}, {"paid", bought.id}, {"subscription", id}});
  EXPECT_EQ(answer.at("checkout"), "open try 149900");
  EXPECT_EQ(answer.at("paid"), "succeeded");
  EXPECT_EQ(answer.at("portal"), "https://polar.test/portal?customer_session_token=polar_cst_1");
  EXPECT_EQ(answer.at("product"), "product-pro");
  EXPECT_EQ(answer.at("owner"), "ann");
  EXPECT_EQ(answer.at("listed"), array{bought.id.c_str()});
  EXPECT_EQ(answer.at("order"), (id + " 149900 try").c_str());
  EXPECT_EQ(answer.at("cancelled"), true);
  EXPECT_EQ(answer.at("missing"), "ResourceNotFound");

  const auto asked = server.asked();
  // It writes out some of what is so anyway.
  auto theirs = asked.at(before), listing = asked.at(before + 4), orders = asked.at(before + 5);
  for (const char* member : {"require_billing_address", "is_business_customer"})
    EXPECT_EQ(theirs.body.as_object().erase(member), 1) << member;
  for (auto* page : {&listing, &orders}) EXPECT_EQ(page->query.erase("page"), 1);
  EXPECT_EQ(asked.at(0).path, theirs.path);
  EXPECT_EQ(asked.at(0).body, theirs.body);
  for (const char* field : {"Authorization", "Content-Type", "Accept"})
    EXPECT_EQ(asked.at(0).headers.get(field), theirs.headers.get(field)) << field;
  run_task(polar.close_checkout(bought.id));
  EXPECT_EQ(server.asked().back().path, listing.path);
  EXPECT_EQ(server.asked().back().query, listing.query) << "how it asks for subscriptions";
  run_task(polar.fetch(id));
  EXPECT_EQ(server.asked().back().query, orders.query) << "and for orders";
}

}  // namespace
}  // namespace odeon::billing
