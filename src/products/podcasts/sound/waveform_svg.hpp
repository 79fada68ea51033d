// A picture of a sound: its outline as one shape, to be scaled to any size.
#pragma once

#include <string>

#include "engine/media/waveform.hpp"

namespace odeon::podcasts {

// SVG, at most `kOutlineColumns` wide; loudest parts are what they are of a full scale.
inline constexpr std::size_t kOutlineColumns = 1000;
std::string waveform_svg(const media::Waveform& waveform);

}  // namespace odeon::podcasts
