// An ICC profile of sRGB, for files that have no shorter way to say so.
#pragma once

#include <string>

namespace odeon::pictures {

// ICC.1:2010 (v4): primaries of IEC 61966-2-1 under D50 and its exact curve, some five hundred bytes, always the same.
const std::string& srgb_profile();

}  // namespace odeon::pictures
