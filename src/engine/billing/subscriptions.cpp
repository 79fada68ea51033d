#include "engine/billing/subscriptions.hpp"

namespace odeon::billing {

namespace embedded {
extern const std::string_view schema_sql, schema_2_sql, schema_3_sql, schema_4_sql, google_play_sql, costs_sql,
    leases_sql, contract_prices_sql, forgotten_sql;
}

namespace {

// What an operator gave, or a contract.
struct SubscriptionRow {
  std::string plan;
  std::string status;
  std::optional<Instant> period_start;  // of a contract
  std::optional<Instant> period_end;
  bool cancel_at_period_end = false;
  std::optional<Instant> past_due_since;
  bool paid = false;
};
BOOST_DESCRIBE_STRUCT(SubscriptionRow, (),
                      (plan, status, period_start, period_end, cancel_at_period_end, past_due_since, paid))

struct Claim {
  Entitlement entitlement;
  bool in_force = false;
};

const std::string kTrialing = "trialing";
constexpr Micros kRemembered = std::chrono::minutes(1);

std::string key_of(const std::string& user_id, const std::string& product) {
  return product + '\n' + user_id;
}

Claim grant_of(const SubscriptionRow& row, Instant now) {
  const bool in_force = !row.period_end || *row.period_end > now;
  return {{.expires_at = row.period_end,
           .cancel_at_period_end = row.cancel_at_period_end,
           .trial = row.status == kTrialing},
          in_force};
}

Claim contract_of(const SubscriptionRow& row, Instant now) {
  const auto status = json::enum_value<ContractStatus>(row.status).value_or(ContractStatus::incomplete);
  const Instant anchor = anchor_of(*row.period_start, *row.period_end);
  if (status == ContractStatus::past_due) {
    const Instant until = row.past_due_since.value_or(*row.period_end) + kGrace;
    return {{.status = SubscriptionStatus::past_due, .expires_at = until, .anchor = anchor}, until > now};
  }
  const bool ends = row.cancel_at_period_end || status == ContractStatus::ended;
  // News of a renewal may be late.
  const Instant until = ends ? *row.period_end : *row.period_end + kGrace;
  const bool runs = status == ContractStatus::active || status == ContractStatus::trialing;
  return {{.status = runs && until > now ? SubscriptionStatus::active : SubscriptionStatus::canceled,
           .expires_at = row.period_end,
           .cancel_at_period_end = row.cancel_at_period_end,
           .trial = status == ContractStatus::trialing,
           .anchor = anchor},
          runs && until > now};
}

}  // namespace

Task<Entitlement> Subscriptions::entitlement(std::string user_id, std::string product) {
  return entitlement(database_, std::move(user_id), std::move(product));
}

Task<Entitlement> Subscriptions::recent(std::string user_id, std::string product) {
  const std::string key = key_of(user_id, product);
  const Instant now = clock_.now();
  if (const auto seen = seen_.find(key); seen && now - seen->at < kRemembered) {
    const auto& ends = seen->entitlement.expires_at;
    const bool ended = ends && *ends > seen->at && *ends <= now;
    if (!ended && database_.changes().hold(seen->at, user_id, now)) co_return seen->entitlement;
  }
  const auto entitled = co_await entitlement(std::move(user_id), std::move(product));
  seen_.put(key, {entitled, now});
  co_return entitled;
}

Task<Entitlement> Subscriptions::entitlement(database::Executor& executor, std::string user_id, std::string product) {
  const ProductPlans& plans = plans_.of(product);
  const auto rows = co_await executor.query<SubscriptionRow>(
      "SELECT plan, status, NULL AS period_start, current_period_end AS period_end, cancel_at_period_end, "
      "NULL AS past_due_since, FALSE AS paid FROM billing_subscriptions WHERE user_id = $1 AND product = $2 UNION ALL "
      "SELECT plan, status, period_start, period_end, cancel_at_period_end, past_due_since, TRUE "
      "FROM billing_contracts WHERE user_id = $1 AND product = $2 AND status <> 'incomplete' AND provider <> $3",
      user_id, product, unpaid_provider_);
  const Instant now = clock_.now();
  Entitlement best{.plan = &plans.standard()};
  std::optional<SubscriptionStatus> lapsed;
  auto rank = [&](const Plan* plan) { return plan - plans.plans.data(); };
  bool found = false;
  for (const auto& row : rows) {
    auto [claim, in_force] = row.paid ? contract_of(row, now) : grant_of(row, now);
    claim.plan = plans.find(row.plan);
    if (in_force && claim.plan != nullptr) {
      const bool better =
          !found || rank(claim.plan) > rank(best.plan) || (rank(claim.plan) == rank(best.plan) && row.paid);
      if (better) best = claim;
      found = true;
    } else if (row.paid && lapsed != SubscriptionStatus::past_due) {
      lapsed = claim.status;
    }
  }
  // Who has nothing better is told what became of what they had.
  if (lapsed && rank(best.plan) == rank(&plans.standard())) best.status = *lapsed;
  co_return best;
}

Task<std::optional<PaidContract>> Subscriptions::contract(std::string user_id, std::string product) {
  return database_.find<PaidContract>(
      "SELECT provider, id, customer, price, period_start, period_end, created_at, updated_at FROM billing_contracts "
      "WHERE user_id = $1 AND product = $2 AND status <> 'incomplete' AND provider <> $3 "
      "ORDER BY period_end DESC, id LIMIT 1",
      user_id, product, unpaid_provider_);
}

Task<void> Subscriptions::set_plan(std::string user_id, std::string product, std::string plan) {
  const ProductPlans* plans = plans_.find(product);
  if (plans == nullptr) throw Error(Fault::invalid, "UNKNOWN_PRODUCT", fmt::format("There is no product {}.", product));
  if (plans->find(plan) == nullptr) {
    std::vector<std::string> names;
    for (const auto& known : plans->plans) names.push_back(known.name);
    throw Error(Fault::invalid, "UNKNOWN_PLAN",
                fmt::format("{} has no plan {}, but {}.", product, plan, text::join(names, ", ")));
  }
  const Instant now = clock_.now();
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await transaction->execute(
      "INSERT INTO billing_subscriptions (user_id, product, plan, status, created_at, updated_at) "
      "VALUES ($1, $2, $3, 'active', $4, $4) ON CONFLICT (user_id, product) DO UPDATE SET plan = excluded.plan, "
      "status = 'active', current_period_end = NULL, cancel_at_period_end = FALSE, updated_at = excluded.updated_at",
      user_id, product, plan, now);
  co_await database::Changes::tell(*transaction, user_id);
  co_await plan_changed(*transaction, user_id, product);
  co_await transaction->commit();
  changed(user_id, product);
}

Task<void> Subscriptions::plan_changed(database::Transaction& transaction, std::string user_id, std::string product) {
  if (!on_plan_change_) co_return;
  const auto entitled = co_await entitlement(transaction, user_id, product);
  co_await on_plan_change_(transaction, {.user_id = std::move(user_id),
                                         .product = std::move(product),
                                         .plan = entitled.plan->name,
                                         .status = entitled.status,
                                         .trial = entitled.trial,
                                         .cancel_at_period_end = entitled.cancel_at_period_end,
                                         .expires_at = entitled.expires_at});
}

Task<bool> Subscriptions::begin_trial(database::Transaction& transaction, std::string user_id, std::string product) {
  const ProductPlans& plans = plans_.of(product);
  if (plans.starts_on.empty()) co_return false;
  const Instant now = clock_.now();
  const auto first = co_await transaction.execute(
      "INSERT INTO billing_trials (user_id, product, used_at) VALUES ($1, $2, $3) ON CONFLICT (user_id, product) "
      "DO NOTHING",
      user_id, product, now);
  if (first == 0) co_return false;
  // What an operator gave stays.
  co_await transaction.execute(
      "INSERT INTO billing_subscriptions (user_id, product, plan, status, current_period_end, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (user_id, product) DO NOTHING",
      user_id, product, plans.starts_on, kTrialing, now + std::chrono::days(plans.trial_days), now);
  co_await database::Changes::tell(transaction, user_id);
  transaction.after_commit([this, user_id, product] { changed(user_id, product); });
  co_return true;
}

void Subscriptions::changed(const std::string& user_id, const std::string& product) const {
  seen_.forget(key_of(user_id, product));
  for (const auto& call : on_change_) call(user_id, product);
}

std::vector<database::Migration> migrations() {
  return {{"billing", 1, embedded::schema_sql},      {"billing", 2, embedded::schema_2_sql},
          {"billing", 3, embedded::schema_3_sql},    {"billing", 4, embedded::schema_4_sql},
          {"billing", 5, embedded::google_play_sql}, {"billing", 6, embedded::costs_sql},
          {"billing", 7, embedded::leases_sql},      {"billing", 8, embedded::contract_prices_sql},
          {"billing", 9, embedded::forgotten_sql}};
}

}  // namespace odeon::billing
