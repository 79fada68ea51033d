// What of a spectrum is noise: minima controlled recursive averaging (I. Cohen and B. Berdugo, "Noise estimation by
// minima controlled recursive averaging for robust speech enhancement", IEEE Signal Processing Letters 9(1), 2002).
//
// A bin that is near the least that it has been for some seconds holds no speech, and is averaged into the estimate;
// one far above it does, and is not. So the estimate follows a fan that starts and stays, and leaves out whoever
// speaks. The constants are the paper's but for the time over which minima are sought, which is longer here: a vowel
// that is held, or a chord, is not to become noise.
#pragma once

#include <span>
#include <vector>

namespace odeon::media {

// Not thread-safe.
class NoiseTracker {
 public:
  NoiseTracker(std::size_t bins, double frames_per_second);

  // The powers of the next frame's bins.
  void observe(std::span<const float> powers);
  // What has been seen counts as if it were of this moment: for who hears the beginning twice.
  void begin_again() { in_window_ = 0, least_of_window_ = least_; }
  // The expected power of the noise in each bin.
  std::span<const float> noise() const { return noise_; }

 private:
  const int window_;  // frames
  int seen_ = 0, in_window_ = 0;
  std::vector<float> smooth_, least_, least_of_window_, speech_, noise_;
};

}  // namespace odeon::media
