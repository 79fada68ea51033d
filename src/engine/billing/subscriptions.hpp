// Which plan an account has of a product.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/billing/payment.hpp"
#include "engine/billing/plans.hpp"
#include "engine/coordination/recent_table.hpp"
#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"

namespace odeon::billing {

enum class SubscriptionStatus { active, canceled, past_due };
BOOST_DESCRIBE_ENUM(SubscriptionStatus, active, canceled, past_due)

// How long a plan stays after a renewal was not paid, and after a period for whose renewal there is no news.
inline constexpr std::chrono::days kGrace{3};

// What an account may do, as of now.
struct Entitlement {
  const Plan* plan = nullptr;  // never null; lives as long as the Plans
  SubscriptionStatus status = SubscriptionStatus::active;
  std::optional<Instant> expires_at;  // end of the paid period; past due: of the grace
  bool cancel_at_period_end = false;
  bool trial = false;
  std::optional<Instant> anchor;  // of the months that are paid for; nothing where nothing is
};

// What has changed of a person's plan, as their programs are told of it.
struct PlanChange {
  std::string user_id;
  std::string product;
  std::string plan;
  SubscriptionStatus status = SubscriptionStatus::active;
  bool trial = false;
  bool cancel_at_period_end = false;
  std::optional<Instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(PlanChange, (), (product, plan, status, trial, cancel_at_period_end, expires_at))

// What is paid for, as its provider keeps it.
struct PaidContract {
  std::string provider;
  std::string id;
  std::string customer;
  std::string price;  // empty: it has no name
  Instant period_start, period_end;
  Instant created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(PaidContract, (),
                      (provider, id, customer, price, period_start, period_end, created_at, updated_at))

class Subscriptions {
 public:
  // Contracts with `unpaid_provider` count for nothing: the sandbox's, where money is real.
  Subscriptions(database::Database& database, const Plans& plans, const Clock& clock, std::string unpaid_provider = "")
      : database_(database), plans_(plans), clock_(clock), unpaid_provider_(std::move(unpaid_provider)) {}

  // The dearest of what an operator gave and of what is paid for; of equals what is paid for. Who has neither, or
  // only what has run out or is a plan no more, has the product's default plan. One query.
  Task<Entitlement> entitlement(std::string user_id, std::string product);
  // The same as of less than a second ago, without a query where it is known: for who asks with every call.
  Task<Entitlement> recent(std::string user_id, std::string product);
  // As that transaction sees it.
  Task<Entitlement> entitlement(database::Executor& executor, std::string user_id, std::string product);
  // The newest of a person's contracts; nothing if there never was one.
  Task<std::optional<PaidContract>> contract(std::string user_id, std::string product);
  // Gives `plan` from now on without an end: what an operator does. It takes nothing away that is paid for; the
  // default plan takes back what was given. Throws Error{invalid} for a product or
  // plan that does not exist.
  Task<void> set_plan(std::string user_id, std::string product, std::string plan);
  // The trial of a new account, where the product's plans begin with one. False if there was one before: there is one
  // in a lifetime.
  Task<bool> begin_trial(database::Transaction& transaction, std::string user_id, std::string product);

  // Called in the transaction that gives another plan, or changes whether one goes on: not for what time alone ends.
  // Before first use.
  using OnPlanChange = std::function<Task<void>(database::Transaction& transaction, PlanChange change)>;
  void on_plan_change(OnPlanChange call) { on_plan_change_ = std::move(call); }
  // For whoever has changed what is paid for and told so (database/changes.hpp), in that transaction.
  Task<void> plan_changed(database::Transaction& transaction, std::string user_id, std::string product);

  // What an account has of a product has changed here. Thread-safe.
  void changed(const std::string& user_id, const std::string& product) const;
  // Before first use; must neither block nor throw.
  void on_change(std::function<void(const std::string& user_id, const std::string& product)> call) {
    on_change_.push_back(std::move(call));
  }
  const ProductPlans& plans_of(std::string_view product) const { return plans_.of(product); }
  // Null for what has no plans.
  const ProductPlans* find_plans(std::string_view product) const { return plans_.find(product); }

 private:
  database::Database& database_;
  const Plans& plans_;
  const Clock& clock_;
  std::string unpaid_provider_;
  std::vector<std::function<void(const std::string&, const std::string&)>> on_change_;
  OnPlanChange on_plan_change_;

  struct Seen {
    Entitlement entitlement;
    Instant at;
  };
  mutable coordination::RecentTable<Seen> seen_{16 * 1024};
};

// The tables of this room.
std::vector<database::Migration> migrations();

}  // namespace odeon::billing
