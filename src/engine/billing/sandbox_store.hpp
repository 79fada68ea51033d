// What the sandbox keeps, and all SQL of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/billing/payment.hpp"
#include "engine/database/database.hpp"

namespace odeon::billing::sandbox {

using database::Executor;

enum class CheckoutState { open, paid, declined, closed };
BOOST_DESCRIBE_ENUM(CheckoutState, open, paid, declined, closed)

struct CheckoutRow {
  std::string id;
  CheckoutOrder checkout_order;
  CheckoutState state = CheckoutState::open;
  std::string contract;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(CheckoutRow, (), (id, checkout_order, state, contract, created_at))

struct ContractRow {
  std::string id;
  std::string customer;
  std::string user_id;
  std::string product;
  std::string plan;
  Cycle cycle = Cycle::monthly;
  std::string currency = "usd";
  std::int64_t amount = 0;  // of each period; 0: what the plan costs in US dollars
  ContractStatus status = ContractStatus::active;
  Instant period_start, period_end;
  bool cancel_at_period_end = false;
  std::optional<Instant> past_due_since;
  bool had_trial = false;
};
BOOST_DESCRIBE_STRUCT(ContractRow, (),
                      (id, customer, user_id, product, plan, cycle, currency, amount, status, period_start, period_end,
                       cancel_at_period_end, past_due_since, had_trial))

// One cycle later: the same day of the month, or its last.
Instant after(Instant when, Cycle cycle);
// As it is now: trials end, periods are renewed, what was cancelled ends.
ContractRow as_of(ContractRow contract, Instant now);

Task<void> add_checkout(Executor& executor, CheckoutRow row);
Task<std::optional<CheckoutRow>> checkout(Executor& executor, std::string id);
// False if it was paid, closed, or made before `since`: then nothing changed.
Task<bool> end_checkout(Executor& executor, std::string id, CheckoutState state, std::string contract, Instant since);

Task<void> keep_contract(Executor& executor, ContractRow row);
Task<std::optional<ContractRow>> contract(Executor& executor, std::string id);
Task<std::vector<ContractRow>> contracts_of(Executor& executor, std::string customer);

// A second one of a key changes nothing.
Task<void> add_overage(Executor& executor, std::string key, std::string contract, std::int64_t amount, Instant at);
Task<std::int64_t> overage_since(Executor& executor, std::string contract, Instant since);

}  // namespace odeon::billing::sandbox
