// A shop that sells plans by a stand-in of Stripe.
#pragma once

#include "engine/billing/fixture_test.hpp"
#include "engine/billing/payments.hpp"
#include "engine/billing/stripe_server_test.hpp"

namespace odeon::billing {

// A seller whose customers pay at Stripe; jobs run by hand, one round at a time.
struct Shop : Till {
  Shop() { payments.add(stripe); }

  Purchase wish(const std::string& plan = "premium", const std::string& key = "", Cycle cycle = Cycle::monthly) {
    return {.user_id = "ann",
            .mail = "ann@example.com",
            .offer = {"briefings", plan, cycle},
            .success_url = "https://app.test/done",
            .cancel_url = "https://app.test/no",
            .request_key = key};
  }
  Checkout begun(Purchase purchase) { return run_task(payments.checkout(std::move(purchase))); }
  std::string refusal(Purchase purchase) {
    try {
      begun(std::move(purchase));
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  }
  bool receive(SignedEvent event) {
    http::Headers headers;
    headers.add("Stripe-Signature", event.signature);
    return run_task(payments.receive("stripe", event.body, headers));
  }
  // Receives it and lets its job end.
  void hear(const std::string& type, const std::string& about) {
    receive(server.event(type, about));
    work();
  }
  // Runs the jobs that there are to their end; the clock moves on for those that wait to be tried again.
  void work() { run_task(with_timeout(std::chrono::seconds(60), worked(*this))); }
  static Task<> worked(Shop& shop) {
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
  std::string bought(const std::string& wanted = "premium") {
    const std::string id = server.pay(begun(wish(wanted)).id);
    run_task(payments.refresh("stripe", id, ""));
    return id;
  }
  void sync(const std::string& id) { run_task(payments.refresh("stripe", id, "")); }
  template <class T>
  T one(database::Sql sql) {
    return run_task(db->find<T>(sql)).value();
  }

  Log log{Log::Level::off};
  Metrics metrics;
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  jobs::Queue queue{*db, *coordination, clock};
  StripeServer server{clock};
  http::Client client{http::ClientOptions{}};
  Stripe stripe{client, clock, server.options()};
  Payments payments{*db, queue, subscriptions, clock, log};
};

}  // namespace odeon::billing
