#include "engine/media/pictures/enlarge.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace odeon::pictures {
namespace {

// Where a pixel's middle lies between those of two others; the share of the second is of 256.
struct Between {
  std::uint32_t first = 0, second = 0, share = 0;
};

std::vector<Between> places_of(int small, int large) {
  std::vector<Between> out;
  out.reserve(static_cast<std::size_t>(large));
  for (int i = 0; i < large; ++i) {
    const double at = std::clamp((i + 0.5) * small / large - 0.5, 0.0, small - 1.0);
    const auto first = static_cast<std::uint32_t>(at);
    out.push_back({first, std::min(first + 1, static_cast<std::uint32_t>(small) - 1),
                   static_cast<std::uint32_t>(std::lround((at - first) * 256))});
  }
  return out;
}

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
  const Words16 alpha =
      __builtin_shufflevector(on_top, on_top, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
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

void lay_enlarged(const Picture& small, Picture& under) {
  const bool covers = small.is_opaque();
  const auto width = static_cast<std::size_t>(under.width());
  const std::vector<Between> columns = places_of(small.width(), under.width());
  const std::vector<Between> rows = places_of(small.height(), under.height());
  Row above(width), below(width), over(width);
  std::uint32_t ready = ~0u;  // the row of `small` that is `above`; `below` is the next one
  for (int y = 0; y < under.height(); ++y) {
    const Between& at = rows[static_cast<std::size_t>(y)];
    if (at.first != ready) {
      if (ready != ~0u && at.first == ready + 1)
        std::swap(above, below);
      else
        stretch(small.row(static_cast<int>(at.first)), columns, above);
      stretch(small.row(static_cast<int>(at.second)), columns, below);
      ready = at.first;
    }
    const auto row = under.row(y);
    mix_rows(above, below, at.share, covers ? row.data() : over.data());
    if (!covers) lay_over(over, row);
  }
}

}  // namespace odeon::pictures
