#include "engine/billing/sandbox_store.hpp"

namespace odeon::billing::sandbox {

Instant after(Instant when, Cycle cycle) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  std::chrono::year_month_day date(day);
  date += cycle == Cycle::yearly ? std::chrono::months(12) : std::chrono::months(1);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return std::chrono::sys_days(date) + (when - day);
}

ContractRow as_of(ContractRow contract, Instant now) {
  auto goes_on = [](ContractStatus status) { return status != ContractStatus::ended; };
  while (goes_on(contract.status) && contract.period_end <= now) {
    if (contract.cancel_at_period_end || contract.status == ContractStatus::past_due) {
      contract.status = ContractStatus::ended;
      break;
    }
    contract.status = ContractStatus::active;
    contract.period_start = contract.period_end;
    contract.period_end = after(contract.period_start, contract.cycle);
  }
  return contract;
}

Task<void> add_checkout(Executor& executor, CheckoutRow row) {
  co_await executor.execute(
      "INSERT INTO billing_sandbox_checkouts (id, checkout_order, state, contract, created_at) "
      "VALUES ($1, $2, $3, $4, $5)",
      row.id, row.checkout_order, row.state, row.contract, row.created_at);
}

Task<std::optional<CheckoutRow>> checkout(Executor& executor, std::string id) {
  return executor.find<CheckoutRow>(
      "SELECT id, checkout_order, state, contract, created_at FROM billing_sandbox_checkouts WHERE id = $1", id);
}

Task<bool> end_checkout(Executor& executor, std::string id, CheckoutState state, std::string contract, Instant since) {
  const auto changed = co_await executor.execute(
      "UPDATE billing_sandbox_checkouts SET state = $2, contract = $3 "
      "WHERE id = $1 AND state IN ('open', 'declined') AND created_at >= $4",
      id, state, contract, since);
  co_return changed == 1;
}

Task<void> keep_contract(Executor& executor, ContractRow row) {
  co_await executor.execute(
      "INSERT INTO billing_sandbox_contracts (id, customer, user_id, product, plan, cycle, currency, amount, status, "
      "period_start, period_end, cancel_at_period_end, past_due_since, had_trial) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO UPDATE "
      "SET plan = excluded.plan, cycle = excluded.cycle, currency = excluded.currency, amount = excluded.amount, "
      "status = excluded.status, period_start = excluded.period_start, period_end = excluded.period_end, "
      "cancel_at_period_end = excluded.cancel_at_period_end, past_due_since = excluded.past_due_since",
      row.id, row.customer, row.user_id, row.product, row.plan, row.cycle, row.currency, row.amount, row.status,
      row.period_start, row.period_end, row.cancel_at_period_end, row.past_due_since, row.had_trial);
}

Task<std::optional<ContractRow>> contract(Executor& executor, std::string id) {
  return executor.find<ContractRow>(
      "SELECT id, customer, user_id, product, plan, cycle, currency, amount, status, period_start, period_end, "
      "cancel_at_period_end, past_due_since, had_trial FROM billing_sandbox_contracts WHERE id = $1",
      id);
}

Task<std::vector<ContractRow>> contracts_of(Executor& executor, std::string customer) {
  return executor.query<ContractRow>(
      "SELECT id, customer, user_id, product, plan, cycle, currency, amount, status, period_start, period_end, "
      "cancel_at_period_end, past_due_since, had_trial FROM billing_sandbox_contracts WHERE customer = $1 ORDER BY "
      "period_end DESC, id",
      customer);
}

Task<void> add_overage(Executor& executor, std::string key, std::string contract, std::int64_t amount, Instant at) {
  co_await executor.execute(
      "INSERT INTO billing_sandbox_overages (id, contract, amount, at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (id) DO NOTHING",
      key, contract, amount, at);
}

Task<std::int64_t> overage_since(Executor& executor, std::string contract, Instant since) {
  const auto sum = co_await executor.find<std::int64_t>(
      "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM billing_sandbox_overages "
      "WHERE contract = $1 AND at >= $2",
      contract, since);
  co_return sum.value_or(0);
}

}  // namespace odeon::billing::sandbox
