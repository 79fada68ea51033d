#include "engine/media/storybook/lexicon.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace odeon::storybook {

namespace embedded {
extern const std::string_view scene_words_txt, look_words_txt;
}

namespace {

constexpr std::size_t most_bytes = 8192, beginning = 2;

// Letters of Latin-1 from U+00C0 on, without their accents.
constexpr std::string_view plain_letters = "aaaaaaaceeeeiiiidnooooo*ouuuuypsaaaaaaaceeeeiiiidnooooo/ouuuuypy";

// Adds the letter of two bytes that begins there, if it is one.
bool add_letter(std::string& word, unsigned char first, unsigned char second) {
  if ((first != 0xC3 && first != 0xC5) || (second & 0xC0) != 0x80) return false;
  if (first == 0xC5) {
    if (second != 0x92 && second != 0x93) return false;
    word += "oe";
    return true;
  }
  const char letter = plain_letters[second & 0x3F];
  if (letter == '*' || letter == '/') return false;
  word += letter;
  if (second == 0x9F) word += 's';                    // ß
  if (second == 0x86 || second == 0xA6) word += 'e';  // æ
  return true;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  text = text.substr(0, most_bytes);
  std::vector<std::string> words(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const auto next = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : 0);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      words.back() += text[at];
    else if (c >= 'A' && c <= 'Z')
      words.back() += static_cast<char>(c + 32);
    else if (add_letter(words.back(), c, next))
      ++at;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

Lexicon::Lexicon(std::string_view lines) {
  for (auto line : text::split(lines, '\n')) {
    line = text::trim(line);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    const auto head = text::split(line.substr(0, colon), ' ');
    if (colon == std::string_view::npos || head.size() < 2 || head.size() > 3)
      throw std::logic_error("words of pictures: " + std::string(line));
    for (auto phrase : text::split(line.substr(colon + 1), ',')) {
      phrase = text::trim(phrase);
      Entry entry{head[0], head[1], head.size() == 3 ? head[2] : std::string_view(), words_of(phrase),
                  phrase.ends_with('*')};
      if (entry.words.empty()) throw std::logic_error("words of pictures: " + std::string(line));
      by_beginning_.emplace(entry.words[0].substr(0, beginning), std::move(entry));
    }
  }
}

std::vector<Lexicon::Found> Lexicon::find(const std::vector<std::string>& text, std::string_view kind,
                                          std::string_view language) const {
  std::vector<Found> found;
  for (std::size_t at = 0; at < text.size();) {
    const Entry* longest = nullptr;
    const auto [first, last] = by_beginning_.equal_range(text[at].substr(0, beginning));
    for (auto it = first; it != last; ++it) {
      const Entry& entry = it->second;
      const std::size_t n = entry.words.size();
      if (entry.kind != kind || (!entry.language.empty() && entry.language != language) || at + n > text.size())
        continue;
      if (!std::equal(entry.words.begin(), entry.words.end() - 1, text.begin() + static_cast<std::ptrdiff_t>(at)))
        continue;
      const std::string& end = text[at + n - 1];
      if (entry.any_ending ? !end.starts_with(entry.words.back()) : end != entry.words.back()) continue;
      const auto weight = [](const Entry& e) { return std::pair(e.words.size(), e.words.back().size()); };
      if (!longest || weight(*longest) < weight(entry)) longest = &entry;
    }
    if (longest) found.push_back({longest->value, at, longest->words.size()});
    at += longest ? longest->words.size() : 1;
  }
  return found;
}

const Lexicon& Lexicon::of_scenes() {
  static const Lexicon lexicon(embedded::scene_words_txt);
  return lexicon;
}

const Lexicon& Lexicon::of_looks() {
  static const Lexicon lexicon(embedded::look_words_txt);
  return lexicon;
}

}  // namespace odeon::storybook
