#include "products/chat/sentences.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "products/chat/folding.hpp"

namespace odeon::chat {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view without_marks(std::string_view line) {
  line = text::trim(line);
  const auto begin = line.find_first_not_of("#>*-+ \t");
  line.remove_prefix(begin == std::string_view::npos ? line.size() : begin);
  return line;
}

// After a full stop and its like, where a space or nothing follows: "3.5" stays whole.
bool ends_sentence(std::string_view line, std::size_t at) {
  if (line[at] != '.' && line[at] != '!' && line[at] != '?') return false;
  return at + 1 == line.size() || is_space(line[at + 1]);
}

bool says_nothing(std::string_view word) {
  static const std::set<std::string_view> common{
      "the",   "and",   "for",     "are",    "but",  "not",  "you",   "your",  "all",   "can",   "her",   "was",
      "one",   "our",   "out",     "has",    "had",  "his",  "how",   "its",   "may",   "new",   "now",   "who",
      "did",   "get",   "that",    "this",   "with", "from", "they",  "have",  "been",  "will",  "what",  "when",
      "were",  "than",  "then",    "them",   "into", "some", "could", "would", "there", "their", "which", "about",
      "these", "those", "because", "should", "also", "does", "just",  "very"};
  return word.size() < 3 || common.contains(word);
}

}  // namespace

std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> all;
  const auto add = [&](std::string_view sentence) {
    sentence = text::trim(sentence);
    if (std::ranges::any_of(sentence, [](char c) { return text::may_be_letter(c) || text::is_digit(c); }))
      all.push_back(text::collapse_spaces(sentence));
  };
  for (const auto whole : text::split(text, '\n')) {
    const auto line = without_marks(whole);
    std::size_t begin = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (!ends_sentence(line, at)) continue;
      add(line.substr(begin, at + 1 - begin));
      begin = at + 1;
    }
    add(line.substr(begin));
  }
  return all;
}

std::set<std::string> content_words(std::string_view text) {
  std::set<std::string> words;
  const std::string lower = folded(text);
  for (std::size_t at = 0; at < lower.size();) {
    std::size_t end = at;
    while (end < lower.size() && (text::may_be_letter(lower[end]) || text::is_digit(lower[end]))) ++end;
    const auto word = std::string_view(lower).substr(at, end - at);
    if (!word.empty() && (text::is_digit(word.front()) || !says_nothing(word))) words.emplace(word);
    at = end + 1;
  }
  return words;
}

std::set<std::string> figures_of(std::string_view text) {
  std::set<std::string> figures;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!text::is_digit(text[at])) continue;
    // Digits within a word are its name: "gpt4", "H2O".
    const bool named = at > 0 && text::may_be_letter(text[at - 1]);
    std::size_t end = at;
    while (end < text.size() && (text::is_digit(text[end]) || ((text[end] == '.' || text[end] == ',') &&
                                                               end + 1 < text.size() && text::is_digit(text[end + 1]))))
      ++end;
    if (end < text.size() && text[end] == '%') ++end;
    if (!named) figures.emplace(text.substr(at, end - at));
    at = end;
  }
  return figures;
}

double likeness(const std::set<std::string>& a, const std::set<std::string>& b) {
  if (a.empty() || b.empty()) return 0;
  const auto both = std::ranges::count_if(a, [&](const std::string& word) { return b.contains(word); });
  return static_cast<double>(both) / static_cast<double>(std::ssize(a) + std::ssize(b) - both);
}

}  // namespace odeon::chat
