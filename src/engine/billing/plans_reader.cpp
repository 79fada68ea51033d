// How plans.toml is read.
#include <algorithm>

#include "base/json.hpp"
#include "base/toml_reader.hpp"
#include "engine/billing/plans.hpp"

namespace odeon::billing {
namespace {

constexpr std::int64_t kMostExact = std::int64_t{1} << 53;  // as JSON's numbers are read
constexpr std::int64_t kDearest = 1'000'000'00;

class Reader : public TomlReader {
 public:
  using TomlReader::TomlReader;

  ProductPlans product(const toml::node& table, const std::string& path) {
    ProductPlans product;
    only(table, path, {"default", "trial_days", "starts_on", "upgrade_url", "priced_daily", "meters", "plans"});
    product.default_plan = text(table, path, "default");
    product.upgrade_url = text(table, path, "upgrade_url");
    product.trial_days = whole(table, path, "trial_days", 0, 365);
    if (find(table, "starts_on")) product.starts_on = text(table, path, "starts_on");
    for (auto& code : texts(table, path, "priced_daily")) product.priced_daily.insert(currency(table, path, code));
    each(table, path, "plans", [&](const toml::node& inner, const std::string& name, const std::string& at) {
      product.plans.push_back(plan(inner, name, at));
    });
    each(table, path, "meters", [&](const toml::node& inner, const std::string& name, const std::string& at) {
      product.meters.push_back(meter(inner, name, at));
    });
    std::ranges::sort(product.plans, {},
                      [](const Plan& p) { return std::tuple(p.by_agreement, p.monthly_price, p.name); });
    std::ranges::sort(product.meters, {}, &Meter::name);
    check(product, table, path);
    return product;
  }

 private:
  static std::string_view name_of(const std::pair<const std::string, std::int64_t>& limit) { return limit.first; }

  // What its parts say of each other.
  void check(const ProductPlans& product, const toml::node& table, const std::string& path) {
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

  Plan plan(const toml::node& table, const std::string& name, const std::string& path) {
    only(table, path, {"title", "price", "prices", "by_agreement", "limits", "features", "voices", "overage"});
    Plan plan{.name = name, .title = text(table, path, "title")};
    plan.by_agreement = flag(table, path, "by_agreement");
    if (plan.by_agreement && (find(table, "price") || find(table, "prices")))
      wrong(table, path, "a plan by_agreement has no price");
    if (const auto* told = find(table, "price")) {
      const Price dollars = price(*told, path + ".price");
      plan.monthly_price = dollars.monthly;
      plan.yearly_price = dollars.yearly;
    }
    each(table, path, "prices", [&](const toml::node& inner, const std::string& code, const std::string& at) {
      plan.prices[currency(inner, at, code)] = price(inner, at);
    });
    plan.limits = numbers(table, path, "limits", kUnlimited, kMostExact);
    for (auto& feature : texts(table, path, "features")) plan.features.insert(std::move(feature));
    plan.voices = texts(table, path, "voices");
    plan.overage = numbers(table, path, "overage", 1, kDearest);
    return plan;
  }

  Meter meter(const toml::node& table, const std::string& name, const std::string& path) {
    only(table, path, {"limit", "period", "times", "warns"});
    Meter meter{.name = name, .limit = text(table, path, "limit")};
    meter.times = std::max<std::int64_t>(whole(table, path, "times", 1, kMostExact), 1);
    if (const auto period = json::enum_value<Period>(text(table, path, "period")))
      meter.period = *period;
    else
      wrong(table, path + ".period", "must be day, month, cycle or always");
    meter.warns = flag(table, path, "warns");
    return meter;
  }

  Price price(const toml::node& table, const std::string& path) {
    only(table, path, {"monthly", "yearly"});
    return {whole(table, path, "monthly", 0, kDearest), whole(table, path, "yearly", 0, kDearest)};
  }

  std::string currency(const toml::node& at, const std::string& path, const std::string& code) {
    const bool fits = code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!fits || code == "usd") wrong(at, path, code + " must be a currency but the dollar, such as eur");
    return code;
  }

  std::map<std::string, std::int64_t, std::less<>> numbers(const toml::node& table, const std::string& path,
                                                           std::string_view key, std::int64_t least,
                                                           std::int64_t most) {
    std::map<std::string, std::int64_t, std::less<>> all;
    const auto* named = find(table, key);
    if (!named) return all;
    const std::string at = fmt::format("{}.{}", path, key);
    if (!named->is_table()) return wrong(*named, at, "must be a table"), all;
    for (const auto& [name, value] : *named->as_table())
      all[std::string(name.str())] = number(value, fmt::format("{}.{}", at, name.str()), least, most);
    return all;
  }
};

}  // namespace

Plans::Plans(std::string_view toml_text, std::string file_name) {
  Reader reader(toml_text, std::move(file_name), "PLANS_INVALID");
  for (const auto& [name, table] : reader.root())
    products_[std::string(name.str())] = reader.product(table, std::string(name.str()));
  reader.raise();
}

}  // namespace odeon::billing
