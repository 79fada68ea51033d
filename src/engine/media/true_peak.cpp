#include "engine/media/true_peak.hpp"

#include <cmath>
#include <numbers>

#include "engine/media/parallel.hpp"

namespace odeon::media {
namespace {

constexpr int taps = 24;   // input samples that one interpolated value looks at
constexpr int phases = 3;  // values between two samples, at quarters
constexpr int before = taps / 2 - 1;
constexpr int window_size = PeakMap::block + taps;
constexpr float rounding = 1.0001f;

using Window = std::array<float, window_size>;  // what a block's values between samples are made of

// Zeroth-order modified Bessel function, for the Kaiser window.
double bessel(double x) {
  double sum = 1, term = 1;
  for (int k = 1; term > 1e-12 * sum; ++k) sum += term *= (x / (2 * k)) * (x / (2 * k));
  return sum;
}

struct Interpolator {
  std::array<std::array<float, taps>, phases> weights;
  // No value between samples exceeds the largest sample around times `reach`. Nor is one further from the straight line
  // between its two neighbours than `bend` times the largest second difference around plus `skew` times the largest
  // first one, which is much less where the wave is slow: the weights less those of the line, summed up once and twice,
  // are what differences are multiplied with.
  float reach = 0, bend = 0, skew = 0;

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
      double absolute = 0, once = 0, twice = 0, bending = 0;
      for (int tap = 0; tap < taps; ++tap) {
        const double weight = exact[tap] / sum;
        weights[phase][tap] = static_cast<float>(weight);
        absolute += std::abs(weight);
        const double line = tap == before ? (3 - phase) / 4.0 : tap == before + 1 ? (phase + 1) / 4.0 : 0;
        once += weight - line;
        twice += once;
        if (tap < taps - 2) bending += std::abs(twice);
      }
      reach = std::max(reach, static_cast<float>(absolute * rounding));
      bend = std::max(bend, static_cast<float>(bending * rounding));
      skew = std::max(skew, static_cast<float>(std::abs(twice) + 1e-5));
    }
  }
};

const Interpolator& interpolator() {
  static const Interpolator made;
  return made;
}

// No value within the block is above it, whose samples are in the middle of the window.
float bound(const Window& window) {
  std::array<float, window_size> slopes{}, bends{};
  for (int i = 0; i + 1 < window_size; ++i) slopes[i] = window[i + 1] - window[i];
  for (int i = 0; i + 2 < window_size; ++i) bends[i] = slopes[i + 1] - slopes[i];
  const float level = sample_peak(std::span(window).subspan(before, PeakMap::block + 1));
  const Interpolator& known = interpolator();
  return (level + known.bend * sample_peak(bends) + known.skew * sample_peak(slopes)) * rounding;
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
      exact_[index] = look(index, floor);
    }
  });
}

// Channels that cannot reach the floor are left out; whether there were none.
bool PeakMap::look(std::size_t index, float floor) {
  const std::int64_t start = static_cast<std::int64_t>(index) * block - before, channels = audio_.channels;
  const std::int64_t from = std::max<std::int64_t>(-start, 0);
  const std::int64_t to = std::min<std::int64_t>(audio_.frames() - start, window_size);
  bool all = true;
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    Window window{};
    const float* const samples = audio_.samples.data() + (start + from) * channels + channel;
    for (std::int64_t i = 0; i < to - from; ++i) window[from + i] = samples[i * channels];
    if (bound(window) < floor) {
      all = false;
      continue;
    }
    for (const auto& weights : interpolator().weights) {
      std::array<float, block> values{};
      for (int tap = 0; tap < taps; ++tap)
        for (int i = 0; i < block; ++i) values[i] += weights[tap] * window[i + tap];
      peaks_[index] = std::max(peaks_[index], sample_peak(values));
    }
  }
  return all;
}

float PeakMap::highest() {
  if (peaks_.empty()) return 0;
  refine(std::ranges::max(sample_peaks_));
  return std::ranges::max(peaks_);
}

}  // namespace odeon::media
