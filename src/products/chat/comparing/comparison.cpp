#include "products/chat/comparing/comparison.hpp"

#include <algorithm>

#include "engine/ai/gateway.hpp"
#include "products/chat/sentences.hpp"

namespace odeon::chat {
namespace {

// From here on two sentences say much the same, if their figures do not tell otherwise.
constexpr double kAlike = 0.5;
constexpr std::size_t kMostShown = 20;  // sentences, of each

struct Sentence {
  std::string text;
  std::set<std::string> words, figures;
};
struct Answer {
  std::string model;
  std::vector<Sentence> sentences;
  std::set<std::string> figures;
};

Answer read_answer(const Said& said) {
  Answer answer{.model = said.model, .sentences = {}, .figures = figures_of(said.text)};
  for (auto& text : sentences_of(said.text)) {
    auto words = content_words(text);
    auto figures = figures_of(text);
    answer.sentences.push_back({std::move(text), std::move(words), std::move(figures)});
  }
  return answer;
}

bool same(const Sentence& a, const Sentence& b) {
  return a.text == b.text || (a.figures == b.figures && likeness(a.words, b.words) >= kAlike);
}

bool says(const Answer& answer, const Sentence& sentence) {
  return std::ranges::any_of(answer.sentences, [&](const Sentence& other) { return same(sentence, other); });
}

void show(std::vector<std::string>& shown, const std::string& sentence) {
  if (shown.size() < kMostShown && std::ranges::find(shown, sentence) == shown.end()) shown.push_back(sentence);
}

}  // namespace

Comparison compare(const std::vector<Said>& answers) {
  std::vector<Answer> all;
  for (const auto& said : answers) all.push_back(read_answer(said));
  Comparison comparison{.model = std::string(ai::kOfflineModel), .agreement = {}, .differences = {}};
  if (all.empty()) return comparison;

  const auto others_than = [&](const Answer& one, const auto& has) {
    return std::ranges::count_if(all, [&](const Answer& other) { return &other != &one && has(other); });
  };
  const auto rest = std::ssize(all) - 1;
  for (const auto& sentence : all.front().sentences)
    if (others_than(all.front(), [&](const Answer& other) { return says(other, sentence); }) == rest)
      show(comparison.agreement.sentences, sentence.text);
  for (const auto& figure : all.front().figures)
    if (others_than(all.front(), [&](const Answer& other) { return other.figures.contains(figure); }) == rest)
      comparison.agreement.figures.push_back(figure);

  for (const auto& answer : all) {
    auto& difference =
        comparison.differences.emplace_back(Difference{.model = answer.model, .sentences = {}, .figures = {}});
    for (const auto& sentence : answer.sentences)
      if (others_than(answer, [&](const Answer& other) { return says(other, sentence); }) == 0)
        show(difference.sentences, sentence.text);
    for (const auto& figure : answer.figures)
      if (others_than(answer, [&](const Answer& other) { return other.figures.contains(figure); }) == 0)
        difference.figures.push_back(figure);
  }
  return comparison;
}

}  // namespace odeon::chat
