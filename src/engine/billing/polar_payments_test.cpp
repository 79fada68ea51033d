// What Polar tells, as far as the plan that somebody has: in order, and in any order.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/currencies.hpp"
#include "engine/billing/fixture_test.hpp"
#include "engine/billing/payments.hpp"
#include "engine/billing/polar_server_test.hpp"
#include "engine/billing/rates_store.hpp"

namespace odeon::billing {
namespace {

using std::chrono::days;

struct PolarShop : Till {
  PolarShop() { payments.add(polar); }

  Purchase wish(const std::string& key = "") {
    return {.user_id = "ann",
            .mail = "ann@example.com",
            .offer = {"briefings", "premium", Cycle::monthly},
            .success_url = "https://app.test/done",
            .cancel_url = "https://app.test/no",
            .request_key = key};
  }
  Checkout begun(Purchase purchase) { return run_task(payments.checkout(std::move(purchase))); }
  bool receive(const PolarEvent& event) { return run_task(payments.receive("polar", event.body, event.headers)); }
  void hear(const std::string& type, const std::string& about) {
    receive(server.event(type, about));
    work();
  }
  // Runs the jobs that there are to their end; the clock moves on for those that wait to be tried again.
  void work() { run_task(with_timeout(std::chrono::seconds(60), worked(*this))); }
  static Task<> worked(PolarShop& shop) {
    jobs::Worker worker{shop.queue, shop.clock, shop.log, shop.metrics, {}};
    shop.payments.install(worker);
    co_await worker.start();
    for (const auto& id : co_await shop.db->query<std::string>(
             "SELECT id FROM jobs WHERE kind LIKE 'billing.%' AND state NOT IN ('completed', 'failed')"))
      co_await shop.queue.watch(id, [&shop](this auto, const jobs::Progress& progress) -> Task<bool> {
        if (progress.state == jobs::State::scheduled) shop.clock.advance(std::chrono::hours(2));
        co_return true;
      });
    co_await worker.stop();
  }
  Entitlement now() { return run_task(subscriptions.entitlement("ann", "briefings")); }
  std::string plan() { return now().plan->name; }
  std::string refusal(Purchase purchase) {
    try {
      begun(std::move(purchase));
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  }
  template <class T>
  T one(database::Sql sql) {
    return run_task(db->find<T>(sql)).value();
  }

  Log log{Log::Level::off};
  Metrics metrics;
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  jobs::Queue queue{*db, *coordination, clock};
  PolarServer server{clock};
  http::Client client{http::ClientOptions{}};
  Polar polar{client, clock, server.options()};
  Payments payments{*db, queue, subscriptions, clock, log};
  Frankfurter nobody{client, clock, {.base_url = "http://127.0.0.1:1"}};
  Currencies currencies{*db, nobody, plans, clock, log};
};

struct PolarPaymentsTest : ::testing::Test, PolarShop {};

TEST_F(PolarPaymentsTest, FromTheCheckoutToTheEnd) {
  const auto checkout = begun(wish());
  const std::string id = server.pay(checkout.id);
  EXPECT_EQ(plan(), "free");
  hear("order.paid", server.newest_order(id));
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(now().expires_at, clock.now() + days(7)) << "the trial";
  hear("subscription.active", id);
  EXPECT_EQ(refusal(wish()), "ALREADY_SUBSCRIBED");

  clock.advance(days(7));
  hear("order.paid", server.renew(id, true));
  EXPECT_EQ(one<std::int64_t>("SELECT amount FROM billing_payments"), 4900);

  run_task(payments.cancel("ann", "briefings"));
  hear("subscription.canceled", id);
  EXPECT_EQ(plan(), "premium") << "it is paid for";
  EXPECT_TRUE(now().cancel_at_period_end);
  server.revoke(id);
  hear("subscription.revoked", id);
  EXPECT_EQ(plan(), "free");
  EXPECT_EQ(now().status, SubscriptionStatus::canceled);
  EXPECT_EQ(refusal(wish()), "") << "and it can be bought again";
}

TEST_F(PolarPaymentsTest, AnEventCountsOnce) {
  const std::string id = server.pay(begun(wish()).id);
  const auto event = server.event("subscription.active", id);
  EXPECT_TRUE(receive(event));
  EXPECT_FALSE(receive(event));
  EXPECT_FALSE(receive(server.signed_now(event.body, std::string(event.headers.get("webhook-id")))))
      << "signed anew when it is delivered again";
  EXPECT_EQ(one<std::int64_t>("SELECT count(*) FROM jobs"), 1);
}

TEST_F(PolarPaymentsTest, ACheckoutIsUsedAgainWhileThereIsTimeToPay) {
  const auto first = begun(wish("key"));
  clock.advance(std::chrono::minutes(44));
  EXPECT_EQ(begun(wish("key")).id, first.id);
  clock.advance(std::chrono::minutes(1));
  EXPECT_NE(begun(wish("key")).id, first.id) << "fifteen minutes are too few";
}

TEST_F(PolarPaymentsTest, OtherCurrenciesArePaidAtThePriceOfTheDay) {
  Purchase wanted = wish("key");
  wanted.offer = {"chat", "pro", Cycle::monthly};
  wanted.currency = "try";
  EXPECT_EQ(refusal(wanted), "CURRENCY_NOT_SOLD") << "nobody knows a price";
  payments.price_by(currencies);
  EXPECT_EQ(refusal(wanted), "NO_RATE") << "nor a rate";
  const auto rate = [&](RateMicros micros) {
    run_task(store::keep_rate(*db, {"try", "2026-11-20", micros}, clock.now()));
  };
  const auto asked = [&] { return server.asked().back().body.at("prices").at("product-chat").at(0); };
  rate(33'000'000);
  const auto first = begun(wanted);
  EXPECT_EQ(asked().at("price_amount"), 149'900);
  rate(33'100'000);
  EXPECT_EQ(begun(wanted).id, first.id);
  rate(30'000'000);
  EXPECT_NE(begun(wanted).id, first.id) << "another day's price";
  EXPECT_EQ(asked().at("price_amount"), 139'900);
  wanted.currency = "eur";
  begun(wanted);
  EXPECT_EQ(asked().at("price_amount"), 4500);
  wanted.currency = "gbp";
  EXPECT_EQ(refusal(wanted), "CURRENCY_NOT_SOLD");
}

TEST_F(PolarPaymentsTest, WhatIsNoCurrencyIsNotAsked) {
  auto wanted = wish();
  for (const char* odd : {"EUR", "eu", "€", "try&x"}) {
    wanted.currency = odd;
    EXPECT_EQ(refusal(wanted), "CURRENCY_NOT_SOLD") << odd;
  }
  EXPECT_TRUE(server.asked().empty());
}

TEST_F(PolarPaymentsTest, WhoHasPaidMeanwhileIsNotAskedAgain) {
  server.pay(begun(wish()).id);
  EXPECT_EQ(refusal(wish("another")), "ALREADY_SUBSCRIBED");
  EXPECT_EQ(plan(), "premium") << "though no webhook has come";
}

// What stays at the end, without what tells only when it was looked at.
std::string shop_state(PolarShop& shop) {
  std::string out;
  auto contracts = run_task(shop.db->query<std::string>(
      "SELECT id || user_id || customer || plan || cycle || status || period_start || ' ' || period_end || "
      "CASE WHEN cancel_at_period_end THEN 'c' ELSE '' END || COALESCE(past_due_since, 0) FROM billing_contracts "
      "ORDER BY id"));
  auto paid = run_task(shop.db->query<std::string>(
      "SELECT invoice || contract || user_id || plan || amount || currency || status || at FROM billing_payments "
      "ORDER BY invoice"));
  for (const auto& rows : {contracts, paid})
    for (const auto& row : rows) out += row + "\n";
  return out + shop.plan();
}

// Events come in whatever order, each at least once, some applied while the story still goes on, Polar failing now
// and then: in the end there is one state.
RC_GTEST_PROP(PolarPaymentsProperty, OrderAndRepetitionDoNotMatter, ()) {
  PolarShop shop;
  std::vector<PolarEvent> events;
  const auto deliver = [&](const PolarEvent& event) {
    shop.receive(shop.server.signed_now(event.body, std::string(event.headers.get("webhook-id"))));
  };
  const auto work = [&] {
    const auto trouble = *rc::gen::inRange(0, 5);
    if (trouble == 0) shop.server.misbehave(500);
    if (trouble == 1) shop.server.misbehave(429);
    if (trouble == 2) shop.server.misbehave(200, "<html>");
    shop.work();
  };
  const auto happens = [&](const char* type, const std::string& about) {
    shop.clock.advance(*rc::gen::element(std::chrono::hours(1), std::chrono::hours(100)));
    events.push_back(shop.server.event(type, about));
    if (*rc::gen::inRange(0, 3) == 0) deliver(events.back());
    if (*rc::gen::inRange(0, 4) == 0) work();
  };
  const std::string id = shop.server.pay(shop.begun(shop.wish()).id);
  happens("subscription.created", id);
  happens("order.paid", shop.server.newest_order(id));
  for (int steps = *rc::gen::inRange(0, 5); steps > 0; --steps) {
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        happens("order.paid", shop.server.renew(id, true));
        break;
      case 1: {
        const std::string order = shop.server.renew(id, false);
        happens("order.updated", order);
        if (*rc::gen::arbitrary<bool>()) {
          shop.server.settle(id, order);
          happens("order.paid", order);
        }
        break;
      }
      case 2:
        shop.server.change_product(id, *rc::gen::element("product-pro", "product-premium"));
        break;
      case 3:
        shop.server.set(id, "cancel_at_period_end", *rc::gen::arbitrary<bool>());
        break;
      default:
        shop.server.revoke(id);
    }
    happens("subscription.updated", id);
  }
  // From here on nothing changes at Polar; what is still to come comes in any order.
  const auto in_order = events;
  for (const auto& event : in_order)
    if (*rc::gen::inRange(0, 3) == 0) events.push_back(event);
  for (std::size_t i = events.size(); i > 1; --i)
    std::swap(events[i - 1], events[*rc::gen::inRange<std::size_t>(0, i)]);
  for (const auto& event : events) {
    deliver(event);
    if (*rc::gen::inRange(0, 4) == 0) work();
  }
  work();
  const std::string ended = shop_state(shop);

  // The same events, each once and in order, to somebody who was away all the time.
  const auto anew = run_task(shop.db->execute("DELETE FROM billing_contracts")) +
                    run_task(shop.db->execute("DELETE FROM billing_webhooks"));
  RC_ASSERT(anew >= 2);
  run_task(shop.db->execute("DELETE FROM billing_payments"));
  for (const auto& event : in_order) deliver(event);
  shop.work();
  RC_ASSERT(shop_state(shop) == ended);
}

}  // namespace
}  // namespace odeon::billing
