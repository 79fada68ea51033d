#include "engine/media/books/plain_text.hpp"

#include "base/text.hpp"

namespace odeon::books {
namespace {

// Of well-formed UTF-8.
char32_t code_point_of(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  char32_t value = sequence.size() == 1 ? first : first & (0x7F >> sequence.size());
  for (const char c : sequence.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3F);
  return value;
}

// Separators of lines and paragraphs, and what was one in other encodings.
bool breaks_line(char32_t c) {
  return c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_dropped(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n' && c != '\v' && c != '\f' && c != '\r';
  if (c >= 0x7F && c < 0xA0) return true;
  if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) return true;
  if (c == 0xFEFF || (c >= 0xFDD0 && c <= 0xFDEF)) return true;
  return (c & 0xFFFE) == 0xFFFE;
}

}  // namespace

std::string plain_text(std::string_view text) {
  const std::string valid = text::to_valid_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    const std::string_view sequence = text::prefix(rest, 1);
    rest.remove_prefix(sequence.size());
    const char32_t c = code_point_of(sequence);
    if (breaks_line(c))
      out += ' ';
    else if (!is_dropped(c))
      out += sequence;
  }
  return text::collapse_spaces(out);
}

}  // namespace odeon::books
