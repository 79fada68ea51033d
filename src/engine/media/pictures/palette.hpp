// The colours of a picture, as somebody would name them who looks at it: for brand kits, and for drawing what matches.
//
// Clustered in OKLab; black, white and grey are kept, and marked as such. Blocking: a millisecond or two.
#pragma once

#include <string_view>
#include <vector>

#include "engine/media/pictures/decode.hpp"

namespace odeon::pictures {

enum class Role { colour, light, dark, grey };

struct Swatch {
  Colour colour;     // opaque
  double share = 0;  // of the picture, 0…1; what is see-through counts for nothing
  Role role = Role::colour;
};

// The most telling first: by area and by how colourful they are. At least one, and no more than `most`; two of them are
// told apart at a glance. A picture that is see-through everywhere is white.
std::vector<Swatch> palette(const Picture& picture, std::size_t most = 8);

// Of a file; of a large JPEG a smaller version is looked at. Throws as `decode` does.
std::vector<Swatch> palette_of_file(std::string_view bytes, std::size_t most = 8, const Limits& limits = {});

}  // namespace odeon::pictures
