// Pictures of another size. Blocking: some 25 ms for each million pixels that go in; of large JPEGs decode a smaller
// version first (shrink_for). Thread-safe.
#pragma once

#include "engine/media/pictures/crop.hpp"
#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

// Exactly width × height, whatever the proportions were: Lanczos of three lobes, in linear light, so that fine detail
// keeps its brightness. Throws as Picture does.
Picture resize(const Picture& picture, int width, int height);

Picture crop(const Picture& picture, const Crop& part);

// Fills width × height: what is too much is cut off where it is least missed (smart_crop), then scaled.
Picture cover(const Picture& picture, int width, int height);
// All of it within width × height, in the middle, with `background` beside it.
Picture contain(const Picture& picture, int width, int height, Colour background = kTransparent);

}  // namespace odeon::pictures
