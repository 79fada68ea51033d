#include "engine/media/pictures/blur.hpp"

#include <cmath>

namespace odeon::pictures {
namespace {

// A mean over 2·reach + 1 pixels of every row, written as columns: twice of it are both directions.
void blur_rows_turned(const Picture& from, Picture& into, int reach) {
  const auto size = static_cast<std::uint32_t>(2 * reach + 1), half = size / 2;
  const std::uint32_t reciprocal = (1u << 24) / size;
  const int last = from.width() - 1;
  for (int y = 0; y < from.height(); ++y) {
    const auto row = from.row(y);
    const auto at = [&](int x) { return row[static_cast<std::size_t>(std::clamp(x, 0, last))]; };
    std::array<std::uint32_t, 4> sums{};
    const auto count = [&](std::uint32_t pixel, std::uint32_t times) {
      for (std::size_t i = 0; i < 4; ++i) sums[i] += times * (pixel >> 8 * i & 255);
    };
    count(at(0), static_cast<std::uint32_t>(reach) + 1);
    for (int x = 1; x <= reach; ++x) count(at(x), 1);
    std::uint32_t* out = into.pixels().data() + y;
    for (int x = 0; x <= last; ++x, out += into.width()) {
      std::uint32_t pixel = 0;
      for (std::size_t i = 0; i < 4; ++i)
        pixel |= std::min(255u, static_cast<std::uint32_t>((std::uint64_t{sums[i] + half} * reciprocal) >> 24))
                 << 8 * i;
      *out = pixel;
      count(at(x + reach + 1), 1);
      count(at(x - reach), ~0u);  // once less
    }
  }
}

}  // namespace

void blur(Picture& picture, double radius) {
  if (radius <= 0 || picture.width() == 0) return;
  // Three boxes of this width have the Gaussian's variance (W. M. Wells, "Efficient synthesis of Gaussian filters").
  const int reach = static_cast<int>(std::lround((std::sqrt(4 * radius * radius + 1) - 1) / 2));
  if (reach == 0) return;
  Picture turned(picture.height(), picture.width());
  for (int i = 0; i < 3; ++i) {
    blur_rows_turned(picture, turned, reach);
    blur_rows_turned(turned, picture, reach);
  }
}

void tint(Picture& picture, Colour colour) {
  for (std::uint32_t& pixel : picture.pixels()) {
    const std::uint32_t alpha = (pixel >> 24) * colour.alpha;
    pixel = to_pixel({colour.red, colour.green, colour.blue, static_cast<std::uint8_t>((alpha + 127) / 255)});
  }
}

}  // namespace odeon::pictures
