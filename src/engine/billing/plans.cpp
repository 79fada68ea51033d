#include "engine/billing/plans.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/error.hpp"
#include "base/text.hpp"

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

Plans Plans::replaced(std::string_view toml, std::string file_name) {
  Plans plans(toml, file_name);
  std::vector<std::string> faults;
  for (auto& [name, known] : standard().products_) {
    const auto [found, left_out] = plans.products_.try_emplace(name, known);
    const ProductPlans& own = found->second;
    if (left_out || own.plans.empty()) continue;
    for (const auto& meter : known.meters)
      if (std::ranges::find(own.meters, meter.name, &Meter::name) == own.meters.end())
        faults.push_back(fmt::format("{}: {} needs a meter {}", file_name, name, meter.name));
    for (const auto& [limit, value] : known.standard().limits)
      if (!own.plans.front().limits.contains(limit))
        faults.push_back(fmt::format("{}: the plans of {} need a limit {}", file_name, name, limit));
  }
  if (!faults.empty()) throw Error(Fault::invalid, "PLANS_INVALID", text::join(faults, "\n"));
  return plans;
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
