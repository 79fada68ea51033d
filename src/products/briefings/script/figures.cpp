#include "products/briefings/script/figures.hpp"

#include <optional>

#include "base/text.hpp"
#include "products/briefings/news/markup.hpp"

namespace odeon::briefings {
namespace {

bool is_small_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<std::uint8_t>(c) >= 0x80;
}

// Reads one line, in lower case and plain punctuation, from front to back.
class FigureReader {
 public:
  explicit FigureReader(std::string_view line) : line_(line) {}

  std::vector<std::string> read() {
    while (at_ < line_.size()) {
      const char c = line_[at_];
      if (text::is_digit(c)) {
        digits();
      } else if (is_small_letter(c)) {
        spelled(take_word());
      } else {
        ++at_;
      }
    }
    return std::move(found_);
  }

 private:
  struct Number {
    std::string whole;     // digits
    std::string fraction;  // digits
  };

  std::string_view take_word() {
    const std::size_t start = at_;
    while (at_ < line_.size() && (is_small_letter(line_[at_]) || line_[at_] == '\'')) ++at_;
    return line_.substr(start, at_ - start);
  }
  // The word that follows here, behind spaces or a hyphen, and where it ends.
  std::pair<std::string_view, std::size_t> next_word(std::size_t from) const {
    while (from < line_.size() && (line_[from] == ' ' || line_[from] == '-')) ++from;
    std::size_t end = from;
    while (end < line_.size() && is_small_letter(line_[end])) ++end;
    return {line_.substr(from, end - from), end};
  }
  bool skip_word(std::string_view wanted) {
    const auto [word, end] = next_word(at_);
    if (word != wanted) return false;
    at_ = end;
    return true;
  }

  static int scale_of(std::string_view word) {
    if (word == "thousand" || word == "k") return 3;
    if (word == "million" || word == "m" || word == "mn" || word == "mln" || word == "mm") return 6;
    if (word == "billion" || word == "bn" || word == "b" || word == "bln") return 9;
    if (word == "trillion" || word == "tn" || word == "trn") return 12;
    return 0;
  }

  // The currency whose sign or code ends right before `start`.
  std::string currency_before(std::size_t start) const {
    std::string_view head = line_.substr(0, start);
    if (head.ends_with(' ')) head.remove_suffix(1);
    if (head.ends_with("$") || head.ends_with("usd")) return "$";
    if (head.ends_with("\u20AC") || head.ends_with("eur")) return "\u20AC";
    if (head.ends_with("\u00A3") || head.ends_with("gbp")) return "\u00A3";
    if (head.ends_with("\u00A5") || head.ends_with("jpy")) return "\u00A5";
    return {};
  }
  static std::string currency_named(std::string_view word) {
    if (word == "dollar" || word == "dollars" || word == "usd") return "$";
    if (word == "euro" || word == "euros" || word == "eur") return "\u20AC";
    if (word == "pound" || word == "pounds" || word == "gbp" || word == "sterling") return "\u00A3";
    if (word == "yen" || word == "jpy") return "\u00A5";
    return {};
  }

  void digits() {
    const std::size_t start = at_;
    Number number;
    while (at_ < line_.size() && text::is_digit(line_[at_])) number.whole += line_[at_++];
    // "1,200": groups of exactly three digits.
    while (at_ + 3 < line_.size() && line_[at_] == ',' && text::is_digit(line_[at_ + 1]) &&
           text::is_digit(line_[at_ + 2]) && text::is_digit(line_[at_ + 3]) &&
           (at_ + 4 == line_.size() || !text::is_digit(line_[at_ + 4]))) {
      number.whole += line_.substr(at_ + 1, 3);
      at_ += 4;
    }
    if (at_ + 1 < line_.size() && line_[at_] == '.' && text::is_digit(line_[at_ + 1])) {
      ++at_;
      while (at_ < line_.size() && text::is_digit(line_[at_])) number.fraction += line_[at_++];
    }
    finish(std::move(number), currency_before(start));
  }

