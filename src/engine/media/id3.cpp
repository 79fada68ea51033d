#include "engine/media/id3.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace odeon::media {
namespace {

constexpr char utf8 = 3;  // the encoding byte of ID3v2.4

std::string to_big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

// Four bytes of seven bits, so that no size looks like the start of an MPEG frame.
std::string synchsafe(std::size_t size) {
  if (size >= 1u << 28) throw Error(Fault::invalid, "TAGS_TOO_LARGE", "The title and chapters are too long for a tag.");
  std::string out;
  for (int shift = 21; shift >= 0; shift -= 7) out += static_cast<char>(size >> shift & 0x7f);
  return out;
}

std::string frame(std::string_view id, std::string_view body) {
  return std::string(id) + synchsafe(body.size()) + std::string(2, '\0') + std::string(body);
}

// A NUL would end the text, or begin another value of it.
std::string clean(std::string_view text) {
  std::string out = text::to_valid_utf8(text);
  std::erase(out, '\0');
  return out;
}

std::string text_frame(std::string_view id, std::string_view value) {
  const std::string text = clean(value);
  return text.empty() ? "" : frame(id, utf8 + text);
}

std::string milliseconds(double seconds) {
  return to_big_endian(static_cast<std::uint32_t>(std::llround(seconds * 1000)));
}

// ID3's subset of ISO 8601: no zone (UTC is meant) and no fractions.
std::string timestamp(const std::string& date) {
  if (const auto instant = parse_iso8601(date)) return to_iso8601(*instant).substr(0, 19);
  static constexpr std::string_view shape = "0000-00-00";
  const bool plain = (date.size() == 4 || date.size() == 7 || date.size() == 10) &&
                     std::ranges::equal(date, shape.substr(0, date.size()), [](char c, char pattern) {
                       return pattern == '-' ? c == '-' : c >= '0' && c <= '9';
                     });
  if (date.empty() || plain) return date;
  throw Error(Fault::invalid, "INVALID_DATE", "The date must be written as in 2026-11-20T07:30:00Z.");
}

std::string element(std::size_t index) {
  return fmt::format("ch{}", index);
}

std::string chapter_frames(const std::vector<Chapter>& chapters) {
  if (chapters.empty()) return "";
  if (chapters.size() > max_chapters)
    throw Error(Fault::invalid, "TOO_MANY_CHAPTERS", fmt::format("A programme can have {} chapters.", max_chapters));
  constexpr char top_level = 2, ordered = 1;
  std::string table = std::string("toc\0", 4) + static_cast<char>(top_level | ordered);
  table += static_cast<char>(chapters.size());
  std::string frames;
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    table += element(i) + '\0';
    const std::string no_offset = to_big_endian(0xffffffff);
    frames += frame("CHAP", element(i) + '\0' + milliseconds(chapters[i].start) + milliseconds(chapters[i].end) +
                                no_offset + no_offset + text_frame("TIT2", chapters[i].title));
  }
  return frame("CTOC", table) + frames;
}

constexpr std::size_t header_size = 10;

}  // namespace

std::string id3_tag(const Tags& tags, const std::vector<Chapter>& chapters, double duration) {
  const std::string language = iso639_2(tags.language);
  std::string frames = text_frame("TIT2", tags.title) + text_frame("TPE1", tags.artist) +
                       text_frame("TALB", tags.album) + text_frame("TDRC", timestamp(tags.date)) +
                       text_frame("TLEN", fmt::format("{}", std::llround(duration * 1000)));
  if (tags.number > 0) frames += text_frame("TRCK", fmt::format("{}", tags.number));
  if (!tags.language.empty()) frames += text_frame("TLAN", language);
  if (const std::string comment = clean(tags.comment); !comment.empty())
    frames += frame("COMM", utf8 + language + '\0' + comment);
  frames += chapter_frames(chapters);
  constexpr char front_cover = 3;
  if (!tags.artwork.empty())
    frames += frame("APIC", utf8 + clean(tags.artwork_type) + '\0' + front_cover + '\0' + tags.artwork);
  return std::string("ID3\x04\0\0", 6) + synchsafe(frames.size()) + frames;
}

std::size_t id3_size(std::string_view head) {
  if (head.size() < header_size || !head.starts_with("ID3")) return 0;
  std::size_t size = 0;
  for (const char byte : head.substr(6, 4)) size = size << 7 | (byte & 0x7f);
  const bool has_footer = head[5] & 0x10;
  return header_size + size + (has_footer ? header_size : 0);
}

}  // namespace odeon::media
