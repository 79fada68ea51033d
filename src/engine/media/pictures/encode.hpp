// Pictures as files: exact in size, tagged as sRGB, with nothing in them but the picture. The same picture and options
// give the same bytes.
//
// Blocking and heavy (milliseconds, for a whole screen of WebP or of a small PNG tens of them): call it through
// run_blocking. Thread-safe.
#pragma once

#include <string>

#include "engine/media/pictures/format.hpp"
#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

enum class Effort {
  quick,   // for what is looked at once
  normal,  // for what is kept
  small,   // for what is sent often: takes several times as long
};

struct EncodeOptions {
  int quality = 90;  // 1…100, of JPEG and WebP; from 92 on JPEG keeps the full resolution of colours
  Effort effort = Effort::normal;
  bool lossless = false;       // WebP; PNG always is
  Colour background = kWhite;  // JPEG: what shines through, made opaque
};

// JPEG drops transparency, PNG and WebP keep it. Throws Error{internal} if a library fails.
std::string encode(const Picture& picture, Format format, const EncodeOptions& options = {});

}  // namespace odeon::pictures
