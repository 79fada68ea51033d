#include "engine/media/pictures/orientation.hpp"

namespace odeon::pictures {

Picture upright(Picture picture, int orientation) {
  if (orientation < 2 || orientation > 8) return picture;
  const bool swaps = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Picture out(swaps ? picture.height() : picture.width(), swaps ? picture.width() : picture.height());
  for (int y = 0; y < out.height(); ++y) {
    std::uint32_t* into = out.row(y).data();
    for (int x = 0; x < out.width(); ++x) {
      const int along = swaps ? y : x, down = swaps ? x : y;  // in what was stored
      const int column = from_right ? picture.width() - 1 - along : along;
      const int line = from_below ? picture.height() - 1 - down : down;
      *into++ = picture.row(line)[static_cast<std::size_t>(column)];
    }
  }
  return out;
}

}  // namespace odeon::pictures
