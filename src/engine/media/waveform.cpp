#include "engine/media/waveform.hpp"

#include <algorithm>
#include <cmath>

namespace odeon::media {
namespace {

int eight_bits(float sample) {
  return static_cast<int>(std::lround(std::clamp(sample, -1.0f, 1.0f) * (sample < 0 ? 128 : 127)));
}

struct Range {
  float low, high;
};

// Of the mean of the channels. There is at least one frame.
template <int channels>
Range range_of(std::span<const float> interleaved) {
  // Eight at a time, since the compiler may not reorder a minimum by itself.
  constexpr std::size_t lanes = 8;
  const auto mean = [&](std::size_t i) {
    return channels == 1 ? interleaved[i] : 0.5f * (interleaved[2 * i] + interleaved[2 * i + 1]);
  };
  std::array<float, lanes> lows, highs;
  lows.fill(mean(0)), highs.fill(mean(0));
  const auto take = [&](std::size_t lane, float sample) {
    lows[lane] = sample < lows[lane] ? sample : lows[lane];
    highs[lane] = sample > highs[lane] ? sample : highs[lane];
  };
  const std::size_t frames = interleaved.size() / channels;
  std::size_t i = 0;
  for (; i + lanes <= frames; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) take(lane, mean(i + lane));
  for (; i < frames; ++i) take(0, mean(i));
  return {std::ranges::min(lows), std::ranges::max(highs)};
}

}  // namespace

WaveformMaker::WaveformMaker(int rate, int channels, std::size_t max_pixels)
    : channels_(channels), max_pixels_(max_pixels) {
  waveform_.sample_rate = rate;
}

void WaveformMaker::add(std::span<const float> interleaved) {
  while (!interleaved.empty()) {
    const std::size_t left = static_cast<std::size_t>(waveform_.samples_per_pixel - in_pixel_) * channels_;
    const auto part = interleaved.first(std::min(left, interleaved.size()));
    const Range range = channels_ == 2 ? range_of<2>(part) : range_of<1>(part);
    low_ = in_pixel_ == 0 ? range.low : std::min(low_, range.low);
    high_ = in_pixel_ == 0 ? range.high : std::max(high_, range.high);
    in_pixel_ += static_cast<int>(part.size()) / channels_;
    if (in_pixel_ == waveform_.samples_per_pixel) end_pixel();
    interleaved = interleaved.subspan(part.size());
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
