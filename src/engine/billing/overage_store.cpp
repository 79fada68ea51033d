#include "engine/billing/overage_store.hpp"

namespace odeon::billing::store {

Task<void> add_overage(Transaction& tx, OverLimit over, Instant now) {
  co_await tx.execute(
      "INSERT INTO billing_overages (id, user_id, product, meter, period_start, amount, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      over.reservation, over.user_id, over.product, over.meter, over.period_start, over.amount, now);
}

Task<std::optional<Overage>> unreported_overage(Executor& executor, std::string id) {
  return executor.find<Overage>(
      "SELECT user_id, product, meter, amount, at FROM billing_overages WHERE id = $1 AND reported_at IS NULL", id);
}

Task<void> mark_reported(Transaction& tx, std::string id, Instant now) {
  co_await tx.execute("UPDATE billing_overages SET reported_at = $2 WHERE id = $1", id, now);
}

Task<std::int64_t> overage_of(Executor& executor, std::string user_id, std::string product, std::string meter,
                              Instant period_start) {
  const auto sum = co_await executor.find<std::int64_t>(
      "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM billing_overages "
      "WHERE user_id = $1 AND product = $2 AND meter = $3 AND period_start = $4",
      user_id, product, meter, period_start);
  co_return sum.value_or(0);
}

Task<std::optional<Charged>> contract_to_charge(Executor& executor, std::string user_id, std::string product) {
  return executor.find<Charged>(
      "SELECT provider, id, customer, plan, cycle FROM billing_contracts WHERE user_id = $1 AND product = $2 "
      "AND status <> 'incomplete' ORDER BY CASE WHEN status = 'ended' THEN 1 ELSE 0 END, period_end DESC, id LIMIT 1",
      user_id, product);
}

}  // namespace odeon::billing::store
