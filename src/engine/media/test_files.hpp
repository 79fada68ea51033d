// Files for tests, made from samples.
#pragma once

#include <string>

#include "base/pcm.hpp"

namespace odeon::media {

// A RIFF WAVE file around samples of 32-bit float.
inline std::string wav(const Pcm& audio) {
  std::string out;
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  };
  const auto size = static_cast<std::uint32_t>(audio.samples.size() * 4);
  out += "RIFF", put(36 + size, 4), out += "WAVEfmt ", put(16, 4), put(3, 2), put(audio.channels, 2);
  put(audio.rate, 4), put(audio.rate * audio.channels * 4, 4), put(audio.channels * 4, 2), put(32, 2);
  out += "data", put(size, 4);
  out.append(reinterpret_cast<const char*>(audio.samples.data()), size);
  return out;
}

}  // namespace odeon::media
