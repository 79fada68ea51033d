// How the rules of models.toml are read.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

#include "base/json.hpp"
#include "engine/ai/routing.hpp"
#include "engine/ai/toml_reader.hpp"

namespace odeon::ai {
namespace {

constexpr const char* kInvalidRouting = "ROUTES_INVALID";
constexpr std::int64_t kMostDollars = 1'000'000'000'000'000;  // a million
constexpr std::array<std::string_view, 7> kRuleKeys{"why",          "complexity", "tier",     "budget_below",
                                                    "budget_above", "models",     "fallbacks"};

}  // namespace

class Routing::Reader : public TomlReader {
 public:
  Reader(const std::string& file_name, const Catalogue& catalogue, const std::vector<Candidate>& candidates)
      : TomlReader(file_name), catalogue_(catalogue), candidates_(candidates) {}

  Rule rule(const toml::value& table, const std::string& place) {
    Rule rule{.why = text(table, place, "why")};
    const std::string& path = rule.why.empty() ? place : rule.why;
    if (!names_.insert(rule.why).second) wrong(table, path, "there is such a rule already");
    only(table, path, kRuleKeys);
    rule.tiers = texts(table, path, "tier");
    for (const auto& name : texts(table, path, "complexity")) {
      if (const auto level = json::enum_value<Complexity>(name))
        rule.complexities.push_back(*level);
      else
        wrong(table.at("complexity"), path + ".complexity", "must be simple, medium or complex");
    }
    rule.budget_below = billionths(table, path, "budget_below", kMostDollars).value_or(kNoLimit);
    rule.budget_above = billionths(table, path, "budget_above", kMostDollars).value_or(-1);
    rule.models = models(table, path, "models");
    if (rule.models.empty()) wrong(table, path, "models must name at least one");
    rule.fallbacks = flag(table, path, "fallbacks", true);
    return rule;
  }

  std::vector<Range> models(const toml::value& table, const std::string& path, const std::string& key) {
    std::vector<Range> all;
    for (const auto& name : texts(table, path, key)) {
      if (const auto* card = catalogue_.find(name, ModelKind::text)) {
        const auto first = std::ranges::find(candidates_, card, &Candidate::card) - candidates_.begin();
        all.push_back({static_cast<std::size_t>(first), static_cast<std::size_t>(first) + card->offers.size()});
      } else {
        wrong(table.at(key), path + "." + key, name + " is no text model of this file");
      }
    }
    return all;
  }

 private:
  const Catalogue& catalogue_;
  const std::vector<Candidate>& candidates_;
  std::set<std::string> names_;
};

Routing::Routing(std::string_view document, const Catalogue& catalogue, const std::string& file_name) {
  for (const auto& card : catalogue.models())
    for (const auto& offer : card.offers)
      if (card.kind == ModelKind::text) candidates_.push_back({&card, &offer, offer.name()});
  by_name_.resize(candidates_.size());
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  std::ranges::sort(by_name_, {}, [&](std::size_t index) { return std::string_view(candidates_[index].name); });

  const toml::value root = TomlReader::parsed(document, file_name, kInvalidRouting);
  Reader reader(file_name, catalogue, candidates_);
  if (root.contains("route")) {
    if (root.at("route").is_array())
      for (const auto& table : root.at("route").as_array())
        rules_.push_back(reader.rule(table, fmt::format("route {}", rules_.size() + 1)));
    else
      reader.wrong(root.at("route"), "route", "rules stand under [[route]]");
  }
  if (root.contains("fallbacks")) {
    const toml::value& table = root.at("fallbacks");
    reader.only(table, "fallbacks", std::array<std::string_view, 2>{"rate_limited", "unavailable"});
    rate_limited_ = reader.models(table, "fallbacks", "rate_limited");
    unavailable_ = reader.models(table, "fallbacks", "unavailable");
  }
  reader.raise(kInvalidRouting);
}

}  // namespace odeon::ai
