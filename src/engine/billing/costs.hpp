// What models cost all people together, and what is earned beside it: for operators, who look at days, models, tiers
// and at those who spend most. Whoever asks in SQL has the views `cost_logs` and `daily_costs` (costs.sql).
//
// The ledger has a row for each call, too many to add up each time. A job adds those that are some minutes old to the
// sums of their days; who looks adds what came since.
#pragma once

#include <string>
#include <vector>

#include "engine/billing/ledger.hpp"
#include "engine/billing/plans.hpp"
#include "engine/jobs/worker.hpp"

namespace odeon::billing {

// Days of UTC, both included.
struct Days {
  std::chrono::sys_days first, last;
};

// "2026-11-30"
std::string date_of(std::chrono::sys_days day);

// What a plan brings on a day: a thirtieth of its price by the month, a 365th of the one by the year, for everybody who
// pays for it.
struct Earning {
  std::string date;
  std::string product;
  std::string plan;
  std::int64_t contracts = 0;
  std::int64_t revenue = 0;  // nano-dollars
};

// How many people models were called for, each counted once.
struct Use {
  std::string product;    // empty: all
  std::string operation;  // as "chat.compare"; empty: whatever it was
  std::string tier;       // of who pays; empty with the product
  std::int64_t people = 0;
};
BOOST_DESCRIBE_STRUCT(Use, (), (product, operation, tier, people))

struct NewPayers {
  std::string product;
  std::int64_t people = 0;
};
BOOST_DESCRIBE_STRUCT(NewPayers, (), (product, people))

// The job: comes every five minutes.
struct SumCosts {
  static constexpr std::string_view kind = "billing.sum_costs";
};
BOOST_DESCRIBE_STRUCT(SumCosts, (), ())

// Thread-safe; what it is given outlives it. An empty product stands for all of them.
class Costs {
 public:
  // Contracts with `unpaid_provider` bring nothing: the sandbox's, where money is real.
  Costs(database::Database& database, const Plans& plans, const Clock& clock, std::string unpaid_provider = "")
      : database_(database), plans_(plans), clock_(clock), unpaid_provider_(std::move(unpaid_provider)) {}

  enum class By { product, model, tier, day };
  // The dearest first, days in their order.
  Task<std::vector<Total>> totals(By by, std::string product, Days days);
  // Of those who cost most, by account id; nobody's in particular are under "".
  Task<std::vector<Total>> people(std::string product, Days days, std::int64_t limit);
  // In order of date, product and plan. By US dollar prices as they are today and contracts as they stand now: who has
  // changed plans counts for the new one all along, and a trial at the beginning counts as paid.
  Task<std::vector<Earning>> earnings(std::string product, Days days);

  // How many people calls of models were made for.
  Task<std::int64_t> active_people(Days days);
  // The same since then: of all products, of each product and tier, and of these by what was asked for. Reads each
  // call.
  Task<std::vector<Use>> uses(Instant since);
  // People whose first contract of a product began since then. A trial at its beginning counts as paid.
  Task<std::vector<NewPayers>> new_payers(Instant since);
  // Contracts that paid and ran out in these days.
  Task<std::int64_t> ended_contracts(Days days);

  // Adds to the sums of days what is not among them and is ten minutes old.
  Task<void> sum_up();
  // Registers the handler and its schedule, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  database::Database& database_;
  const Plans& plans_;
  const Clock& clock_;
  std::string unpaid_provider_;
};

}  // namespace odeon::billing
