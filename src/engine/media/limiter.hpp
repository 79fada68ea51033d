// A look-ahead limiter: holds the true peak under a ceiling by turning the gain down smoothly before a
// peak arrives and up again after it.
//
// It works in blocks of PeakMap::block frames. The gain runs in straight lines between block borders,
// and neither border of a block is above what the block's peak allows, so the samples cannot exceed the
// ceiling; what lies between them stays under it but for the slope of the gain (below 0.1 dB).
#pragma once

#include <vector>

#include "base/pcm.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {

class Limiter {
 public:
  explicit Limiter(const Pcm& audio);  // keeps a reference

  struct Plan {
    float gain = 1;              // applied to everything
    std::vector<float> borders;  // 0…1, at each block border, multiplied on top
    double kept = 1;             // the share of the energy that limiting leaves
    double energy = 0;           // before it, and before the gain: the sum of squares
  };
  // `gain` is a factor, `ceiling` an amplitude.
  Plan plan(double gain, double ceiling);
  // The sound with the plan carried out.
  Pcm apply(const Plan& plan) const;
  // Frames [from, to) of it; `from` is a whole number of blocks.
  Pcm apply(const Plan& plan, std::int64_t from, std::int64_t to) const;

  double peak() { return peaks_.highest(); }  // the true peak of the sound as it came, as amplitude

 private:
  const Pcm& audio_;
  PeakMap peaks_;
  std::vector<float> energies_;  // by block
};

}  // namespace odeon::media
