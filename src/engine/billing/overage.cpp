#include "engine/billing/overage.hpp"

#include "engine/billing/contracts_store.hpp"
#include "engine/billing/overage_store.hpp"

namespace odeon::billing {
namespace {

constexpr int kReportAttempts = 20;  // within the day in which Stripe knows a report again by its key

Error no_overage() {
  return Error(Fault::conflict, "NO_OVERAGE", "Your plan ends at its limit. A larger one has more.");
}

}  // namespace

Overages::Overages(database::Database& database, jobs::Queue& queue, Payments& payments, Allowances& allowances,
                   Subscriptions& subscriptions, const Clock& clock)
    : database_(database), queue_(queue), payments_(payments), subscriptions_(subscriptions), clock_(clock) {
  allowances.on_overage(
      [this](database::Transaction& transaction, OverLimit over) { return note(transaction, std::move(over)); });
}

Task<bool> Overages::is_on(std::string user_id, std::string product) {
  return store::has_overage(database_, std::move(user_id), std::move(product));
}

Task<bool> Overages::turn(std::string user_id, std::string product, bool on) {
  const ProductPlans& plans = subscriptions_.plans_of(product);
  if (on) {
    const Entitlement entitled = co_await subscriptions_.entitlement(user_id, product);
    const auto contract = co_await store::contract_to_charge(database_, user_id, product);
    const PaymentProvider* provider = contract ? payments_.find(contract->provider) : nullptr;
    const bool offered = entitled.anchor && !entitled.plan->overage.empty() && provider != nullptr &&
                         provider->charges_overage({product, entitled.plan->name, contract->cycle});
    if (!offered) throw no_overage().with_upgrade_url(plans.upgrade_url);
  }
  const bool fresh = co_await store::turn_overage(database_, user_id, product, on, clock_.now());
  if (fresh) subscriptions_.changed(user_id, product);
  co_return fresh;
}

Task<std::int64_t> Overages::used(std::string user_id, std::string product, std::string meter) {
  const Entitlement entitled = co_await subscriptions_.entitlement(user_id, product);
  const Period period = subscriptions_.plans_of(product).meter(meter).period;
  co_return co_await store::overage_of(database_, user_id, product, meter,
                                       start_of(period, clock_.now(), entitled.anchor));
}

Task<void> Overages::note(database::Transaction& transaction, OverLimit over) {
  const std::string id = over.reservation, lane = over.user_id;
  co_await store::add_overage(transaction, std::move(over), clock_.now());
  co_await queue_.enqueue(transaction, ReportOverage{id}, {.lane = "billing/" + lane, .max_attempts = kReportAttempts});
}

void Overages::install(jobs::Worker& worker) {
  worker.handle<ReportOverage>([this](ReportOverage job, jobs::Job& handle) { return report(std::move(job), handle); });
}

Task<void> Overages::report(ReportOverage job, jobs::Job& handle) {
  const auto over = co_await store::unreported_overage(database_, job.id);
  if (!over) co_return;
  const auto contract = co_await store::contract_to_charge(database_, over->user_id, over->product);
  PaymentProvider* provider = contract ? payments_.find(contract->provider) : nullptr;
  if (provider == nullptr)
    throw Error(Fault::conflict, "NO_CONTRACT", fmt::format("Nobody can charge for the overage {}.", job.id));
  co_await provider->report_overage({.contract = contract->id,
                                     .customer = contract->customer,
                                     .offer = {over->product, contract->plan, contract->cycle},
                                     .count = over->amount,
                                     .key = job.id,
                                     .at = over->at});
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::mark_reported(*transaction, job.id, clock_.now());
  co_await handle.complete(*transaction);
  co_await transaction->commit();
}

}  // namespace odeon::billing
