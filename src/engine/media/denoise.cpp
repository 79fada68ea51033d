#include "engine/media/denoise.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr double opening_seconds = 4;
constexpr float past = 0.98f;         // α of the decision-directed rule
constexpr float least_ratio = 1e-4f;  // of speech to noise: the powers of less are too small to count with quickly
// Short silence that is entirely digital is a noise gate between words, which leaves no noise to be reduced. Longer
// silence was put in, and teaches nothing.
constexpr double digital_silence = 1e-9;  // amplitude
constexpr double longest_gate_seconds = 0.5;

// Real and imaginary parts in turn ([complex.numbers.general]): plain floats are worked on four at a time.
float* flat(std::span<Fourier::Bin> bins) {
  return reinterpret_cast<float*>(bins.data());
}

}  // namespace

Denoiser::Denoiser(int rate, int channels, double reduction)
    : rate_(rate),
      channels_(channels),
      length_(static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(rate / 50, 64))))),
      hop_(length_ / 2),
      rest_(static_cast<float>(from_decibels(-reduction))),
      fourier_(length_),
      tracker_(hop_ + 1, static_cast<double>(rate) / hop_),
      window_(2 * static_cast<std::size_t>(length_)),
      powers_(hop_ + 1),
      speech_(hop_ + 1),
      gains_(hop_ + 1),
      pending_(static_cast<std::size_t>(hop_) * channels),  // silence before the start, which is cut off again
      tail_(2 * static_cast<std::size_t>(hop_)),
      given_(-hop_) {
  // The square root of Hann's window, before and after: together they add up to one.
  for (int i = 0; i < length_; ++i)
    window_[2 * i] = window_[2 * i + 1] = static_cast<float>(std::sin(std::numbers::pi * (i + 0.5) / length_));
  opening_ = static_cast<std::size_t>(opening_seconds * rate) * channels;
}

void Denoiser::add(std::span<const float> interleaved, std::vector<float>& out) {
  taken_ += static_cast<std::int64_t>(interleaved.size()) / channels_;
  pending_.insert(pending_.end(), interleaved.begin(), interleaved.end());
  if (learnt_ || pending_.size() >= opening_) run(out);
}

void Denoiser::finish(std::vector<float>& out) {
  const std::size_t before = out.size();
  const std::int64_t missing = taken_ - std::max<std::int64_t>(given_, 0);
  pending_.resize(pending_.size() + static_cast<std::size_t>(length_ + hop_) * channels_);
  run(out);
  out.resize(std::min(out.size(), before + static_cast<std::size_t>(missing) * channels_));
  given_ = taken_;
}

void Denoiser::run(std::vector<float>& out) {
  const std::size_t frame = static_cast<std::size_t>(length_) * channels_;
  const std::size_t hop = static_cast<std::size_t>(hop_) * channels_;
  if (!learnt_) {
    // The opening is heard once backwards, so that the noise is known where it begins.
    learnt_ = true;
    for (std::size_t from = (std::min(pending_.size(), std::max(opening_, frame)) - frame) / hop * hop;; from -= hop) {
      analyse(from);
      if (from == 0) break;
    }
    tracker_.begin_again();
  }
  std::size_t at = 0;
  for (; at + frame <= pending_.size(); at += hop) {
    analyse(at);
    filter();
    put(out);
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
}

void Denoiser::analyse(std::size_t from) {
  // One transform for both channels: left is the real part, right the imaginary one.
  const float *const samples = pending_.data() + from, *const window = window_.data();
  float* const time = flat(fourier_.time());
  const int values = 2 * length_;
  if (channels_ == 2) {
    for (int i = 0; i < values; ++i) time[i] = window[i] * samples[i];
  } else {
    for (int i = 0; i < values; i += 2) time[i] = window[i] * samples[i / 2], time[i + 1] = 0;
  }
  fourier_.forward();
  // |L|² + |R|² of a frequency, which the transform has at two places.
  const auto bins = fourier_.bins();
  float* const power = powers_.data();
  power[0] = std::norm(bins[0]);
  for (int k = 1; k <= hop_; ++k) power[k] = 0.5f * (std::norm(bins[k]) + std::norm(bins[length_ - k]));
  const double sum = std::reduce(powers_.begin(), powers_.end(), 0.0);
  learn(sum <= digital_silence * digital_silence * length_ * length_);
}

void Denoiser::learn(bool is_silent) {
  if (is_silent) {
    ++silent_;
    return;
  }
  if (silent_ < longest_gate_seconds * rate_ / hop_) {
    const std::vector<float> nothing(powers_.size());
    for (; silent_ > 0; --silent_) tracker_.observe(nothing);
  }
  silent_ = 0;
  tracker_.observe(powers_);
}

void Denoiser::filter() {
  const float* const noise = tracker_.noise().data();
  float *const power = powers_.data(), *const speech = speech_.data(), *const gain = gains_.data();
  for (int k = 0; k <= hop_; ++k) {
    const float inverse = 1 / noise[k], over_noise = power[k] * inverse;
    const float expected =
        std::max(past * speech[k] * inverse + (1 - past) * std::max(over_noise - 1, 0.0f), least_ratio);
    // The first gain is e / (1 + e); the second is of the ratio that the first one's square gives.
    const float squared = expected * expected * over_noise;
    const float wiener = squared / ((1 + expected) * (1 + expected) + squared);
    speech[k] = wiener * wiener * power[k];
    gain[k] = rest_ + (1 - rest_) * wiener;
  }
  float* const bins = flat(fourier_.bins());
  const int hop = hop_;
  for (int k = 0; k <= hop; ++k) bins[2 * k] *= gain[k], bins[2 * k + 1] *= gain[k];
  float* const mirrored = bins + 2 * hop;
  for (int k = 1; k < hop; ++k) mirrored[2 * k] *= gain[hop - k], mirrored[2 * k + 1] *= gain[hop - k];
  fourier_.back();
}

void Denoiser::put(std::vector<float>& out) {
  const float *const time = flat(fourier_.time()), *const window = window_.data();
  const float scale = 1.0f / static_cast<float>(length_);
  const int values = 2 * hop_;
  float* const tail = tail_.data();
  if (given_ >= 0) {
    const std::size_t start = out.size();
    out.resize(start + static_cast<std::size_t>(hop_) * channels_);
    float* const into = out.data() + start;
    if (channels_ == 2) {
      for (int i = 0; i < values; ++i) into[i] = tail[i] + time[i] * (window[i] * scale);
    } else {
      for (int i = 0; i < values; i += 2) into[i / 2] = tail[i] + time[i] * (window[i] * scale);
    }
  }
  given_ += hop_;
  for (int i = 0; i < values; ++i) tail[i] = time[values + i] * (window[values + i] * scale);
}

}  // namespace odeon::media
