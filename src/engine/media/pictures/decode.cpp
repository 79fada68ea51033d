#include "engine/media/pictures/decode.hpp"

#include <cstdlib>
#include <memory>

#include "engine/media/pictures/anatomy.hpp"
#include "engine/media/pictures/codecs.hpp"
#include "engine/media/pictures/colour_management.hpp"
#include "engine/media/pictures/orientation.hpp"

namespace odeon::pictures {
namespace {

constexpr std::size_t kMaxProfile = 4'000'000;
constexpr int kMaxScans = 64;  // each passes over the whole picture

void check_limits(const PictureInfo& info, const Limits& limits) {
  if (info.width <= limits.side && info.height <= limits.side &&
      std::int64_t{info.width} * info.height <= limits.pixels)
    return;
  throw Error(Fault::invalid, "PICTURE_TOO_LARGE",
              fmt::format("The picture has {} × {} pixels. It may have {} million, and {} on a side.", info.width,
                          info.height, limits.pixels / 1'000'000, limits.side));
}

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string unpacked_profile(std::string_view packed) {
  const Deflate& library = deflate();
  const std::unique_ptr<libdeflate_decompressor, decltype(library.libdeflate_free_decompressor)> decompressor(
      library.libdeflate_alloc_decompressor(), library.libdeflate_free_decompressor);
  for (std::size_t size = 16'384; size < kMaxProfile; size *= 4) {
    std::string out(size, '\0');
    std::size_t length = 0;
    const libdeflate_result result =
        library.libdeflate_zlib_decompress(decompressor.get(), packed.data(), packed.size(), out.data(), size, &length);
    if (result == LIBDEFLATE_SUCCESS) return out.resize(length), out;
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) break;
  }
  return {};
}

// The following three give pixels that are not premultiplied, in the file's own colours.

Picture pixels_of_png(std::string_view bytes, Anatomy& anatomy) {
  const Libpng& library = libpng();
  png_image image{.version = PNG_IMAGE_VERSION};
  const std::unique_ptr<png_image, decltype(library.png_image_free)> owner(&image, library.png_image_free);
  const std::string file = essential_png(bytes);
  if (!library.png_image_begin_read_from_memory(&image, file.data(), file.size())) throw damaged(image.message);
  if (image.width != static_cast<unsigned>(anatomy.info.width) ||
      image.height != static_cast<unsigned>(anatomy.info.height))
    throw damaged("two sizes in one PNG");
  image.format = PNG_FORMAT_BGRA;
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // else 16 bits without a word about it would be taken for linear light
  Picture out(anatomy.info.width, anatomy.info.height);
  if (!library.png_image_finish_read(&image, nullptr, out.pixels().data(), 0, nullptr)) throw damaged(image.message);
  if (!anatomy.profile.empty()) anatomy.profile = unpacked_profile(anatomy.profile);
  return out;
}

// Bytes that are of no part, between two parts of a file, are common and harmless.
void check_jpeg(void* decoder, int result) {
  if (result == 0) return;
  const std::string_view what = turbojpeg().tjGetErrorStr2(decoder);
  if (turbojpeg().tjGetErrorCode(decoder) != TJERR_WARNING || !what.contains("extraneous bytes"))
    throw damaged(std::string(what));
}

Picture pixels_of_jpeg(std::string_view bytes, Anatomy& anatomy, int shrink) {
  const std::optional<int> scans = scans_of_jpeg(bytes);
  if (!scans) throw damaged("JPEG without end");
  if (*scans > kMaxScans) throw damaged("more scans than any camera or program makes");
  const Turbojpeg& library = turbojpeg();
  const std::unique_ptr<void, decltype(library.tjDestroy)> decoder(library.tjInitDecompress(), library.tjDestroy);
  int width = 0, height = 0, subsampling = 0, space = 0;
  check_jpeg(decoder.get(), library.tjDecompressHeader3(decoder.get(), as_bytes(bytes), bytes.size(), &width, &height,
                                                        &subsampling, &space));
  if (width != anatomy.info.width || height != anatomy.info.height) throw damaged("two sizes in one JPEG");
  const tjscalingfactor factor{1, shrink};
  Picture out(TJSCALED(width, factor), TJSCALED(height, factor));
  const bool is_cmyk = space == TJCS_CMYK || space == TJCS_YCCK;
  auto* into = reinterpret_cast<unsigned char*>(out.pixels().data());
  check_jpeg(decoder.get(), library.tjDecompress2(decoder.get(), as_bytes(bytes), bytes.size(), into, out.width(), 0,
                                                  out.height(), is_cmyk ? TJPF_CMYK : TJPF_BGRA, TJFLAG_LIMITSCANS));
  if (is_cmyk) {
    std::vector<std::uint8_t> inks(into, into + 4 * out.pixels().size());
    if (anatomy.is_inverted)
      for (std::uint8_t& ink : inks) ink = static_cast<std::uint8_t>(255 - ink);
    convert_cmyk(inks, std::exchange(anatomy.profile, {}), out.pixels());
  }
  return out;
}

Picture pixels_of_webp(std::string_view bytes, const Anatomy& anatomy) {
  if (anatomy.info.is_animated)
    throw Error(Fault::invalid, "PICTURE_ANIMATED", "Animated pictures are not supported. Please send a still one.");
  const Webp& library = webp();
  WebPDecoderConfig config;
  if (!library.WebPInitDecoderConfigInternal(&config, WEBP_DECODER_ABI_VERSION)) throw damaged("another libwebp");
  Picture out(anatomy.info.width, anatomy.info.height);
  config.output.colorspace = MODE_BGRA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {reinterpret_cast<std::uint8_t*>(out.pixels().data()), 4 * out.width(),
                          4 * out.pixels().size()};
  const VP8StatusCode status = library.WebPDecode(as_bytes(bytes), bytes.size(), &config);
  if (status != VP8_STATUS_OK) throw damaged(fmt::format("libwebp status {}", static_cast<int>(status)));
  if (config.output.width != out.width() || config.output.height != out.height())
    throw damaged("two sizes in one WebP");
  return out;
}

Picture pixels_of(std::string_view bytes, Anatomy& anatomy, int shrink) {
  switch (anatomy.info.format) {
    case Format::png:
      return pixels_of_png(bytes, anatomy);
    case Format::jpeg:
      return pixels_of_jpeg(bytes, anatomy, shrink);
    case Format::webp:
      break;
  }
  return pixels_of_webp(bytes, anatomy);
}

void premultiply(Picture& picture) {
  for (std::uint32_t& pixel : picture.pixels()) {
    if (pixel >> 24 == 255) continue;
    const auto part = [&](int shift) { return static_cast<std::uint8_t>(pixel >> shift); };
    pixel = to_pixel({part(16), part(8), part(0), part(24)});
  }
}

}  // namespace

