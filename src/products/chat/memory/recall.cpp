#include "products/chat/memory/recall.hpp"

#include <algorithm>

#include "products/chat/chat.hpp"
#include "products/chat/memory/vectors.hpp"
#include "products/chat/sentences.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kMost = 12, kLongestAsked = 2'000;  // characters
constexpr std::int64_t kMostTokens = 600;
// Below these a memory has nothing to do with a question: as models measure it, and of its words.
constexpr double kFactRelated = 0.2, kWordsRelated = 0.2;
// The least weights of what comes before everything that is only alike.
constexpr double kPinned = 4, kAlways = 2;

double standing_of(const MemoryRow& row) {
  return (row.pinned ? kPinned : 0) + (is_about_answers(row.topic) ? kAlways : 0);
}

// How many of a memory's words stand in the question.
double share_of(const std::set<std::string>& words, const std::set<std::string>& asked) {
  if (words.empty()) return 0;
  const auto both = std::ranges::count_if(words, [&](const std::string& word) { return asked.contains(word); });
  return static_cast<double>(both) / static_cast<double>(words.size());
}

}  // namespace

MemoryPolicy policy_of(const PoliciesRow& chosen, const billing::Plan& plan) {
  if (!plan.has(kSharedMemory)) return MemoryPolicy::off;
  return std::min(chosen.person.value_or(MemoryPolicy::everything),
                  chosen.conversation.value_or(MemoryPolicy::everything));
}

// 0: it has nothing to do with the question.
Task<std::vector<double>> Recall::weigh(Question question, Asker asker, std::vector<MemoryRow> rows) {
  std::vector<std::string> ids;
  for (const auto& row : rows)
    if (standing_of(row) == 0) ids.push_back(row.id);
  std::optional<Likenesses> alike;
  if (!ids.empty())
    alike = co_await index_.likenesses(
        {.user_id = question.user_id, .product = std::string(kProduct), .tier = asker.plan->name},
        std::string(text::prefix(question.text, kLongestAsked)), std::move(ids), question.trace);
  const auto asked = content_words(question.text);
  std::vector<double> weights;
  for (const auto& row : rows) {
    double weight = share_of(content_words(row.text), asked);
    if (weight < kWordsRelated) weight = 0;
    if (alike)
      if (const auto found = alike->find(row.id); found != alike->end())
        weight = found->second >= kFactRelated ? found->second : 0;
    weights.push_back(standing_of(row) + weight);
  }
  co_return weights;
}

Task<Recalled> Recall::recall(Question question, Asker asker) {
  Recalled recalled;
  if (!question.wanted) co_return recalled;
  recalled.policy =
      policy_of(co_await store::policies(database_, question.user_id, question.conversation_id), *asker.plan);
  if (recalled.policy == MemoryPolicy::off) co_return recalled;
  auto rows = co_await store::known(database_, question.user_id, question.conversation_id,
                                    recalled.policy == MemoryPolicy::everything);
  if (rows.empty()) co_return recalled;
  const auto weights = co_await weigh(std::move(question), std::move(asker), rows);
  std::int64_t tokens = 0;
  for (const auto i : best_first(weights)) {
    tokens += ai::estimate_tokens(rows[i].text);
    if (weights[i] <= 0 || recalled.ids.size() == kMost || tokens > kMostTokens) break;
    recalled.ids.push_back(std::move(rows[i].id));
    recalled.facts.push_back(std::move(rows[i].text));
  }
  co_return recalled;
}

}  // namespace odeon::chat
