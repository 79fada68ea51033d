#include "engine/billing/payments.hpp"

#include <gmock/gmock.h>

#include "engine/billing/contracts_store.hpp"
#include "engine/billing/shop_test.hpp"

namespace odeon::billing {
namespace {

using std::chrono::days;
using ::testing::ElementsAre;

struct PaymentsTest : ::testing::Test, Shop {};

TEST_F(PaymentsTest, WhatIsPaidIsThere) {
  const auto checkout = begun(wish("pro", "", Cycle::yearly));
  EXPECT_EQ(plan(), "free");
  const std::string id = server.pay(checkout.id);
  EXPECT_TRUE(receive(server.event("checkout.session.completed", checkout.id)));
  EXPECT_EQ(plan(), "free") << "the answer waits for nobody";
  work();
  EXPECT_EQ(plan(), "pro");
  EXPECT_EQ(now().status, SubscriptionStatus::active);
  EXPECT_EQ(now().expires_at, clock.now() + days(7));
  EXPECT_EQ(one<std::string>("SELECT cycle FROM billing_contracts"), "yearly");
  EXPECT_EQ(one<std::string>("SELECT result FROM billing_webhooks"), "applied");
}

TEST_F(PaymentsTest, AnEventCountsOnce) {
  const auto checkout = begun(wish());
  server.pay(checkout.id);
  const auto event = server.event("checkout.session.completed", checkout.id);
  EXPECT_TRUE(receive(event));
  EXPECT_FALSE(receive(event));
  EXPECT_FALSE(receive(server.signed_now(event.body))) << "Stripe signs anew when it delivers again";
  EXPECT_EQ(one<std::int64_t>("SELECT count(*) FROM jobs"), 1);
}

TEST_F(PaymentsTest, WhatIsNotSignedLeavesNoTrace) {
  auto event = server.event("checkout.session.completed", begun(wish()).id);
  event.body += " ";
  EXPECT_THROW(receive(event), Error);
  EXPECT_THROW(receive({event.body, ""}), Error);
  event = server.event("checkout.session.completed", begun(wish()).id);
  clock.advance(std::chrono::seconds(301));
  EXPECT_THROW(receive(event), Error);
  EXPECT_THROW(run_task(payments.receive("nobody", event.body, {})), Error);
  EXPECT_EQ(one<std::int64_t>("SELECT count(*) FROM billing_webhooks"), 0);
  EXPECT_EQ(one<std::int64_t>("SELECT count(*) FROM jobs"), 0);
}

TEST_F(PaymentsTest, WhatSaysNothingOfOursIsKeptAndIsNoWork) {
  EXPECT_TRUE(
      receive(server.signed_now(R"({"id":"evt_1","type":"charge.succeeded","data":{"object":{"id":"ch_1"}}})")));
  EXPECT_EQ(one<std::string>("SELECT result FROM billing_webhooks"), "ignored");
  EXPECT_EQ(one<std::int64_t>("SELECT count(*) FROM jobs"), 0);
}

TEST_F(PaymentsTest, WhatIsGivenBackIsTold) {
  const std::string id = bought();
  const std::string invoice = server.renew(id, true);
  const std::string charge = server.refund(invoice, 199);
  hear("charge.refunded", charge);
  EXPECT_EQ(one<std::int64_t>("SELECT refunded FROM billing_payments WHERE amount = 499"), 199);
  EXPECT_FALSE(one<bool>("SELECT disputed FROM billing_payments WHERE amount = 499"));
  EXPECT_EQ(plan(), "premium") << "plans follow the contract";
  hear("charge.dispute.created", server.dispute(invoice));
  EXPECT_TRUE(one<bool>("SELECT disputed FROM billing_payments WHERE amount = 499"));
}

TEST_F(PaymentsTest, ARefundOfWhatIsNotOursIsNoWork) {
  bought();
  EXPECT_TRUE(receive(server.signed_now(R"({"id":"evt_1","type":"charge.refunded","data":{"object":{"id":"ch_1"}}})")));
  work();
  EXPECT_EQ(one<std::string>("SELECT result FROM billing_webhooks WHERE event_id = 'evt_1'"), "unknown");
}

TEST_F(PaymentsTest, WhatChangesAPlanIsToldARenewalIsNot) {
  std::vector<std::string> told;
  subscriptions.on_plan_change([&told](this auto, database::Transaction&, PlanChange change) -> Task<void> {
    told.push_back(fmt::format("{} has {}, {}{}{}", change.user_id, change.plan, json::enum_name(change.status),
                               change.trial ? ", tried" : "", change.cancel_at_period_end ? ", ending" : ""));
    co_return;
  });
  auto news = [&] { return std::exchange(told, {}); };
  const std::string id = bought();
  EXPECT_THAT(news(), ElementsAre("ann has premium, active, tried"));
  server.renew(id, true);
  sync(id);
  EXPECT_THAT(news(), ElementsAre("ann has premium, active"));
  server.renew(id, true);
  sync(id);
  sync(id);
  EXPECT_THAT(news(), ElementsAre());
  server.change_price(id, "price_pro_yearly");
  sync(id);
  EXPECT_THAT(news(), ElementsAre("ann has pro, active"));
  server.set(id, "cancel_at_period_end", true);
  sync(id);
  EXPECT_THAT(news(), ElementsAre("ann has pro, active, ending"));
  server.set(id, "status", "canceled");
  sync(id);
  EXPECT_THAT(news(), ElementsAre("ann has free, canceled"));
}

TEST_F(PaymentsTest, AJobThatFailsComesAgain) {
  const std::string id = server.pay(begun(wish()).id);
  server.misbehave(500);
  receive(server.event("customer.subscription.created", id));
  work();
  EXPECT_EQ(plan(), "premium");
}

TEST_F(PaymentsTest, OnePersonHasOneTrial) {
  const auto first = begun(wish());
  EXPECT_EQ(server.asked().back().form.at("subscription_data[trial_period_days]"), "7");
  const auto second = begun(wish("pro"));
  EXPECT_EQ(server.object(first.id).at("status"), "expired") << "so there are never two to pay";
  const std::string id = server.pay(second.id);
  sync(id);
  server.set(id, "status", "canceled");
  sync(id);
  EXPECT_EQ(plan(), "free");
  begun(wish());
  EXPECT_FALSE(server.asked().back().form.contains("subscription_data[trial_period_days]"));
  EXPECT_EQ(server.asked().back().form.at("customer"), server.object(id).at("customer").as_string().c_str());
}

TEST_F(PaymentsTest, NobodyPaysTwice) {
  const auto checkout = begun(wish());
  server.pay(checkout.id);
  EXPECT_EQ(refusal(wish("pro")), "ALREADY_SUBSCRIBED") << "before any webhook came";
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(refusal(wish("pro")), "ALREADY_SUBSCRIBED");
}

TEST_F(PaymentsTest, TheSameRequestAgainFindsItsCheckout) {
  const auto first = begun(wish("premium", "key-1"));
  EXPECT_EQ(begun(wish("premium", "key-1")).url, first.url);
  EXPECT_NE(begun(wish("premium", "key-2")).id, first.id);
  EXPECT_NE(begun(wish("premium", "key-1")).id, first.id);
}

TEST_F(PaymentsTest, OnlyWhatIsSoldCanBeBought) {
  for (const char* plan : {"free", "gold", ""}) EXPECT_EQ(refusal(wish(plan)), "PLAN_NOT_SOLD") << plan;
  Payments nobody(*db, queue, subscriptions, clock, log);
  try {
    run_task(nobody.checkout(wish()));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "PAYMENT_NOT_CONFIGURED");
  }
}

TEST_F(PaymentsTest, AnotherCurrencyIsNotTakenForDollars) {
  auto wanted = wish();
  wanted.currency = "eur";
  EXPECT_EQ(refusal(wanted), "CURRENCY_NOT_SOLD");
  EXPECT_TRUE(server.asked().empty());
  wanted.currency = "usd";
  EXPECT_EQ(refusal(wanted), "");
}

TEST_F(PaymentsTest, WhatStripeRefusesIsNoFaultOfTheClient) {
  server.refuse(400, "invalid_request_error", "", "line_items[0][price]");
  try {
    begun(wish());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::upstream);
    EXPECT_THAT(error.message, ::testing::Not(::testing::HasSubstr("line_items")));
  }
  server.misbehave(503);
  EXPECT_EQ(refusal(wish()), "PAYMENT_AWAY");
  EXPECT_EQ(refusal(wish()), "");
}

