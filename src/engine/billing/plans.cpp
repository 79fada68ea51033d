#include "engine/billing/plans.hpp"

#include <algorithm>
#include <stdexcept>

namespace odeon::billing {

namespace embedded {
extern const std::string_view plans_toml;
}

std::int64_t Plan::limit(std::string_view limit_name) const {
  const auto found = limits.find(limit_name);
  if (found == limits.end()) throw std::logic_error(fmt::format("plan {} has no limit {}", name, limit_name));
  return found->second;
}

std::int64_t Meter::limit_of(const Plan& plan) const {
  const std::int64_t most = plan.limit(limit);
  return most == kUnlimited ? kUnlimited : most * times;
}

const Plan* ProductPlans::find(std::string_view name) const {
  const auto found = std::ranges::find(plans, name, &Plan::name);
  return found == plans.end() ? nullptr : &*found;
}

const Meter& ProductPlans::meter(std::string_view name) const {
  const auto found = std::ranges::find(meters, name, &Meter::name);
  if (found == meters.end()) throw std::logic_error(fmt::format("there is no meter {}", name));
  return *found;
}

Plans Plans::standard() {
  return Plans(embedded::plans_toml, "plans.toml");
}

const ProductPlans* Plans::find(std::string_view product) const {
  const auto found = products_.find(product);
  return found == products_.end() ? nullptr : &found->second;
}

const ProductPlans& Plans::of(std::string_view product) const {
  if (const ProductPlans* plans = find(product)) return *plans;
  throw std::logic_error(fmt::format("{} has no plans", product));
}

}  // namespace odeon::billing
