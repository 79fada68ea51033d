#include "base/text.hpp"

#include <algorithm>
#include <cstdint>

#include "base/words.hpp"

namespace odeon::text {
namespace {

constexpr std::string_view kSpaces = " \t\r\n\f\v";

bool is_space(char c) {
  return kSpaces.find(c) != std::string_view::npos;
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
// The same of each byte.
Word lower_all(Word word) {
  const Word low = word & word_of(0x7F);
  const Word from_a = low + word_of(0x80 - 'A'), beyond_z = low + word_of(0x80 - 'Z' - 1);
  return word | (from_a & ~beyond_z & ~word & word_of(0x80)) >> 2;
}

// Length of the well-formed sequence at the start of `bytes` (Unicode 15, table 3-7); 0 if there is
// none, and then `bad` is how many bytes belong to the maximal ill-formed part.
std::size_t sequence(std::string_view bytes, std::size_t& bad) {
  auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  bad = 1;
  const std::uint8_t first = at(0);
  if (first < 0x80) return 1;
  std::size_t size = 0;
  std::uint8_t low = 0x80, high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF)
    size = 2;
  else if (first >= 0xE0 && first <= 0xEF) {
    size = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    size = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  for (std::size_t i = 1; i < size; ++i) {
    if (i >= bytes.size() || at(i) < low || at(i) > high) {
      bad = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return size;
}

// How many bytes at the beginning are ASCII: a few less than there are.
std::size_t ascii_ahead(std::string_view bytes) {
  std::size_t size = 0;
  while (bytes.size() - size >= sizeof(Word) && any_foreign(word_at(bytes.data() + size)) == 0) size += sizeof(Word);
  return size;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  if (has_none(bytes, any_foreign)) return true;
  std::size_t bad = 0;
  for (;;) {
    bytes.remove_prefix(ascii_ahead(bytes));
    if (bytes.empty()) return true;
    const std::size_t size = sequence(bytes, bad);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
}

bool has_control(std::string_view bytes) {
  return !has_none(bytes, [](Word word) { return any_below(word, ' ') | any_equal(word, 0x7F); });
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  std::size_t bad = 0;
  while (!bytes.empty()) {
    const std::size_t size = sequence(bytes, bad);
    if (size == 0)
      out += "\xEF\xBF\xBD";
    else
      out += bytes.substr(0, size);
    bytes.remove_prefix(size == 0 ? bad : size);
  }
  return out;
}

std::size_t length(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0) != 0x80; }));
}

std::string_view prefix(std::string_view utf8, std::size_t count) {
  for (std::size_t i = 0; i < utf8.size(); ++i)
    if ((static_cast<std::uint8_t>(utf8[i]) & 0xC0) != 0x80 && count-- == 0) return utf8.substr(0, i);
  return utf8;
}

void append_code_point(std::string& out, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  if (from.empty()) return text;
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string to_upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  constexpr std::size_t word = sizeof(Word);
  if (a.size() != b.size()) return false;
  if (a.size() < word)
    return std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return x == y || lower(x) == lower(y); });
  const auto are_equal = [&](std::size_t at) {
    return lower_all(word_at(a.data() + at)) == lower_all(word_at(b.data() + at));
  };
  for (std::size_t at = 0; at + word < a.size(); at += word)
    if (!are_equal(at)) return false;
  return are_equal(a.size() - word);
}

void write_hex(char* out, std::string_view bytes) {
  const auto digit = [](int number) { return static_cast<char>(number + (number < 10 ? '0' : 'a' - 10)); };
  for (const char c : bytes) {
    const int byte = static_cast<unsigned char>(c);
    *out++ = digit(byte >> 4);
    *out++ = digit(byte & 15);
  }
}

std::string collapse_spaces(std::string_view text) {
  std::string out;
  bool gap = false;
  for (char c : text) {
    if (is_space(c)) {
      gap = !out.empty();
    } else {
      if (gap) out += ' ';
      gap = false;
      out += c;
    }
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<std::uint8_t>(c) >> 4];
      out += digits[static_cast<std::uint8_t>(c) & 15];
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size() || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0) return std::nullopt;
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    }
  }
  return out;
}

}  // namespace odeon::text
