// Samples of hours in a scratch file: 16 bits each, with a scale for every 256 frames, so that what is quiet keeps its
// resolution (the noise of it is 96 dB below the loudest sample nearby) and nothing is ever too loud.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/media/scratch_file.hpp"

namespace odeon::media {

// Written by one thread. After finish(), any number may read at once.
class SampleSpool {
 public:
  SampleSpool(int rate, int channels, const std::string& folder);

  void add(std::span<const float> interleaved);  // whole frames, finite samples
  void finish();

  int rate() const { return rate_; }
  int channels() const { return channels_; }
  std::int64_t frames() const { return frames_; }
  float peak() const { return peak_; }  // the highest sample, as amplitude
  // Frames from `from` on until `into` is full; silence before the first and after the last.
  void read(std::int64_t from, std::span<float> into) const;

 private:
  void pack();
  std::size_t record() const;  // bytes of a block

  const int rate_, channels_;
  ScratchFile file_;
  std::vector<float> pending_;
  std::vector<char> packed_;
  std::int64_t written_ = 0, frames_ = 0;
  float peak_ = 0;
};

}  // namespace odeon::media
