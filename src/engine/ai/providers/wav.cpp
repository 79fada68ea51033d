#include "engine/ai/providers/wav.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

namespace odeon::ai {
namespace {

std::uint32_t little(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}

// Full scale is 1 whatever the width: the value is moved to the top of 32 bits first.
float sample_of(std::string_view bytes, bool is_float) {
  const std::uint32_t raw = little(bytes);
  if (is_float) {
    const float value = std::bit_cast<float>(raw);
    return std::isfinite(value) ? value : 0.0F;
  }
  if (bytes.size() == 1) return (static_cast<float>(raw) - 128.0F) / 128.0F;
  const auto top = static_cast<std::int32_t>(raw << (32 - 8 * bytes.size()));
  return static_cast<float>(static_cast<double>(top) / 2147483648.0);
}

struct Format {
  int code = 0;
  int channels = 0;
  int rate = 0;
  std::size_t width = 0;  // bytes of a sample

  bool known() const {
    const bool integer = code == 1 && width >= 1 && width <= 4;
    const bool floating = code == 3 && width == 4;
    return (integer || floating) && (channels == 1 || channels == 2) && rate >= 4000 && rate <= 384000;
  }
};

constexpr int kExtensible = 0xFFFE;  // the real code is the start of the sub-format

std::optional<Format> read_format(std::string_view chunk) {
  if (chunk.size() < 16) return std::nullopt;
  Format format{.code = static_cast<int>(little(chunk.substr(0, 2))),
                .channels = static_cast<int>(little(chunk.substr(2, 2))),
                .rate = static_cast<int>(std::min(little(chunk.substr(4, 4)), std::uint32_t{1'000'000})),
                .width = little(chunk.substr(14, 2)) / 8};
  if (format.code == kExtensible && chunk.size() >= 26) format.code = static_cast<int>(little(chunk.substr(24, 2)));
  if (!format.known()) return std::nullopt;
  return format;
}

}  // namespace

bool is_wav(std::string_view bytes) {
  return bytes.size() >= 12 && bytes.substr(0, 4) == "RIFF" && bytes.substr(8, 4) == "WAVE";
}

Pcm pcm_from_s16(std::string_view bytes, int rate, int channels) {
  Pcm pcm{.rate = rate, .channels = channels, .samples = {}};
  const std::size_t frame = 2 * static_cast<std::size_t>(channels);
  const std::size_t count = bytes.size() / frame * static_cast<std::size_t>(channels);
  pcm.samples.reserve(count);
  for (std::size_t i = 0; i < count; ++i) pcm.samples.push_back(sample_of(bytes.substr(2 * i, 2), false));
  return pcm;
}

std::optional<Pcm> parse_wav(std::string_view bytes) {
  if (!is_wav(bytes)) return std::nullopt;
  std::optional<Format> format;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::string_view name = bytes.substr(at, 4);
    const std::size_t size = little(bytes.substr(at + 4, 4));
    // A size past the end is how a writer to a pipe says "until the end".
    const std::string_view chunk = bytes.substr(at + 8, size);
    if (name == "fmt ") format = read_format(chunk);
    if (name == "data") {
      if (!format) return std::nullopt;
      const std::size_t frame = format->width * static_cast<std::size_t>(format->channels);
      const std::size_t count = chunk.size() / frame * static_cast<std::size_t>(format->channels);
      Pcm pcm{.rate = format->rate, .channels = format->channels, .samples = {}};
      pcm.samples.reserve(count);
      for (std::size_t i = 0; i < count; ++i)
        pcm.samples.push_back(sample_of(chunk.substr(i * format->width, format->width), format->code == 3));
      return pcm;
    }
    at += 8 + size + (size & 1);
  }
  return std::nullopt;
}

}  // namespace odeon::ai
