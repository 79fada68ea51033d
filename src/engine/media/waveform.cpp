#include "engine/media/waveform.hpp"

#include <algorithm>
#include <cmath>

namespace odeon::media {
namespace {

int eight_bits(float sample) {
  return static_cast<int>(std::lround(std::clamp(sample, -1.0f, 1.0f) * (sample < 0 ? 128 : 127)));
}

}  // namespace

WaveformMaker::WaveformMaker(int rate, int channels, std::size_t max_pixels)
    : channels_(channels), max_pixels_(max_pixels) {
  waveform_.sample_rate = rate;
}

void WaveformMaker::add(std::span<const float> interleaved) {
  const std::size_t frames = interleaved.size() / channels_;
  for (std::size_t i = 0; i < frames; ++i) {
    const float sample = channels_ == 1 ? interleaved[i] : 0.5f * (interleaved[2 * i] + interleaved[2 * i + 1]);
    low_ = in_pixel_ == 0 ? sample : std::min(low_, sample);
    high_ = in_pixel_ == 0 ? sample : std::max(high_, sample);
    if (++in_pixel_ == waveform_.samples_per_pixel) end_pixel();
  }
}

Waveform WaveformMaker::finish() {
  if (in_pixel_ > 0) end_pixel();
  waveform_.length = static_cast<std::int64_t>(waveform_.data.size() / 2);
  return std::move(waveform_);
}

void WaveformMaker::end_pixel() {
  std::vector<int>& data = waveform_.data;
  data.insert(data.end(), {eight_bits(low_), eight_bits(high_)});
  in_pixel_ = 0;
  if (data.size() < 2 * max_pixels_) return;
  for (std::size_t i = 0; i < data.size() / 4; ++i) {
    data[2 * i] = std::min(data[4 * i], data[4 * i + 2]);
    data[2 * i + 1] = std::max(data[4 * i + 1], data[4 * i + 3]);
  }
  data.resize(data.size() / 2);
  waveform_.samples_per_pixel *= 2;
}

}  // namespace odeon::media
