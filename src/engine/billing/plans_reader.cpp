// How plans.toml is read.
#include <algorithm>
#include <sstream>
#include <toml.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/billing/plans.hpp"

namespace odeon::billing {
namespace {

constexpr std::int64_t kMostExact = std::int64_t{1} << 53;  // as JSON's numbers are read
constexpr std::int64_t kDearest = 1'000'000'00;

// Reads one file and collects what is wrong with it.
class Reader {
 public:
  explicit Reader(std::string file_name) : file_(std::move(file_name)) {}

  ProductPlans product(const toml::value& table, const std::string& path) {
    ProductPlans product;
    only(table, path, {"default", "trial_days", "starts_on", "upgrade_url", "priced_daily", "meters", "plans"});
    product.default_plan = text(table, path, "default");
    product.upgrade_url = text(table, path, "upgrade_url");
    product.trial_days = whole(table, path, "trial_days", 0, 365);
    if (table.contains("starts_on")) product.starts_on = text(table, path, "starts_on");
    for (auto& code : list(table, path, "priced_daily")) product.priced_daily.insert(currency(table, path, code));
    each(table, path, "plans", [&](const toml::value& inner, const std::string& name, const std::string& at) {
      product.plans.push_back(plan(inner, name, at));
    });
    each(table, path, "meters", [&](const toml::value& inner, const std::string& name, const std::string& at) {
      product.meters.push_back(meter(inner, name, at));
    });
    std::ranges::sort(product.plans, {}, [](const Plan& p) { return std::tuple(p.by_agreement, p.monthly_price, p.name); });
    std::ranges::sort(product.meters, {}, &Meter::name);
    check(product, table, path);
    return product;
  }

  void wrong(const toml::value& at, const std::string& path, std::string_view fault) {
    faults_.push_back(fmt::format("{}:{}: {}: {}", file_, at.location().line(), path, fault));
  }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  static std::string_view name_of(const std::pair<const std::string, std::int64_t>& limit) { return limit.first; }

  // What its parts say of each other.
  void check(const ProductPlans& product, const toml::value& table, const std::string& path) {
    if (!product.find(product.default_plan)) wrong(table, path, "default must name one of the plans");
    if (!product.starts_on.empty() && (!product.find(product.starts_on) || product.trial_days == 0))
      wrong(table, path, "starts_on must name one of the plans, for trial_days");
    if (product.plans.empty()) return;
    const auto& limits = product.plans.front().limits;
    for (const auto& each : product.plans) {
      if (!std::ranges::equal(each.limits, limits, {}, name_of, name_of))
        wrong(table, path, "every plan must have the same limits");
      for (const auto& [name, cents] : each.overage)
        if (std::ranges::find(product.meters, name, &Meter::name) == product.meters.end())
          wrong(table, path, fmt::format("the overage of {} is of no meter", each.name));
    }
    for (const auto& meter : product.meters) {
      if (!limits.contains(meter.limit))
        wrong(table, path + ".meters." + meter.name, "limit must name a limit of the plans");
      for (const auto& each : product.plans)
        if (const auto found = each.limits.find(meter.limit);
            found != each.limits.end() && found->second > kMostExact / meter.times)
          wrong(table, path + ".meters." + meter.name, fmt::format("times is too large for {}", each.name));
    }
  }

  Plan plan(const toml::value& table, const std::string& name, const std::string& path) {
    only(table, path, {"title", "price", "prices", "by_agreement", "limits", "features", "voices", "overage"});
    Plan plan{.name = name, .title = text(table, path, "title")};
    plan.by_agreement = flag(table, path, "by_agreement");
    if (plan.by_agreement && (table.contains("price") || table.contains("prices")))
      wrong(table, path, "a plan by_agreement has no price");
    if (table.contains("price")) {
      const Price dollars = price(table.at("price"), path + ".price");
      plan.monthly_price = dollars.monthly;
      plan.yearly_price = dollars.yearly;
    }
    each(table, path, "prices", [&](const toml::value& inner, const std::string& code, const std::string& at) {
      plan.prices[currency(inner, at, code)] = price(inner, at);
    });
    if (table.contains("limits") && table.at("limits").is_table())
      for (const auto& [limit, value] : table.at("limits").as_table())
        plan.limits[limit] = number(value, path + ".limits." + limit, kUnlimited, kMostExact);
    for (auto& feature : list(table, path, "features")) plan.features.insert(std::move(feature));
    plan.voices = list(table, path, "voices");
    if (table.contains("overage") && table.at("overage").is_table())
      for (const auto& [meter, value] : table.at("overage").as_table())
        plan.overage[meter] = number(value, path + ".overage." + meter, 1, kDearest);
    return plan;
  }

  Meter meter(const toml::value& table, const std::string& name, const std::string& path) {
    only(table, path, {"limit", "period", "times", "warns"});
    Meter meter{.name = name, .limit = text(table, path, "limit")};
    if (table.contains("times")) meter.times = number(table.at("times"), path + ".times", 1, kMostExact);
    meter.times = std::max<std::int64_t>(meter.times, 1);
    if (const auto period = json::enum_value<Period>(text(table, path, "period")))
      meter.period = *period;
    else
      wrong(table, path + ".period", "must be day, month, cycle or always");
    meter.warns = flag(table, path, "warns");
    return meter;
  }

  Price price(const toml::value& table, const std::string& path) {
    only(table, path, {"monthly", "yearly"});
    if (!table.is_table()) return {};
    return {whole(table, path, "monthly", 0, kDearest), whole(table, path, "yearly", 0, kDearest)};
  }

  std::string currency(const toml::value& at, const std::string& path, const std::string& code) {
    const bool fits = code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!fits || code == "usd") wrong(at, path, code + " must be a currency but the dollar, such as eur");
    return code;
  }

  // Calls `with` for each table in the table `key`, if there is one.
  void each(const toml::value& table, const std::string& path, const std::string& key, const auto& with) {
    if (!table.is_table() || !table.contains(key)) return;
    const toml::value& tables = table.at(key);
    if (!tables.is_table()) return wrong(tables, path + "." + key, "must be a table");
    for (const auto& [name, inner] : tables.as_table()) {
      const std::string at = fmt::format("{}.{}.{}", path, key, name);
      if (inner.is_table())
        with(inner, name, at);
      else
        wrong(inner, at, "must be a table");
    }
  }

  std::string text(const toml::value& table, const std::string& path, const std::string& key) {
    if (table.contains(key) && table.at(key).is_string() && !table.at(key).as_string().str.empty())
      return table.at(key).as_string().str;
    wrong(table, path, key + " must be a text");
    return {};
  }

  bool flag(const toml::value& table, const std::string& path, const std::string& key) {
    if (!table.contains(key)) return false;
    if (table.at(key).is_boolean()) return table.at(key).as_boolean();
    wrong(table.at(key), path + "." + key, "must be true or false");
    return false;
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

}  // namespace odeon::billing
