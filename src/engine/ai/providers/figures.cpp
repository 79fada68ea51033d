#include "engine/ai/providers/figures.hpp"

#include <algorithm>
#include <utility>

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
bool is_word(char c) {
  return is_digit(c) || is_letter(c);
}
char at(std::string_view text, std::size_t i) {
  return i < text.size() ? text[i] : '\0';
}
std::size_t digits_at(std::string_view text, std::size_t i) {
  std::size_t count = 0;
  while (is_digit(at(text, i + count))) ++count;
  return count;
}

// 1,234.50 without its commas.
struct Number {
  std::string whole, fraction;
  std::size_t length = 0;
  bool grouped = false;
  bool is_one() const { return whole == "1" && fraction.empty(); }
};

std::optional<Number> number_at(std::string_view text) {
  Number number;
  std::size_t i = digits_at(text, 0);
  if (i == 0 && !(at(text, 0) == '.' && is_digit(at(text, 1)))) return std::nullopt;
  number.whole = text.substr(0, i);
  while (i > 0 && i <= 3 + 4 * (number.whole.size() / 3) && at(text, i) == ',' && digits_at(text, i + 1) == 3 &&
         (number.grouped || i <= 3)) {
    number.whole += text.substr(i + 1, 3);
    number.grouped = true;
    i += 4;
  }
  if (at(text, i) == '.' && is_digit(at(text, i + 1))) {
    const std::size_t count = digits_at(text, i + 1);
    number.fraction = text.substr(i + 1, count);
    i += 1 + count;
  }
  number.length = i;
  return number;
}

struct Scale {
  std::string_view written, said;
  bool lone_letter = false;  // needs a currency or a fraction: "3M" is also a company
};
constexpr Scale kScales[] = {
    {"trillion", "trillion"}, {"billion", "billion"},  {"million", "million"}, {"thousand", "thousand"},
    {"trn", "trillion"},      {"tn", "trillion"},      {"bln", "billion"},     {"mln", "million"},
    {"bn", "billion"},        {"Bn", "billion"},       {"BN", "billion"},      {"mn", "million"},
    {"MM", "million"},        {"T", "trillion", true}, {"B", "billion", true}, {"M", "million", true},
    {"K", "thousand", true},  {"k", "thousand", true}, {"m", "million", true}, {"b", "billion", true}};

// A scale after the number, directly or after one space or hyphen. A letter only directly.
std::optional<Read> scale_at(std::string_view text, bool letters) {
  const bool apart = at(text, 0) == ' ' || (at(text, 0) == '-' && is_letter(at(text, 1)));
  const std::size_t start = apart ? 1 : 0;
  for (const auto& scale : kScales) {
    if (!text.substr(start).starts_with(scale.written) || is_word(at(text, start + scale.written.size()))) continue;
    if (scale.lone_letter && (apart || !letters)) continue;
    return Read{start + scale.written.size(), std::string(scale.said)};
  }
  return std::nullopt;
}

struct Currency {
  std::string_view written, one, many, cent, cents;
};
constexpr Currency kCurrencies[] = {{"US$", "U S dollar", "U S dollars", "cent", "cents"},
                                    {"HK$", "Hong Kong dollar", "Hong Kong dollars", "cent", "cents"},
                                    {"C$", "Canadian dollar", "Canadian dollars", "cent", "cents"},
                                    {"A$", "Australian dollar", "Australian dollars", "cent", "cents"},
                                    {"$", "dollar", "dollars", "cent", "cents"},
                                    {"\x01", "euro", "euros", "cent", "cents"},
                                    {"\x02", "pound", "pounds", "penny", "pence"},
                                    {"\x03", "yen", "yen", "", ""}};

const Currency* currency_at(std::string_view text) {
  for (const auto& currency : kCurrencies)
    if (text.starts_with(currency.written)) return &currency;
  return nullptr;
}

