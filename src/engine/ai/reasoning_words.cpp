#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "engine/ai/reasoning_signs.hpp"

namespace odeon::ai {

namespace embedded {
extern const std::string_view reasoning_txt;
}

namespace {

constexpr int kStrong = 2, kWeak = 1;

unsigned char byte(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}
// The first byte of punctuation beyond ASCII: ¿ « “ ’ … ， and their like.
bool is_mark(unsigned char c) {
  return c == 0xC2 || c == 0xE2 || c == 0xEF;
}
bool in_word(unsigned char c) {
  return (c >= 0x80 && !is_mark(c)) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
// Writing that has no spaces between words (and Korean, whose words grow endings): they may begin at any character.
bool runs_on(unsigned char c) {
  return c >= 0xE3 && c <= 0xED;
}

// Small letters, of Latin and Cyrillic; nothing moves.
std::string folded(std::string_view text) {
  std::string out(text);
  for (std::size_t at = 0; at < out.size(); ++at) {
    const unsigned char c = byte(out, at), next = byte(out, at + 1);
    if (c >= 'A' && c <= 'Z') out[at] = static_cast<char>(c + 32);
    if (c < 0xC3 || c > 0xD0 || next < 0x80) continue;
    int small = next;
    if (c == 0xC3 && next <= 0x9E && next != 0x97) small = next + 0x20;
    if ((c == 0xC4 && next <= 0xB7) || (c == 0xC5 && next >= 0x8A && next <= 0xB7)) small = next | 1;
    if (c == 0xD0 && next >= 0x90 && next <= 0x9F) small = next + 0x20;
    if (c == 0xD0 && next >= 0xA0 && next <= 0xAF) small = next - 0x20, out[at] = '\xD1';
    out[++at] = static_cast<char>(small);
  }
  return out;
}

struct Entry {
  std::string_view word;
  bool any_ending = false;
  int weight = kWeak;
};

// By their first three bytes, which each has.
class Dictionary {
 public:
  explicit Dictionary(std::string_view lines) {
    for (auto line : text::split(lines, '\n')) {
      line = text::trim(line);
      if (line.empty() || line.front() == '#') continue;
      const std::size_t colon = line.find(':');
      const bool strong = line.starts_with("strong ");
      if (colon == std::string_view::npos || (!strong && !line.starts_with("weak ")))
        throw std::logic_error("reasoning.txt: " + std::string(line));
      for (auto word : text::split(line.substr(colon + 1), ',')) add(text::trim(word), strong ? kStrong : kWeak);
    }
  }

  // The entry that stands there, if any: the strongest.
  const Entry* at(std::string_view text, std::size_t place) const {
    if (place + 3 > text.size()) return nullptr;
    const std::uint32_t key = key_of(text.substr(place));
    if (!known_[key % known_.size()]) return nullptr;
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    const Entry* best = nullptr;
    for (const auto& entry : found->second) {
      if (best != nullptr && best->weight >= entry.weight) continue;
      if (text.substr(place).starts_with(entry.word) &&
          (entry.any_ending || !in_word(byte(text, place + entry.word.size()))))
        best = &entry;
    }
    return best;
  }

 private:
  void add(std::string_view word, int weight) {
    const bool any = word.ends_with('*');
    if (any) word.remove_suffix(1);
    if (word.size() < 3) throw std::logic_error("reasoning.txt: too short: " + std::string(word));
    entries_[key_of(word)].push_back({word, any, weight});
    known_[key_of(word) % known_.size()] = true;
  }
  static std::uint32_t key_of(std::string_view text) {
    return std::uint32_t{byte(text, 0)} << 16 | std::uint32_t{byte(text, 1)} << 8 | byte(text, 2);
  }

  std::unordered_map<std::uint32_t, std::vector<Entry>> entries_;
  std::array<bool, 4'099> known_{};  // most words are sent away by this
};

const Dictionary& dictionary() {
  static const Dictionary words(embedded::reasoning_txt);
  return words;
}

}  // namespace

int weight_of_words(std::string_view first, std::string_view last) {
  const Dictionary& words = dictionary();
  const Entry* weak = nullptr;
  for (const auto part : {first, last}) {
    const std::string text = folded(part);
    bool within = false;  // a word
    for (std::size_t at = 0; at < text.size(); ++at) {
      const unsigned char c = byte(text, at);
      if (c >= 0x80 && c < 0xC0) continue;  // more of a character
      const bool letter = in_word(c), begins = runs_on(c) || (letter && !within);
      within = letter;
      const Entry* entry = begins ? words.at(text, at) : nullptr;
      if (entry == nullptr) continue;
      if (entry->weight == kStrong || (weak != nullptr && weak != entry)) return kStrong;
      weak = entry;
    }
  }
  return weak != nullptr ? kWeak : 0;
}

}  // namespace odeon::ai
