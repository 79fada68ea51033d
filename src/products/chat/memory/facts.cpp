#include "products/chat/memory/facts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "products/chat/folding.hpp"
#include "products/chat/memory/fact_phrases.hpp"
#include "products/chat/sentences.hpp"

namespace odeon::chat {
namespace {

constexpr double kAsked = 0.95, kStated = 0.8;
constexpr std::size_t kLongestOwn = 4'000, kLongestNameWords = 4, kLongestSaid = 24;  // characters; words
constexpr std::size_t kMostFacts = 10;

using Words = std::vector<std::string>;

Words words_of(std::string_view clause) {
  Words words;
  for (const auto word : text::split(clause, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

bool contains(std::span<const std::string_view> list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

// Greek, Cyrillic, Arabic, Chinese, …: not what begins punctuation and pictures.
bool begins_foreign_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0xCE && byte < 0xEF && byte != 0xE2;
}

// How many of the words from `at` on the phrase takes; 0: it is another.
std::size_t taken_by(std::string_view phrase, const Words& words, std::size_t at) {
  std::size_t count = 0;
  for (const auto word : text::split(phrase, ' ')) {
    if (at + count >= words.size() || folded(words[at + count]) != word) return 0;
    ++count;
  }
  return count;
}

bool begins_statement(const Words& words, std::size_t at) {
  while (at < words.size() && contains(fillers(), folded(words[at]))) ++at;
  return at < words.size() &&
         (contains(first_person_words(), folded(words[at])) ||
          std::ranges::any_of(
              fact_phrases(), [&](const auto& phrase) { return taken_by(phrase.words, words, at) > 0; }));
}

// Where one statement ends and the next begins: at "but" and its like, and at "and" or a comma before a further one.
std::vector<Words> clauses_of(std::string_view sentence) {
  std::vector<Words> clauses(1);
  const auto words = words_of(sentence);
  for (std::size_t at = 0; at < words.size(); ++at) {
    const bool turns = contains(turning_words(), folded(words[at]));
    const bool pauses = at > 0 && (words[at - 1].ends_with(',') || words[at - 1].ends_with(';'));
    const bool joins = contains(joining_words(), folded(words[at]));
    if (turns || ((pauses || joins) && begins_statement(words, at))) clauses.emplace_back();
    clauses.back().push_back(words[at]);
  }
  return clauses;
}

// A question states nothing, but for what stands before its last comma: "I live in Oslo, what should I wear?"
std::string_view stated_part(std::string_view sentence) {
  if (!sentence.ends_with('?')) return sentence;
  const auto comma = sentence.rfind(", ");
  return comma == std::string_view::npos ? std::string_view() : sentence.substr(0, comma);
}

std::string joined(const Words& words, std::size_t from) {
  return text::join({words.begin() + static_cast<std::ptrdiff_t>(from), words.end()}, " ");
}

std::string without_end(std::string_view said) {
  while (!said.empty() && std::string_view(".!,;: ").contains(said.back())) said.remove_suffix(1);
  return std::string(said);
}

// Whether what follows a phrase can be what the topic needs.
bool suits(Topic topic, const Words& words, std::size_t at) {
  const auto count = words.size() - at;
  if (count == 0 || count > kLongestSaid) return false;
  if (topic == Topic::name || topic == Topic::address)
    if (count > kLongestNameWords) return false;
  return !is_single(topic) || topic == Topic::job || !contains(indefinite_words(), folded(words[at]));
}

// "I'm 34 years old."
bool read_age(const Words& words, std::size_t at, std::vector<Fact>& facts) {
  const std::size_t number = at + std::max(taken_by("i'm", words, at), taken_by("i am", words, at));
  if (number == at || taken_by("years old", words, number + 1) != 2 || number + 3 != words.size()) return false;
  const auto& age = words[number];
  if (age.size() > 3 || !std::ranges::all_of(age, [](char c) { return c >= '0' && c <= '9'; })) return false;
  facts.push_back({.text = "Age: " + age, .topic = Topic::age, .confidence = kStated});
  return true;
}

bool read_phrase(const Words& words, std::size_t at, double confidence, std::vector<Fact>& facts) {
  for (const auto& phrase : fact_phrases()) {
    const auto taken = taken_by(phrase.words, words, at);
    if (taken == 0) continue;
    if (!suits(phrase.topic, words, at + taken)) return false;
    facts.push_back({.text = std::string(phrase.label) + " " + joined(words, at + taken),
                     .topic = phrase.topic,
                     .confidence = confidence});
    return true;
  }
  return read_age(words, at, facts);
}

void read_clause(Words words, std::vector<Fact>& facts) {
  for (auto& word : words) word = without_end(word);
  std::erase(words, "");
  std::size_t at = 0;
  while (at < words.size() && contains(fillers(), folded(words[at]))) ++at;
  read_phrase(words, at, kStated, facts);
}

// "Remember that I have two cats." holds the whole sentence, whatever stands in it.
bool read_request(const std::string& sentence, std::vector<Fact>& facts) {
  if (sentence.ends_with('?')) return false;
  const auto words = words_of(without_end(text::replace_all(sentence, ",", "")));
  std::size_t at = 0;
  while (at < words.size() && contains(fillers(), folded(words[at]))) ++at;
  for (const auto phrase : asks_to_remember()) {
    const auto taken = taken_by(phrase, words, at);
    if (taken == 0 || at + taken == words.size()) continue;
    if (!read_phrase(words, at + taken, kAsked, facts))
      facts.push_back({.text = joined(words, at + taken), .topic = Topic::other, .confidence = kAsked});
    return true;
  }
  return false;
}

}  // namespace

bool is_single(Topic topic) {
  return topic != Topic::other && topic != Topic::answers;
}

bool is_about_answers(Topic topic) {
  return topic == Topic::name || topic == Topic::address || topic == Topic::language || topic == Topic::answers;
}

std::string tidied(std::string_view fact) {
  std::string line = text::to_valid_utf8(fact);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return std::string(text::trim(text::prefix(text::collapse_spaces(line), kLongestFact)));
}

std::string own_words(std::string_view message) {
  std::string own;
  bool code = false;
  for (const auto line : text::split(message, '\n')) {
    const auto trimmed = text::trim(line);
    if (trimmed.starts_with("```")) code = !code;
    if (!code && !trimmed.starts_with("```") && !trimmed.starts_with('>')) own += std::string(trimmed) + "\n";
  }
  return std::string(text::prefix(own, kLongestOwn));
}

bool may_be_personal(std::string_view message) {
  std::string words = text::replace_all(folded(own_words(message)), "’", "'");
  // Of languages that are not written in Latin letters nothing is known here: whoever reads it has to tell.
  if (std::ranges::any_of(words, begins_foreign_letter)) return true;
  for (char& c : words)
    if (std::string_view("\n\t.,;:!?()\"").contains(c)) c = ' ';
  return std::ranges::any_of(text::split(words, ' '), [](std::string_view word) {
    return contains(first_person_words(), word) || word.starts_with("j'") || word.ends_with("yorum");
  });
}

std::vector<Fact> stated_facts(std::string_view message) {
  std::vector<Fact> facts;
  for (const auto& sentence : sentences_of(text::replace_all(own_words(message), "’", "'")))
    if (!read_request(sentence, facts))
      for (auto& clause : clauses_of(stated_part(sentence))) read_clause(std::move(clause), facts);
  for (auto& fact : facts) fact.text = tidied(fact.text);
  if (facts.size() > kMostFacts) facts.resize(kMostFacts);
  return facts;
}

}  // namespace odeon::chat
