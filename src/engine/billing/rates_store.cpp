#include "engine/billing/rates_store.hpp"

namespace odeon::billing::store {

using database::Executor;

Task<std::vector<KnownRate>> newest_rates(Executor& executor) {
  return executor.query<KnownRate>(
      "SELECT currency, date, rate, looked_at FROM billing_rates r WHERE date = "
      "(SELECT max(date) FROM billing_rates WHERE currency = r.currency) ORDER BY currency");
}

Task<void> keep_rate(Executor& executor, Rate rate, Instant now) {
  co_await executor.execute(
      "INSERT INTO billing_rates (currency, date, rate, looked_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (currency, date) DO UPDATE SET rate = excluded.rate, looked_at = excluded.looked_at",
      rate.currency, rate.date, rate.rate, now);
}

Task<void> hold_rate(Executor& executor, std::string currency, Instant now) {
  co_await executor.execute(
      "UPDATE billing_rates SET looked_at = $2 WHERE currency = $1 AND date = "
      "(SELECT max(date) FROM billing_rates WHERE currency = $1)",
      currency, now);
}

}  // namespace odeon::billing::store
