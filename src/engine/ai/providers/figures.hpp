// Figures as market news writes them, read as people say them: money, percentages, scales, ranges,
// years, ordinals, dates and times. Each reader looks at the start of `text` (plain ASCII, see
// plain_english.hpp) and gives nothing where another reader must look.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace odeon::ai {

struct Read {
  std::size_t length = 0;  // characters of the text that were read
  std::string words;
};

struct FigureContext {
  char before = ' ';           // the character before the text
  std::string_view last_word;  // what was said last: a month makes "20" a day, an article "dollar"
  bool after_text = false;     // something was said before
};

std::optional<Read> date_at(std::string_view text);  // 2026-11-20
std::optional<Read> time_at(std::string_view text);  // 9:30, 16:00:05
std::optional<Read> figure_at(std::string_view text, FigureContext context);

}  // namespace odeon::ai