TEST_F(PaymentsTest, WhatIsCancelledLastsAsLongAsItIsPaid) {
  bought();
  run_task(payments.cancel("ann", "briefings"));
  EXPECT_EQ(plan(), "premium");
  EXPECT_TRUE(now().cancel_at_period_end);
  EXPECT_EQ(now().status, SubscriptionStatus::active);
  clock.advance(*now().expires_at - clock.now() - Micros(1));
  EXPECT_EQ(plan(), "premium");
  clock.advance(Micros(1));
  EXPECT_EQ(plan(), "free") << "whatever webhooks do";
  EXPECT_EQ(now().status, SubscriptionStatus::canceled);
  EXPECT_EQ(refusal(wish()), "") << "and it can be bought again";
}

TEST_F(PaymentsTest, ARenewalThatIsNotPaidHasThreeDays) {
  const std::string id = bought();
  clock.advance(days(7));
  const std::string invoice = server.renew(id, false);
  hear("invoice.payment_failed", invoice);
  EXPECT_EQ(now().status, SubscriptionStatus::past_due);
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(now().expires_at, clock.now() + days(3));
  EXPECT_EQ(one<std::string>("SELECT status FROM billing_payments"), "failed");
  clock.advance(days(3));
  EXPECT_EQ(plan(), "free");
  EXPECT_EQ(now().status, SubscriptionStatus::past_due);
  EXPECT_EQ(refusal(wish()), "ALREADY_SUBSCRIBED") << "it is to be paid, not bought again";

  server.settle_invoice(invoice);
  server.set(id, "status", "active");
  hear("invoice.paid", invoice);
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(one<std::string>("SELECT status FROM billing_payments"), "succeeded");
  EXPECT_EQ(one<std::int64_t>("SELECT amount FROM billing_payments"), 499);
}

