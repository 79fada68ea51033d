#include "engine/billing/polar.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/polar_server_test.hpp"
#include "engine/billing/polar_wire.hpp"
#include "testing/clock.hpp"

namespace odeon::billing {
namespace {

using json::array;
using json::object;
using ::testing::HasSubstr;
using ::testing::Not;

struct PolarTest : ::testing::Test {
  CheckoutOrder order(std::int64_t trial_days = 0) {
    return {.user_id = "ann",
            .mail = "ann+1@example.com",
            .offer = {"briefings", "premium", Cycle::monthly},
            .trial_days = trial_days,
            .success_url = "https://app.test/done?id={CHECKOUT_SESSION_ID}&x=ä",
            .cancel_url = "https://app.test/no",
            .key = "key"};
  }
  Checkout begun(CheckoutOrder order) { return run_task(polar.create_checkout(std::move(order))); }
  object sent() const { return server.asked().back().body.as_object(); }
  std::string subscribed(std::int64_t trial_days = 0) { return server.pay(begun(order(trial_days)).id); }
  Contract fetched(const std::string& id) { return run_task(polar.fetch(id)).value(); }
  Error refusal(std::string id = "sub_1") {
    try {
      run_task(polar.fetch(std::move(id)));
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it was not refused");
  }
  WebhookEvent read(const PolarEvent& event) { return run_task(polar.read_webhook(event.body, event.headers)); }

  testing::FakeClock clock;
  PolarServer server{clock};
  http::Client client{http::ClientOptions{}};
  Polar polar{client, clock, server.options()};
};

TEST_F(PolarTest, BeginsACheckoutAsItsDocumentationSays) {
  const auto checkout = begun(order(7));
  EXPECT_THAT(checkout.url, HasSubstr(checkout.id));
  EXPECT_EQ(checkout.expires_at, clock.now() + std::chrono::hours(1));
  EXPECT_EQ(server.asked().at(0).headers.get("Content-Type"), "application/json");
  EXPECT_EQ(
      sent(),
      (object{{"products", array{"product-premium"}},
              {"currency", "usd"},
              {"success_url", "https://app.test/done?id={CHECKOUT_ID}&x=ä"},
              {"return_url", "https://app.test/no"},
              {"allow_discount_codes", true},
              {"allow_trial", true},
              {"trial_interval", "day"},
              {"trial_interval_count", 7},
              {"external_customer_id", "ann"},
              {"customer_email", "ann+1@example.com"},
              {"metadata",
               object{{"user_id", "ann"}, {"product", "briefings"}, {"plan", "premium"}, {"cycle", "monthly"}}}}));
  begun(order());
  EXPECT_EQ(sent().at("allow_trial"), false) << "whatever trial the product has there";
  EXPECT_FALSE(sent().contains("trial_interval"));
}

TEST_F(PolarTest, ThePriceOfADayIsMadeForTheCheckout) {
  auto wanted = order();
  wanted.currency = "try";
  wanted.amount = 149'900;
  const auto checkout = begun(wanted);
  EXPECT_EQ(sent().at("currency"), "try");
  EXPECT_EQ(sent().at("prices"),
            (object{{"product-premium",
                     array{object{{"amount_type", "fixed"}, {"price_currency", "try"}, {"price_amount", 149'900}}}}}));
  const auto contract = fetched(server.pay(checkout.id));
  EXPECT_EQ(contract.latest_invoice->amount, 149'900);
  EXPECT_EQ(contract.latest_invoice->currency, "try");
  wanted.amount = 0;
  begun(wanted);
  EXPECT_FALSE(sent().contains("prices")) << "the product's own price in that currency";
}

TEST_F(PolarTest, KnowsACustomerAgainUnlessTheyWereDeleted) {
  auto again = order();
  again.customer = std::string(server.object(subscribed()).at("customer_id").as_string());
  begun(again);
  EXPECT_EQ(sent().at("customer_id"), again.customer.c_str());
  EXPECT_FALSE(sent().contains("external_customer_id"));
  server.forget_customer(again.customer);
  begun(again);
  EXPECT_FALSE(sent().contains("customer_id"));
  EXPECT_EQ(sent().at("external_customer_id"), "ann");
}

TEST_F(PolarTest, AnAddressThatItRefusesIsLeftToThePerson) {
  server.find_fault("customer_email");
  begun(order());
  EXPECT_FALSE(sent().contains("customer_email"));
  server.find_fault("success_url");
  try {
    begun(order());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "PAYMENT_REFUSED");
    EXPECT_THAT(error.detail, HasSubstr("body.success_url"));
    EXPECT_THAT(error.detail + error.message, Not(HasSubstr("ann@example.com")));
  }
}

TEST_F(PolarTest, AnOfferWithoutAProductIsNotSold) {
  EXPECT_TRUE(polar.sells({"briefings", "premium", Cycle::monthly}));
  EXPECT_FALSE(polar.sells({"briefings", "premium", Cycle::yearly}));
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

TEST_F(PolarTest, OfACheckoutItIsToldWhetherItWasPaid) {
  const auto open = begun(order()), paid = begun(order());
  EXPECT_FALSE(run_task(polar.close_checkout(open.id)));
  EXPECT_FALSE(run_task(polar.close_checkout("unknown")));
  const std::string subscription = server.pay(paid.id);
  EXPECT_EQ(run_task(polar.close_checkout(paid.id)), subscription);
  EXPECT_EQ(server.pay(open.id), "") << "which is why an open one does no harm";

  server.set(open.id, "status", "confirmed");
  try {
    run_task(polar.close_checkout(open.id));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "PAYMENT_UNDER_WAY");
    EXPECT_TRUE(error.may_pass());
  }
  clock.advance(std::chrono::hours(1));
  EXPECT_FALSE(run_task(polar.close_checkout(open.id))) << "nobody came back to it";
}

TEST_F(PolarTest, TheTruthAboutASubscription) {
  const std::string id = subscribed(7);
  auto contract = fetched(id);
  EXPECT_EQ(contract.user_id, "ann");
  EXPECT_EQ(contract.offer, (Offer{"briefings", "premium", Cycle::monthly}));
  EXPECT_EQ(contract.status, ContractStatus::trialing);
  EXPECT_TRUE(contract.had_trial);
  EXPECT_EQ(contract.period_end - contract.period_start, std::chrono::days(7));
  EXPECT_FALSE(contract.latest_invoice) << "nothing was paid yet";

  server.change_product(id, "product-pro");
  EXPECT_EQ(fetched(id).offer.plan, "pro") << "the product decides, not the metadata";

  const std::string unpaid = server.renew(id, false);
  contract = fetched(id);
  EXPECT_EQ(contract.status, ContractStatus::past_due);
  EXPECT_EQ(contract.past_due_since, clock.now());
  ASSERT_TRUE(contract.latest_invoice);
  EXPECT_EQ(contract.latest_invoice->id, unpaid);
  EXPECT_FALSE(contract.latest_invoice->paid);
  EXPECT_EQ(contract.latest_invoice->amount, 4900);
  EXPECT_EQ(contract.latest_invoice->plan, "pro");
  server.settle(id, unpaid);
  EXPECT_TRUE(run_task(polar.fetch_invoice(unpaid))->paid);
  EXPECT_EQ(run_task(polar.fetch_invoice(unpaid))->contract, id);
}

TEST_F(PolarTest, WhatIsCancelledGoesOnUntilItsEndAndWhatIsRevokedIsOver) {
  const std::string id = subscribed();
  const auto end = fetched(id).period_end;
  run_task(polar.cancel_at_period_end(id));
  auto contract = fetched(id);
  EXPECT_EQ(contract.status, ContractStatus::active);
  EXPECT_TRUE(contract.cancel_at_period_end);
  EXPECT_EQ(contract.period_end, end);
  server.set(id, "status", "canceled");
  EXPECT_EQ(fetched(id).status, ContractStatus::active) << "it has no end behind it";
  server.revoke(id);
  EXPECT_EQ(fetched(id).status, ContractStatus::ended);
  run_task(polar.cancel_at_period_end(id));
  EXPECT_EQ(server.asked().back().method, http::Method::patch) << "refused, for it is so already";
}

TEST_F(PolarTest, EveryStatusMeansOneOfOurs) {
  const std::string id = subscribed();
  for (const auto& [theirs, ours] : std::map<std::string, ContractStatus>{{"incomplete", ContractStatus::incomplete},
                                                                          {"incomplete_expired", ContractStatus::ended},
                                                                          {"trialing", ContractStatus::trialing},
                                                                          {"active", ContractStatus::active},
                                                                          {"past_due", ContractStatus::past_due},
                                                                          {"unpaid", ContractStatus::ended},
                                                                          {"canceled", ContractStatus::ended},
                                                                          {"paused", ContractStatus::incomplete},
                                                                          {"invented", ContractStatus::incomplete}}) {
    server.set(id, "status", theirs.c_str());
    EXPECT_EQ(fetched(id).status, ours) << theirs;
  }
}

TEST_F(PolarTest, WhatIsNotOursIsNothing) {
  EXPECT_FALSE(run_task(polar.fetch("unknown")));
  EXPECT_FALSE(run_task(polar.fetch_invoice("unknown")));
  const std::string id = subscribed();
  server.change_product(id, "product-else");
  EXPECT_EQ(refusal(id).code, "UNKNOWN_PRICE") << "bought here, so somebody must look";
  EXPECT_FALSE(refusal(id).may_pass());
  server.set(id, "metadata", object());
  EXPECT_FALSE(run_task(polar.fetch(id)));
}

TEST_F(PolarTest, GivesAPortal) {
  const std::string customer(server.object(subscribed()).at("customer_id").as_string());
  EXPECT_EQ(run_task(polar.portal({customer, "https://app.test", ""})),
            "https://polar.test/portal?customer_session_token=polar_cst_1");
  EXPECT_EQ(sent(), (object{{"customer_id", customer}, {"return_url", "https://app.test"}}));
}

TEST_F(PolarTest, WhatMayPassIsToldFromWhatWillNot) {
  http::Headers pause;
  pause.add("Retry-After", "9");
  server.misbehave(429, "", pause);
  EXPECT_EQ(refusal().retry_after, std::chrono::seconds(9));
  for (const unsigned status : {500U, 502U, 503U, 409U, 401U, 403U}) {
    server.misbehave(status, R"({"error":"SubscriptionLocked","detail":"x"})");
    EXPECT_TRUE(refusal().may_pass()) << status;
  }
  server.find_fault("id");
  EXPECT_FALSE(refusal().may_pass());
  for (const char* strange : {"", "<html>", "null", "[]", "7", "{}", R"({"id":7})",
                              R"({"id":"a","status":"active","customer_id":"b","product_id":"product-pro",)"
                              R"("current_period_start":"yesterday","cancel_at_period_end":false})",
                              R"({"id":"a","status":"active","customer_id":"b","product_id":"product-pro",)"
                              R"("current_period_start":"2026-11-20T07:30:00Z","cancel_at_period_end":false})"}) {
    server.misbehave(200, strange);
    EXPECT_EQ(refusal().fault, Fault::upstream) << strange;
  }
}

TEST_F(PolarTest, ItsSilenceAndItsAbsenceMayPass) {
  auto options = server.options();
  options.time = std::chrono::milliseconds(20);
  Polar hasty(client, clock, options);
  server.misbehave(0);
  EXPECT_THROW(run_task(hasty.fetch("sub_1")), Error);
  options.base_url = "http://127.0.0.1:1";
  Polar alone(client, clock, options);
  try {
    run_task(alone.fetch("sub_1"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(error.may_pass());
    EXPECT_THAT(error.message + error.detail, Not(HasSubstr("polar_oat")));
  }
}

TEST_F(PolarTest, EventsSayWhatToLookAt) {
  const auto checkout = begun(order());
  EXPECT_EQ(read(server.event("checkout.updated", checkout.id)).contract, "");
  const std::string id = server.pay(checkout.id);
  const std::string customer(server.object(id).at("customer_id").as_string());
  const auto made = server.event("subscription.active", id);
  auto event = read(made);
  EXPECT_EQ(event.id, made.headers.get("webhook-id"));
  EXPECT_EQ(event.type, "subscription.active");
  EXPECT_EQ(event.contract, id);
  EXPECT_EQ(event.customer, customer);
  event = read(server.event("order.paid", server.newest_order(id)));
  EXPECT_EQ(event.contract, id);
  EXPECT_EQ(event.invoice, server.newest_order(id));
  event = read(server.signed_now(R"({"type":"order.paid","data":{"id":"o","subscription_id":null}})"));
  EXPECT_EQ(event.contract + event.invoice, "") << "bought once, without a subscription";
  EXPECT_EQ(read(server.signed_now(R"({"type":"customer.state_changed","data":{"id":"c"}})")).contract, "");
}

TEST_F(PolarTest, WhatIsUnsignedOrNoEventIsRefused) {
  auto event = server.signed_now(R"({"type":"a.b","data":{}})");
  EXPECT_EQ(read(event).type, "a.b");
  EXPECT_THROW(run_task(polar.read_webhook(event.body, {})), Error);
  event.body += " ";
  EXPECT_THROW(read(event), Error);
  for (const char* strange : {"", "{", "[]", "{}", R"({"type":"a.b"})", R"({"type":"","data":{}})",
                              R"({"type":7,"data":{}})", R"({"type":"a.b","data":[]})"})
    EXPECT_THROW(read(server.signed_now(strange)), Error) << strange;
}

// Whatever a broken service sends: an Error or an answer.
RC_GTEST_PROP(PolarWire, NeverSurprises, ()) {
  std::string body =
      R"({"id":"sub_1","status":"past_due","customer_id":"c","product_id":"p","checkout_id":null,)"
      R"("current_period_start":"2026-11-20T07:30:00Z","current_period_end":"2026-12-20T07:30:00.123456Z",)"
      R"("cancel_at_period_end":true,"ends_at":"2026-12-20T07:30:00+00:00","metadata":{"user_id":"ann","n":1}})";
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i)
    body.replace(*rc::gen::inRange<std::size_t>(0, body.size()), *rc::gen::inRange<std::size_t>(0, 8),
                 *rc::gen::container<std::string>(rc::gen::element('{', '}', '[', ']', '"', ',', ':', '9', '-', 'n')));
  PriceList products;
  products.add({"briefings", "pro", Cycle::monthly}, {"p"});
  try {
    const auto contract = polar::contract_of(polar::read<polar::Subscription>(json::parse(body)), products);
    RC_ASSERT((!contract || contract->offer.plan == "pro"));
  } catch (const Error& error) {
    RC_ASSERT(!error.code.empty());
  }
}

}  // namespace
}  // namespace odeon::billing
