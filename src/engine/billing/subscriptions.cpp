#include "engine/billing/subscriptions.hpp"

namespace odeon::billing {

namespace embedded {
extern const std::string_view schema_sql;
}

namespace {

struct Row {
  std::string plan;
  SubscriptionStatus status = SubscriptionStatus::active;
  std::optional<Instant> current_period_end;
  bool cancel_at_period_end = false;
};
BOOST_DESCRIBE_STRUCT(Row, (), (plan, status, current_period_end, cancel_at_period_end))

}  // namespace

Task<Entitlement> Subscriptions::entitlement(std::string user_id, std::string product) {
  const ProductPlans& plans = plans_.of(product);
  const auto row = co_await database_.find<Row>(
      "SELECT plan, status, current_period_end, cancel_at_period_end FROM billing_subscriptions "
      "WHERE user_id = $1 AND product = $2",
      user_id, product);
  const bool over = row && row->current_period_end && *row->current_period_end <= clock_.now();
  const Plan* plan = row && !over ? plans.find(row->plan) : nullptr;
  if (plan == nullptr) co_return Entitlement{.plan = &plans.standard()};
  co_return Entitlement{plan, row->status, row->current_period_end, row->cancel_at_period_end};
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
  co_await database_.execute(
      "INSERT INTO billing_subscriptions (user_id, product, plan, status, created_at, updated_at) "
      "VALUES ($1, $2, $3, 'active', $4, $4) ON CONFLICT (user_id, product) DO UPDATE SET plan = excluded.plan, "
      "status = 'active', current_period_end = NULL, cancel_at_period_end = FALSE, updated_at = excluded.updated_at",
      user_id, product, plan, now);
}

std::vector<database::Migration> migrations() {
  return {{"billing", 1, embedded::schema_sql}};
}

}  // namespace odeon::billing
