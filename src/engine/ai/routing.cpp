#include "engine/ai/routing.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace odeon::ai {
namespace {

// Differences below this are chance: they do not move a conversation to where its beginning is not cached.
constexpr Micros kNoticeable = std::chrono::milliseconds(100);

// Of whom nobody knows: whoever is slower than this is compared with them, which measures them.
constexpr Micros kPresumed = std::chrono::seconds(1);

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
  Choice(const Routing& routing, const Question& question, const OfferStates& states)
      : candidates_(routing.candidates_), question_(question), states_(candidates_.size()) {
    // Both are sorted by name.
    auto state = states.begin();
    for (const std::size_t index : routing.by_name_) {
      while (state != states.end() && state->first < candidates_[index].name) ++state;
      if (state != states.end() && state->first == candidates_[index].name && can(*candidates_[index].card))
        states_[index] = &state->second;
    }
  }

  // Those of these models that are up: model by model, the faster of its offers first.
  Route::Names take(const std::vector<Range>& models) {
    Route::Names all;
    for (const auto& range : models) {
      std::vector<std::size_t> found = take(range);
      std::ranges::sort(found, {}, [&](std::size_t index) { return std::pair(waits(index), index); });
      for (const std::size_t index : found) all.push_back(candidates_[index].name);
    }
    return all;
  }

  // Whether some of these models could be asked but for their limits.
  bool are_limited(const std::vector<Range>& models) const {
    const auto is_limited = [](const OfferState* state) { return state != nullptr && !state->up && state->limited; };
    return std::ranges::any_of(models, [&](Range range) {
      return std::any_of(states_.begin() + static_cast<std::ptrdiff_t>(range.first),
                         states_.begin() + static_cast<std::ptrdiff_t>(range.last), is_limited);
    });
  }

  // Whatever was not taken, then what is down.
  Route::Names take_rest() {
    struct Priced {
      NanoUsd cost;
      Micros waits;
      std::size_t index;
      auto operator<=>(const Priced&) const = default;
    };
    std::vector<Priced> found;
    for (const std::size_t index : take(Range{0, candidates_.size()}))
      found.push_back({cost(*candidates_[index].offer), waits(index), index});
    std::ranges::sort(found);
    Route::Names all;
    for (const auto& each : found) all.push_back(candidates_[each.index].name);
    for (std::size_t index = 0; index < states_.size(); ++index)
      if (states_[index] != nullptr && !states_[index]->up) all.push_back(candidates_[index].name);
    return all;
  }

 private:
  bool can(const ModelCard& card) const {
    return (card.tools || !question_.tools) && (card.pictures || !question_.pictures) &&
           (card.json || !question_.json) &&
           (card.window == 0 || card.window - question_.input_tokens >= question_.output_tokens);
  }

  std::vector<std::size_t> take(Range range) {
    std::vector<std::size_t> found;
    for (std::size_t index = range.first; index < range.last; ++index)
      if (states_[index] != nullptr && states_[index]->up && !taken(index)) found.push_back(index);
    for (const std::size_t index : found) taken_.push_back(index);
    return found;
  }
  bool taken(std::size_t index) const { return std::ranges::find(taken_, index) != taken_.end(); }

  Micros waits(std::size_t index) const {
    const Micros first = states_[index]->first_token;
    return (first > Micros() ? first : kPresumed) / kNoticeable * kNoticeable;
  }
  NanoUsd cost(const Offer& offer) const {
    return cost_of({.input_tokens = question_.input_tokens, .output_tokens = question_.output_tokens}, offer.price);
  }

  const std::vector<Candidate>& candidates_;
  const Question& question_;
  std::vector<const OfferState*> states_;  // null: it cannot be asked
  std::vector<std::size_t> taken_;         // few
};

Route Routing::route(const Question& question, const OfferStates& states) const {
  const auto rule = std::ranges::find_if(rules_, [&](const Rule& each) { return each.holds(question); });
  const bool decided = rule != rules_.end();
  Choice choice(*this, question, states);
  Route route{.reason = decided ? rule->why : kLast};
  if (decided) {
    route.own = choice.take(rule->models);
    if (route.own.empty()) {
      route.reason += "_elsewhere";
      if (choice.are_limited(rule->models)) route.failed = Fault::rate_limited;
    }
  }
  if (!decided || rule->fallbacks) {
    route.when_unavailable = choice.take(unavailable_);
    route.when_rate_limited = choice.take(rate_limited_);
  }
  route.rest = choice.take_rest();
  return route;
}

std::vector<std::string> Route::first() const {
  return own.empty() ? others(failed) : std::vector<std::string>(own.begin(), own.end());
}

std::vector<std::string> Route::models() const {
  auto all = first();
  if (!own.empty()) std::ranges::move(others(Fault::unavailable), std::back_inserter(all));
  return all;
}

std::vector<std::string> Route::others(Fault failed) const {
  const bool limited = failed == Fault::rate_limited;
  std::vector<std::string> all;
  for (const auto* part :
       {limited ? &when_rate_limited : &when_unavailable, limited ? &when_unavailable : &when_rate_limited, &rest})
    all.insert(all.end(), part->begin(), part->end());
  return all;
}

}  // namespace odeon::ai
