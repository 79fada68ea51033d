#include "engine/media/wav.hpp"

#include <algorithm>
#include <cmath>

namespace odeon::media {
namespace {

void put_little(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

void put_samples(std::string& out, const Pcm& audio) {
  for (const float sample : audio.samples)
    put_little(out, static_cast<std::uint16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32'767)), 2);
}

}  // namespace

std::string s16_of(const Pcm& audio) {
  std::string bytes;
  bytes.reserve(audio.samples.size() * 2);
  put_samples(bytes, audio);
  return bytes;
}

std::string wav_of(const Pcm& audio) {
  const auto size = static_cast<std::uint32_t>(audio.samples.size() * 2);
  const auto rate = static_cast<std::uint32_t>(audio.rate), channels = static_cast<std::uint32_t>(audio.channels);
  std::string out = "RIFF";
  out.reserve(44 + size);
  put_little(out, 36 + size, 4);
  out += "WAVEfmt ";
  put_little(out, 16, 4);
  put_little(out, 1, 2);  // PCM
  put_little(out, channels, 2);
  put_little(out, rate, 4);
  put_little(out, rate * channels * 2, 4);
  put_little(out, channels * 2, 2);
  put_little(out, 16, 2);
  out += "data";
  put_little(out, size, 4);
  put_samples(out, audio);
  return out;
}

}  // namespace odeon::media
