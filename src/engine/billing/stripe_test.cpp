#include "engine/billing/stripe.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/stripe_server_test.hpp"
#include "engine/billing/stripe_wire.hpp"
#include "testing/clock.hpp"

namespace odeon::billing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct StripeTest : ::testing::Test {
  CheckoutOrder order(std::int64_t trial_days = 0) {
    return {.user_id = "ann",
            .mail = "ann+1@example.com",
            .offer = {"briefings", "premium", Cycle::monthly},
            .trial_days = trial_days,
            .success_url = "https://app.test/done?id={CHECKOUT_SESSION_ID}&x=ä",
            .cancel_url = "https://app.test/no",
            .key = fmt::format("key-{}", ++keys)};
  }
  Checkout begun(CheckoutOrder order) { return run_task(stripe.create_checkout(std::move(order))); }
  std::string subscribed(std::int64_t trial_days = 0) { return server.pay(begun(order(trial_days)).id); }
  Contract fetched(const std::string& id) { return run_task(stripe.fetch(id)).value(); }
  Error refusal(std::string id = "sub_1") {
    try {
      run_task(stripe.fetch(std::move(id)));
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it was not refused");
  }
  WebhookEvent read(const SignedEvent& event) {
    http::Headers headers;
    headers.add("stripe-signature", event.signature);
    return run_task(stripe.read_webhook(event.body, headers));
  }

  int keys = 0;
  testing::FakeClock clock;
  StripeServer server{clock};
  http::Client client{http::ClientOptions{}};
  Stripe stripe{client, clock, server.options()};
};

TEST_F(StripeTest, BeginsACheckoutAsItsDocumentationSays) {
  const auto checkout = begun(order(7));
  EXPECT_EQ(checkout.url, "https://checkout.stripe.test/c/" + checkout.id);
  const auto asked = server.asked().at(0);
  EXPECT_EQ(asked.headers.get("Stripe-Version"), Stripe::api_version);
  EXPECT_EQ(asked.headers.get("Idempotency-Key"), "key-1");
  EXPECT_EQ(asked.headers.get("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(asked.form, (std::map<std::string, std::string>{
                            {"mode", "subscription"},
                            {"payment_method_types[0]", "card"},
                            {"line_items[0][price]", "price_premium_monthly"},
                            {"line_items[0][quantity]", "1"},
                            {"success_url", "https://app.test/done?id={CHECKOUT_SESSION_ID}&x=ä"},
                            {"cancel_url", "https://app.test/no"},
                            {"client_reference_id", "ann"},
                            {"customer_email", "ann+1@example.com"},
                            {"allow_promotion_codes", "true"},
                            {"billing_address_collection", "auto"},
                            {"metadata[user_id]", "ann"},
                            {"metadata[product]", "briefings"},
                            {"subscription_data[metadata][user_id]", "ann"},
                            {"subscription_data[metadata][product]", "briefings"},
                            {"subscription_data[trial_period_days]", "7"},
                            {"subscription_data[trial_settings][end_behavior][missing_payment_method]", "cancel"}}));
}

TEST_F(StripeTest, TheSameOrderAgainIsTheSameCheckout) {
  const auto same = order();
  EXPECT_EQ(begun(same).id, begun(same).id);
  EXPECT_NE(begun(order()).id, begun(same).id);
}

TEST_F(StripeTest, KnowsACustomerAgainUnlessTheyWereDeleted) {
  auto again = order();
  again.customer = "cus_9";
  begun(again);
  EXPECT_EQ(server.asked().back().form.at("customer"), "cus_9");
  EXPECT_FALSE(server.asked().back().form.contains("customer_email"));
  server.forget_customer("cus_9");
  again.key = "another";
  begun(again);
  EXPECT_FALSE(server.asked().back().form.contains("customer"));
  EXPECT_EQ(server.asked().back().form.at("customer_email"), "ann+1@example.com");
}

TEST_F(StripeTest, AnOfferWithoutAPriceIsNotSold) {
  auto gold = order();
  gold.offer.plan = "gold";
  try {
    begun(gold);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "PRICE_NOT_CONFIGURED");
  }
  EXPECT_TRUE(server.asked().empty());
}

TEST_F(StripeTest, ACheckoutIsClosedUnlessItIsPaid) {
  const auto open = begun(order()), paid = begun(order());
  EXPECT_FALSE(run_task(stripe.close_checkout(open.id)));
  EXPECT_FALSE(run_task(stripe.close_checkout(open.id))) << "closed already";
  EXPECT_FALSE(run_task(stripe.close_checkout("cs_unknown")));
  const std::string subscription = server.pay(paid.id);
  EXPECT_EQ(run_task(stripe.close_checkout(paid.id)), subscription);
}

