// Samples of hours in a scratch file: 16 bits each, with a scale for every 256 frames, so that what is quiet keeps its
// resolution (the noise of it is 96 dB below the loudest sample nearby) and nothing is ever too loud.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/media/scratch_file.hpp"

namespace odeon::media {

// What a spool is of.
struct Spooled {
  int rate = 0, channels = 0;
  std::int64_t frames = 0;
  float peak = 0;  // the highest sample, as amplitude
};

// Written by one thread. After finish(), any number may read at once.
class SampleSpool {
 public:
  SampleSpool(int rate, int channels, const std::string& folder);
  // One that was finished, from its file.
  SampleSpool(std::unique_ptr<ScratchFile> file, const Spooled& of);

  void add(std::span<const float> interleaved);  // whole frames, finite samples
  void finish();

  // Once it is finished. Whoever keeps the file may write behind what it holds.
  ScratchFile& file() { return *file_; }
  Spooled spooled() const { return {rate_, channels_, frames_, peak_}; }

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
  std::unique_ptr<ScratchFile> file_;
  std::vector<float> pending_;
  std::vector<char> packed_;
  std::int64_t written_ = 0, frames_ = 0;
  float peak_ = 0;
};

}  // namespace odeon::media
