// The kinds of files that are read and written.
#pragma once

#include <string_view>

namespace odeon::pictures {

enum class Format { png, jpeg, webp };

constexpr std::string_view content_type(Format format) {
  return format == Format::png ? "image/png" : format == Format::jpeg ? "image/jpeg" : "image/webp";
}

// Of a file's name, without the dot.
constexpr std::string_view extension(Format format) {
  return format == Format::png ? "png" : format == Format::jpeg ? "jpg" : "webp";
}

}  // namespace odeon::pictures
