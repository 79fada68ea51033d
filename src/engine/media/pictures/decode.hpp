// Pictures from files of strangers: PNG, JPEG and WebP, told by their content. What comes out is sRGB, upright, and has
// nothing of the file but its pixels.
//
// Blocking and heavy (milliseconds to tenths of a second): call it through run_blocking. Thread-safe. What is wrong
// with a file is Error{invalid}, with a sentence for whoever sent it: NOT_A_PICTURE, PICTURE_TOO_LARGE,
// PICTURE_DAMAGED, PICTURE_ANIMATED, PICTURE_UNSUPPORTED.
#pragma once

#include <string_view>

#include "engine/media/pictures/format.hpp"
#include "engine/media/pictures/picture.hpp"

namespace odeon::pictures {

// Checked against the header, before anything is allocated.
struct Limits {
  std::size_t bytes = 25'000'000;  // of the file
  int side = kMaxSide;
  std::int64_t pixels = kMaxPixels;
};

enum class ColourModel { grey, rgb, palette, cmyk };

// What a file says of itself.
struct PictureInfo {
  Format format = Format::png;
  int width = 0, height = 0;  // as it is shown: upright
  ColourModel model = ColourModel::rgb;
  bool has_alpha = false;    // may shine through
  bool is_animated = false;  // PNG and WebP
  bool has_profile = false;  // an ICC profile, sRGB or not
};

struct DecodeOptions {
  Limits limits;
  // 1, 2, 4 or 8: a JPEG is decoded to that part of its sides (rounded up), in a fraction of the time. The other
  // formats come in full.
  int shrink = 1;
};

// Reads the headers alone. Throws Error{invalid} (NOT_A_PICTURE, PICTURE_DAMAGED) if there are none.
PictureInfo inspect(std::string_view bytes);

// An embedded ICC profile is applied; Exif's orientation too. A file that ends too early is damaged, as is one whose
// pixels do not add up. An animated PNG gives its still picture, an animated WebP has none. Takes up to 12 bytes of
// memory for each pixel, the result's four included.
Picture decode(std::string_view bytes, const DecodeOptions& options = {});

// The largest `shrink` that leaves a JPEG at least as large as width × height; 1 for the others.
int shrink_for(const PictureInfo& info, int width, int height);

}  // namespace odeon::pictures
