#include "engine/ai/providers/spoken.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/figures.hpp"
#include "engine/ai/providers/number_words.hpp"
#include "engine/ai/providers/plain_english.hpp"

namespace odeon::ai {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// A text that shouts: capitals throughout, with words too long to be tickers.
bool shouts(std::string_view text) {
  std::size_t run = 0, longest = 0;
  for (const char c : text) {
    if (is_lower(c)) return false;
    run = is_letter(c) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest >= 6;
}

// Reads from front to back; each `read_` takes what it knows and says it, or leaves it to the next.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), shouted_(shouts(text)) {}

  std::string read() {
    while (at_ < text_.size()) {
      if (read_date() || read_time() || read_figure() || read_initials() || read_word()) continue;
      read_sign(text_[at_++]);
    }
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  char before() const { return at_ > 0 ? text_[at_ - 1] : ' '; }
  bool starts_token() const { return !is_letter(before()) && !is_digit(before()); }
  std::string_view rest() const { return text_.substr(at_); }

  void say(std::string_view words) {
    if (words.empty()) return;
    break_words();
    out_ += words;
    last_ = words;
  }

  bool read_date() {
    const auto date = starts_token() ? date_at(rest()) : std::nullopt;
    if (!date) return false;
    at_ += date->length;
    say(date->words);
    // 2026-11-20T07:30: the letter only joins.
    if (peek() == 'T' && is_digit(peek(1))) {
      say("at");
      ++at_;
      after_join_ = true;
    }
    return true;
  }

  bool read_time() {
    const auto time = starts_token() || std::exchange(after_join_, false) ? time_at(rest()) : std::nullopt;
    if (!time) return false;
    at_ += time->length;
    say(time->words);
    after_figure_ = at_;
    if (peek() == 'Z' && !is_letter(peek(1))) {
      say("U T C");
      ++at_;
    }
    return true;
  }

  bool read_figure() {
    const FigureContext context{.before = before(), .last_word = last_, .after_text = !out_.empty()};
    const auto figure = figure_at(rest(), context);
    if (!figure) return false;
    at_ += figure->length;
    say(figure->words);
    after_figure_ = at_;
    return true;
  }

  // U.S., U.K., e.g., p.m.
  bool read_initials() {
    if (!starts_token()) return false;
    std::string letters;
    std::size_t i = 0;
    while (is_letter(peek(i)) && peek(i + 1) == '.') {
      letters += peek(i);
      i += 2;
    }
    if (letters.size() < 2 || is_letter(peek(i))) return false;
    at_ += i;
    if (letters == "eg") {
      say("for example");
    } else if (letters == "ie") {
      say("that is");
    } else {
      std::string words;
      for (const char letter : letters)
        words += std::string(words.empty() ? "" : " ") + static_cast<char>(letter & ~0x20);
      say(words);
    }
    if (at_ == text_.size()) out_ += '.';
    return true;
  }

  bool read_word() {
    if (!is_letter(peek())) return false;
    std::size_t length = 0;
    while (is_letter(peek(length)) || (peek(length) == '\'' && is_letter(peek(length + 1)))) ++length;
    const std::string_view word = text_.substr(at_, length);
    const bool own = starts_token();
    const bool glued = at_ > 0 && before() == '\'';
    at_ += length;
    if (own && peek() == '.' && abbreviation(word)) {
      say(*abbreviation(word));
      if (at_ + 1 < text_.size()) ++at_;
      return true;
    }
    if (own && read_month(word)) return true;
    if (own && word == "No" && peek() == '.' && is_digit(peek(peek(1) == ' ' ? 2 : 1))) {
      say("number");
      ++at_;
      return true;
    }
    // am and pm after a figure; a bare "am" is a verb.
    if (follows_figure(at_ - length) && (word == "am" || word == "pm" || word == "AM" || word == "PM")) {
      say(word[0] == 'a' || word[0] == 'A' ? "A M" : "P M");
      return true;
    }
    if (read_slashed(word)) return true;
    const std::string said = spoken_word(word, shouted_);
    if (glued && !out_.empty() && out_.back() == '\'')
      out_ += said;
    else
      say(said);
    last_ = word;
    // example.com
    if (peek() == '.' && is_lower(peek(1)) && is_letter(peek(2)) && is_lower(word.back())) {
      say("dot");
      ++at_;
    }
    return true;
  }

  // "Nov 20", "Nov. 20"; other uses of the word ("Mar", "Dec") stay.
  bool read_month(std::string_view word) {
    const auto month = month_name(word);
    if (!month) return false;
    std::size_t skip = 0;
    if (peek() == '.') ++skip;
    if (peek(skip) == ' ') ++skip;
    if (skip == 0 || !is_digit(peek(skip))) return false;
    at_ += skip;
    say(*month);
    return true;
  }

  // y/y, q/q, m/m
  bool read_slashed(std::string_view word) {
    if (word.size() != 1 || peek() != '/' || peek(1) != word[0] || is_letter(peek(2))) return false;
    const std::string_view period = word == "y" || word == "Y"   ? "year"
                                    : word == "q" || word == "Q" ? "quarter"
                                    : word == "m" || word == "M" ? "month"
                                                                 : "";
    if (period.empty()) return false;
    at_ += 2;
    say(std::string(period) + " over " + std::string(period));
    return true;
  }

  // What is neither word nor figure: a pause, a word, or nothing.
  void read_sign(char sign) {
    const bool between_digits = at_ >= 2 && is_digit(text_[at_ - 2]) && is_digit(peek());
    if (between_digits && sign == '.') return say("point");
    if (between_digits && sign == ':') return say("to");
    switch (sign) {
      case '.':
      case ',':
      case ';':
      case ':':
      case '!':
      case '?':
        while (out_.ends_with(' ')) out_.pop_back();
        if (!out_.empty() && !std::string_view(".,;:!?").contains(out_.back())) out_ += sign;
        out_ += ' ';
        return;
      case '(':
      case ')':
        read_sign(',');
        return;
      case '\'':
        if (is_letter(peek()) && !out_.empty() && out_.back() != ' ') out_ += sign;
        return;
      case '&':
        return say("and");
      case '%':
        return say("percent");
      case '@':
        return say("at");
      case '=':
        return say("equals");
      case '#':
        return is_digit(peek()) ? say("number") : void();
      case '~':
        return is_digit(peek()) || peek() == '$' ? say("about") : void();
      case '+':
        return say("plus");
      case '/':
        return after_figure_ == at_ - 1 && is_letter(peek()) ? say("per") : break_words();
      case kEuro:
        return say("euros");
      case kPound:
        return say("pounds");
      case kYen:
        return say("yen");
      case kCent:
        return say("cents");
      default:
        break_words();
    }
  }

  void break_words() {
    if (!out_.empty() && out_.back() != ' ') out_ += ' ';
  }
  bool follows_figure(std::size_t at) const {
    return after_figure_ && (at == *after_figure_ || (at == *after_figure_ + 1 && text_[at - 1] == ' '));
  }

  std::string_view text_;
  bool shouted_;
  std::size_t at_ = 0;
  std::optional<std::size_t> after_figure_;  // where the last figure ended
  bool after_join_ = false;
  std::string out_;
  std::string last_;  // what was said last
};

}  // namespace

std::string spoken(std::string_view text, std::string_view language) {
  if (primary_language(language) != "en") return text::collapse_spaces(text);
  const std::string plain = text::collapse_spaces(to_plain_ascii(text));
  return text::collapse_spaces(Reader(plain).read());
}

}  // namespace odeon::ai
