#include "products/stories/passages.hpp"

#include "base/text.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kSpokenAtOnce = 1000;  // code points; voices take 4096 characters

// At spaces, where there are any.
std::vector<std::string> speakable_parts(std::string_view sentence) {
  std::vector<std::string> parts;
  while (text::length(sentence) > kSpokenAtOnce) {
    const auto head = text::prefix(sentence, kSpokenAtOnce);
    const auto space = head.rfind(' ');
    const auto size = space == std::string_view::npos || space == 0 ? head.size() : space;
    parts.emplace_back(text::trim(sentence.substr(0, size)));
    sentence.remove_prefix(size);
  }
  parts.emplace_back(text::trim(sentence));
  return parts;
}

}  // namespace

std::vector<Passage> passages_of(std::string_view title, std::string_view content, Language language) {
  std::vector<Passage> passages;
  if (!title.empty()) passages.push_back({.text = std::string(title), .is_title = true});
  const auto sentences = sentences_of(content, language);
  std::size_t before = 0;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const auto& [offset, length] = sentences[i];
    const bool opens = content.substr(before, offset - before).contains('\n');
    before = offset + length;
    auto parts = speakable_parts(content.substr(offset, length));
    for (std::size_t part = 0; part < parts.size(); ++part)
      passages.push_back({.text = std::move(parts[part]),
                          .sentence = i,
                          .opens_paragraph = opens && part == 0,
                          .ends_sentence = part + 1 == parts.size()});
  }
  return passages;
}

}  // namespace odeon::stories
