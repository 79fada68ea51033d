// Which bytes of a JSON string stand for themselves (RFC 8259, section 7), one by one and eight at a time.
#pragma once

#include "base/words.hpp"

namespace odeon::json {

constexpr bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

// Not zero if one of the bytes is not plain.
constexpr text::Word any_not_plain(text::Word word) {
  return text::any_below(word, 0x20) | text::any_equal(word, '"') | text::any_equal(word, '\\');
}

}  // namespace odeon::json
