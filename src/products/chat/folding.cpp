#include "products/chat/folding.hpp"

namespace odeon::chat {
namespace {

constexpr char32_t kDottedCapital = 0x130, kDotlessSmall = 0x131;

bool is_between(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

// Of the letters that take two bytes.
char32_t small(char32_t c) {
  if (is_between(c, 0xC0, 0xDE) && c != 0xD7) return c + 0x20;
  if (is_between(c, 0x100, 0x137) || is_between(c, 0x14A, 0x177)) return c | 1;
  if (is_between(c, 0x139, 0x148) || is_between(c, 0x179, 0x17E)) return c + (c & 1);
  if (c == 0x178) return 0xFF;
  if (is_between(c, 0x391, 0x3A9) && c != 0x3A2) return c + 0x20;
  if (is_between(c, 0x410, 0x42F)) return c + 0x20;
  if (is_between(c, 0x400, 0x40F)) return c + 0x50;
  return c;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    if (byte >= 'A' && byte <= 'Z') {
      out += static_cast<char>(byte + ('a' - 'A'));
    } else if (byte >= 0xC2 && byte <= 0xDF && (next & 0xC0) == 0x80) {
      const char32_t letter = (char32_t(byte & 0x1F) << 6) | (next & 0x3F);
      if (letter == kDottedCapital || letter == kDotlessSmall) {
        out += 'i';
      } else {
        const char32_t lower = small(letter);
        out += static_cast<char>(0xC0 | (lower >> 6));
        out += static_cast<char>(0x80 | (lower & 0x3F));
      }
      ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace odeon::chat
