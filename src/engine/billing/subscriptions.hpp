// Which plan an account has of a product.
#pragma once

#include <optional>
#include <string>

#include "engine/billing/plans.hpp"
#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"

namespace odeon::billing {

enum class SubscriptionStatus { active, canceled, past_due };
BOOST_DESCRIBE_ENUM(SubscriptionStatus, active, canceled, past_due)

// What an account may do, as of now.
struct Entitlement {
  const Plan* plan = nullptr;  // never null; lives as long as the Plans
  SubscriptionStatus status = SubscriptionStatus::active;
  std::optional<Instant> expires_at;  // end of the paid period
  bool cancel_at_period_end = false;
};

class Subscriptions {
 public:
  Subscriptions(database::Database& database, const Plans& plans, const Clock& clock)
      : database_(database), plans_(plans), clock_(clock) {}

  // An account without a subscription, with one that has run out, or with a plan that no longer exists has
  // the product's default plan.
  Task<Entitlement> entitlement(std::string user_id, std::string product);
  // Gives `plan` from now on without an end: what an operator does. Throws Error{invalid} for a product or
  // plan that does not exist.
  Task<void> set_plan(std::string user_id, std::string product, std::string plan);
  const ProductPlans& plans_of(std::string_view product) const { return plans_.of(product); }

 private:
  database::Database& database_;
  const Plans& plans_;
  const Clock& clock_;
};

// The tables of this room.
std::vector<database::Migration> migrations();

}  // namespace odeon::billing
