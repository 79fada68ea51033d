// Text as it is compared: small, without accents, and in one script.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace odeon::stories {

// NFKC with case folded, marks and default ignorables (zero-width characters, soft hyphens) removed: "Él" is "el",
// "ＫＩＬＬ" is "kill", "ß" is "ss". Text that is not valid UTF-8 is repaired first.
std::string folded(std::string_view text);

// The same with accents kept: "Él" is "él".
std::string small(std::string_view text);

// The words of a text, folded: runs of letters and digits, with the apostrophe as an end.
std::vector<std::string> folded_words(std::string_view text);

}  // namespace odeon::stories
