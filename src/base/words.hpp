// Bytes of text looked at eight at a time, as one number (Bit Twiddling Hacks: "a byte less than n", "a byte equal to
// n"). Of a result that is not zero only the lowest bit is sure: in a little-endian word it is the first such byte's.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace odeon::text {

using Word = std::uint64_t;

inline Word word_at(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// The same in all of its bytes.
constexpr Word word_of(unsigned char byte) {
  return ~Word{0} / 255 * byte;
}

// Not zero if one of the bytes is below `limit`, which is at most 0x80, or is `byte`, or is beyond ASCII.
constexpr Word any_below(Word word, unsigned char limit) {
  return (word - word_of(limit)) & ~word & word_of(0x80);
}
constexpr Word any_equal(Word word, unsigned char byte) {
  return any_below(word ^ word_of(byte), 1);
}
constexpr Word any_foreign(Word word) {
  return word & word_of(0x80);
}

// Whether `any` is zero for all of the text. The last word overlaps the one before it, and spaces fill up what is
// shorter than one.
template <class Any>
bool has_none(std::string_view text, Any any) {
  constexpr std::size_t size = sizeof(Word);
  if (text.size() < size) {
    auto bytes = std::bit_cast<std::array<char, size>>(word_of(' '));
    text.copy(bytes.data(), text.size());
    return any(std::bit_cast<Word>(bytes)) == 0;
  }
  Word found = any(word_at(text.data() + text.size() - size));
  for (std::size_t at = 0; at + size < text.size(); at += size) found |= any(word_at(text.data() + at));
  return found == 0;
}

}  // namespace odeon::text
