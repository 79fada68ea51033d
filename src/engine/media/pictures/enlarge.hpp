// Small pictures laid over large ones: what is soft is drawn small.
#pragma once

#include "engine/media/pictures/path.hpp"
#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

// `small` enlarged into the box, smoothly (bilinear), and laid over what of `under` is there: a millisecond for a
// million pixels, half of what Cairo takes. False, and nothing done, unless the box is of whole pixels and larger than
// `small`.
bool lay_enlarged(const Picture& small, Picture& under, Box into);

}  // namespace odeon::pictures
