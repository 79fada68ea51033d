// What draws the eye.
#pragma once

#include <array>
#include <cstddef>

#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

inline constexpr std::size_t kSaliencySide = 64;
// Rows from the top; each cell is the 64th part of a side, values add up to 1.
using Saliency = std::array<float, kSaliencySide * kSaliencySide>;

Saliency saliency(const Picture& picture);

}  // namespace odeon::pictures
