#include "products/briefings/news/charset.hpp"

#include <iconv.h>

#include <cerrno>

#include "base/text.hpp"

namespace odeon::briefings {
namespace {

// Code points of 0x80–0x9F in Windows-1252; 0 where it defines none.
constexpr std::array<char32_t, 32> kWindows1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// A western text has its accents one or two at a time; a longer run is another script.
constexpr std::size_t kLongestAccentRun = 3;

std::string parameter(std::string_view content_type) {
  const std::string lower = text::to_lower(content_type);
  const auto at = lower.find("charset=");
  if (at == std::string::npos) return {};
  std::string value = lower.substr(at + 8);
  value = value.substr(0, value.find(';'));
  std::erase_if(value, [](char c) { return c == '"' || c == '\'' || c == ' '; });
  return value;
}

std::string declared(std::string_view bytes) {
  const std::string head = text::to_lower(bytes.substr(0, 256));
  const auto start = head.find("<?xml");
  const auto end = head.find("?>");
  if (start == std::string::npos || end == std::string::npos) return {};
  const auto at = head.find("encoding", start);
  if (at == std::string::npos || at > end) return {};
  const auto open = head.find_first_of("\"'", at);
  if (open == std::string::npos || open > end) return {};
  const auto close = head.find(head[open], open + 1);
  return close == std::string::npos ? std::string() : head.substr(open + 1, close - open - 1);
}

// Whether `name` says more than the bytes do. Whoever could read the declaration as ASCII knows that
// it is no UTF-16, and what is valid UTF-8 was found before.
bool says_something(const std::string& name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789._:-";
  if (name.empty() || name.size() > 32 || name.find_first_not_of(allowed) != std::string::npos) return false;
  return !name.starts_with("utf") && !name.starts_with("ucs") && !name.starts_with("unicode");
}

// ISO-8859-1 on the web means Windows-1252, which has the quotes and dashes that people type.
std::string effective(const std::string& name) {
  const bool latin1 = name == "iso-8859-1" || name == "iso8859-1" || name == "iso_8859-1" || name == "latin1" ||
                      name == "us-ascii" || name == "ascii" || name == "cp1252";
  return latin1 ? "windows-1252" : name;
}

// Up to one byte in 200 may be out of place and becomes U+FFFD; nothing beyond that.
std::optional<std::string> convert(std::string_view bytes, const std::string& from) {
  const iconv_t converter = iconv_open("UTF-8", from.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  const std::unique_ptr<void, int (*)(void*)> owner(converter, [](void* c) { return iconv_close(c); });
  std::string in(bytes), out;
  std::array<char, 16 * 1024> piece;
  char* next = in.data();
  std::size_t left = in.size(), wrong = 0;
  while (left > 0) {
    char* into = piece.data();
    std::size_t room = piece.size();
    const std::size_t done = iconv(converter, &next, &left, &into, &room);
    const int fault = errno;
    out.append(piece.data(), into);
    if (done != static_cast<std::size_t>(-1) || fault == E2BIG) continue;
    if (++wrong > 1 + in.size() / 200) return std::nullopt;
    out += "\xEF\xBF\xBD";
    ++next;
    --left;
  }
  return text::is_utf8(out) ? std::optional(std::move(out)) : std::nullopt;
}

// Length of the well-formed character of several bytes at the front, 0 if there is none.
std::size_t character(std::string_view bytes) {
  for (std::size_t size = 2; size <= 4 && size <= bytes.size(); ++size)
    if (text::is_utf8(bytes.substr(0, size))) return size;
  return 0;
}

std::optional<std::string> repair(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  std::size_t run = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    const std::size_t size = byte < 0x80 ? 1 : character(bytes.substr(i));
    if (size > 0) {
      out += bytes.substr(i, size);
      i += size;
      run = 0;
      continue;
    }
    const char32_t c = byte < 0xA0 ? kWindows1252[byte - 0x80] : byte;
    if (c == 0 || ++run > kLongestAccentRun) return std::nullopt;
    text::append_code_point(out, c);
    ++i;
  }
  return out;
}

}  // namespace

std::optional<std::string> to_utf8(std::string_view bytes, std::string_view content_type) {
  using namespace std::literals;
  if (bytes.starts_with("\xEF\xBB\xBF")) return repair(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE")) return convert(bytes.substr(2), "utf-16le");
  if (bytes.starts_with("\xFE\xFF")) return convert(bytes.substr(2), "utf-16be");
  if (bytes.starts_with("<\0"sv)) return convert(bytes, "utf-16le");
  if (bytes.starts_with("\0<"sv)) return convert(bytes, "utf-16be");

  const std::array<std::string, 2> names{parameter(content_type), declared(bytes)};
  // ISO-2022 is written in ASCII bytes alone, so being valid UTF-8 says nothing about it.
  const bool escapes = std::ranges::any_of(names, [](const auto& name) { return name.starts_with("iso-2022"); });
  if (!escapes && text::is_utf8(bytes)) return std::string(bytes);
  for (const auto& name : names)
    if (says_something(name))
      if (auto converted = convert(bytes, effective(name))) return converted;
  return repair(bytes);
}

}  // namespace odeon::briefings
