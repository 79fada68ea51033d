#include "engine/ai/providers/number_words.hpp"

#include <cstdint>
#include <vector>

#include "base/text.hpp"

namespace odeon::ai {
namespace {

constexpr std::string_view kSmall[] = {"zero",     "one",     "two",     "three",     "four",     "five",    "six",
                                       "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
                                       "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::string_view kTens[] = {"",      "",      "twenty",  "thirty", "forty",
                                      "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::string_view kScales[] = {"", "thousand", "million", "billion", "trillion"};

void below_hundred(std::vector<std::string>& words, int number) {
  if (number >= 20) {
    words.emplace_back(kTens[number / 10]);
    number %= 10;
    if (number == 0) return;
  }
  words.emplace_back(kSmall[number]);
}

void below_thousand(std::vector<std::string>& words, int number) {
  if (number >= 100) {
    words.emplace_back(kSmall[number / 100]);
    words.emplace_back("hundred");
    number %= 100;
    if (number == 0) return;
  }
  below_hundred(words, number);
}

std::string one_by_one(std::string_view digits) {
  std::vector<std::string> words;
  for (const char digit : digits) words.emplace_back(kSmall[digit - '0']);
  return text::join(words, " ");
}

}  // namespace

std::string cardinal_words(std::string_view digits) {
  if (digits.size() > 15 || (digits.size() > 1 && digits.front() == '0')) return one_by_one(digits);
  std::int64_t number = 0;
  for (const char digit : digits) number = number * 10 + (digit - '0');
  if (number == 0) return "zero";
  std::vector<std::string> words;
  std::int64_t unit = 1'000'000'000'000;
  for (int scale = 4; scale >= 0; --scale, unit /= 1000) {
    const int group = static_cast<int>(number / unit % 1000);
    if (group == 0) continue;
    below_thousand(words, group);
    if (scale > 0) words.emplace_back(kScales[scale]);
  }
  return text::join(words, " ");
}

std::string decimal_words(std::string_view whole, std::string_view fraction) {
  std::string words = cardinal_words(whole.empty() ? "0" : whole);
  if (!fraction.empty()) words += " point " + one_by_one(fraction);
  return words;
}

std::string ordinal_words(std::string_view digits) {
  static constexpr std::pair<std::string_view, std::string_view> kOdd[] = {
      {"one", "first"},    {"two", "second"}, {"three", "third"},   {"five", "fifth"},
      {"eight", "eighth"}, {"nine", "ninth"}, {"twelve", "twelfth"}};
  std::string words = cardinal_words(digits);
  const std::size_t space = words.rfind(' ');
  const std::size_t last = space == std::string::npos ? 0 : space + 1;
  for (const auto& [cardinal, ordinal] : kOdd)
    if (std::string_view(words).substr(last) == cardinal) return words.replace(last, std::string::npos, ordinal);
  if (words.ends_with('y')) return words.replace(words.size() - 1, 1, "ieth");
  return words + "th";
}

std::string year_words(int year) {
  std::vector<std::string> words;
  const int century = year / 100, rest = year % 100;
  if (year % 1000 < 10) {  // two thousand, two thousand eight
    return cardinal_words(std::to_string(year));
  }
  below_hundred(words, century);
  if (rest == 0) {
    words.emplace_back("hundred");
  } else {
    if (rest < 10) words.emplace_back("oh");
    below_hundred(words, rest);
  }
  return text::join(words, " ");
}

std::string plural_words(std::string words) {
  if (words.ends_with('y')) return words.replace(words.size() - 1, 1, "ies");
  return words + (words.ends_with('x') ? "es" : "s");
}

}  // namespace odeon::ai
