#include "engine/ai/complexity.hpp"

#include <algorithm>

#include "engine/ai/reasoning_signs.hpp"

namespace odeon::ai {
namespace {

// Of a longer text its first and last part is looked at.
constexpr std::size_t kLookedAt = 16'384;
// People ask at the beginning or at the end: what stands between is what they ask about.
constexpr std::size_t kAsking = 1'024;

struct Ends {
  std::string_view first, last;
};
Ends ends_of(std::string_view text, std::size_t together) {
  if (text.size() <= together) return {text, {}};
  return {text.substr(0, together / 2), text.substr(text.size() - together / 2)};
}

}  // namespace

Assessment assess(std::string_view text) {
  Assessment found{.tokens = estimate_tokens(text)};
  const Ends all = ends_of(text, kLookedAt), asking = ends_of(text, 2 * kAsking);
  const auto weight = [&](std::string_view sign, int of_it) {
    if (of_it > 0) found.signs.push_back(sign);
    return of_it;
  };
  const Shapes first = shapes_of(all.first), last = shapes_of(all.last);
  int sum = weight("words", weight_of_words(asking.first, asking.last));
  sum += weight("steps", first.steps + last.steps >= 3 ? 2 : 0);
  sum += weight("questions", first.questions + last.questions >= 3 ? 2 : 0);
  sum += weight("code", first.code || last.code ? 2 : 0);
  sum += weight("maths", first.maths || last.maths ? 2 : 0);
  found.reasoning = sum >= 2;
  if (found.reasoning && found.tokens > kComplexTokens)
    found.complexity = Complexity::complex;
  else if (found.tokens > kMediumTokens)
    found.complexity = Complexity::medium;
  return found;
}

}  // namespace odeon::ai
