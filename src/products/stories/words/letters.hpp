// A text as the letters that people see in it, whatever characters they are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace odeon::stories {

// A run of letters with where it stands in the text. What looks like a letter between letters (a digit, '@', '$') is
// kept as written; "*" is kept between letters.
struct SeenWord {
  std::string letters;     // small Latin letters, digits and "@$!|*" as they were; other scripts as UTF-8
  std::size_t offset = 0;  // bytes
  std::size_t length = 0;
  bool joined = false;  // by a hyphen, full stop or the like, and nothing else, to the word before: "ki-ll"
  bool on_new_line = false;
  std::size_t gap = 0;  // characters between it and the word before, kFar at most

  static constexpr std::size_t kFar = 100;
};

// The words of valid UTF-8. Accents, characters of no width, full-width and mathematical letters, and letters of other
// scripts that look like Latin ones are seen through.
std::vector<SeenWord> seen_words(std::string_view text);

// What "1", "!" and "|" are read as, since each may be an "i" and the next an "l": "p1sto1".
inline constexpr char kEitherLetter = '1';

// With digits and signs read as the letters they stand for, or as kEitherLetter.
std::string read_signs(std::string_view letters);
bool has_signs(std::string_view letters);

}  // namespace odeon::stories
