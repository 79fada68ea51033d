#include "engine/billing/ledger.hpp"

#include "base/ids.hpp"
#include "engine/database/atomically.hpp"

namespace odeon::billing {

namespace {

constexpr database::Sql kInsert =
    "INSERT INTO billing_ledger (id, user_id, product, operation, model, provider, cost, tokens_in, tokens_out, units, "
    "tier, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING";

auto row_of(const Expense& expense, const Clock& clock) {
  return std::tuple(expense.id.empty() ? new_uuid(clock) : expense.id, expense.user_id, expense.product,
                    expense.operation, expense.model, expense.provider, expense.cost, expense.tokens_in,
                    expense.tokens_out, expense.units, expense.tier,
                    expense.at == Instant{} ? clock.now() : expense.at);
}
using ExpenseRow = decltype(row_of(std::declval<Expense>(), std::declval<const Clock&>()));

Task<void> insert(database::Executor& executor, std::vector<ExpenseRow> rows) {
  co_await executor.execute_each(kInsert, std::move(rows));
}

}  // namespace

Task<void> Ledger::record(database::Executor& executor, Expense expense) {
  return insert(executor, {row_of(expense, clock_)});
}

// As a whole: where SQLite writes, its thread makes the rows as well, for they are many, and a loop has others to
// serve.
Task<void> Ledger::record_each(std::span<const Expense> expenses) {
  co_await database::atomically(database_, database::Isolation::statement,
                                [this, expenses](database::Transaction& tx) -> Task<void> {
                                  std::vector<ExpenseRow> rows;
                                  rows.reserve(expenses.size());
                                  for (const auto& expense : expenses) rows.push_back(row_of(expense, clock_));
                                  co_await insert(tx, std::move(rows));
                                });
}

Task<void> Ledger::arrived() {
  if (read_after_) co_await read_after_();
}

Task<std::vector<Total>> Ledger::totals(std::string user_id, std::string product, By by, Instant from, Instant to) {
  co_await arrived();
  switch (by) {
    case By::operation:
      co_return co_await database_.query<Total>(
          "SELECT operation AS name, COUNT(*) AS count, CAST(SUM(cost) AS BIGINT) AS cost, "
          "CAST(SUM(tokens_in) AS BIGINT) AS tokens_in, CAST(SUM(tokens_out) AS BIGINT) AS tokens_out, "
          "CAST(SUM(units) AS BIGINT) AS units FROM billing_ledger "
          "WHERE user_id = $1 AND product = $2 AND at >= $3 AND at < $4 GROUP BY operation ORDER BY operation",
          user_id, product, from, to);
    case By::model:
      co_return co_await database_.query<Total>(
          "SELECT model AS name, COUNT(*) AS count, CAST(SUM(cost) AS BIGINT) AS cost, "
          "CAST(SUM(tokens_in) AS BIGINT) AS tokens_in, CAST(SUM(tokens_out) AS BIGINT) AS tokens_out, "
          "CAST(SUM(units) AS BIGINT) AS units FROM billing_ledger "
          "WHERE user_id = $1 AND product = $2 AND at >= $3 AND at < $4 GROUP BY model ORDER BY model",
          user_id, product, from, to);
    case By::day:
      break;
  }
  co_return co_await by_day(std::move(user_id), std::move(product), from, to);
}

Task<std::vector<Total>> Ledger::by_day(std::string user_id, std::string product, Instant from, Instant to) {
  constexpr std::int64_t day = Micros(std::chrono::days(1)).count();
  auto totals = co_await database_.query<Total>(
      "SELECT CAST(at / $5 AS TEXT) AS name, COUNT(*) AS count, CAST(SUM(cost) AS BIGINT) AS cost, "
      "CAST(SUM(tokens_in) AS BIGINT) AS tokens_in, CAST(SUM(tokens_out) AS BIGINT) AS tokens_out, "
      "CAST(SUM(units) AS BIGINT) AS units FROM billing_ledger "
      "WHERE user_id = $1 AND product = $2 AND at >= $3 AND at < $4 GROUP BY at / $5 ORDER BY at / $5",
      user_id, product, from, to, day);
  for (auto& total : totals) total.name = to_iso8601(Instant(std::chrono::days(std::stoll(total.name)))).substr(0, 10);
  co_return totals;
}

Task<std::int64_t> Ledger::cost(std::string user_id, std::string product, Instant from, Instant to) {
  co_await arrived();
  const auto sum = co_await database_.find<std::int64_t>(
      "SELECT CAST(COALESCE(SUM(cost), 0) AS BIGINT) FROM billing_ledger "
      "WHERE user_id = $1 AND product = $2 AND at >= $3 AND at < $4",
      user_id, product, from, to);
  co_return sum.value_or(0);
}

}  // namespace odeon::billing
