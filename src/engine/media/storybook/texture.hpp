// Makes a smooth drawing look made by hand: edges that waver, pigment that gathers along them, paper that shows.
#pragma once

#include "engine/media/pictures/picture.hpp"
#include "engine/media/storybook/look.hpp"

namespace odeon::storybook {

// On opaque pictures. About 10 ms for 1024 × 1024.
void apply_texture(pictures::Picture& picture, ArtStyle style, std::uint64_t seed);

}  // namespace odeon::storybook
