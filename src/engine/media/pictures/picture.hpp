// A picture in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/media/pictures/colour.hpp"

namespace odeon::pictures {

// What no picture here exceeds: WebP has no longer sides, and the pixels are 200 MB.
inline constexpr int kMaxSide = 16'383;
inline constexpr std::int64_t kMaxPixels = 50'000'000;

// Pixels of sRGB as Cairo keeps them: 0xAARRGGBB in the machine's order, premultiplied by alpha, rows from the top and
// without gaps. A value; copies are deep. Not thread-safe.
class Picture {
 public:
  Picture() = default;  // 0 × 0
  // All transparent. Throws Error{invalid} for a side under 1 or over kMaxSide, or more than kMaxPixels.
  Picture(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  std::span<std::uint32_t> row(int y) { return pixels().subspan(offset(y), static_cast<std::size_t>(width_)); }
  std::span<const std::uint32_t> row(int y) const {
    return pixels().subspan(offset(y), static_cast<std::size_t>(width_));
  }
  std::span<std::uint32_t> pixels() { return pixels_; }
  std::span<const std::uint32_t> pixels() const { return pixels_; }
  Colour at(int x, int y) const;
  // Whether nothing shines through anywhere.
  bool is_opaque() const;

 private:
  std::size_t offset(int y) const { return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_); }

  int width_ = 0, height_ = 0;
  std::vector<std::uint32_t> pixels_;
};

std::uint32_t to_pixel(Colour colour);  // premultiplies
Colour to_colour(std::uint32_t pixel);  // and back

}  // namespace odeon::pictures
