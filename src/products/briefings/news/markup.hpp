// HTML as it comes in titles and summaries of feeds, turned into text that can be read aloud.
#pragma once

#include <string>
#include <string_view>

namespace odeon::briefings {

// Character references of HTML, named and numeric, once. Unknown ones stay as they are.
std::string decode_entities(std::string_view text);

// Control and invisible characters out, every kind of space a space, lines trimmed and none empty.
std::string tidy(std::string_view utf8);

// Typographic quotes, dashes and ellipses as ASCII has them: ' " - -- ...
std::string plain_punctuation(std::string_view utf8);

// The text of an HTML fragment: tags, comments, scripts, styles and captions dropped, one line a
// block. Total and linear in its input; valid UTF-8 in, valid UTF-8 out.
std::string plain_text(std::string_view html);

}  // namespace odeon::briefings
