// All SQL of rates of exchange.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/billing/rates.hpp"
#include "engine/database/database.hpp"

namespace odeon::billing::store {

struct KnownRate {
  std::string currency;
  std::string date;
  RateMicros rate = 0;
  Instant looked_at;
};
BOOST_DESCRIBE_STRUCT(KnownRate, (), (currency, date, rate, looked_at))

// The newest of each currency.
Task<std::vector<KnownRate>> newest_rates(database::Executor& executor);
Task<void> keep_rate(database::Executor& executor, Rate rate, Instant now);
// The newest of a currency holds on: what was said at `now` was no good.
Task<void> hold_rate(database::Executor& executor, std::string currency, Instant now);

}  // namespace odeon::billing::store
