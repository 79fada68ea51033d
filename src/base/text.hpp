// Text is UTF-8. Lengths that people see are counted in code points.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odeon::text {

bool is_utf8(std::string_view bytes);
// A byte below the space, or DEL.
bool has_control(std::string_view bytes);
// Replaces every maximal ill-formed part by U+FFFD, as the Unicode standard recommends.
std::string to_valid_utf8(std::string_view bytes);
// Code points of valid UTF-8.
std::size_t length(std::string_view utf8);
// The first `count` code points, or all.
std::string_view prefix(std::string_view utf8, std::size_t count);
void append_code_point(std::string& out, char32_t code_point);

// ASCII only.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// Bytes of what is beyond ASCII count, as if all of it were letters.
constexpr bool may_be_letter(char c) {
  return is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

// ASCII white space only.
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// An empty `from` is nowhere.
std::string replace_all(std::string text, std::string_view from, std::string_view to);
// ASCII letters only; other bytes are kept.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
// Two small hexadecimal digits for each byte, written to `out`.
void write_hex(char* out, std::string_view bytes);

// Runs of white space become one space; none at the ends.
std::string collapse_spaces(std::string_view text);
std::string escape_html(std::string_view text);
// RFC 3986: everything but unreserved characters is escaped.
std::string percent_encode(std::string_view text);
// Nothing if an escape is broken.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

}  // namespace odeon::text
