// The true peak of a stream (true_peak.hpp has that of a whole sound).
#pragma once

#include <span>

#include "base/pcm.hpp"

namespace odeon::media {

// Not thread-safe. Gives what true_peak() gives for all that was added, in memory for a second of it.
class PeakMeter {
 public:
  PeakMeter(int rate, int channels) : held_{rate, channels, {}} {}
  void add(std::span<const float> interleaved);
  // As amplitude. Nothing may be added after it.
  double finish();
  // Likewise, without the last block or two: what they have depends on what is to come.
  double so_far();

 private:
  void look(bool ended);

  Pcm held_;  // what is still to be looked at, with what lies just before it
  bool begun_ = false;
  float peak_ = 0;
};

}  // namespace odeon::media
