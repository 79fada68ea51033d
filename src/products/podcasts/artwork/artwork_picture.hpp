// What a picture has to be to stand for a podcast, and what is made of it: what directories take (Apple's "Artwork
// requirements": square, 1400 to 3000 pixels, RGB, JPEG or PNG), and smaller ones for lists and for the tag of a sound.
// Nothing of the file goes on but its pixels.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "engine/media/pictures/format.hpp"

namespace odeon::podcasts {

inline constexpr std::size_t kLargestArtwork = 20 << 20;  // bytes of a file that is sent
inline constexpr int kLeastSide = 1400, kMostSide = 3000;

// Sides of what is made beside it. The largest is also the cover in the tag of a sound.
inline constexpr auto kThumbnailSides = std::to_array<int>({600, 300, 100});
inline constexpr std::size_t kLargestThumbnail = 200'000;  // bytes

// Of what is not square.
enum class Squaring {
  refuse,
  crop,  // to its most telling part
};

struct ArtworkPicture {
  pictures::Format format = pictures::Format::jpeg;  // or PNG, if it was one and is smaller so
  int side = 0;
  std::string bytes;
  std::array<std::string, kThumbnailSides.size()> thumbnails;  // JPEG
};

// Blocking and heavy (tenths of a second): call it through run_blocking. Throws Error{invalid} at the field "artwork":
// ARTWORK_NOT_SQUARE, ARTWORK_TOO_SMALL, ARTWORK_NOT_RGB, PICTURE_ANIMATED, and what pictures::decode says.
ArtworkPicture artwork_of(std::string_view bytes, Squaring squaring);

}  // namespace odeon::podcasts
