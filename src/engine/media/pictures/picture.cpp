#include "engine/media/pictures/picture.hpp"

#include "base/error.hpp"

namespace odeon::pictures {
namespace {

std::size_t checked_area(int width, int height) {
  if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide || std::int64_t{width} * height > kMaxPixels)
    throw Error(Fault::invalid, "PICTURE_SIZE",
                fmt::format("A picture of {} × {} pixels cannot be made.", width, height));
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

}  // namespace

Picture::Picture(int width, int height) : width_(width), height_(height), pixels_(checked_area(width, height)) {}

Colour Picture::at(int x, int y) const {
  return to_colour(row(y)[static_cast<std::size_t>(x)]);
}

bool Picture::is_opaque() const {
  std::uint32_t all = 0xff000000;
  for (const std::uint32_t pixel : pixels_) all &= pixel;
  return all == 0xff000000;
}

std::uint32_t to_pixel(Colour colour) {
  const auto times_alpha = [&](std::uint32_t value) { return (value * colour.alpha + 127) / 255; };
  return std::uint32_t{colour.alpha} << 24 | times_alpha(colour.red) << 16 | times_alpha(colour.green) << 8 |
         times_alpha(colour.blue);
}

Colour to_colour(std::uint32_t pixel) {
  const std::uint32_t alpha = pixel >> 24;
  if (alpha == 0) return kTransparent;
  const auto part = [&](int shift) {
    return static_cast<std::uint8_t>(std::min(255u, ((pixel >> shift & 255) * 255 + alpha / 2) / alpha));
  };
  return {part(16), part(8), part(0), static_cast<std::uint8_t>(alpha)};
}

}  // namespace odeon::pictures
