#include "engine/media/activity.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr double lowest_hertz = 120;
constexpr float next_to_no_sound = 1e-20f;  // where the filter's memory is forgotten, before it gets slow to count with

using Quad = float __attribute__((ext_vector_type(4)));

float sum_of(Quad lanes) {
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

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
    channels_ == 2 ? measure<2>(at, frames) : measure<1>(at, frames);
    at += frames * channels_;
    activity_.frames += frames;
    if ((in_step_ += static_cast<int>(frames)) == activity_.step) end_step();
  }
}

// y = p·(y′ + x − x′), where ′ is a frame before. To wait less for one y after another, those of four samples are found
// from the last one before them: y₁ = p·y₀ + p·Δ₁, y₂ = p²·y₀ + p²·Δ₁ + p·Δ₂ and so on.
template <int channels>
void ActivityMeter::measure(const float* samples, std::int64_t frames) {
  constexpr std::int64_t width = 4;
  const std::int64_t count = frames * channels, whole = count - count % width;
  const float p = pole_;
  Quad x{}, y{}, body{}, hiss{};
  for (int channel = 0; channel < channels; ++channel)
    x[width - channels + channel] = last_[channel], y[width - channels + channel] = high_[channel];
  std::int64_t i = 0;
  for (; i < whole; i += width) {
    Quad now;
    std::memcpy(&now, samples + i, sizeof now);
    Quad change, driven;
    if constexpr (channels == 2) {
      change = now - __builtin_shufflevector(x, now, 2, 3, 4, 5);
      driven = p * change;
      driven += p * __builtin_shufflevector(Quad{}, driven, 2, 3, 4, 5);
      y = Quad{p, p, p * p, p * p} * __builtin_shufflevector(y, y, 2, 3, 2, 3) + driven;
    } else {
      change = now - __builtin_shufflevector(x, now, 3, 4, 5, 6);
      driven = p * change;
      driven += p * __builtin_shufflevector(Quad{}, driven, 3, 4, 5, 6);
      driven += p * p * __builtin_shufflevector(Quad{}, driven, 2, 3, 4, 5);
      y = Quad{p, p * p, p * p * p, p * p * p * p} * __builtin_shufflevector(y, y, 3, 3, 3, 3) + driven;
    }
    x = now;
    body += y * y;
    hiss += change * change;
  }
  float body_of_rest = 0, hiss_of_rest = 0;
  for (int channel = 0; channel < channels; ++channel) {
    float last = x[width - channels + channel], high = y[width - channels + channel];
    for (std::int64_t at = i + channel; at < count; at += channels) {
      const float change = samples[at] - last;
      high = p * (high + change);
      body_of_rest += high * high;
      hiss_of_rest += change * change;
      last = samples[at];
    }
    last_[channel] = last, high_[channel] = std::abs(high) < next_to_no_sound ? 0 : high;
  }
  body_ += sum_of(body) + body_of_rest, hiss_ += sum_of(hiss) + hiss_of_rest;
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
