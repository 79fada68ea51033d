// Purchases of app stores, from the receipt that a client brings or the notification that comes first, to the plan.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/personal_data.hpp"
#include "engine/billing/stores_shop_test.hpp"

namespace odeon::billing {
namespace {

using std::chrono::days;

struct StoresTest : ::testing::Test, Stores {};

TEST_F(StoresTest, WhatWasBoughtIsThere) {
  EXPECT_EQ(adopted(apple, apple_server.buy("app.premium.monthly"), kAnn), "");
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(now().expires_at, clock.now() + days(30));
  EXPECT_EQ(adopted(play, play_server.buy("app.pro.yearly"), kAnn), "");
  EXPECT_EQ(plan(), "pro");
  EXPECT_EQ(adopted(apple, "42", kAnn), "NO_SUCH_PURCHASE");
  EXPECT_EQ(adopted(play, "token-42", kAnn), "NO_SUCH_PURCHASE");
}

TEST_F(StoresTest, AReceiptIsOnePersons) {
  const std::string free_for_all = apple_server.buy("app.pro.monthly"),
                    hers = apple_server.buy("app.pro.monthly", kAnn);
  const std::string play_free = play_server.buy("app.pro.monthly"),
                    play_hers = play_server.buy("app.pro.monthly", kAnn);
  for (const auto& [store, first, named] :
       {std::tuple<StoreProvider&, std::string, std::string>{apple, free_for_all, hers},
        {play, play_free, play_hers}}) {
    EXPECT_EQ(adopted(store, first, kAnn), "");
    EXPECT_EQ(adopted(store, first, kAnn), "") << "again";
    EXPECT_EQ(adopted(store, first, kBob), "PURCHASE_TAKEN");
    EXPECT_EQ(adopted(store, named, kBob), "PURCHASE_TAKEN") << "before she came herself";
    EXPECT_EQ(adopted(store, named, kAnn), "");
  }
  EXPECT_EQ(plan(kBob), "free");
  EXPECT_EQ(plan(kAnn), "pro");
}

TEST_F(StoresTest, ANotificationNeedsNoReceipt) {
  const std::string hers = apple_server.buy("app.premium.monthly", kAnn),
                    bobs = play_server.buy("app.pro.monthly", kBob);
  const std::string body = apple_server.event("SUBSCRIBED", hers);
  const auto push = play_server.tell(bobs);
  EXPECT_TRUE(hear(body));
  EXPECT_TRUE(hear(push));
  EXPECT_FALSE(hear(body));
  EXPECT_FALSE(hear(push));
  work();
  EXPECT_EQ(plan(kAnn), "premium");
  EXPECT_EQ(plan(kBob), "pro");
  EXPECT_EQ(run_task(db->find<std::int64_t>("SELECT amount FROM billing_payments")), 499);
}

TEST_F(StoresTest, WhoComesLaterThanTheirNotificationIsAwaited) {
  const std::string token = play_server.buy("app.pro.monthly");
  hear(play_server.tell(token));
  work();
  EXPECT_EQ(run_task(db->find<std::string>("SELECT result FROM billing_webhooks")), "ownerless");
  EXPECT_TRUE(play_server.asked(":acknowledge").empty());
  EXPECT_EQ(adopted(play, token, kAnn), "");
  run_task(play.confirm(token));
  EXPECT_EQ(plan(), "pro");
  EXPECT_EQ(play_server.asked(":acknowledge").size(), 1U);
  play_server.set_state(token, "EXPIRED");
  hear(play_server.tell(token, 13));
  work();
  EXPECT_EQ(plan(), "free");
}

TEST_F(StoresTest, ARefundEndsThePlanAtOnce) {
  const std::string id = apple_server.buy("app.pro.monthly", kAnn);
  hear(apple_server.event("SUBSCRIBED", id));
  work();
  EXPECT_EQ(plan(), "pro");
  apple_server.set_status(id, 5);
  apple_server.set(id, "revocationDate", 1795159800000);
  hear(apple_server.event("REFUND", id));
  work();
  EXPECT_EQ(plan(), "free");
  EXPECT_EQ(now().status, SubscriptionStatus::canceled);
}

TEST_F(StoresTest, GraceIsTheStores) {
  const std::string id = apple_server.buy("app.pro.monthly", kAnn), token = play_server.buy("app.pro.monthly", kBob);
  clock.advance(days(30));
  apple_server.fail_to_renew(id, 16);
  play_server.set_state(token, "IN_GRACE_PERIOD");
  play_server.set_item(token, "expiryTime", json::value(to_iso8601(clock.now() + days(7))));
  hear(apple_server.event("DID_FAIL_TO_RENEW", id));
  hear(play_server.tell(token, 6));
  work();
  for (const auto& [user, lasts] : {std::pair{kAnn, 16}, {kBob, 7}}) {
    EXPECT_EQ(plan(user), "pro");
    EXPECT_EQ(now(user).status, SubscriptionStatus::past_due);
    EXPECT_EQ(now(user).expires_at, clock.now() + days(lasts));
  }
  apple_server.fail_to_renew(id, 0);
  hear(apple_server.event("GRACE_PERIOD_EXPIRED", id));
  work();
  EXPECT_EQ(plan(), "free");
  EXPECT_EQ(now().status, SubscriptionStatus::past_due);
}

// An upgrade has a token of its own; in whatever order the two are heard of, one plan is left.
TEST_F(StoresTest, WhatTookItsPlaceEndsAPurchase) {
  for (const bool old_first : {true, false}) {
    const std::string& user = old_first ? kAnn : kBob;
    const std::string old = play_server.buy("app.pro.monthly", user);
    if (old_first) {
      hear(play_server.tell(old));
      work();
      EXPECT_EQ(plan(user), "pro");
    }
    const std::string fresh = play_server.buy("app.premium.monthly", old_first ? "" : user, old);
    hear(play_server.tell(fresh));
    work();
    if (!old_first) hear(play_server.tell(old));
    work();
    EXPECT_EQ(plan(user), "premium") << "its owner is that of the other; Google still calls the other active";
    hear(play_server.tell(old));
    work();
    EXPECT_EQ(plan(user), "premium") << "for good";
    EXPECT_EQ(adopted(play, old, user), "");
    EXPECT_EQ(plan(user), "premium");
  }
}

TEST_F(StoresTest, WhatIsNotPaidYetTakesNoPlace) {
  const std::string old = play_server.buy("app.premium.monthly", kAnn);
  const std::string fresh = play_server.buy("app.pro.monthly", kAnn, old);
  play_server.set_state(fresh, "PENDING");
  for (const auto& token : {old, fresh}) hear(play_server.tell(token));
  work();
  EXPECT_EQ(plan(), "premium");
  play_server.set_state(fresh, "ACTIVE");
  hear(play_server.tell(fresh));
  work();
  EXPECT_EQ(plan(), "pro");
}

TEST_F(StoresTest, WhatAStoreManagesKeepsNobodyFromLeaving) {
  const std::string id = apple_server.buy("app.pro.monthly", kAnn),
                    token = play_server.buy("app.premium.monthly", kAnn);
  EXPECT_EQ(adopted(apple, id, kAnn), "");
  EXPECT_EQ(adopted(play, token, kAnn), "");
  EXPECT_EQ(refused(payments.cancel(kAnn, "briefings")), kManagedByStore);
  EXPECT_EQ(run_task(play.fetch(token))->cancel_at_period_end, true) << "all that can be cancelled was";
  BillingData data(*db, payments, clock);
  EXPECT_GE(run_task(data.forget(kAnn, "")).rows, 2);
  EXPECT_EQ(plan(), "free");
}

TEST_F(StoresTest, APortalIsTheStores) {
  adopted(apple, apple_server.buy("app.pro.monthly"), kAnn);
  EXPECT_EQ(run_task(payments.portal({.user_id = kAnn, .product = "briefings"})),
            "https://apps.apple.com/account/subscriptions");
  EXPECT_EQ(refused([](Stores& stores) -> Task<void> {
              co_await stores.payments.checkout({.user_id = kAnn, .offer = {"briefings", "pro", Cycle::monthly}});
            }(*this)),
            "PAYMENT_NOT_CONFIGURED");
}

// What stays at the end, without what tells only when it was looked at.
std::string stores_state(Stores& stores) {
  std::string out;
  const auto contracts = run_task(stores.db->query<std::string>(
      "SELECT provider || ' ' || id || user_id || plan || status || period_start || ' ' || period_end || "
      "CASE WHEN cancel_at_period_end THEN 'c' ELSE '' END || COALESCE(past_due_since, 0) FROM billing_contracts "
      "ORDER BY provider, id"));
  const auto paid = run_task(stores.db->query<std::string>(
      "SELECT invoice || contract || user_id || plan || amount || currency || at FROM billing_payments ORDER BY "
      "invoice"));
  for (const auto& rows : {contracts, paid})
    for (const auto& row : rows) out += row + "\n";
  return out + stores.plan(kAnn) + stores.plan(kBob);
}

// A life in both stores, whose notifications come in whatever order, each at least once, some applied while it still
// goes on, the stores failing now and then: in the end there is one state.
RC_GTEST_PROP(StoresProperty, OrderAndRepetitionDoNotMatter, ()) {
  Stores stores;
  std::vector<std::variant<std::string, Push>> events;
  // As often as it takes: both stores deliver again what was not taken.
  auto deliver = [&](const std::variant<std::string, Push>& event) {
    for (;;) {
      try {
        if (const auto* push = std::get_if<Push>(&event))
          stores.hear(stores.play_server.push_again(*push));
        else
          stores.hear(std::get<std::string>(event));
        return;
      } catch (const Error& error) {
        if (!error.may_pass()) throw;
        stores.clock.advance(std::chrono::minutes(1));
      }
    }
  };
  auto happens = [&](std::variant<std::string, Push> event) {
    events.push_back(std::move(event));
    stores.clock.advance(*rc::gen::element(std::chrono::minutes(1), std::chrono::minutes(50)));
    if (*rc::gen::inRange(0, 3) == 0) deliver(events.back());
    if (*rc::gen::inRange(0, 6) == 0) stores.apple_server.misbehave(*rc::gen::element(500U, 429U, 401U));
    if (*rc::gen::inRange(0, 6) == 0) stores.play_server.misbehave(*rc::gen::element(500U, 429U, 401U));
    if (*rc::gen::inRange(0, 4) == 0) stores.work();
  };
  const std::string id = stores.apple_server.buy("app.premium.monthly", kAnn);
  happens(stores.apple_server.event("SUBSCRIBED", id));
  std::string token = stores.play_server.buy("app.premium.monthly", kBob);
  happens(stores.play_server.tell(token));
  const int steps = *rc::gen::inRange(0, 6);
  for (int i = 0; i < steps; ++i) {
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        stores.apple_server.renew(id);
        break;
      case 1:
        stores.apple_server.fail_to_renew(id, *rc::gen::element(0, 16));
        break;
      case 2:
        stores.apple_server.set_renewal(id, "autoRenewStatus", *rc::gen::inRange(0, 2));
        break;
      case 3:
        stores.play_server.set_state(token, *rc::gen::element<std::string>("ACTIVE", "CANCELED", "ON_HOLD", "PAUSED"));
        happens(stores.play_server.tell(token));
        continue;
      case 4:
        token = stores.play_server.buy(*rc::gen::element<std::string>("app.pro.monthly", "app.premium.yearly"), kBob,
                                       token);
        happens(stores.play_server.tell(token));
        continue;
      default:
        stores.apple_server.set_status(id, *rc::gen::element(1, 2, 5));
    }
    happens(stores.apple_server.event("DID_CHANGE_RENEWAL_STATUS", id));
  }
  // From here on nothing changes in the stores; what is still to come comes in any order.
  const auto in_order = events;
  for (std::size_t i = 0; i < in_order.size(); ++i)
    if (*rc::gen::inRange(0, 3) == 0) events.push_back(in_order[i]);
  for (std::size_t i = events.size(); i > 1; --i)
    std::swap(events[i - 1], events[*rc::gen::inRange<std::size_t>(0, i)]);
  for (const auto& event : events) {
    deliver(event);
    if (*rc::gen::inRange(0, 4) == 0) stores.work();
  }
  stores.work();
  const std::string ended = stores_state(stores);

  // The same, each once and in order, to somebody who was away all the time.
  run_task(stores.db->execute("DELETE FROM billing_contracts"));
  run_task(stores.db->execute("DELETE FROM billing_payments"));
  run_task(stores.db->execute("DELETE FROM billing_webhooks"));
  run_task(stores.db->execute("DELETE FROM billing_google_replaced"));
  for (const auto& event : in_order) deliver(event);
  stores.work();
  RC_ASSERT(stores_state(stores) == ended);
}

}  // namespace
}  // namespace odeon::billing
