// Whether text can be read: contrast as WCAG 2.2 defines it.
#pragma once

#include "engine/media/pictures/colour.hpp"

namespace odeon::pictures {

// What text needs at least: level AA, for large text (24 px, or 19 px bold) and for the rest, and AAA.
inline constexpr double kLargeTextContrast = 3, kTextContrast = 4.5, kBestContrast = 7;

// 0 for black to 1 for white; alpha is left out.
double luminance(Colour colour);
// From 1 to 21, in either order.
double contrast(Colour a, Colour b);

}  // namespace odeon::pictures
