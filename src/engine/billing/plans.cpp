#include "engine/billing/plans.hpp"

#include <algorithm>
#include <sstream>
#include <toml.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::billing {

namespace embedded {
extern const std::string_view plans_toml;
}

namespace {

// Reads one file and collects what is wrong with it.
class Reader {
 public:
  explicit Reader(std::string file_name) : file_(std::move(file_name)) {}

  ProductPlans product(const toml::value& table, const std::string& path) {
    ProductPlans product;
    only(table, path, {"default", "trial_days", "upgrade_url", "plans"});
    product.default_plan = text(table, path, "default");
    product.upgrade_url = text(table, path, "upgrade_url");
    product.trial_days = whole(table, path, "trial_days", 0, 365);
    if (table.contains("plans") && table.at("plans").is_table())
      for (const auto& [name, plan_table] : table.at("plans").as_table())
        if (plan_table.is_table()) product.plans.push_back(plan(plan_table, name, path + ".plans." + name));
    std::ranges::sort(product.plans, {}, [](const Plan& p) { return std::pair(p.monthly_price, p.name); });
    if (!product.find(product.default_plan)) wrong(table, path, "default must name one of the plans");
    for (const auto& each : product.plans)
      if (!std::ranges::equal(each.limits, product.plans.front().limits, {}, name_of, name_of))
        wrong(table, path, "every plan must have the same limits");
    return product;
  }

  void wrong(const toml::value& at, const std::string& path, std::string_view fault) {
    faults_.push_back(fmt::format("{}:{}: {}: {}", file_, at.location().line(), path, fault));
  }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  static std::string_view name_of(const std::pair<const std::string, std::int64_t>& limit) { return limit.first; }

  Plan plan(const toml::value& table, const std::string& name, const std::string& path) {
    only(table, path, {"title", "price", "limits", "features", "voices"});
    Plan plan{.name = name, .title = text(table, path, "title")};
    if (table.contains("price")) {
      const toml::value& price = table.at("price");
      only(price, path + ".price", {"monthly", "yearly"});
      plan.monthly_price = whole(price, path + ".price", "monthly", 0, 1'000'000'00);
      plan.yearly_price = whole(price, path + ".price", "yearly", 0, 1'000'000'00);
    }
    if (table.contains("limits") && table.at("limits").is_table())
      for (const auto& [limit, value] : table.at("limits").as_table())
        plan.limits[limit] = number(value, path + ".limits." + limit, kUnlimited, std::int64_t{1} << 53);
    for (auto& feature : list(table, path, "features")) plan.features.insert(std::move(feature));
    plan.voices = list(table, path, "voices");
    return plan;
  }

  std::string text(const toml::value& table, const std::string& path, const std::string& key) {
    if (table.contains(key) && table.at(key).is_string() && !table.at(key).as_string().str.empty())
      return table.at(key).as_string().str;
    wrong(table, path, key + " must be a text");
    return {};
  }

  std::int64_t whole(const toml::value& table, const std::string& path, const std::string& key, std::int64_t min,
                     std::int64_t max) {
    return table.contains(key) ? number(table.at(key), path + "." + key, min, max) : 0;
  }

  std::int64_t number(const toml::value& value, const std::string& path, std::int64_t min, std::int64_t max) {
    if (value.is_integer() && value.as_integer() >= min && value.as_integer() <= max) return value.as_integer();
    wrong(value, path, fmt::format("must be a whole number from {} to {}", min, max));
    return 0;
  }

  std::vector<std::string> list(const toml::value& table, const std::string& path, const std::string& key) {
    std::vector<std::string> all;
    if (!table.contains(key)) return all;
    const toml::value& values = table.at(key);
    const bool texts = values.is_array() && std::ranges::all_of(values.as_array(), &toml::value::is_string);
    if (!texts) return wrong(values, path + "." + key, "must be a list of texts"), all;
    for (const auto& value : values.as_array()) all.push_back(value.as_string().str);
    return all;
  }

  void only(const toml::value& table, const std::string& path, std::initializer_list<std::string_view> known) {
    if (!table.is_table()) return wrong(table, path, "must be a table");
    for (const auto& [key, value] : table.as_table())
      if (std::ranges::find(known, key) == known.end()) wrong(value, path + "." + key, "no such setting");
  }

  std::string file_;
  std::vector<std::string> faults_;
};

toml::value parsed(std::string_view text, const std::string& file_name) {
  std::istringstream stream{std::string(text)};
  try {
    return toml::parse(stream, file_name);
  } catch (const toml::exception& fault) {
    throw Error(Fault::invalid, "PLANS_INVALID", fmt::format("{}: {}", file_name, fault.what()));
  }
}

}  // namespace

std::int64_t Plan::limit(std::string_view limit_name) const {
  const auto found = limits.find(limit_name);
  if (found == limits.end()) throw std::logic_error(fmt::format("plan {} has no limit {}", name, limit_name));
  return found->second;
}

const Plan* ProductPlans::find(std::string_view name) const {
  const auto found = std::ranges::find(plans, name, &Plan::name);
  return found == plans.end() ? nullptr : &*found;
}

Plans::Plans(std::string_view toml_text, std::string file_name) {
  const toml::value root = parsed(toml_text, file_name);
  Reader reader(std::move(file_name));
  for (const auto& [name, table] : root.as_table()) {
    if (table.is_table())
      products_[name] = reader.product(table, name);
    else
      reader.wrong(table, name, "must be a table");
  }
  if (!reader.faults().empty()) throw Error(Fault::invalid, "PLANS_INVALID", text::join(reader.faults(), "\n"));
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
