// Figures as words of American English. Nothing is rounded: what goes in as digits comes out as words.
#pragma once

#include <string>
#include <string_view>

namespace odeon::ai {

// "1250" → "one thousand two hundred fifty". More than fifteen digits, or a leading zero, are read digit
// by digit.
std::string cardinal_words(std::string_view digits);
// ("24", "20") → "twenty four point two zero"; an empty fraction leaves the cardinal.
std::string decimal_words(std::string_view whole, std::string_view fraction);
// "21" → "twenty first".
std::string ordinal_words(std::string_view digits);
// 1000–2999, as years are said: "twenty twenty six", "nineteen oh five", "two thousand eight".
std::string year_words(int year);
// "twenty" → "twenties", "eight" → "eights".
std::string plural_words(std::string words);

}  // namespace odeon::ai
