#include "engine/media/noise_tracker.hpp"

#include <algorithm>

namespace odeon::media {
namespace {

constexpr double window_seconds = 2.5;
constexpr float smoothing = 0.8f;         // αs: of the power over time
constexpr float speech_smoothing = 0.2f;  // αp: of the probability of speech
constexpr float noise_smoothing = 0.95f;  // αd: of the noise
constexpr float speech_ratio = 5;         // δ: over the minimum, above which there is speech
constexpr int settling = 16;              // frames whose mean is what to begin with: a single one says little
constexpr float nothing = 1e-20f;

}  // namespace

NoiseTracker::NoiseTracker(std::size_t bins, double frames_per_second)
    : window_(std::max(static_cast<int>(window_seconds * frames_per_second), 1)),
      smooth_(bins),
      least_(bins),
      least_of_window_(bins),
      speech_(bins),
      noise_(bins, nothing) {}

void NoiseTracker::observe(std::span<const float> powers) {
  const std::size_t bins = noise_.size();
  const float* const power = powers.data();
  if (seen_ < settling) {
    const float part = 1.0f / static_cast<float>(++seen_);
    for (std::size_t k = 0; k < bins; ++k) noise_[k] += part * (power[k] - noise_[k]) + nothing;
    smooth_ = least_ = least_of_window_ = noise_;
    return;
  }
  const bool window_ends = ++in_window_ >= window_;
  float *const smooth = smooth_.data(), *const least = least_.data(), *const of_window = least_of_window_.data();
  float *const speech = speech_.data(), *const noise = noise_.data();
  const auto step = [&](std::size_t k, float before, float after) {
    const float around = 0.25f * before + 0.5f * power[k] + 0.25f * after;
    const float now = smoothing * smooth[k] + (1 - smoothing) * around + nothing;
    smooth[k] = now;
    const float lowest = std::min(least[k], now), lately = std::min(of_window[k], now);
    least[k] = window_ends ? lately : lowest;
    of_window[k] = window_ends ? now : lately;
    const float present = now > speech_ratio * lowest ? 1.0f : 0.0f;
    speech[k] = speech_smoothing * speech[k] + (1 - speech_smoothing) * present + nothing;
    const float keep = noise_smoothing + (1 - noise_smoothing) * speech[k];
    // What is so far above the minimum is no noise, also if the estimate began with it.
    noise[k] = std::min(keep * noise[k] + (1 - keep) * power[k], speech_ratio * lowest) + nothing;
  };
  step(0, power[1], power[1]);
  for (std::size_t k = 1; k + 1 < bins; ++k) step(k, power[k - 1], power[k + 1]);
  step(bins - 1, power[bins - 2], power[bins - 2]);
  if (window_ends) in_window_ = 0;
}

}  // namespace odeon::media
