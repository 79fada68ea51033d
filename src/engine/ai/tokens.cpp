// How many tokens a text has: estimate_tokens.
#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/ai/complexity.hpp"

namespace odeon::ai {
namespace {

// Longer texts are looked at in three places of this size.
constexpr std::size_t kSampled = 32'768, kPlace = 8'192;

// Hundredths of a token. Found by counting what cl100k makes of prose in fourteen languages and of code.
struct Weights {
  int word, letters_free, letter;  // of a word, how many letters that covers, and each one beyond
};
constexpr Weights kEnglish{100, 7, 12};
constexpr Weights kForeign{100, 3, 26};
constexpr int kAccent = 30;     // a letter with one, beside what it counts as a letter
constexpr int kFarAccent = 80;  // one that only some languages have: beyond U+00FF
constexpr int kDigits = 100;    // three of them
constexpr int kPunctuation = 100, kAttached = 45, kMorePunctuation = 20;
constexpr int kCyrillic = 57, kArabic = 85, kIndic = 128, kKana = 95, kHan = 120, kHangul = 130, kSymbol = 100;
constexpr int kEmoji = 250, kStray = 100;

enum class Kind : std::uint8_t { other, small, capital, accented, digit, space, punctuation };

// Of a byte. An accented one is the first of a Latin letter beyond ASCII (U+00C0 to U+024F), and other ones begin, or
// are within, what is neither that nor ASCII.
constexpr auto kKinds = [] {
  std::array<Kind, 256> kinds{};
  const auto set = [&](int from, int to, Kind kind) {
    for (int c = from; c <= to; ++c) kinds[static_cast<std::size_t>(c)] = kind;
  };
  set(0, 0x7F, Kind::punctuation);
  set('a', 'z', Kind::small);
  set('A', 'Z', Kind::capital);
  set('0', '9', Kind::digit);
  set('\t', '\r', Kind::space);
  set(' ', ' ', Kind::space);
  set(0xC3, 0xC9, Kind::accented);
  return kinds;
}();

// Up to five letters as a number.
constexpr std::uint64_t packed(std::string_view word) {
  std::uint64_t number = 0;
  for (const char c : word) number = number << 8 | static_cast<unsigned char>(c | 0x20);
  return number;
}

// Words that hardly any other language has.
bool is_english(std::uint64_t word) {
  static constexpr auto common = [] {
    std::array all{packed("the"),  packed("and"),  packed("of"),   packed("to"),   packed("is"),    packed("that"),
                   packed("for"),  packed("it"),   packed("with"), packed("are"),  packed("be"),    packed("this"),
                   packed("you"),  packed("not"),  packed("have"), packed("from"), packed("but"),   packed("what"),
                   packed("your"), packed("can"),  packed("how"),  packed("will"), packed("which"), packed("they"),
                   packed("by"),   packed("would")};
    std::ranges::sort(all);
    return all;
  }();
  return std::ranges::binary_search(common, word);
}

class Counter {
 public:
  void count(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) at = step(text, at);
  }

  // What stands between the sure parts: English or not is known at the end.
  std::int64_t hundredths() const {
    const bool plain = accents_ == 0 && (words_ < 12 || marks_ * 2 > words_);  // too short to tell, or a program
    const bool english = plain || english_ * 10 >= words_;
    return sure_ + (english ? as_english_ : as_foreign_);
  }

