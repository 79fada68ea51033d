// What a plan costs in every currency that it is sold in: prices that are set by hand, and prices that are made of the
// one in US dollars by the rate of the day and then put where people know prices to be (familiar_price).
//
// Rates are looked up once a day and kept with their date. A source that is away, or says what no day brings, changes
// nothing: the last good rate holds until there is a better one. What was bought stays at the price it was bought at.
#pragma once

#include <string>
#include <vector>

#include "base/log.hpp"
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
  // `by_the_day`: the currencies whose rates are kept.
  Currencies(database::Database& database, Frankfurter& source, const Clock& clock, Log& log,
             std::vector<std::string> by_the_day);

  // What `cents` US dollars for a period cost in each currency, the dollars first: `fixed` as they stand, then those of
  // `by_the_day` that are not among them and have a rate. A price of 0 is none and is left out.
  Task<std::vector<Money>> prices(std::int64_t cents, std::vector<Money> fixed, std::vector<std::string> by_the_day);

  // Asks the source unless it was asked in the last 20 hours. Throws Error, with may_pass(), when it is away.
  Task<void> refresh();
  // Registers the handler and its schedule, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> look();

  database::Database& database_;
  Frankfurter& source_;
  const Clock& clock_;
  Log& log_;
  std::vector<std::string> by_the_day_;
};

}  // namespace odeon::billing
