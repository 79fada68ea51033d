#include "engine/media/pictures/encoders.hpp"

namespace odeon::pictures {

std::string encode(const Picture& picture, Format format, const EncodeOptions& options) {
  if (picture.width() == 0) throw encoding_failed("an empty picture");
  switch (format) {
    case Format::png:
      return encode_png(picture, options);
    case Format::jpeg:
      return encode_jpeg(picture, options);
    case Format::webp:
      break;
  }
  return encode_webp(picture, options);
}

}  // namespace odeon::pictures
