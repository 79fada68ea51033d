#include "engine/billing/costs.hpp"

#include <map>

#include "engine/billing/subscriptions.hpp"

namespace odeon::billing {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::int64_t kDay = Micros(days(1)).count();
constexpr std::int64_t kNanosInCent = 10'000'000;
// A row may be committed later than its time says, but a transaction that takes more than a minute is lost; the rest is
// for clocks that differ.
constexpr std::chrono::minutes kSettled{10};

// Contracts that began on one day of the epoch and pay until another.
struct Paying {
  std::string product;
  std::string plan;
  Cycle cycle = Cycle::monthly;
  std::int64_t first = 0, last = 0;  // both included
  std::int64_t contracts = 0;
};
BOOST_DESCRIBE_STRUCT(Paying, (), (product, plan, cycle, first, last, contracts))

// Nano-dollars a day.
std::int64_t revenue_of(const Plan& plan, Cycle cycle) {
  return cycle == Cycle::monthly ? plan.monthly_price * kNanosInCent / 30 : plan.yearly_price * kNanosInCent / 365;
}

std::int64_t number_of(sys_days day) {
  return day.time_since_epoch().count();
}

}  // namespace

std::string date_of(sys_days day) {
  return to_iso8601(day).substr(0, 10);
}

Task<std::vector<Total>> Costs::totals(By by, std::string product, Days span) {
  const std::string group = by == By::product ? "product" : by == By::model ? "model" : by == By::tier ? "tier" : "";
  return database_.query<Total>(
      "SELECT CASE $4 WHEN 'product' THEN product WHEN 'model' THEN model WHEN 'tier' THEN tier ELSE date END AS name, "
      "CAST(SUM(requests) AS BIGINT) AS count, CAST(SUM(cost) AS BIGINT) AS cost, "
      "CAST(SUM(tokens_in) AS BIGINT) AS tokens_in, CAST(SUM(tokens_out) AS BIGINT) AS tokens_out, "
      "CAST(SUM(units) AS BIGINT) AS units FROM billing_costs "
      "WHERE ($1 = '' OR product = $1) AND date >= $2 AND date <= $3 GROUP BY 1 "
      "ORDER BY CASE WHEN $4 = '' THEN 0 ELSE -SUM(cost) END, 1",
      product, date_of(span.first), date_of(span.last), group);
}

Task<std::vector<Total>> Costs::people(std::string product, Days span, std::int64_t limit) {
  return database_.query<Total>(
      "SELECT user_id AS name, COUNT(*) AS count, CAST(SUM(cost) AS BIGINT) AS cost, "
      "CAST(SUM(tokens_in) AS BIGINT) AS tokens_in, CAST(SUM(tokens_out) AS BIGINT) AS tokens_out, "
      "CAST(SUM(units) AS BIGINT) AS units FROM billing_ledger WHERE ($1 = '' OR product = $1) AND at >= $2 AND at < "
      "$3 "
      "GROUP BY user_id ORDER BY SUM(cost) DESC, user_id LIMIT $4",
      product, Instant(span.first), Instant(span.last + days(1)), limit);
}

Task<std::vector<Earning>> Costs::earnings(std::string product, Days span) {
  // As Subscriptions has it: news of a renewal may be late.
  const auto paying = co_await database_.query<Paying>(
      "SELECT product, plan, cycle, created_at / $3 AS first, "
      "(CASE WHEN status = 'active' AND NOT cancel_at_period_end THEN period_end + $4 ELSE period_end END - 1) / $3 "
      "AS last, COUNT(*) AS contracts FROM billing_contracts "
      "WHERE status IN ('active', 'ended') AND provider <> $1 AND ($2 = '' OR product = $2) AND period_end > $5 "
      "GROUP BY product, plan, cycle, created_at / $3, "
      "(CASE WHEN status = 'active' AND NOT cancel_at_period_end THEN period_end + $4 ELSE period_end END - 1) / $3",
      unpaid_provider_, product, kDay, Micros(kGrace).count(), Instant(span.first) - kGrace);
  std::map<std::tuple<std::string, std::string, std::string>, Earning> earnings;
  for (const auto& some : paying) {
    const ProductPlans* plans = plans_.find(some.product);
    const Plan* plan = plans == nullptr ? nullptr : plans->find(some.plan);
    if (plan == nullptr) continue;
    const auto first = std::max(some.first, number_of(span.first)), last = std::min(some.last, number_of(span.last));
    for (auto day = first; day <= last; ++day) {
      const std::string date = date_of(sys_days(days(day)));
      auto& earning = earnings[{date, some.product, some.plan}];
      earning = {date, some.product, some.plan, earning.contracts + some.contracts,
                 earning.revenue + some.contracts * revenue_of(*plan, some.cycle)};
    }
  }
  std::vector<Earning> sorted;
  sorted.reserve(earnings.size());
  for (auto& [key, earning] : earnings) sorted.push_back(std::move(earning));
  co_return sorted;
}

