// The outline of a sound for players to draw: the lowest and highest sample of each pixel, in the JSON that BBC's
// audiowaveform writes and that Peaks.js, wavesurfer.js and others read (github.com/bbc/audiowaveform,
// doc/DataFormat.md, version 2).
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace odeon::media {

struct Waveform {
  int version = 2;
  int channels = 1;
  int sample_rate = 48000;      // Hz, of the sound
  int samples_per_pixel = 256;  // frames
  int bits = 8;
  std::int64_t length = 0;  // pixels
  std::vector<int> data;    // lowest and highest of each, −128…127
};
BOOST_DESCRIBE_STRUCT(Waveform, (), (version, channels, sample_rate, samples_per_pixel, bits, length, data))

// Follows a stream. As it gets longer, pixels are joined in pairs, so that there are never more than `max_pixels` (an
// even number) and, beyond the first 256 frames each, at least half of it. Not thread-safe.
class WaveformMaker {
 public:
  WaveformMaker(int rate, int channels, std::size_t max_pixels = 4096);
  void add(std::span<const float> interleaved);
  Waveform finish();

 private:
  void end_pixel();

  Waveform waveform_;
  const int channels_;
  const std::size_t max_pixels_;
  int in_pixel_ = 0;
  float low_ = 0, high_ = 0;
};

}  // namespace odeon::media
