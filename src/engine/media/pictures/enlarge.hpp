// Small pictures laid over large ones: what is soft is drawn small.
#pragma once

#include "engine/media/pictures/path.hpp"
#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

// Where a pixel's middle lies between those of two others; the share of the second is of 256.
struct Between {
  std::uint32_t first = 0, second = 0, share = 0;
};
// Of pixels `from` to `end` of a line that is `length` long and is made of one of `source`.
std::vector<Between> places_of(int source, int length, int from, int end);

// `small` enlarged into the box, smoothly (bilinear), and laid over what of `under` is there: a millisecond for a
// million pixels, half of what Cairo takes. False, and nothing done, unless the box is of whole pixels and larger than
// `small`.
bool lay_enlarged(const Picture& small, Picture& under, Box into);

}  // namespace odeon::pictures