Task<std::int64_t> Costs::active_people(Days span) {
  const auto count = co_await database_.find<std::int64_t>(
      "SELECT COUNT(DISTINCT user_id) FROM billing_ledger WHERE user_id <> '' AND at >= $1 AND at < $2",
      Instant(span.first), Instant(span.last + days(1)));
  co_return count.value_or(0);
}

Task<std::vector<Use>> Costs::uses(Instant since) {
  return database_.query<Use>(
      "SELECT '' AS product, '' AS operation, '' AS tier, COUNT(DISTINCT user_id) AS people FROM billing_ledger "
      "WHERE user_id <> '' AND at >= $1 "
      "UNION ALL SELECT product, '', tier, COUNT(DISTINCT user_id) FROM billing_ledger "
      "WHERE user_id <> '' AND product <> '' AND at >= $1 GROUP BY product, tier "
      "UNION ALL SELECT product, operation, tier, COUNT(DISTINCT user_id) FROM billing_ledger "
      "WHERE user_id <> '' AND product <> '' AND operation <> '' AND at >= $1 GROUP BY product, operation, tier",
      since);
}

Task<std::vector<NewPayers>> Costs::new_payers(Instant since) {
  return database_.query<NewPayers>(
      "SELECT product, COUNT(*) AS people FROM (SELECT product, user_id, MIN(created_at) AS first "
      "FROM billing_contracts WHERE status IN ('active', 'ended') AND provider <> $1 AND user_id <> '' "
      "GROUP BY product, user_id) AS began WHERE first >= $2 GROUP BY product ORDER BY product",
      unpaid_provider_, since);
}

Task<std::int64_t> Costs::ended_contracts(Days span) {
  const auto count = co_await database_.find<std::int64_t>(
      "SELECT COUNT(*) FROM billing_contracts "
      "WHERE status = 'ended' AND provider <> $1 AND period_end >= $2 AND period_end < $3",
      unpaid_provider_, Instant(span.first), Instant(span.last + days(1)));
  co_return count.value_or(0);
}

// A day in one transaction at the most: whoever has a ledger from before sums up for the first time.
Task<void> Costs::sum_up() {
  const Instant settled = clock_.now() - kSettled;
  for (;;) {
    auto tx = co_await database_.begin();
    const auto next = co_await tx->find<Instant>(
        "SELECT at FROM billing_ledger WHERE at >= (SELECT until FROM billing_costs_summed) AND at < $1 "
        "ORDER BY at LIMIT 1",
        settled);
    if (!next) co_return;
    const Instant until = std::min<Instant>(settled, std::chrono::floor<days>(*next) + days(1));
    co_await tx->execute(
        "INSERT INTO billing_daily_costs (date, product, model, provider, tier, requests, cost, tokens_in, tokens_out, "
        "units) SELECT date, product, model, provider, tier, COUNT(*), CAST(SUM(cost) AS BIGINT), "
        "CAST(SUM(tokens_in) AS BIGINT), CAST(SUM(tokens_out) AS BIGINT), CAST(SUM(units) AS BIGINT) "
        "FROM billing_calls WHERE at >= (SELECT until FROM billing_costs_summed) AND at < $1 "
        "GROUP BY date, product, model, provider, tier ON CONFLICT (date, product, model, provider, tier) DO UPDATE "
        "SET requests = billing_daily_costs.requests + excluded.requests, "
        "cost = billing_daily_costs.cost + excluded.cost, "
        "tokens_in = billing_daily_costs.tokens_in + excluded.tokens_in, "
        "tokens_out = billing_daily_costs.tokens_out + excluded.tokens_out, "
        "units = billing_daily_costs.units + excluded.units",
        until);
    co_await tx->execute("UPDATE billing_costs_summed SET until = $1", until);
    co_await tx->commit();
  }
}

void Costs::install(jobs::Worker& worker) {
  worker.handle<SumCosts>([this](SumCosts, jobs::Job&) { return sum_up(); });
  worker.schedule("billing.sum_costs", jobs::Cron("*/5 * * * *"), SumCosts{});
}

}  // namespace odeon::billing