 private:
  static unsigned char byte(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

  static Kind kind(std::string_view text, std::size_t at) { return kKinds[byte(text, at)]; }
  // From `at` on, where the last byte of that kind ends.
  static std::size_t run(std::string_view text, std::size_t at, Kind of) {
    while (at < text.size() && kind(text, at) == of) ++at;
    return at;
  }

  // From where the next piece begins.
  std::size_t step(std::string_view text, std::size_t at) {
    switch (kind(text, at)) {
      case Kind::small:
      case Kind::capital:
      case Kind::accented:
        return word(text, at);
      case Kind::digit:
        return digits(text, at);
      case Kind::space:
        return space(text, at);
      case Kind::punctuation:
        return punctuation(text, at);
      case Kind::other:
        break;
    }
    return foreign(text, at);
  }

  std::size_t digits(std::string_view text, std::size_t at) {
    const std::size_t end = run(text, at, Kind::digit);
    sure_ += kDigits * static_cast<std::int64_t>((end - at + 2) / 3);
    return end;
  }

  // Capitals within it begin a word of their own: parseJsonObject.
  std::size_t word(std::string_view text, std::size_t at) {
    std::size_t end = at;
    std::size_t second_bytes = 0;
    int accents = 0;  // by what they cost
    for (Kind before = Kind::other; end < text.size();) {
      const Kind now = kind(text, end);
      if (now == Kind::small) {
        end = run(text, end + 1, Kind::small);
      } else if (now == Kind::accented) {
        accents += byte(text, end) == 0xC3 ? kAccent : kFarAccent;
        ++second_bytes, end += 2;
      } else if (now == Kind::capital && before != Kind::small) {
        ++end;
      } else {
        break;
      }
      before = now;
    }
    const int letters = static_cast<int>(end - at - second_bytes);
    end = std::min(end, text.size());
    ++words_, accents_ += accents;
    if (accents == 0 && letters <= 5 && is_english(packed(text.substr(at, end - at)))) ++english_;
    as_english_ += cost(kEnglish, letters) + accents;
    as_foreign_ += cost(kForeign, letters) + accents;
    before_ = Before::word;
    return end;
  }
  static int cost(const Weights& weights, int letters) {
    return weights.word + weights.letter * std::max(letters - weights.letters_free, 0);
  }

  // One space belongs to the word after it, and a line's end to the punctuation before it.
  std::size_t space(std::string_view text, std::size_t at) {
    std::size_t end = at;
    bool line = false;
    int indent = 0;
    for (; end < text.size() && kind(text, end) == Kind::space; ++end) {
      const bool ends_line = text[end] == '\n' || text[end] == '\r';
      line = line || ends_line;
      indent = ends_line ? 0 : indent + 1;
    }
    if (line && before_ != Before::punctuation) sure_ += 100;
    if (indent > 1) sure_ += 100;
    before_ = Before::space;
    return end;
  }

  std::size_t punctuation(std::string_view text, std::size_t at) {
    const std::size_t end = run(text, at, Kind::punctuation);
    const Kind next = end < text.size() ? kind(text, end) : Kind::other;
    const bool attached = end == at + 1 && (next == Kind::small || next == Kind::capital);
    sure_ += attached ? kAttached : kPunctuation + kMorePunctuation * static_cast<int>(end - at - 1);
    before_ = Before::punctuation;
    ++marks_;
    return end;
  }

  // One character of another alphabet.
  std::size_t foreign(std::string_view text, std::size_t at) {
    const unsigned char c = byte(text, at);
    const unsigned char next = at + 1 < text.size() ? byte(text, at + 1) : 0;
    before_ = Before::word;
    if (c < 0xC2 || c > 0xF4) return sure_ += kStray, at + 1;
    if (c == 0xC2) return before_ = Before::punctuation, sure_ += kSymbol, at + 2;
    if (c < 0xD6) return sure_ += kCyrillic, at + 2;
    if (c < 0xE0) return sure_ += kArabic, at + 2;
    if (c >= 0xF0) return sure_ += kEmoji, at + 4;
    if (c < 0xE2)
      sure_ += kIndic;
    else if (c == 0xE2 || c == 0xEF || (c == 0xE3 && next == 0x80))
      before_ = Before::punctuation, sure_ += kSymbol;
    else if (c == 0xE3 && next <= 0x83)
      sure_ += kKana;
    else if (c < 0xEA)
      sure_ += kHan;
    else
      sure_ += kHangul;
    return at + 3;
  }

  enum class Before { nothing, word, space, punctuation };
  Before before_ = Before::nothing;
  std::int64_t sure_ = 0, as_english_ = 0, as_foreign_ = 0;
  std::int64_t words_ = 0, english_ = 0, accents_ = 0, marks_ = 0;
};

}  // namespace

std::int64_t estimate_tokens(std::string_view text) {
  Counter counter;
  if (text.size() <= kSampled) {
    counter.count(text);
    return (counter.hundredths() + 99) / 100;
  }
  // Cut anywhere: half a character more or less.
  counter.count(text.substr(0, kPlace));
  counter.count(text.substr((text.size() - kPlace) / 2, kPlace));
  counter.count(text.substr(text.size() - kPlace));
  const auto size = static_cast<std::int64_t>(text.size()), seen = static_cast<std::int64_t>(3 * kPlace);
  return (counter.hundredths() * (size / seen) + counter.hundredths() * (size % seen) / seen + 99) / 100;
}

}  // namespace odeon::ai
