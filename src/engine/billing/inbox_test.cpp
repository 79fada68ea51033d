// Events in any order.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/shop_test.hpp"

namespace odeon::billing {
namespace {

// What stays at the end, without what tells only when it was looked at.
std::string state(Shop& shop) {
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

// A life of two contracts, whose events come in whatever order, each at least once, some applied while the story
// still goes on, Stripe failing now and then: in the end there is one state.
RC_GTEST_PROP(PaymentsProperty, OrderAndRepetitionDoNotMatter, ()) {
  Shop shop;
  std::vector<std::string> events;
  auto deliver = [&](const std::string& body) { shop.receive(shop.server.signed_now(body)); };
  auto happens = [&](const char* type, const std::string& about) {
    shop.clock.advance(*rc::gen::element(std::chrono::hours(1), std::chrono::hours(100)));
    events.push_back(shop.server.event(type, about).body);
    // Some are delivered at once, in the midst of it.
    if (*rc::gen::inRange(0, 3) == 0) deliver(events.back());
    if (*rc::gen::inRange(0, 4) == 0) shop.work();
  };
  const auto checkout = shop.begun(shop.wish());
  const std::string first = shop.server.pay(checkout.id);
  happens("checkout.session.completed", checkout.id);
  happens("customer.subscription.created", first);
  const int steps = *rc::gen::inRange(0, 6);
  for (int i = 0; i < steps; ++i) {
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        happens("invoice.paid", shop.server.renew(first, true));
        break;
      case 1: {
        const std::string invoice = shop.server.renew(first, false);
        happens("invoice.payment_failed", invoice);
        if (*rc::gen::arbitrary<bool>()) {
          shop.server.settle_invoice(invoice);
          shop.server.set(first, "status", "active");
          happens("invoice.paid", invoice);
        }
        break;
      }
      case 2:
        shop.server.change_price(first, *rc::gen::element("price_pro_monthly", "price_premium_yearly"));
        break;
      case 3:
        shop.server.set(first, "cancel_at_period_end", *rc::gen::arbitrary<bool>());
        break;
      default:
        shop.server.set(first, "status", *rc::gen::element("canceled", "active", "unpaid"));
    }
    happens("customer.subscription.updated", first);
  }
  // From here on nothing changes at Stripe; what is still to come comes in any order.
  const auto in_order = events;
  for (std::size_t i = 0; i < in_order.size(); ++i)
    if (*rc::gen::inRange(0, 3) == 0) events.push_back(in_order[i]);
  for (std::size_t i = events.size(); i > 1; --i)
    std::swap(events[i - 1], events[*rc::gen::inRange<std::size_t>(0, i)]);
  for (const auto& event : events) {
    deliver(event);
    if (*rc::gen::inRange(0, 4) == 0) shop.work();
  }
  shop.work();
  const std::string ended = state(shop);

  // The same events, each once and in order, to somebody who was away all the time.
  const auto anew = run_task(shop.db->execute("DELETE FROM billing_contracts")) +
                    run_task(shop.db->execute("DELETE FROM billing_payments"));
  RC_ASSERT(anew >= 1);
  run_task(shop.db->execute("DELETE FROM billing_webhooks"));
  for (const auto& event : in_order) deliver(event);
  shop.work();
  RC_ASSERT(state(shop) == ended);
}

}  // namespace
}  // namespace odeon::billing