TEST_F(StripeTest, TheTruthAboutASubscription) {
  const std::string id = subscribed(7);
  auto contract = fetched(id);
  EXPECT_EQ(contract.user_id, "ann");
  EXPECT_EQ(contract.offer, (Offer{"briefings", "premium", Cycle::monthly}));
  EXPECT_EQ(contract.status, ContractStatus::trialing);
  EXPECT_TRUE(contract.had_trial);
  EXPECT_EQ(contract.period_end - contract.period_start, std::chrono::days(7));
  EXPECT_FALSE(contract.latest_invoice) << "nothing was paid yet";

  server.change_price(id, "price_pro_yearly");
  server.set(id, "metadata", json::object{{"user_id", "ann"}, {"plan", "premium"}});
  EXPECT_EQ(fetched(id).offer, (Offer{"briefings", "pro", Cycle::yearly})) << "the price decides";
  EXPECT_EQ(fetched(id).price, "price_pro_yearly");

  const std::string invoice = server.renew(id, false);
  contract = fetched(id);
  EXPECT_EQ(contract.status, ContractStatus::past_due);
  EXPECT_EQ(contract.past_due_since, clock.now());
  ASSERT_TRUE(contract.latest_invoice);
  EXPECT_EQ(contract.latest_invoice->id, invoice);
  EXPECT_FALSE(contract.latest_invoice->paid);
  EXPECT_EQ(contract.latest_invoice->amount, 499);
  EXPECT_EQ(contract.latest_invoice->plan, "pro");
  server.settle_invoice(invoice);
  EXPECT_TRUE(run_task(stripe.fetch_invoice(invoice))->paid);
  EXPECT_EQ(run_task(stripe.fetch_invoice(invoice))->contract, id);

  run_task(stripe.cancel_at_period_end(id));
  EXPECT_TRUE(fetched(id).cancel_at_period_end);
  for (const auto& [theirs, ours] : std::map<std::string, ContractStatus>{{"incomplete", ContractStatus::incomplete},
                                                                          {"incomplete_expired", ContractStatus::ended},
                                                                          {"trialing", ContractStatus::trialing},
                                                                          {"active", ContractStatus::active},
                                                                          {"past_due", ContractStatus::past_due},
                                                                          {"unpaid", ContractStatus::past_due},
                                                                          {"canceled", ContractStatus::ended},
                                                                          {"paused", ContractStatus::incomplete},
                                                                          {"invented", ContractStatus::incomplete}}) {
    server.set(id, "status", theirs.c_str());
    EXPECT_EQ(fetched(id).status, ours) << theirs;
  }
}

TEST_F(StripeTest, AnEndThatThePortalSetCounts) {
  const std::string id = subscribed();
  const auto end = fetched(id).period_end;
  const std::int64_t seconds = end.time_since_epoch().count() / 1'000'000;
  server.set(id, "cancel_at", seconds);
  EXPECT_TRUE(fetched(id).cancel_at_period_end);
  server.set(id, "cancel_at", seconds + 1);
  EXPECT_FALSE(fetched(id).cancel_at_period_end) << "after the next period";
}

TEST_F(StripeTest, WhatIsNotOursIsNothing) {
  EXPECT_FALSE(run_task(stripe.fetch("sub_unknown")));
  EXPECT_FALSE(run_task(stripe.fetch_invoice("in_unknown")));
  const std::string id = subscribed();
  server.change_price(id, "price_of_something_else");
  EXPECT_EQ(refusal(id).code, "UNKNOWN_PRICE") << "bought here, so somebody must look";
  EXPECT_FALSE(refusal(id).may_pass());
  server.set(id, "metadata", json::object());
  EXPECT_FALSE(run_task(stripe.fetch(id)));
}

TEST_F(StripeTest, GivesAPortal) {
  EXPECT_EQ(run_task(stripe.portal({"cus_1", "https://app.test", ""})), "https://billing.stripe.test/p/cus_1");
  EXPECT_EQ(server.asked().back().form.at("return_url"), "https://app.test");
}