TEST_F(PaymentsTest, ThePriceDecidesThePlan) {
  const std::string id = bought();
  server.change_price(id, "price_pro_monthly");
  hear("customer.subscription.updated", id);
  EXPECT_EQ(plan(), "pro");
}

TEST_F(PaymentsTest, WhoHasLeftDoesNotComeBackByAWebhook) {
  const std::string id = bought();
  bool here = true;
  payments.ask_who_is_here([&here](this auto, std::string) -> Task<bool> { co_return here; });
  here = false;
  hear("customer.subscription.updated", id);
  EXPECT_EQ(plan(), "premium") << "what is known is still looked after";
  run_task(db->execute("DELETE FROM billing_contracts"));
  hear("customer.subscription.updated", id);
  EXPECT_EQ(one<std::int64_t>("SELECT count(*) FROM billing_contracts"), 0);
}

// Stripe, but something happens between its answer and our having it.
class Delayed final : public PaymentProvider {
 public:
  explicit Delayed(PaymentProvider& stripe) : stripe_(stripe) {}
  std::function<Task<void>()> meanwhile;

  std::string_view name() const override { return stripe_.name(); }
  bool sells(const Offer& offer) const override { return stripe_.sells(offer); }
  Task<Checkout> create_checkout(CheckoutOrder order) override {
    auto made = co_await stripe_.create_checkout(std::move(order));
    if (auto happens = std::exchange(meanwhile, nullptr)) co_await happens();
    co_return made;
  }
  Task<std::optional<std::string>> close_checkout(std::string id) override { return stripe_.close_checkout(id); }
  Task<std::string> portal(PortalOrder order) override { return stripe_.portal(std::move(order)); }
  Task<void> cancel_at_period_end(std::string contract) override { return stripe_.cancel_at_period_end(contract); }
  Task<std::optional<Contract>> fetch(std::string contract) override {
    auto truth = co_await stripe_.fetch(std::move(contract));
    if (auto happens = std::exchange(meanwhile, nullptr)) co_await happens();
    co_return truth;
  }
  Task<std::optional<Invoice>> fetch_invoice(std::string id) override { return stripe_.fetch_invoice(id); }
  Task<WebhookEvent> read_webhook(std::string body, http::Headers headers) override {
    return stripe_.read_webhook(std::move(body), std::move(headers));
  }

 private:
  PaymentProvider& stripe_;
};

TEST_F(PaymentsTest, WhoLookedBeforeAnotherWroteLooksAgain) {
  for (const bool known : {false, true}) {
    const std::string id = server.pay(begun({.user_id = known ? "bob" : "ann", .offer = {"briefings", "premium"}}).id);
    if (known) sync(id);
    Delayed delayed(stripe);
    Payments slow(*db, queue, subscriptions, clock, log);
    slow.add(delayed);
    delayed.meanwhile = [this, id](this auto) -> Task<void> {
      server.change_price(id, "price_pro_monthly");
      co_await payments.refresh("stripe", id, "");
    };
    run_task(slow.refresh("stripe", id, ""));
    EXPECT_EQ(run_task(subscriptions.entitlement(known ? "bob" : "ann", "briefings")).plan->name, "pro");
  }
}