  void finish(Number number, std::string currency) {
    const auto [scale, after_scale] = next_word(at_);
    const bool attached = after_scale == at_ + scale.size();
    if (const int power = scale_of(scale); power > 0 && (attached || scale.size() > 3)) {
      shift(number, power);
      at_ = after_scale;
    }
    const std::string value = written(number);
    if (at_ < line_.size() && line_[at_] == '%') {
      ++at_;
      found_.push_back(value + "%");
    } else if (skip_word("percent") || skip_word("percentage") || skip_word("pct") || skip_words("per", "cent")) {
      found_.push_back(value + "%");
    } else if (skip_words("basis", "points") || skip_words("basis", "point") || skip_word("bps") || skip_word("bp")) {
      found_.push_back(value + "bp");
    } else {
      if (currency.empty()) {
        const auto [unit, end] = next_word(at_);
        currency = currency_named(unit);
        if (!currency.empty()) at_ = end;
      }
      found_.push_back(currency + value);
    }
  }
  bool skip_words(std::string_view first, std::string_view second) {
    const std::size_t start = at_;
    if (skip_word(first) && skip_word(second)) return true;
    at_ = start;
    return false;
  }

  static void shift(Number& number, int power) {
    for (; power > 0; --power) {
      number.whole += number.fraction.empty() ? '0' : number.fraction.front();
      if (!number.fraction.empty()) number.fraction.erase(0, 1);
    }
  }
  static std::string written(Number number) {
    number.whole.erase(0, std::min(number.whole.find_first_not_of('0'), number.whole.size()));
    while (number.fraction.ends_with('0')) number.fraction.pop_back();
    if (number.whole.empty()) number.whole = "0";
    return number.fraction.empty() ? number.whole : number.whole + "." + number.fraction;
  }

  static std::optional<int> unit(std::string_view word) {
    constexpr std::array<std::string_view, 20> names{
        "zero", "one",    "two",    "three",    "four",     "five",    "six",     "seven",     "eight",    "nine",
        "ten",  "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
    const auto* at = std::ranges::find(names, word);
    return at == names.end() ? std::nullopt : std::optional(static_cast<int>(at - names.begin()));
  }
  static std::optional<int> tens(std::string_view word) {
    constexpr std::array<std::string_view, 8> names{"twenty", "thirty",  "forty",  "fifty",
                                                    "sixty",  "seventy", "eighty", "ninety"};
    const auto* at = std::ranges::find(names, word);
    return at == names.end() ? std::nullopt : std::optional(static_cast<int>(at - names.begin() + 2) * 10);
  }
  static std::optional<int> ordinal(std::string_view word) {
    constexpr std::array<std::string_view, 10> names{"third",  "fourth", "fifth", "sixth",    "seventh",
                                                     "eighth", "ninth",  "tenth", "eleventh", "twelfth"};
    const auto* at = std::ranges::find(names, word);
    return at == names.end() ? std::nullopt : std::optional(static_cast<int>(at - names.begin()) + 3);
  }

  // The number in words that starts with `word`, which is already taken, if there is one.
  void spelled(std::string_view word) {
    if (const auto place = ordinal(word)) {
      found_.push_back(std::to_string(*place));
      return;
    }
    auto value = unit(word);
    if (const auto ten = tens(word)) {
      value = *ten;
      const auto [next, end] = next_word(at_);
      if (const auto ones = unit(next); ones && *ones > 0 && *ones < 10) {
        value = *ten + *ones;
        at_ = end;
      }
    }
    if (!value) return;
    bool large = false;
    if (skip_word("hundred")) {
      *value *= 100;
      large = true;
      skip_word("and");
      const auto [next, end] = next_word(at_);
      if (const auto rest = tens(next) ? tens(next) : unit(next)) {
        *value += *rest;
        at_ = end;
      }
    }
    Number number{std::to_string(*value), {}};
    const auto [point, after_point] = next_word(at_);
    if (point == "point") {
      std::size_t end = after_point;
      for (auto [digit, after] = next_word(end); unit(digit) && *unit(digit) < 10;
           std::tie(digit, after) = next_word(end)) {
        number.fraction += static_cast<char>('0' + *unit(digit));
        end = after;
      }
      if (!number.fraction.empty()) at_ = end;
    }
    const std::size_t count = found_.size(), here = at_;
    finish(number, {});
    // "one" alone is a pronoun more often than a number.
    const bool bare = !large && number.fraction.empty() && at_ == here;
    if (word == "one" && bare) found_.resize(count);
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> figures(std::string_view text) {
  const std::string plain = text::to_lower(plain_punctuation(text));
  std::vector<std::string> all;
  for (auto line : text::split(plain, '\n'))
    for (auto& figure : FigureReader(text::collapse_spaces(line)).read()) all.push_back(std::move(figure));
  return all;
}

std::string number_of(std::string_view figure) {
  const auto first = figure.find_first_of("0123456789");
  const auto last = figure.find_last_of("0123456789");
  return first == std::string_view::npos ? std::string() : std::string(figure.substr(first, last - first + 1));
}

}  // namespace odeon::briefings
