// Uncompressed sound, the currency between speech (ai) and production (media).
#pragma once

#include <cstdint>
#include <vector>

namespace odeon {

// Interleaved samples in −1…1 (full scale); values beyond are allowed until they are encoded.
struct Pcm {
  int rate = 48000;  // Hz
  int channels = 1;  // 1 or 2
  std::vector<float> samples;

  std::int64_t frames() const { return static_cast<std::int64_t>(samples.size()) / channels; }
  double seconds() const { return static_cast<double>(frames()) / rate; }
};

}  // namespace odeon
