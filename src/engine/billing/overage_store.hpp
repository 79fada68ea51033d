// All SQL of what was used past a limit.
#pragma once

#include <optional>
#include <string>

#include "engine/billing/allowances.hpp"
#include "engine/billing/prices.hpp"

namespace odeon::billing::store {

struct Overage {
  std::string user_id;
  std::string product;
  std::string meter;
  std::int64_t amount = 0;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(Overage, (), (user_id, product, meter, amount, at))

struct Charged {
  std::string provider;
  std::string id;
  std::string customer;
  std::string plan;
  Cycle cycle = Cycle::monthly;
};
BOOST_DESCRIBE_STRUCT(Charged, (), (provider, id, customer, plan, cycle))

Task<void> add_overage(Transaction& tx, OverLimit over, Instant now);
Task<std::optional<Overage>> unreported_overage(Executor& executor, std::string id);
Task<void> mark_reported(Transaction& tx, std::string id, Instant now);
Task<std::int64_t> overage_of(Executor& executor, std::string user_id, std::string product, std::string meter,
                              Instant period_start);
// Who goes on paying, else who paid last.
Task<std::optional<Charged>> contract_to_charge(Executor& executor, std::string user_id, std::string product);

}  // namespace odeon::billing::store
