#include "products/stories/words/lexicon.hpp"

#include <stdexcept>

#include "base/text.hpp"
#include "products/stories/words/embedded.hpp"

namespace odeon::stories {
namespace {

namespace embedded = stories_words::embedded;

class Expansion {
 public:
  Expansion(std::string_view text, int band, Length length, Dice& dice, const Slots& slots)
      : text_(text), band_(static_cast<char>('0' + band)), length_(length), dice_(dice), slots_(slots) {}

  std::string whole() {
    std::string out = sequence("");
    if (at_ != text_.size()) throw fault();
    return out;
  }

 private:
  // Up to one of `ends` or the end of the text.
  std::string sequence(std::string_view ends) {
    std::string out;
    while (at_ < text_.size() && ends.find(text_[at_]) == std::string_view::npos) {
      const char c = text_[at_++];
      if (c == '[')
        out += choice();
      else if (c == '{')
        out += by_age_or_slot();
      else if (c == ']' || c == '}')
        throw fault();
      else
        out += c;
    }
    return out;
  }

  std::string choice() {
    std::vector<std::string> options;
    do options.push_back(sequence("|]"));
    while (expect("|]") == '|');
    return options[dice_.below(options.size())];
  }

  std::string by_age_or_slot() {
    const auto digits = text_.find_first_not_of("1234", at_);
    if (digits == std::string_view::npos) throw fault();
    if (digits == at_ || text_[digits] != ':') {
      const auto end = text_.find('}', at_);
      if (end == std::string_view::npos) throw fault();
      const std::string_view name = text_.substr(at_, end - at_);
      at_ = end + 1;
      return slots_(name);
    }
    std::string chosen;
    bool found = false;
    std::size_t groups = 0;
    do {
      ++groups;
      const auto colon = text_.find(':', at_);
      if (colon == std::string_view::npos) throw fault();
      const bool ours = text_.substr(at_, colon - at_).find(band_) != std::string_view::npos;
      at_ = colon + 1;
      std::string part = sequence("|}");
      if (ours && !std::exchange(found, true)) chosen = std::move(part);
    } while (expect("|}") == '|');
    return groups == 1 && length_ == Length::lean ? "" : chosen;
  }

  char expect(std::string_view either) {
    if (at_ >= text_.size() || either.find(text_[at_]) == std::string_view::npos) throw fault();
    return text_[at_++];
  }

  std::invalid_argument fault() const {
    return std::invalid_argument("not well formed: " + std::string(text_.substr(0, 80)));
  }

  std::string_view text_;
  char band_;
  Length length_;
  Dice& dice_;
  const Slots& slots_;
  std::size_t at_ = 0;
};

}  // namespace

int age_band(int age) {
  return age <= 4 ? 1 : age <= 8 ? 2 : age <= 12 ? 3 : 4;
}

Lexicon::Lexicon(std::string_view source) {
  std::string* current = nullptr;
  for (std::string_view line : text::split(source, '\n')) {
    if (line.starts_with('#')) continue;
    if (line.starts_with('@')) {
      current = &texts_[std::string(text::trim(line.substr(1)))].emplace_back();
    } else if (current != nullptr && !text::trim(line).empty()) {
      if (!current->empty()) *current += '\n';
      *current += text::trim(line);
    }
  }
}

std::span<const std::string> Lexicon::texts(std::string_view key) const {
  const auto found = texts_.find(key);
  return found == texts_.end() ? std::span<const std::string>() : found->second;
}

const Lexicon& lexicon(Language language) {
  static const std::array<Lexicon, kLanguages.size()> all{Lexicon(embedded::en_txt), Lexicon(embedded::es_txt),
                                                          Lexicon(embedded::fr_txt), Lexicon(embedded::de_txt),
                                                          Lexicon(embedded::it_txt)};
  return all[static_cast<std::size_t>(language)];
}

std::uint64_t Dice::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3u;
  return hash;
}

std::string expand(std::string_view text, int band, Length length, Dice& dice, const Slots& slots) {
  return Expansion(text, band, length, dice, slots).whole();
}

}  // namespace odeon::stories
