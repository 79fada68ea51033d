// The first two steps of reading English aloud: letters that an English voice knows, and words as it
// must see them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace odeon::ai {

// Currency signs beyond ASCII, as single bytes in what to_plain_ascii gives.
inline constexpr char kEuro = '\x01', kPound = '\x02', kYen = '\x03', kCent = '\x04';

// Accents are dropped, typographic quotes, dashes, spaces and digits get their ASCII form, what an
// English voice cannot say becomes a space. Control characters too.
std::string to_plain_ascii(std::string_view utf8);

// "AAPL" → "A A P L", "OpenAI" → "Open A I", "ETFs" → "E T F's", "OPEC" stays a word, "Nvidia" →
// "Envidia". `word` is letters and inner apostrophes; `shouted` tells that the whole text is in capitals.
std::string spoken_word(std::string_view word, bool shouted);

// What an abbreviation that ends with a full stop stands for ("Corp", "vs", "Nov"), without the stop.
std::optional<std::string_view> abbreviation(std::string_view word);
bool is_month(std::string_view word);
// The full name of "Nov" or "November"; nothing for other words.
std::optional<std::string_view> month_name(std::string_view word);
std::string_view month_name(int month);  // 1–12

}  // namespace odeon::ai
