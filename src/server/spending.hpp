// Where what models cost meets what people may spend: the gateway's interfaces, implemented with billing.
#pragma once

#include <array>
#include <map>
#include <mutex>

#include "base/metric_families.hpp"
#include "engine/ai/gateway.hpp"
#include "engine/billing/allowances.hpp"
#include "engine/billing/costs.hpp"
#include "engine/billing/leases.hpp"
#include "engine/billing/postings.hpp"
#include "server/seldom.hpp"

namespace odeon::server {

// Every call goes into metrics, and what it cost into the ledger, in the name of whoever pays.
class LedgerMeter final : public ai::Meter {
 public:
  LedgerMeter(Metrics& metrics, billing::Ledger& ledger, billing::Postings& postings);
  // What has a name is in the ledger once this returns, everything else soon.
  Task<void> record(ai::Metered call) override;
  bool record_now(ai::Metered& call) override;

 private:
  void count(const ai::Metered& call);

  Counters input_tokens_, output_tokens_, characters_, seconds_;  // task, model
  Counters dollars_;                                              // model, user_tier
  billing::Ledger& ledger_;
  billing::Postings& postings_;
};

// What today's calls cost, and what is earned a day by how many contracts, as gauges: odeon_cost_today_usd by product,
// odeon_daily_revenue_usd and odeon_contracts by product and tier; what no product has ordered has an empty one. For
// how many people models were called in 24 hours: odeon_active_people, odeon_product_people by product and tier,
// odeon_feature_people by the ledger's operation too; and odeon_new_payers, by product, whose first contract began in a
// week. Every node tells the same. Thread-safe.
class CostGauges {
 public:
  CostGauges(Metrics& metrics, billing::Costs& costs, const billing::Plans& plans, const Clock& clock)
      : metrics_(metrics), costs_(costs), plans_(plans), clock_(clock) {}
  // Counts, unless that was done in the last minute (people: in the last ten). Where it cannot be counted the gauges
  // are NaN, and it is tried with the next look (people: after a minute).
  Task<void> refresh();

 private:
  // Dollars by product; dollars and contracts by product and tier.
  struct Amounts {
    std::map<std::string, double> costs;
    std::map<std::pair<std::string, std::string>, double> revenues, contracts;
  };
  using Key = std::array<std::string, 3>;  // product, feature, tier
  Task<void> count();
  Task<void> count_people();
  void show_people(const std::vector<billing::Use>& uses, const std::vector<billing::NewPayers>& payers,
                   double otherwise);
  Amounts all(double value) const;
  void show(const Amounts& amounts);

  Metrics& metrics_;
  billing::Costs& costs_;
  const billing::Plans& plans_;
  const Clock& clock_;
  Seldom due_{std::chrono::minutes(1), Micros(0)};
  Seldom people_due_{std::chrono::minutes(10), std::chrono::minutes(1)};  // it reads what a day has brought
  std::mutex mutex_;
  std::map<Key, double> people_;              // all that were ever shown
  std::map<std::string, double> new_payers_;  // likewise
};

// Products whose plans count a meter "spend", in nano-dollars, have budgets; others have none.
class SpendBudgets final : public ai::Budgets {
 public:
  SpendBudgets(database::Database& database, const billing::Plans& plans, billing::Allowances& allowances,
               billing::Leases& leases)
      : database_(database), plans_(plans), allowances_(allowances), leases_(leases) {}
  // What is left is enough: an answer may be cheaper than it could have been. Nothing left is
  // Error{payment_required, "daily_budget_exceeded"}.
  Task<std::unique_ptr<ai::Held>> hold(ai::Payer payer, ai::NanoUsd most) override;
  Task<std::string> reserve(ai::Payer payer, ai::NanoUsd most) override;
  Task<void> settle(std::string reservation, ai::NanoUsd cost) override;

 private:
  bool counts(const std::string& product) const;

  database::Database& database_;
  const billing::Plans& plans_;
  billing::Allowances& allowances_;
  billing::Leases& leases_;
};

}  // namespace odeon::server