TEST_F(PaymentsTest, OfTwoCheckoutsAtOnceOneIsLeft) {
  Delayed delayed(stripe);
  Payments slow(*db, queue, subscriptions, clock, log);
  slow.add(delayed);
  Checkout other;
  delayed.meanwhile = [this, &other](this auto) -> Task<void> { other = co_await payments.checkout(wish("pro")); };
  try {
    run_task(slow.checkout(wish()));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "CHECKOUT_SUPERSEDED");
  }
  EXPECT_EQ(server.object(other.id).at("status"), "open");
  int open = 0;
  for (int i = 1; i < 20; ++i)
    if (const auto id = fmt::format("cs_test_{}", i); server.has(id) && server.object(id).at("status") == "open")
      ++open;
  EXPECT_EQ(open, 1);
}

TEST_F(PaymentsTest, ALostWebhookIsMadeUpFor) {
  const std::string id = bought();
  clock.advance(days(7) + std::chrono::hours(1));
  server.renew(id, true);
  EXPECT_EQ(plan(), "premium") << "news may be late";
  run_task([](Shop& shop) -> Task<> {
    auto tx = co_await shop.db->begin();
    static_cast<void>(co_await shop.queue.enqueue(*tx, RefreshOverdue{}));
    co_await tx->commit();
  }(*this));
  work();
  EXPECT_GT(*now().expires_at, clock.now() + days(20));
  clock.advance(days(40));
  EXPECT_EQ(plan(), "free") << "but not that late";
}

TEST_F(PaymentsTest, AnOperatorsGiftTakesNothingAwayThatIsPaid) {
  auto give = [&](const char* plan) { run_task(subscriptions.set_plan("ann", "briefings", plan)); };
  const std::string id = bought("premium");
  give("free");
  EXPECT_EQ(plan(), "premium");
  give("pro");
  EXPECT_EQ(plan(), "pro") << "the dearer of both";
  give("premium");
  EXPECT_EQ(now().expires_at.has_value(), true) << "of equals what is paid for";
  server.set(id, "status", "canceled");
  sync(id);
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(now().status, SubscriptionStatus::active);
  give("free");
  EXPECT_EQ(plan(), "free");
  EXPECT_EQ(now().status, SubscriptionStatus::canceled);
}

TEST_F(PaymentsTest, AContractMadeElsewhereIsItsCustomers) {
  const std::string first = bought(), second = server.pay(begun({.user_id = "bob", .offer = {"briefings", "pro"}}).id);
  server.set(second, "metadata", json::object());
  EXPECT_EQ(run_task(payments.refresh("stripe", second, "")), Payments::Outcome::ownerless);
  server.set(second, "customer", server.object(first).at("customer"));
  EXPECT_EQ(run_task(payments.refresh("stripe", second, "")), Payments::Outcome::applied);
  EXPECT_EQ(plan(), "pro");
}

TEST_F(PaymentsTest, APortalIsForWhoHasSomethingThere) {
  try {
    run_task(payments.portal({.user_id = "ann", .product = "briefings"}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "NO_SUBSCRIPTION");
  }
  const std::string id = bought();
  const std::string customer(server.object(id).at("customer").as_string());
  EXPECT_EQ(run_task(payments.portal({.user_id = "ann", .product = "briefings", .return_url = "https://app.test"})),
            "https://billing.stripe.test/p/" + customer);
}

TEST_F(PaymentsTest, WhereMoneyIsRealTheSandboxCountsForNothing) {
  const std::string id = bought();
  run_task(db->execute("UPDATE billing_contracts SET provider = 'sandbox'"));
  EXPECT_EQ(plan(), "premium");
  Subscriptions real(*db, plans, clock, "sandbox");
  EXPECT_EQ(run_task(real.entitlement("ann", "briefings")).plan->name, "free");
}

TEST_F(PaymentsTest, OldWebhooksGo) {
  hear("customer.subscription.updated", bought());
  EXPECT_EQ(run_task(store::prune_webhooks(*db, clock.now())), 0);
  EXPECT_EQ(run_task(store::prune_webhooks(*db, clock.now() + Micros(1))), 1);
}

}  // namespace
}  // namespace odeon::billing
