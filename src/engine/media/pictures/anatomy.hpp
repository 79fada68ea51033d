// The structure of picture files, read without their libraries: what they are, how large, and what else they carry.
// Everything is bounds-checked; nothing is allocated but profiles.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "engine/media/pictures/decode.hpp"

namespace odeon::pictures {

struct Anatomy {
  PictureInfo info;          // width and height as stored
  int orientation = 1;       // Exif's: 1 is upright, from 5 on sides change places
  std::string profile;       // ICC, as stored: PNG's is still packed
  bool is_inverted = false;  // CMYK as Adobe's programs write it: 0 is full ink
  bool is_tight = true;      // JPEG: no filling between its parts, which simpler readers do not expect
};

// Throws Error{invalid}.
Anatomy dissect(std::string_view bytes);
Anatomy dissect_png(std::string_view bytes);
Anatomy dissect_jpeg(std::string_view bytes);
Anatomy dissect_webp(std::string_view bytes);

// Of a TIFF block, as Exif is; 1 if it does not say.
int exif_orientation(std::string_view tiff);
// How many scans a JPEG has; nothing if it does not go on to its end marker.
std::optional<int> scans_of_jpeg(std::string_view bytes);
// The chunks of a PNG that its pixels need. libpng would unpack the others too, gigabytes if somebody means it.
std::string essential_png(std::string_view bytes);

// Integers of a file; nothing past its end.
class Reader {
 public:
  explicit Reader(std::string_view bytes, bool little_endian = false) : bytes_(bytes), little_(little_endian) {}
  std::optional<std::uint32_t> number(std::size_t at, int size) const;

 private:
  std::string_view bytes_;
  bool little_;
};

Error not_a_picture();
Error damaged(std::string detail);

}  // namespace odeon::pictures
