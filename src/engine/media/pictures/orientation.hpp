// Turning and mirroring, as Exif says how a camera was held.
#pragma once

#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

// `orientation` is Exif's, 1…8 (Exif 2.32, 4.6.4).
Picture upright(Picture picture, int orientation);

}  // namespace odeon::pictures
