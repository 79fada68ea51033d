#include <memory>

#include "engine/media/pictures/codecs.hpp"
#include "engine/media/pictures/encoders.hpp"
#include "engine/media/pictures/srgb_profile.hpp"

namespace odeon::pictures {
namespace {

std::vector<std::uint32_t> unpremultiplied(const Picture& picture) {
  std::vector<std::uint32_t> out;
  out.reserve(picture.pixels().size());
  for (const std::uint32_t pixel : picture.pixels()) {
    const Colour colour = to_colour(pixel);
    out.push_back(std::uint32_t{colour.alpha} << 24 | std::uint32_t{colour.red} << 16 |
                  std::uint32_t{colour.green} << 8 | colour.blue);
  }
  return out;
}

std::string webp_with_profile(std::string_view webp_file) {
  const WebpMux& mux = webp_mux();
  const std::unique_ptr<::WebPMux, decltype(mux.WebPMuxDelete)> file(mux.WebPNewInternal(WEBP_MUX_ABI_VERSION),
                                                                     mux.WebPMuxDelete);
  const auto data = [](std::string_view bytes) {
    return WebPData{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  };
  const WebPData image = data(webp_file), profile = data(srgb_profile());
  WebPData out{};
  if (mux.WebPMuxSetImage(file.get(), &image, 0) != WEBP_MUX_OK ||
      mux.WebPMuxSetChunk(file.get(), "ICCP", &profile, 0) != WEBP_MUX_OK ||
      mux.WebPMuxAssemble(file.get(), &out) != WEBP_MUX_OK)
    throw encoding_failed("WebPMux");
  const std::unique_ptr<const std::uint8_t, void (*)(const std::uint8_t*)> owner(
      out.bytes, [](const std::uint8_t* bytes) { webp_mux().WebPFree(const_cast<std::uint8_t*>(bytes)); });
  return {reinterpret_cast<const char*>(out.bytes), out.size};
}

int webp_method_of(Effort effort) {
  return effort == Effort::quick ? 0 : effort == Effort::normal ? 2 : 5;
}

}  // namespace

std::string encode_webp(const Picture& picture, const EncodeOptions& options) {
  const Webp& library = webp();
  WebPConfig config;
  WebPPicture input;
  WebPMemoryWriter output;
  if (!library.WebPConfigInitInternal(&config, WEBP_PRESET_DEFAULT,
                                      static_cast<float>(std::clamp(options.quality, 1, 100)),
                                      WEBP_ENCODER_ABI_VERSION) ||
      !library.WebPPictureInitInternal(&input, WEBP_ENCODER_ABI_VERSION))
    throw encoding_failed("libwebp of another version");
  config.method = webp_method_of(options.effort);
  config.lossless = options.lossless;
  if (options.lossless) config.quality = options.effort == Effort::small ? 90 : 40;  // effort, not loss
  const bool opaque = picture.is_opaque();
  std::vector<std::uint32_t> plain;
  if (!opaque) plain = unpremultiplied(picture);
  input.use_argb = 1;
  input.width = picture.width(), input.height = picture.height();
  // Only pixels that shine through are ever written to.
  input.argb = opaque ? const_cast<std::uint32_t*>(picture.pixels().data()) : plain.data();
  input.argb_stride = picture.width();
  library.WebPMemoryWriterInit(&output);
  const std::unique_ptr<WebPMemoryWriter, decltype(library.WebPMemoryWriterClear)> owner(&output,
                                                                                         library.WebPMemoryWriterClear);
  input.writer = library.WebPMemoryWrite;
  input.custom_ptr = &output;
  const bool done = library.WebPEncode(&config, &input);
  library.WebPPictureFree(&input);
  if (!done) throw encoding_failed(fmt::format("libwebp error {}", static_cast<int>(input.error_code)));
  return webp_with_profile({reinterpret_cast<const char*>(output.mem), output.size});
}

}  // namespace odeon::pictures
