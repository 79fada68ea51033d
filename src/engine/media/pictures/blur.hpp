// Softness: shadows, glows, things far away.
#pragma once

#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

// A Gaussian of standard deviation `radius` (pixels), by three boxes, in time that does not depend on the radius.
// Beyond the edges is what is at them. Blocking: some 20 ns a pixel.
void blur(Picture& picture, double radius);

// The shape of the picture in one colour: its alpha, with `colour`'s.
void tint(Picture& picture, Colour colour);

}  // namespace odeon::pictures
