// The true peak of ITU-R BS.1770-5 Annex 2: the highest value of the wave between the samples too,
// found by looking at four times the rate.
#pragma once

#include <span>
#include <vector>

#include "base/pcm.hpp"

namespace odeon::media {

double to_decibels(double amplitude);  // never below −120, which stands for silence
double from_decibels(double decibels);

// The highest sample, as amplitude.
float sample_peak(std::span<const float> samples);

// The peaks of a sound, block by block. Interpolating everything is slow and needless: only blocks whose
// samples could reach a floor between them are looked at closely. Not thread-safe; works on all cores.
class PeakMap {
 public:
  static constexpr int block = 32;  // frames

  explicit PeakMap(const Pcm& audio);  // keeps a reference
  std::size_t blocks() const { return peaks_.size(); }
  // Makes at() exact wherever the true peak is `floor` or more.
  void refine(float floor);
  // The highest value within a block, over all channels, as amplitude: of the samples at least, of the
  // wave between them where refine() looked.
  float at(std::size_t index) const { return peaks_[index]; }
  // The true peak of all blocks.
  float highest();

 private:
  bool could_reach(std::size_t index, float floor) const;
  bool look(std::size_t index, float floor);

  const Pcm& audio_;
  std::vector<float> sample_peaks_;
  std::vector<float> peaks_;
  std::vector<char> exact_;
};

// The true peak of a whole sound, as amplitude.
inline double true_peak(const Pcm& audio) {
  return PeakMap(audio).highest();
}

}  // namespace odeon::media
