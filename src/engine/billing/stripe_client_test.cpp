// Stripe's official SDK: signatures in both directions, and what it sends beside what we send.
#include <gtest/gtest.h>

#include <fstream>

#include "engine/billing/stripe_server_test.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::billing {
namespace {

using json::array;
using json::object;

struct StripeClient : ::testing::Test {
  static void SetUpTestSuite() {
    ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/engine/billing/clients " +
                           installed())
                              .c_str()),
              0);
  }
  static std::string installed() { return ODEON_BUILD_DIR "/npm/billing"; }

  json::value sdk(const std::string& action, const json::value& request) {
    std::ofstream(folder / "request.json") << json::write(request);
    const std::string command = fmt::format("node {}/stripe.mjs {} < {} > {}", installed(), action,
                                            folder / "request.json", folder / "answer.json");
    if (std::system(command.c_str()) != 0) throw std::runtime_error("the SDK refused");
    std::ifstream answer(folder / "answer.json");
    return json::parse(std::string{std::istreambuf_iterator<char>(answer), {}});
  }
  std::int64_t now() const { return std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count(); }
  bool taken(const std::string& payload, const json::value& header, Stripe& by) const {
    http::Headers headers;
    headers.add("Stripe-Signature", std::string(header.as_string()));
    try {
      return run_task(by.read_webhook(payload, headers)).id == "evt_ü";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::invalid);
      return false;
    }
  }

  const std::string payload =
      "{\n  \"id\": \"evt_ü\",\n  \"type\": \"a.b\", \"data\": {\"object\": {\"n\": 1.50}}\n}\n";
  testing::ScratchFolder folder;
  testing::FakeClock clock;
  http::Client client{http::ClientOptions{}};
};

TEST_F(StripeClient, ItsSignaturesAreTaken) {
  Stripe ours(client, clock, {.webhook_secrets = {"whsec_new", "whsec_old"}});
  auto signed_with = [&](const char* secret, std::int64_t by = 0, const char* scheme = "v1") {
    return object{{"payload", payload}, {"secret", secret}, {"timestamp", now() + by}, {"scheme", scheme}};
  };
  const auto headers =
      sdk("sign", array{signed_with("whsec_new"), signed_with("whsec_old"), signed_with("whsec_other"),
                        signed_with("whsec_new", -300), signed_with("whsec_new", -301), signed_with("whsec_new", 300),
                        signed_with("whsec_new", 301), signed_with("whsec_new", 0, "v0")});
  const std::vector<bool> expected{true, true, false, true, false, true, false, false};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(taken(payload, headers.at(i), ours), expected[i]) << i;

  const auto& good = headers.at(0);
  std::string tampered = payload;
  tampered[tampered.find("1.50")] = '9';
  EXPECT_FALSE(taken(tampered, good, ours));
  EXPECT_FALSE(taken(json::write(json::parse(payload)), good, ours)) << "written anew";
  Stripe after_the_roll(client, clock, {.webhook_secrets = {"whsec_new"}});
  EXPECT_TRUE(taken(payload, good, after_the_roll));
  EXPECT_FALSE(taken(payload, headers.at(1), after_the_roll));
  EXPECT_TRUE(taken(payload,
                    json::value(std::string(headers.at(1).as_string()) + "," +
                                std::string(good.as_string()).substr(good.as_string().find("v1"))),
                    after_the_roll));
}

TEST_F(StripeClient, TakesOurSignatures) {
  auto check = [&](const std::string& header, const std::string& body) {
    return object{{"payload", body}, {"header", header}, {"secret", "whsec_1"}, {"receivedAt", now() * 1000}};
  };
  const auto old = clock.now() - std::chrono::seconds(301);
  const auto answer = sdk("verify", array{check(sign(payload, "whsec_1", clock.now()), payload),
                                          check(sign(payload, "whsec_2", clock.now()), payload),
                                          check(sign(payload, "whsec_1", old), payload),
                                          check(sign(payload, "whsec_1", clock.now()), payload + " ")});
  EXPECT_EQ(answer, (array{"evt_ü", "StripeSignatureVerificationError", "StripeSignatureVerificationError",
                           "StripeSignatureVerificationError"}));
}

TEST_F(StripeClient, SendsWhatWeSendAndUnderstandsTheStandIn) {
  StripeServer server(clock);
  Stripe ours(client, clock, server.options());
  CheckoutOrder order{.user_id = "ann",
                      .mail = "ann+1@example.com",
                      .offer = {"briefings", "pro", Cycle::yearly},
                      .trial_days = 7,
                      .success_url = "https://app.test/done?id={CHECKOUT_SESSION_ID}&x=ä b",
                      .cancel_url = "https://app.test/no",
                      .key = "ours"};
  const auto checkout = run_task(ours.create_checkout(order));
  const std::string subscription = server.pay(checkout.id);
  const object metadata{{"user_id", "ann"}, {"product", "briefings"}};
  const object params{
      {"mode", "subscription"},
      {"payment_method_types", array{"card"}},
      {"line_items", array{object{{"price", "price_pro_yearly"}, {"quantity", 1}}}},
      {"success_url", order.success_url},
      {"cancel_url", order.cancel_url},
      {"client_reference_id", "ann"},
      {"customer_email", order.mail},
      {"allow_promotion_codes", true},
      {"billing_address_collection", "auto"},
      {"metadata", metadata},
      {"subscription_data",
       object{{"metadata", metadata},
              {"trial_period_days", 7},
              {"trial_settings", object{{"end_behavior", object{{"missing_payment_method", "cancel"}}}}}}}};
  const int port = std::stoi(server.url().substr(server.url().rfind(':') + 1));
  const auto answer = sdk("walk", object{{"port", port}, {"checkout", params}, {"subscription", subscription}});
  EXPECT_EQ(answer.at("session"), "checkout.session");
  EXPECT_EQ(answer.at("portal"), "https://billing.stripe.test/p/cus_1");
  EXPECT_EQ(answer.at("price"), "price_pro_yearly");
  EXPECT_EQ(answer.at("cancelled"), true);
  EXPECT_EQ(answer.at("invoice"), subscription.c_str());
  EXPECT_EQ(answer.at("missing"), "StripeInvalidRequestError resource_missing");
  EXPECT_EQ(answer.at("expired"), "expired");

  const auto asked = server.asked();
  EXPECT_EQ(asked.at(0).path, asked.at(1).path);
  EXPECT_EQ(asked.at(0).form, asked.at(1).form);
  for (const char* field : {"Authorization", "Content-Type", "Stripe-Version"})
    EXPECT_EQ(asked.at(0).headers.get(field), asked.at(1).headers.get(field)) << field;
  run_task(ours.fetch(subscription));
  EXPECT_EQ(server.asked().back().form, asked.at(3).form) << "how it asks for the invoice";
}

}  // namespace
}  // namespace odeon::billing
