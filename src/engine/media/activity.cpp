#include "engine/media/activity.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr double lowest_hertz = 120;

std::int16_t level_of(double squares, int count) {
  return static_cast<std::int16_t>(std::lround(100 * std::min(to_decibels(std::sqrt(squares / count)), 300.0)));
}

}  // namespace

ActivityMeter::ActivityMeter(int rate, int channels, Levels levels)
    : activity_{.rate = rate, .step = std::max(rate / 100, 1)},
      channels_(channels),
      levels_(levels),
      pole_(static_cast<float>(std::exp(-2 * std::numbers::pi * lowest_hertz / rate))) {}

void ActivityMeter::add(std::span<const float> interleaved) {
  const float* at = interleaved.data();
  const float* const end = at + interleaved.size() / channels_ * channels_;
  while (at < end) {
    const auto frames = std::min<std::int64_t>(activity_.step - in_step_, (end - at) / channels_);
    float body = 0, hiss = 0;
    for (int channel = 0; channel < channels_; ++channel) {
      float last = last_[channel], high = high_[channel];
      for (std::int64_t i = 0; i < frames; ++i) {
        const float sample = at[i * channels_ + channel], change = sample - last;
        high = pole_ * (high + change);
        body += high * high;
        hiss += change * change;
        last = sample;
      }
      last_[channel] = last, high_[channel] = high;
    }
    body_ += body, hiss_ += hiss;
    at += frames * channels_;
    activity_.frames += frames;
    if ((in_step_ += static_cast<int>(frames)) == activity_.step) end_step();
  }
}

Activity ActivityMeter::finish() {
  if (in_step_ > 0) end_step();
  return std::move(activity_);
}

void ActivityMeter::end_step() {
  activity_.body.push_back(level_of(body_, in_step_ * channels_));
  if (levels_ == Levels::both) activity_.hiss.push_back(level_of(hiss_, in_step_ * channels_));
  body_ = hiss_ = 0;
  in_step_ = 0;
}

}  // namespace odeon::media
