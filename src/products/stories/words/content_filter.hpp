// Keeps out of children's stories what does not belong there, in five languages: violence, weapons, fear, sexual
// things, drugs, insults, loneliness and self-harm. The words and what replaces them are data (assets/filter.txt).
//
// Words are found whatever way they are written: spaced out or one letter a line, accented, in digits or foreign
// letters, with characters of no width in between, with letters drawn out. They are found as words: "accurate",
// "rapping", "Scunthorpe" and "Kinderspiel" are let be. A text in one language is also searched for the plain words of
// the other four, but for those that are words of its own; what replaces them is in its own.
//
// Pure, linear in the length of the text, safe on any thread. Text that is not valid UTF-8 is repaired first. The
// result of a result is itself, and is at most kLongestGrowth times as long.
#pragma once

#include <boost/describe.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "products/stories/words/language.hpp"

namespace odeon::stories {

enum class FilterMode {
  image_prompt,  // in doubt, replace
  read_aloud,    // stories and titles: what has a harmless sense too is left, and listed
  user_input,    // what is plainly unfit is not accepted at all; the rest as for read_aloud
};

enum class Harm { violence, weapons, fear, sexual, drugs, insults, loneliness, self_harm };
BOOST_DESCRIBE_ENUM(Harm, violence, weapons, fear, sexual, drugs, insults, loneliness, self_harm)

struct FilterChange {
  Harm category = Harm::violence;
  std::string found;       // as it was written
  std::string became;      // empty where `left`
  std::size_t offset = 0;  // bytes, in the repaired text
  bool left = false;       // in doubt, or because the whole text is refused
};

struct Filtered {
  std::string text;
  std::vector<FilterChange> changes;  // in order: for the log, which never holds the text itself
  bool refused = false;               // user_input only
};

inline constexpr std::size_t kLongestGrowth = 12;

Filtered filter_content(std::string_view text, Language language, FilterMode mode);

// The text of a form's field with what was replaced; throws Error{invalid, "CONTENT_NOT_ALLOWED"} naming the field
// where it is refused.
std::string accepted_text(Filtered filtered, const std::string& field);

}  // namespace odeon::stories