PictureInfo inspect(std::string_view bytes) {
  const Anatomy anatomy = dissect(bytes);
  PictureInfo out = anatomy.info;
  if (anatomy.orientation >= 5) std::swap(out.width, out.height);
  return out;
}

Picture decode(std::string_view bytes, const DecodeOptions& options) {
  if (bytes.size() > options.limits.bytes)
    throw Error(Fault::invalid, "PICTURE_TOO_LARGE",
                fmt::format("The picture has {:.1f} MB. It may have {:.0f}.", static_cast<double>(bytes.size()) / 1e6,
                            static_cast<double>(options.limits.bytes) / 1e6));
  Anatomy anatomy = dissect(bytes);
  check_limits(anatomy.info, options.limits);
  Picture out = pixels_of(bytes, anatomy, options.shrink);
  if (!anatomy.profile.empty() && anatomy.profile.size() <= kMaxProfile) convert_to_srgb(out.pixels(), anatomy.profile);
  premultiply(out);
  return upright(std::move(out), anatomy.orientation);
}

int shrink_for(const PictureInfo& info, int width, int height) {
  int shrink = 1;
  if (info.format == Format::jpeg)
    while (shrink < 8 && info.width / (2 * shrink) >= width && info.height / (2 * shrink) >= height) shrink *= 2;
  return shrink;
}

}  // namespace odeon::pictures