std::string money_words(const Number& number, const Currency& currency, bool attributive) {
  if (number.fraction.empty() || currency.cents.empty() || number.fraction.size() > 2)
    return decimal_words(number.whole, number.fraction) + " " +
           std::string(number.is_one() || attributive ? currency.one : currency.many);
  std::string cents = number.fraction.size() == 1 ? number.fraction + "0" : number.fraction;
  if (cents.front() == '0') cents.erase(0, 1);
  const bool no_whole = number.whole.find_first_not_of('0') == std::string::npos;
  const std::string small = cardinal_words(cents) + " " + std::string(cents == "1" ? currency.cent : currency.cents);
  if (cents == "0")
    return cardinal_words(number.whole) + " " + std::string(number.whole == "1" ? currency.one : currency.many);
  if (no_whole) return small;
  return cardinal_words(number.whole) + " " + std::string(number.whole == "1" ? currency.one : currency.many) +
         " and " + small;
}

// What may follow a plain number, and is then part of how it is said.
struct Unit {
  std::string_view written, one, many;
  bool word;  // must end there
};
constexpr Unit kUnits[] = {{"%", "percent", "percent", false},
                           {" %", "percent", "percent", false},
                           {"bps", "basis point", "basis points", true},
                           {" bps", "basis point", "basis points", true},
                           {"bp", "basis point", "basis points", true},
                           {" bp", "basis point", "basis points", true},
                           {"pp", "percentage point", "percentage points", true},
                           {" pp", "percentage point", "percentage points", true},
                           {"x", "times", "times", true},
                           {"\x04", "cent", "cents", false},
                           {"p", "penny", "pence", true}};

bool is_year(const Number& number) {
  return number.whole.size() == 4 && number.fraction.empty() && !number.grouped &&
         (number.whole.starts_with("19") || number.whole.starts_with("20"));
}

// A number that is neither money nor measured by a unit.
Read plain_words(std::string_view text, const Number& number, std::string_view last_word) {
  const std::string_view rest = text.substr(number.length);
  const bool whole = number.fraction.empty() && !number.grouped;
  for (const std::string_view ending : {"st", "nd", "rd", "th"})
    if (whole && rest.starts_with(ending) && !is_word(at(rest, 2)))
      return {number.length + 2, ordinal_words(number.whole)};
  if (whole && is_month(last_word) && number.whole.size() <= 2 && number.whole.front() != '0' &&
      std::stoi(number.whole) <= 31)
    return {number.length, ordinal_words(number.whole)};
  if (is_year(number)) {
    const std::string year = year_words(std::stoi(number.whole));
    if (at(rest, 0) == 's' && !is_word(at(rest, 1))) return {number.length + 1, plural_words(year)};
    return {number.length, year};
  }
  if (whole && at(rest, 0) == 's' && !is_word(at(rest, 1)))
    return {number.length + 1, plural_words(cardinal_words(number.whole))};
  return {number.length, decimal_words(number.whole, number.fraction)};
}

// 1/2, 3/4, 24/7 and whatever else stands over a line.
std::optional<Read> fraction_at(std::string_view text) {
  const std::size_t above = digits_at(text, 0);
  if (above == 0 || above > 4 || at(text, above) != '/') return std::nullopt;
  const std::size_t below = digits_at(text, above + 1);
  const std::size_t length = above + 1 + below;
  if (below == 0 || below > 4 || is_word(at(text, length)) || at(text, length) == '/') return std::nullopt;
  const std::string_view written = text.substr(0, length);
  if (written == "1/2") return Read{length, "one half"};
  if (written == "1/4") return Read{length, "one quarter"};
  if (written == "3/4") return Read{length, "three quarters"};
  const std::string first = cardinal_words(text.substr(0, above)),
                    second = cardinal_words(text.substr(above + 1, below));
  return Read{length, first + (written == "24/7" || written == "9/11" ? " " : " over ") + second};
}

