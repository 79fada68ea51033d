// Pictures for tests of artwork, drawn and then maimed.
#pragma once

#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/encode.hpp"

namespace odeon::podcasts::artwork_files {

using pictures::Format;

// A sun before a sky; what is not `opaque` shines through beside the sun.
inline pictures::Picture drawn(int width, int height, bool opaque = true) {
  pictures::Canvas canvas(width, height);
  if (opaque)
    canvas.paint(pictures::LinearGradient{
        {0, 0}, {0, static_cast<double>(height)}, {{0, {90, 140, 220}}, {1, {240, 200, 160}}}});
  canvas.fill(pictures::Path::circle({width / 2.0, height / 2.0}, 0.3 * std::min(width, height)),
              pictures::Colour{250, 120, 40});
  return std::move(canvas).finish();
}

inline std::string file(int width, int height, Format format = Format::jpeg, bool opaque = true) {
  return pictures::encode(drawn(width, height, opaque), format, {.effort = pictures::Effort::quick});
}

// Whose header promises other sides than there are.
inline std::string png_said_to_be(std::uint32_t width, std::uint32_t height) {
  std::string bytes = file(10, 10, Format::png);
  for (const std::size_t i : {0U, 1U, 2U, 3U}) {
    bytes[16 + i] = static_cast<char>(width >> (24 - 8 * i));
    bytes[20 + i] = static_cast<char>(height >> (24 - 8 * i));
  }
  return bytes;
}

inline std::string animated_png(int side) {
  std::string bytes = file(side, side, Format::png);
  return bytes.insert(33, std::string("\0\0\0\x08"
                                      "acTL\0\0\0\x02\0\0\0\0????",
                                      20));
}

// Its head alone.
inline std::string animated_webp(int side) {
  std::string bytes("RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0", 24);
  for (int i = 0; i < 2; ++i)
    for (const int shift : {0, 8, 16}) bytes += static_cast<char>((side - 1) >> shift);
  return bytes;
}

// With a fourth ink in its frame header.
inline std::string cmyk_jpeg(int side) {
  std::string bytes = file(side, side);
  const std::size_t frame = bytes.find(std::string("\xff\xc0\0\x11\x08", 5));
  bytes[frame + 3] = 0x14, bytes[frame + 9] = 4;
  return bytes.insert(frame + 19, std::string("\4\x11\0", 3));
}

// With a comment behind its first marker.
inline std::string jpeg_that_tells(int side, const std::string& secret) {
  return file(side, side).insert(2, std::string("\xff\xfe\0", 3) + static_cast<char>(secret.size() + 2) + secret);
}

}  // namespace odeon::podcasts::artwork_files
