// A shop of three plans, and somebody who uses what hers allows.
#pragma once

#include "engine/billing/fixture_test.hpp"

namespace odeon::billing {

inline constexpr std::string_view kShopPlans = R"(
[shop]
default = "small"
upgrade_url = "/pricing"
[shop.meters]
visits = { limit = "visits", period = "day", warns = true }
minutes = { limit = "hours", period = "cycle", times = 60, warns = true }
seats = { limit = "seats", period = "always" }
shelves = { limit = "shelves", period = "always", warns = true }
[shop.plans.small]
title = "Small"
limits = { visits = 5, hours = 5, seats = 0, shelves = 10 }
[shop.plans.medium]
title = "Medium"
price = { monthly = 1000 }
limits = { visits = 8, hours = 10, seats = 3, shelves = 10 }
overage = { visits = 25 }
[shop.plans.large]
title = "Large"
price = { monthly = 2000 }
limits = { visits = -1, hours = -1, seats = -1, shelves = -1 }
)";

struct Desk : Till {
  Desk() : Till(Plans(kShopPlans, "shop.toml")) {}

  Task<Allowances::Reserved> reserved(Allowances& at, std::string meter, std::int64_t amount,
                                      std::string user = "ann") {
    auto tx = co_await db->begin(database::Isolation::statement);
    auto held = co_await at.reserve(*tx, std::move(user), "shop", std::move(meter), amount);
    if (held) co_await tx->commit();
    co_return held;
  }
  Task<bool> ended(Allowances& at, std::string id, std::optional<std::int64_t> amount, bool settles) {
    auto tx = co_await db->begin(database::Isolation::statement);
    const bool done = settles ? co_await at.settle(*tx, id, amount) : co_await at.release(*tx, id);
    co_await tx->commit();
    co_return done;
  }
  Allowances::Reserved reserve(std::string meter, std::int64_t amount = 1) {
    return run_task(reserved(allowances, std::move(meter), amount));
  }
  bool settle(std::string id, std::optional<std::int64_t> amount = {}) {
    return run_task(ended(allowances, std::move(id), amount, true));
  }
  bool release(std::string id) { return run_task(ended(allowances, std::move(id), {}, false)); }
  void give_back(std::string meter, std::int64_t amount) {
    run_task([](Desk& self, std::string meter, std::int64_t amount) -> Task<> {
      auto tx = co_await self.db->begin(database::Isolation::statement);
      co_await self.allowances.give_back(*tx, "ann", "shop", std::move(meter), amount);
      co_await tx->commit();
    }(*this, std::move(meter), amount));
  }
  Allowance of(std::string meter) { return run_task(allowances.of("ann", "shop", std::move(meter))); }
  void plan(std::string name) { run_task(subscriptions.set_plan("ann", "shop", std::move(name))); }
  // A contract that begins now, as a provider would have told of it.
  void pay(std::string plan, std::chrono::days length) {
    run_task([](Desk& self, std::string plan, std::chrono::days length) -> Task<> {
      const Instant now = self.clock.now();
      const Instant end = now + length;
      auto tx = co_await self.db->begin();
      static_cast<void>(co_await tx->execute(
          "INSERT INTO billing_contracts (provider, id, revision, user_id, customer, product, plan, cycle, status, "
          "period_start, period_end, cancel_at_period_end, created_at, updated_at) VALUES "
          "('stripe', 'sub_1', 1, 'ann', 'cus_1', 'shop', $1, 'monthly', 'active', $2, $3, FALSE, $2, $2)",
          plan, now, end));
      co_await tx->commit();
    }(*this, std::move(plan), length));
    subscriptions.changed("ann", "shop");
  }
};

}  // namespace odeon::billing