std::optional<Read> amount_at(std::string_view text, std::string_view last_word) {
  const Currency* currency = currency_at(text);
  std::size_t start = currency != nullptr ? currency->written.size() : 0;
  std::string sign;
  if (currency != nullptr && at(text, start) == '-' && is_digit(at(text, start + 1))) {
    sign = "minus ";
    ++start;
  }
  const std::string_view from = text.substr(start);
  const auto number = number_at(from);
  if (!number) return std::nullopt;
  const std::string_view rest = from.substr(number->length);
  const auto scale = scale_at(rest, currency != nullptr || !number->fraction.empty() || number->whole.size() > 1);
  const std::size_t length = start + number->length + (scale ? scale->length : 0);
  // "a $2 billion buyback": a billion-dollar one.
  const bool attributive = last_word == "a" || last_word == "an" || last_word == "A";
  if (currency != nullptr && !scale) return Read{length, sign + money_words(*number, *currency, attributive)};
  std::string words = decimal_words(number->whole, number->fraction);
  if (scale) words += " " + scale->words;
  if (currency != nullptr)
    return Read{length, sign + words + " " + std::string(attributive ? currency->one : currency->many)};
  for (const auto& unit : kUnits) {
    const std::string_view after = text.substr(length);
    if (!after.starts_with(unit.written) || (unit.word && is_word(at(after, unit.written.size())))) continue;
    const bool one = number->is_one() && !scale;
    return Read{length + unit.written.size(), words + " " + std::string(one ? unit.one : unit.many)};
  }
  if (scale) return Read{length, words};
  if (const auto fraction = fraction_at(text)) return fraction;
  return plain_words(text, *number, last_word);
}

}  // namespace

std::optional<Read> date_at(std::string_view text) {
  if (digits_at(text, 0) != 4 || at(text, 4) != '-' || digits_at(text, 5) != 2 || at(text, 7) != '-' ||
      digits_at(text, 8) != 2)
    return std::nullopt;
  const int year = std::stoi(std::string(text.substr(0, 4))), month = std::stoi(std::string(text.substr(5, 2))),
            day = std::stoi(std::string(text.substr(8, 2)));
  if (year < 1000 || year > 2999 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  return Read{10, std::string(month_name(month)) + " " + ordinal_words(std::to_string(day)) + ", " + year_words(year)};
}

std::optional<Read> time_at(std::string_view text) {
  const std::size_t hours = digits_at(text, 0);
  if (hours == 0 || hours > 2 || at(text, hours) != ':' || digits_at(text, hours + 1) != 2) return std::nullopt;
  const int hour = std::stoi(std::string(text.substr(0, hours)));
  const int minute = std::stoi(std::string(text.substr(hours + 1, 2)));
  std::size_t length = hours + 3;
  if (hour > 24 || minute > 59) return std::nullopt;
  std::string words = cardinal_words(std::to_string(hour));
  const std::string_view half = text.substr(length + (at(text, length) == ' ' ? 1 : 0));
  const bool told = half.starts_with("am") || half.starts_with("pm") || half.starts_with("a.m") ||
                    half.starts_with("p.m") || half.starts_with("AM") || half.starts_with("PM");
  if (minute == 0)
    words += told ? "" : hour > 12 || hour == 0 ? " hundred" : " o'clock";
  else
    words += (minute < 10 ? " oh " : " ") + cardinal_words(std::to_string(minute));
  if (at(text, length) == ':' && digits_at(text, length + 1) == 2) {
    const int second = std::stoi(std::string(text.substr(length + 1, 2)));
    if (second != 0) words += " and " + cardinal_words(std::to_string(second)) + " seconds";
    length += 3;
  }
  return Read{length, words};
}

std::optional<Read> figure_at(std::string_view text, FigureContext context) {
  std::string words;
  std::size_t start = 0;
  const bool inside = is_word(context.before);
  if ((at(text, 0) == '-' || at(text, 0) == '+') && !inside && context.before != ')') {
    words = at(text, 0) == '-' ? "minus " : "plus ";
    start = 1;
  }
  const std::string_view from = text.substr(start);
  // A letter before a currency's own letters ("US$") would make them part of a word.
  if (inside && currency_at(from) != nullptr && is_letter(at(from, 0))) return std::nullopt;
  if (at(from, 0) == '.' && (inside || context.before == '.')) return std::nullopt;
  auto amount = amount_at(from, context.last_word);
  if (!amount) return std::nullopt;
  words += amount->words;
  std::size_t length = start + amount->length;
  // 2-3%, $10-$12: from one to the other.
  if (at(text, length) == '-') {
    const std::string_view other = text.substr(length + 1);
    if (is_digit(at(other, 0)) || (currency_at(other) != nullptr && !is_letter(at(other, 0)))) {
      if (auto second = amount_at(other, "")) {
        words += " to " + second->words;
        length += 1 + second->length;
      }
    }
  }
  return Read{length, words};
}

}  // namespace odeon::ai
