// Which part of a picture to keep when its proportions have to change.
#pragma once

#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

// In whole pixels, within the picture.
struct Crop {
  int x = 0, y = 0, width = 0, height = 0;
  bool operator==(const Crop&) const = default;
};

// The largest part of the proportions width : height, where most of what draws the eye is: faces (faces.hpp) before
// all, then the spectral residual (Hou and Zhang, "Saliency Detection: A Spectral Residual Approach", 2007) and tones
// of skin, the middle preferred where nothing stands out. Blocking: a millisecond for a million pixels, and what faces
// take.
Crop smart_crop(const Picture& picture, int width, int height);

}  // namespace odeon::pictures
