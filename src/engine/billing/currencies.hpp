// What a plan costs in every currency that it is sold in: prices that are set by hand, and prices that are made of the
// one in US dollars by the rate of the day and then put where people know prices to be (familiar_price).
//
// Rates are looked up once a day and kept with their date. A source that is away, or says what no day brings, changes
// nothing: the last good rate holds until there is a better one. What was bought stays at the price it was bought at.
#pragma once

#include <string>
#include <vector>

#include "base/log.hpp"
#include "engine/billing/plans.hpp"
#include "engine/billing/prices.hpp"
#include "engine/billing/rates.hpp"
#include "engine/database/database.hpp"
#include "engine/jobs/worker.hpp"

namespace odeon::billing {

// The job: comes every hour, and asks once a day, or again where it failed.
struct RefreshRates {
  static constexpr std::string_view kind = "billing.refresh_rates";
};
BOOST_DESCRIBE_STRUCT(RefreshRates, (), ())

// Thread-safe; what it is given outlives it.
class Currencies {
 public:
  Currencies(database::Database& database, Frankfurter& source, const Plans& plans, const Clock& clock, Log& log);

  // What a period of `offer` costs in each currency that it is sold in, the dollars first. One that is priced by the
  // day is not among them while no rate is known. Nothing for what is not sold.
  Task<std::vector<Money>> prices(Offer offer);

  // Asks the source unless it was asked in the last 20 hours. Throws Error, with may_pass(), when it is away.
  Task<void> refresh();
  // Registers the handler and its schedule, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> look();

  database::Database& database_;
  Frankfurter& source_;
  const Plans& plans_;
  const Clock& clock_;
  Log& log_;
  std::vector<std::string> by_the_day_;  // the currencies whose rates are kept
};

}  // namespace odeon::billing
