// Small pictures laid over large ones: what is soft is drawn small.
#pragma once

#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

// `small` enlarged to the size of `under`, smoothly (bilinear), and laid over it. A millisecond for a million pixels, a
// third of what Cairo takes.
void lay_enlarged(const Picture& small, Picture& under);

}  // namespace odeon::pictures
