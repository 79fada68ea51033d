// The writers of encode.hpp, one for each format, and what they share.
#pragma once

#include "base/error.hpp"
#include "engine/media/pictures/encode.hpp"

namespace odeon::pictures {

std::string encode_png(const Picture& picture, const EncodeOptions& options);
std::string encode_jpeg(const Picture& picture, const EncodeOptions& options);
std::string encode_webp(const Picture& picture, const EncodeOptions& options);

inline Error encoding_failed(std::string detail) {
  return Error(Fault::internal, "PICTURE_FAILED", "The picture could not be saved.").with_detail(std::move(detail));
}

}  // namespace odeon::pictures
