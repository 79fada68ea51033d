// How the rules of models.toml are read.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/json.hpp"
#include "base/toml_reader.hpp"
#include "engine/ai/routing.hpp"

namespace odeon::ai {
namespace {

constexpr std::int64_t kMostDollars = 1'000'000'000'000'000;  // a million

}  // namespace

class Routing::Reader : public TomlReader {
 public:
  Reader(std::string_view document, const std::string& file_name, const Catalogue& catalogue,
         const std::vector<Candidate>& candidates)
      : TomlReader(document, file_name, "ROUTES_INVALID"), catalogue_(catalogue), candidates_(candidates) {}

  Rule rule(const toml::node& table, const std::string& place) {
    Rule rule{.why = text(table, place, "why")};
    const std::string& path = rule.why.empty() ? place : rule.why;
    if (!names_.insert(rule.why).second) wrong(table, path, "there is such a rule already");
    only(table, path, {"why", "complexity", "tier", "budget_below", "budget_above", "models", "fallbacks"});
    rule.tiers = texts(table, path, "tier");
    for (const auto& name : texts(table, path, "complexity")) {
      if (const auto level = json::enum_value<Complexity>(name))
        rule.complexities.push_back(*level);
      else
        wrong(*find(table, "complexity"), path + ".complexity", "must be simple, medium or complex");
    }
    rule.budget_below = billionths(table, path, "budget_below", kMostDollars).value_or(kNoLimit);
    rule.budget_above = billionths(table, path, "budget_above", kMostDollars).value_or(-1);
    rule.models = models(table, path, "models");
    if (rule.models.empty()) wrong(table, path, "models must name at least one");
    rule.fallbacks = flag(table, path, "fallbacks", true);
    return rule;
  }

  std::vector<Range> models(const toml::node& table, const std::string& path, const std::string& key) {
    std::vector<Range> all;
    for (const auto& name : texts(table, path, key)) {
      if (const auto* card = catalogue_.find(name, ModelKind::text)) {
        const auto first = std::ranges::find(candidates_, card, &Candidate::card) - candidates_.begin();
        all.push_back({static_cast<std::size_t>(first), static_cast<std::size_t>(first) + card->offers.size()});
      } else {
        wrong(*find(table, key), path + "." + key, name + " is no text model of this file");
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

  Reader reader(document, file_name, catalogue, candidates_);
  if (const auto* rules = Reader::find(reader.root(), "route")) {
    if (rules->is_array())
      for (const auto& table : *rules->as_array())
        rules_.push_back(reader.rule(table, fmt::format("route {}", rules_.size() + 1)));
    else
      reader.wrong(*rules, "route", "rules stand under [[route]]");
  }
  if (const auto* table = Reader::find(reader.root(), "fallbacks")) {
    reader.only(*table, "fallbacks", {"rate_limited", "unavailable"});
    rate_limited_ = reader.models(*table, "fallbacks", "rate_limited");
    unavailable_ = reader.models(*table, "fallbacks", "unavailable");
  }
  reader.raise();
}

}  // namespace odeon::ai
