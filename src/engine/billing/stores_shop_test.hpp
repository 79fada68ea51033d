// Both app stores, with people who have bought there; jobs run by hand.
#pragma once

#include "engine/billing/app_store_server_test.hpp"
#include "engine/billing/fixture_test.hpp"
#include "engine/billing/google_play_server_test.hpp"
#include "engine/billing/payments.hpp"

namespace odeon::billing {

struct Stores : Till {
  Stores() {
    payments.add(apple);
    payments.add(play);
  }

  std::string refused(Task<void> task) {
    try {
      run_task(std::move(task));
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  }
  std::string adopted(StoreProvider& store, const std::string& contract, const std::string& user) {
    return refused(payments.adopt(std::string(store.name()), contract, user));
  }
  bool hear(const std::string& body) { return run_task(payments.receive("app_store", body, {})); }
  bool hear(const Push& push) { return run_task(payments.receive("google_play", push.body, push.headers)); }
  // Runs the jobs that there are to their end; the clock moves on for those that wait to be tried again.
  void work() { run_task(with_timeout(std::chrono::seconds(60), worked(*this))); }
  static Task<> worked(Stores& stores) {
    jobs::Worker worker{stores.queue, stores.clock, stores.log, stores.metrics, {}};
    stores.payments.install(worker);
    co_await worker.start();
    for (;;) {
      const auto open = co_await stores.db->query<std::string>(
          "SELECT id FROM jobs WHERE kind LIKE 'billing.%' AND state NOT IN ('completed', 'failed')");
      if (open.empty()) break;
      for (const auto& id : open)
        co_await stores.queue.watch(id, [&stores](this auto, const jobs::Progress& progress) -> Task<bool> {
          if (progress.state == jobs::State::scheduled) stores.clock.advance(std::chrono::hours(2));
          co_return true;
        });
    }
    co_await worker.stop();
  }
  Entitlement now(const std::string& user = kAnn) { return run_task(subscriptions.entitlement(user, "briefings")); }
  std::string plan(const std::string& user = kAnn) { return now(user).plan->name; }

  Log log{Log::Level::off};
  Metrics metrics;
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  jobs::Queue queue{*db, *coordination, clock};
  http::Client client{http::ClientOptions{}};
  AppStoreServer apple_server{clock};
  PlayServer play_server{clock};
  identity::RemoteKeys keys{play_server.keys_url(), identity::fetch_by(client), *coordination, clock, log};
  AppStore apple{client, clock, apple_server.options()};
  GooglePlay play{client, clock, *db, queue, keys, play_server.options(test_products())};
  Payments payments{*db, queue, subscriptions, clock, log};
};

}  // namespace odeon::billing
