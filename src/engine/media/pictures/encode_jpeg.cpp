#include <memory>

#include "engine/media/pictures/codecs.hpp"
#include "engine/media/pictures/encoders.hpp"
#include "engine/media/pictures/srgb_profile.hpp"

namespace odeon::pictures {
namespace {

// Every pixel over the background.
Picture flattened(const Picture& picture, Colour background) {
  const std::uint32_t under = to_pixel({background.red, background.green, background.blue});
  Picture out = picture;
  for (std::uint32_t& pixel : out.pixels()) {
    const std::uint32_t rest = 255 - (pixel >> 24);
    std::uint32_t sum = 0xff000000;
    for (const int shift : {16, 8, 0}) {
      const std::uint32_t below = ((under >> shift & 255) * rest + 127) / 255;
      sum |= std::min(255u, (pixel >> shift & 255) + below) << shift;
    }
    pixel = sum;
  }
  return out;
}

// The profile as the segment APP2 (ICC.1:2010, B.4), behind JFIF's own, which has to come first.
std::string jpeg_with_profile(std::string_view jpeg) {
  const std::string& profile = srgb_profile();
  const std::size_t length = 2 + 12 + 2 + profile.size();
  std::string segment = "\xff\xe2";
  segment += static_cast<char>(length >> 8), segment += static_cast<char>(length & 255);
  segment += std::string_view("ICC_PROFILE\0\x01\x01", 14);
  segment += profile;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(jpeg[at]); };
  const std::size_t after_jfif = 2 + 2 + (std::size_t{byte(4)} << 8 | byte(5));
  return std::string(jpeg.substr(0, after_jfif)) + segment + std::string(jpeg.substr(after_jfif));
}

}  // namespace

std::string encode_jpeg(const Picture& picture, const EncodeOptions& options) {
  if (!picture.is_opaque()) {
    const Picture flat = flattened(picture, options.background);
    return encode_jpeg(flat, options);
  }
  const Turbojpeg& turbo = turbojpeg();
  const std::unique_ptr<void, decltype(turbo.tjDestroy)> compressor(turbo.tjInitCompress(), turbo.tjDestroy);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const auto* pixels = reinterpret_cast<const unsigned char*>(picture.pixels().data());
  const int failed =
      turbo.tjCompress2(compressor.get(), pixels, picture.width(), 0, picture.height(), TJPF_BGRX, &bytes, &size,
                        options.quality >= 92 ? TJSAMP_444 : TJSAMP_420, std::clamp(options.quality, 1, 100),
                        options.effort == Effort::small ? TJFLAG_PROGRESSIVE : 0);
  const std::unique_ptr<unsigned char, decltype(turbo.tjFree)> owner(bytes, turbo.tjFree);
  if (failed) throw encoding_failed(turbo.tjGetErrorStr2(compressor.get()));
  return jpeg_with_profile({reinterpret_cast<const char*>(bytes), size});
}

}  // namespace odeon::pictures
