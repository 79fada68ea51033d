// How loud a recording is from hundredth to hundredth of a second: small enough to keep of hours, fine enough to find
// words, breaths and pauses in.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace odeon::media {

// Two levels, since a word may end in an f or s that has hardly any power: `body` is of the sound above 120 Hz, `hiss`
// of the differences from sample to sample, in which such consonants stand out. Of two channels, it is the mean of
// their powers.
struct Activity {
  int rate = 48000;                // Hz
  int step = 480;                  // frames that one level is of
  std::int64_t frames = 0;         // of the sound; the last step may be shorter
  std::vector<std::int16_t> body;  // hundredths of dBFS, −120 dB at the least
  std::vector<std::int16_t> hiss;  // likewise, where it was asked for

  std::size_t steps() const { return body.size(); }
};

// Follows a stream. Not thread-safe.
class ActivityMeter {
 public:
  enum class Levels { body, both };
  ActivityMeter(int rate, int channels, Levels levels = Levels::both);
  void add(std::span<const float> interleaved);
  Activity finish();

 private:
  template <int channels>
  void measure(const float* samples, std::int64_t frames);
  void end_step();

  Activity activity_;
  const int channels_;
  const Levels levels_;
  const float pole_;
  int in_step_ = 0;
  double body_ = 0, hiss_ = 0;  // sums of squares within the step
  float last_[2] = {}, high_[2] = {};
};

}  // namespace odeon::media
