#include "engine/ai/routing.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.hpp"

namespace odeon::ai {
namespace {

// Differences below this are chance: they do not move a conversation to where its beginning is not cached.
constexpr Micros kNoticeable = std::chrono::milliseconds(100);

constexpr const char* kLast = "any";  // where no rule holds

}  // namespace

bool Routing::Rule::holds(const Question& question) const {
  const auto same = [&](const std::string& tier) { return text::equals_ignoring_case(tier, question.tier); };
  const bool limited = question.budget_left != kNoLimit;
  return (complexities.empty() || std::ranges::find(complexities, question.complexity) != complexities.end()) &&
         (tiers.empty() || std::ranges::any_of(tiers, same)) &&
         (budget_below == kNoLimit || (limited && question.budget_left < budget_below)) &&
         (!limited || question.budget_left > budget_above);
}

// What can be asked, each offer once.
class Routing::Choice {
 public:
  Choice(const Question& question, const OfferStates& states) : question_(question), states_(states) {}

  bool can(const ModelCard& card) const {
    return card.kind == ModelKind::text && (card.tools || !question_.tools) && (card.pictures || !question_.pictures) &&
           (card.json || !question_.json) &&
           (card.window == 0 || card.window - question_.input_tokens >= question_.output_tokens);
  }

  // Those of these models that are up: model by model, the faster of its offers first.
  std::vector<std::string> take(const std::vector<const ModelCard*>& models) {
    std::vector<std::string> all;
    for (const auto* card : models) {
      std::vector<Found> found;
      if (can(*card)) collect(*card, found);
      std::ranges::sort(found, {}, [](const Found& each) { return std::pair(each.waits, each.place); });
      for (auto& each : found) all.push_back(std::move(each.name));
    }
    return all;
  }

  // Whatever was not taken, then what is down.
  std::vector<std::string> take_rest(const std::vector<ModelCard>& models) {
    std::vector<Found> found;
    for (const auto& card : models)
      if (can(card)) collect(card, found);
    std::ranges::sort(found, {}, [](const Found& each) { return std::tuple(each.cost, each.waits, each.place); });
    std::vector<std::string> all;
    for (auto& each : found) all.push_back(std::move(each.name));
    all.insert(all.end(), std::make_move_iterator(down_.begin()), std::make_move_iterator(down_.end()));
    return all;
  }

 private:
  struct Found {
    std::string name;
    NanoUsd cost;
    Micros waits;
    std::size_t place;  // in the catalogue's order
  };

  void collect(const ModelCard& card, std::vector<Found>& found) {
    for (const auto& offer : card.offers) {
      std::string name = offer.name();
      const auto state = states_.find(name);
      if (state == states_.end() || !taken_.insert(name).second) continue;
      if (!state->second.up) {
        down_.push_back(std::move(name));
        continue;
      }
      const Micros first = state->second.first_token;
      found.push_back({std::move(name), cost(offer), first > Micros() ? first / kNoticeable * kNoticeable : Micros::max(),
                       found.size()});
    }
  }

  NanoUsd cost(const Offer& offer) const {
    return cost_of({.input_tokens = question_.input_tokens, .output_tokens = question_.output_tokens}, offer.price);
  }

  const Question& question_;
  const OfferStates& states_;
  std::set<std::string, std::less<>> taken_;
  std::vector<std::string> down_;
};

Route Routing::route(const Question& question, const OfferStates& states) const {
  const auto rule = std::ranges::find_if(rules_, [&](const Rule& each) { return each.holds(question); });
  const bool decided = rule != rules_.end();
  Choice choice(question, states);
  Route route{.reason = decided ? rule->why : kLast};
  if (decided) {
    route.own = choice.take(rule->models);
    if (route.own.empty()) route.reason += "_elsewhere";
  }
  if (!decided || rule->fallbacks) {
    route.when_unavailable = choice.take(unavailable_);
    route.when_rate_limited = choice.take(rate_limited_);
  }
  route.rest = choice.take_rest(catalogue_.models());
  return route;
}

std::vector<std::string> Route::models(std::optional<Fault> failed) const {
  const bool limited = failed == Fault::rate_limited;
  std::vector<std::string> all = own;
  for (const auto* part : {limited ? &when_rate_limited : &when_unavailable,
                           limited ? &when_unavailable : &when_rate_limited, &rest})
    all.insert(all.end(), part->begin(), part->end());
  return all;
}

}  // namespace odeon::ai
