#include "engine/media/peak_meter.hpp"

#include <algorithm>

#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr std::int64_t enough = 1 << 15;  // frames

}  // namespace

void PeakMeter::add(std::span<const float> interleaved) {
  held_.samples.insert(held_.samples.end(), interleaved.begin(), interleaved.end());
  if (held_.frames() >= enough) look(false);
}

double PeakMeter::finish() {
  look(true);
  return peak_;
}

double PeakMeter::so_far() {
  look(false);
  return peak_;
}

// The wave between samples depends on a block's neighbours: the first held block is only that, and so is the last whole
// one until there is no more to come.
void PeakMeter::look(bool ended) {
  PeakMap peaks(held_);
  const auto whole = static_cast<std::size_t>(held_.frames() / PeakMap::block);
  const std::size_t from = begun_ ? 1 : 0, to = ended ? peaks.blocks() : std::max<std::size_t>(whole, 1) - 1;
  if (to <= from) return;
  float highest = peak_;
  for (std::size_t i = from; i < to; ++i) highest = std::max(highest, peaks.at(i));
  peaks.refine(highest);
  for (std::size_t i = from; i < to; ++i) peak_ = std::max(peak_, peaks.at(i));
  begun_ = true;
  const auto kept = static_cast<std::ptrdiff_t>((to - 1) * PeakMap::block * held_.channels);
  held_.samples.erase(held_.samples.begin(), held_.samples.begin() + kept);
}

}  // namespace odeon::media
