#include "engine/media/pictures/enlarge.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

namespace odeon::pictures {
namespace {

// Every second channel at a time, as two numbers of 16 bits in one.
std::uint32_t mixed(std::uint32_t a, std::uint32_t b, std::uint32_t share) {
  constexpr std::uint32_t kEven = 0x00ff00ff;
  const std::uint32_t even = (a & kEven) * (256 - share) + (b & kEven) * share;
  const std::uint32_t odd = (a >> 8 & kEven) * (256 - share) + (b >> 8 & kEven) * share;
  return (even >> 8 & kEven) | (odd & ~kEven);
}

using Row = std::vector<std::uint32_t>;

void stretch(std::span<const std::uint32_t> row, const std::vector<Between>& columns, Row& out) {
  for (std::size_t x = 0; x < out.size(); ++x)
    out[x] = mixed(row[columns[x].first], row[columns[x].second], columns[x].share);
}

// Channels side by side, so that sixteen of them are reckoned with at once.
using Bytes16 = std::uint8_t __attribute__((vector_size(16)));
constexpr std::size_t kPixels = sizeof(Bytes16) / sizeof(std::uint32_t);
using Words16 = std::uint16_t __attribute__((vector_size(32)));

Bytes16 mixed(Bytes16 a, Bytes16 b, std::uint16_t share) {
  const auto rest = static_cast<std::uint16_t>(256 - share);
  const Words16 sum = __builtin_convertvector(a, Words16) * rest + __builtin_convertvector(b, Words16) * share;
  return __builtin_convertvector(sum >> 8, Bytes16);
}

void mix_rows(const Row& above, const Row& below, std::uint32_t share, std::uint32_t* out) {
  std::size_t x = 0;
  for (; x + kPixels <= above.size(); x += kPixels) {
    Bytes16 a, b;
    std::memcpy(&a, &above[x], sizeof a);
    std::memcpy(&b, &below[x], sizeof b);
    a = mixed(a, b, static_cast<std::uint16_t>(share));
    std::memcpy(out + x, &a, sizeof a);
  }
  for (; x < above.size(); ++x) out[x] = mixed(above[x], below[x], share);
}

// Premultiplied: what is over, and of what is under it the rest.
Bytes16 over_under(Bytes16 over, Bytes16 under) {
  const Words16 on_top = __builtin_convertvector(over, Words16);
  const Words16 alpha = __builtin_shufflevector(on_top, on_top, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
  const Words16 product = __builtin_convertvector(under, Words16) * (255 - alpha) + 128;
  return __builtin_convertvector(on_top + ((product + (product >> 8)) >> 8), Bytes16);  // divided by 255, rounded
}

void lay_over(const Row& over, std::span<std::uint32_t> under) {
  const auto lay = [&](std::size_t x, auto size) {
    Bytes16 a{}, b{};
    std::memcpy(&a, &over[x], size);
    const auto [low, high] = std::bit_cast<std::array<std::uint64_t, 2>>(a);
    if ((low | high) == 0) return;
    std::memcpy(&b, &under[x], size);
    a = over_under(a, b);
    std::memcpy(&under[x], &a, size);
  };
  std::size_t x = 0;
  for (; x + kPixels <= over.size(); x += kPixels) lay(x, std::integral_constant<std::size_t, sizeof(Bytes16)>());
  if (x < over.size()) lay(x, (over.size() - x) * sizeof(std::uint32_t));
}

}  // namespace

std::vector<Between> places_of(int source, int length, int from, int end) {
  std::vector<Between> out;
  for (int i = from; i < end; ++i) {
    const double at = std::clamp((i + 0.5) * source / length - 0.5, 0.0, source - 1.0);
    const auto first = static_cast<std::uint32_t>(at);
    out.push_back({first, std::min(first + 1, static_cast<std::uint32_t>(source) - 1),
                   static_cast<std::uint32_t>(std::lround((at - first) * 256))});
  }
  return out;
}

bool lay_enlarged(const Picture& small, Picture& under, Box into) {
  for (const double length : {into.x, into.y, into.width, into.height})
    if (length != std::floor(length) || std::abs(length) > 4 * kMaxSide) return false;
  if (small.width() == 0 || into.width <= small.width() || into.height <= small.height()) return false;
  const int left = static_cast<int>(into.x), top = static_cast<int>(into.y);
  const int wide = static_cast<int>(into.width), high = static_cast<int>(into.height);
  const int from_x = std::max(left, 0), end_x = std::min(left + wide, under.width());
  const int from_y = std::max(top, 0), end_y = std::min(top + high, under.height());
  if (from_x >= end_x || from_y >= end_y) return true;
  const bool covers = small.is_opaque();
  const auto width = static_cast<std::size_t>(end_x - from_x);
  const std::vector<Between> columns = places_of(small.width(), wide, from_x - left, end_x - left);
  const std::vector<Between> rows = places_of(small.height(), high, from_y - top, end_y - top);
  Row above(width), below(width), over(width);
  std::optional<std::uint32_t> ready;  // the row of `small` that is `above`; `below` is the next one
  for (int y = from_y; y < end_y; ++y) {
    const Between& at = rows[static_cast<std::size_t>(y - from_y)];
    if (at.first != ready) {
      if (ready && at.first == *ready + 1)
        std::swap(above, below);
      else
        stretch(small.row(static_cast<int>(at.first)), columns, above);
      stretch(small.row(static_cast<int>(at.second)), columns, below);
      ready = at.first;
    }
    const auto row = under.row(y).subspan(static_cast<std::size_t>(from_x), width);
    mix_rows(above, below, at.share, covers ? row.data() : over.data());
    if (!covers) lay_over(over, row);
  }
  return true;
}

}  // namespace odeon::pictures
