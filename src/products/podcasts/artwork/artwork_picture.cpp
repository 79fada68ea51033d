#include "products/podcasts/artwork/artwork_picture.hpp"

#include "base/error.hpp"
#include "engine/media/pictures/decode.hpp"
#include "engine/media/pictures/encode.hpp"
#include "engine/media/pictures/resize.hpp"

namespace odeon::podcasts {
namespace {

using pictures::Format;
using pictures::Picture;

constexpr int kArtworkQuality = 90, kThumbnailQuality = 85, kLeastQuality = 25;

Error unfit_artwork(std::string code, std::string message) {
  return Error(Fault::invalid, std::move(code), std::move(message));
}

std::string wrong_shape(const pictures::PictureInfo& info) {
  return fmt::format("This picture is {} × {}; artwork must be square, {} to {} pixels.", info.width, info.height,
                     kLeastSide, kMostSide);
}

// By the headers alone.
void check_artwork(const pictures::PictureInfo& info, Squaring squaring) {
  if (info.is_animated)
    throw unfit_artwork("PICTURE_ANIMATED", "This picture is animated; artwork must be a still one.");
  if (info.model == pictures::ColourModel::cmyk)
    throw unfit_artwork("ARTWORK_NOT_RGB",
                        "This picture has the colours of print (CMYK); artwork must be saved as RGB.");
  const int side = std::min(info.width, info.height);
  if (info.width != info.height && squaring == Squaring::refuse)
    throw unfit_artwork("ARTWORK_NOT_SQUARE",
                        wrong_shape(info) + (side < kLeastSide ? "" : " It can be cut to a square by “crop”."));
  if (side < kLeastSide) throw unfit_artwork("ARTWORK_TOO_SMALL", wrong_shape(info));
}

// Square, opaque, and no larger than directories take.
Picture squared_artwork(const Picture& picture) {
  const int side = std::min({picture.width(), picture.height(), kMostSide});
  Picture square = pictures::cover(picture, side, side);
  return square.is_opaque() ? square : pictures::contain(square, side, side, pictures::kWhite);
}

std::string thumbnail_file(const Picture& picture) {
  std::string bytes;
  for (int quality = kThumbnailQuality; quality >= kLeastQuality; quality -= 15) {
    bytes = pictures::encode(picture, Format::jpeg, {.quality = quality, .effort = pictures::Effort::small});
    if (bytes.size() <= kLargestThumbnail) break;
  }
  return bytes;
}

ArtworkPicture artwork_made_of(const Picture& picture, Format came_as) {
  ArtworkPicture made{.side = picture.width(),
                      .bytes = pictures::encode(picture, Format::jpeg, {.quality = kArtworkQuality}),
                      .thumbnails = {}};
  if (came_as == Format::png)
    if (auto png = pictures::encode(picture, Format::png); png.size() < made.bytes.size()) {
      made.format = Format::png;
      made.bytes = std::move(png);
    }
  Picture smaller = picture;
  for (std::size_t i = 0; i < kThumbnailSides.size(); ++i) {
    smaller = pictures::resize(smaller, kThumbnailSides[i], kThumbnailSides[i]);
    made.thumbnails[i] = thumbnail_file(smaller);
  }
  return made;
}

}  // namespace

ArtworkPicture artwork_of(std::string_view bytes, Squaring squaring) {
  try {
    const auto info = pictures::inspect(bytes);
    check_artwork(info, squaring);
    const Picture whole = pictures::decode(
        bytes, {.limits = {.bytes = kLargestArtwork}, .shrink = pictures::shrink_for(info, kMostSide, kMostSide)});
    return artwork_made_of(squared_artwork(whole), info.format);
  } catch (Error& error) {
    if (error.fault == Fault::invalid) error.with_fields({{"artwork", error.code, error.message}});
    throw;
  }
}

}  // namespace odeon::podcasts