TEST_F(StripeTest, WhatMayPassIsToldFromWhatWillNot) {
  http::Headers pause;
  pause.add("Retry-After", "9");
  server.misbehave(429, R"({"error":{"type":"invalid_request_error","code":"rate_limit"}})", pause);
  EXPECT_EQ(refusal().retry_after, std::chrono::seconds(9));
  for (const unsigned status : {500U, 502U, 503U, 409U, 401U, 403U}) {
    server.refuse(status, "api_error", "");
    EXPECT_TRUE(refusal().may_pass()) << status;
  }
  server.refuse(400, "invalid_request_error", "parameter_unknown", "foo");
  EXPECT_FALSE(refusal().may_pass());
  for (
      const char* strange :
      {"", "<html>", "null", "[]", "7", "{}", R"({"id":7})", R"({"id":"a","customer":"b"})",
       R"({"id":"a","customer":"b","status":"active","metadata":{"user_id":"ann"},"items":{"data":[{"price":"price_pro_yearly"}]}})"}) {
    server.misbehave(200, strange);
    EXPECT_EQ(refusal().fault, Fault::upstream) << strange;
  }
}

TEST_F(StripeTest, ItsSilenceAndItsAbsenceMayPass) {
  auto options = server.options();
  options.time = std::chrono::milliseconds(20);
  Stripe hasty(client, clock, options);
  server.misbehave(0);
  EXPECT_THROW(run_task(hasty.fetch("sub_1")), Error);
  options.base_url = "http://127.0.0.1:1";
  Stripe alone(client, clock, options);
  try {
    run_task(alone.fetch("sub_1"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(error.may_pass());
    EXPECT_THAT(error.message, Not(HasSubstr("sk_test")));
  }
}

TEST_F(StripeTest, EventsSayWhatToLookAt) {
  const auto checkout = begun(order());
  auto event = read(server.event("checkout.session.expired", checkout.id));
  EXPECT_EQ(event.type, "checkout.session.expired");
  EXPECT_EQ(event.contract, "") << "nobody has bought";

  const std::string id = server.pay(checkout.id);
  const std::string customer(server.object(id).at("customer").as_string());
  event = read(server.event("checkout.session.completed", checkout.id));
  EXPECT_EQ(event.contract, id);
  EXPECT_EQ(event.customer, customer);
  event = read(server.event("customer.subscription.updated", id));
  EXPECT_EQ(event.contract, id);
  const std::string invoice(server.object(id).at("latest_invoice").as_string());
  event = read(server.event("invoice.paid", invoice));
  EXPECT_EQ(event.contract, id);
  EXPECT_EQ(event.invoice, invoice);

  // As older versions of the API had it.
  event = read(server.signed_now(
      R"({"id":"evt_1","type":"invoice.paid","data":{"object":{"id":"in_1","subscription":"sub_1"}}})"));
  EXPECT_EQ(event.contract, "sub_1");
  event = read(server.signed_now(R"({"id":"evt_1","type":"charge.succeeded","data":{"object":{"id":"ch_1"}}})"));
  EXPECT_EQ(event.contract, "");
}

TEST_F(StripeTest, WhatIsUnsignedOrNoEventIsRefused) {
  auto event = server.signed_now(R"({"id":"evt_1","type":"a.b","data":{"object":{}}})");
  EXPECT_EQ(read(event).id, "evt_1");
  EXPECT_THROW(run_task(stripe.read_webhook(event.body, {})), Error);
  event.body += " ";
  EXPECT_THROW(read(event), Error);
  for (const char* strange :
       {"", "{", "[]", "{}", R"({"id":"evt_1","type":"a.b"})", R"({"id":"evt_1","type":"a.b","data":{}})",
        R"({"id":7,"type":"a.b","data":{"object":{}}})"})
    EXPECT_THROW(read(server.signed_now(strange)), Error) << strange;
}

// Whatever a broken service sends: an Error or an answer.
RC_GTEST_PROP(StripeWire, NeverSurprises, ()) {
  std::string body =
      R"({"id":"sub_1","customer":{"id":"cus_1"},"status":"past_due","cancel_at":1795159800,"metadata":{"user_id":"ann"},)"
      R"("items":{"data":[{"current_period_start":1795159800,"current_period_end":1797751800,"price":{"id":"price_pro_yearly"}}]},)"
      R"("latest_invoice":{"id":"in_1","status":"open","amount_due":499,"attempt_count":1,"created":1795159800,"lines":{"data":[{"amount":1}]}}})";
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i)
    body.replace(*rc::gen::inRange<std::size_t>(0, body.size()), *rc::gen::inRange<std::size_t>(0, 8),
                 *rc::gen::container<std::string>(rc::gen::element('{', '}', '[', ']', '"', ',', ':', '9', '-', 'n')));
  try {
    const auto document = json::parse(body);
    if (!document.is_object()) return;
    const auto contract = stripe::contract_of(document.get_object(), test_prices());
    RC_ASSERT((!contract || contract->period_start.time_since_epoch().count() > 0));
  } catch (const Error& error) {
    RC_ASSERT(!error.code.empty());
  }
}

}  // namespace
}  // namespace odeon::billing
