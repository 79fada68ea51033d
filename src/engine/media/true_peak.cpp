#include "engine/media/true_peak.hpp"

#include <cmath>
#include <numbers>

#include "engine/media/parallel.hpp"

namespace odeon::media {
namespace {

constexpr int taps = 24;   // input samples that one interpolated value looks at
constexpr int phases = 3;  // values between two samples, at quarters
constexpr int before = taps / 2 - 1;

// Zeroth-order modified Bessel function, for the Kaiser window.
double bessel(double x) {
  double sum = 1, term = 1;
  for (int k = 1; term > 1e-12 * sum; ++k) sum += term *= (x / (2 * k)) * (x / (2 * k));
  return sum;
}

struct Interpolator {
  std::array<std::array<float, taps>, phases> weights;
  float reach = 0;  // no value between samples exceeds the largest sample around times this

  Interpolator() {
    constexpr double beta = 6;
    for (int phase = 0; phase < phases; ++phase) {
      std::array<double, taps> exact{};
      double sum = 0;
      for (int tap = 0; tap < taps; ++tap) {
        const double x = tap - before - (phase + 1) / 4.0;
        const double place = x / (taps / 2.0);
        const double pi_x = std::numbers::pi * x;
        exact[tap] = std::sin(pi_x) / pi_x * bessel(beta * std::sqrt(std::max(0.0, 1 - place * place)));
        sum += exact[tap];
      }
      float absolute = 0;
      for (int tap = 0; tap < taps; ++tap) {
        weights[phase][tap] = static_cast<float>(exact[tap] / sum);
        absolute += std::abs(weights[phase][tap]);
      }
      reach = std::max(reach, absolute * 1.0001f);
    }
  }
};

const Interpolator& interpolator() {
  static const Interpolator made;
  return made;
}

}  // namespace

double to_decibels(double amplitude) {
  return amplitude < 1e-6 ? -120 : 20 * std::log10(amplitude);
}
double from_decibels(double decibels) {
  return std::pow(10.0, decibels / 20);
}

float sample_peak(std::span<const float> samples) {
  // Eight at a time, since the compiler may not reorder a maximum by itself.
  std::array<float, 8> peaks{};
  std::size_t i = 0;
  for (; i + peaks.size() <= samples.size(); i += peaks.size())
    for (std::size_t lane = 0; lane < peaks.size(); ++lane) {
      const float amplitude = std::abs(samples[i + lane]);
      peaks[lane] = amplitude > peaks[lane] ? amplitude : peaks[lane];
    }
  for (; i < samples.size(); ++i) peaks[0] = std::max(peaks[0], std::abs(samples[i]));
  return std::ranges::max(peaks);
}

PeakMap::PeakMap(const Pcm& audio) : audio_(audio) {
  const std::size_t width = static_cast<std::size_t>(block) * audio.channels;
  sample_peaks_.resize((audio.samples.size() + width - 1) / width);
  in_ranges(sample_peaks_.size(), [&](std::size_t from, std::size_t to) {
    for (std::size_t index = from; index < to; ++index) {
      const float* samples = audio.samples.data() + index * width;
      const std::size_t size = std::min(width, audio.samples.size() - index * width);
      sample_peaks_[index] = sample_peak({samples, size});
    }
  });
  peaks_ = sample_peaks_;
  exact_.resize(peaks_.size());
}

bool PeakMap::could_reach(std::size_t index, float floor) const {
  float around = sample_peaks_[index];
  if (index > 0) around = std::max(around, sample_peaks_[index - 1]);
  if (index + 1 < blocks()) around = std::max(around, sample_peaks_[index + 1]);
  return around > 0 && around * interpolator().reach >= floor;
}

void PeakMap::refine(float floor) {
  in_ranges(blocks(), [&](std::size_t from, std::size_t to) {
    for (std::size_t index = from; index < to; ++index) {
      if (exact_[index] || !could_reach(index, floor)) continue;
      peaks_[index] = std::max(peaks_[index], interpolate(index));
      exact_[index] = 1;
    }
  });
}

float PeakMap::interpolate(std::size_t index) const {
  const std::int64_t start = static_cast<std::int64_t>(index) * block - before;
  std::array<float, block + taps> window;
  float peak = 0;
  for (int channel = 0; channel < audio_.channels; ++channel) {
    for (int i = 0; i < block + taps; ++i) {
      const std::int64_t frame = start + i;
      window[i] = frame < 0 || frame >= audio_.frames() ? 0.0f : audio_.samples[frame * audio_.channels + channel];
    }
    for (const auto& weights : interpolator().weights) {
      std::array<float, block> values{};
      for (int tap = 0; tap < taps; ++tap)
        for (int i = 0; i < block; ++i) values[i] += weights[tap] * window[i + tap];
      for (const float value : values) peak = std::max(peak, std::abs(value));
    }
  }
  return peak;
}

float PeakMap::highest() {
  if (peaks_.empty()) return 0;
  refine(std::ranges::max(sample_peaks_));
  return std::ranges::max(peaks_);
}

}  // namespace odeon::media
