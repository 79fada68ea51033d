// Sounds for tests and benchmarks, made from numbers and the same on every machine.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "base/pcm.hpp"

namespace odeon::media::signals {

// `decibels` is the peak of the sine in dBFS; `phase` in degrees.
inline Pcm tone(double hertz, double decibels, double seconds, int rate = 48000, int channels = 1, double phase = 0) {
  Pcm out{rate, channels, {}};
  const auto frames = static_cast<std::int64_t>(std::llround(seconds * rate));
  const double amplitude = std::pow(10.0, decibels / 20);
  out.samples.reserve(frames * channels);
  for (std::int64_t i = 0; i < frames; ++i) {
    // Whole turns are taken out first, so that long tones keep their precision.
    const double turns = std::fmod(hertz * static_cast<double>(i), rate) / rate + phase / 360;
    const auto value = static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * turns));
    out.samples.insert(out.samples.end(), channels, value);
  }
  return out;
}

inline void append(Pcm& to, const Pcm& more) {
  to.samples.insert(to.samples.end(), more.samples.begin(), more.samples.end());
}

// xorshift: −1…1
class Noise {
 public:
  explicit Noise(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  float next() {
    state_ ^= state_ << 13, state_ ^= state_ >> 17, state_ ^= state_ << 5;
    return static_cast<float>(state_) / 2147483648.0f - 1;
  }

 private:
  std::uint32_t state_;
};

// Like a sentence in level, spectrum and rhythm: a glottal pulse train through three moving formants, four
// syllables a second, hiss between some of them. Peaks reach about −3 dBFS at `gain` 1.
inline Pcm speech(double seconds, std::uint32_t seed, int rate = 16000, double gain = 1) {
  struct Resonator {
    double a = 0, b = 0, c = 0, y1 = 0, y2 = 0;
    void tune(double hertz, double width, int rate) {
      const double r = std::exp(-std::numbers::pi * width / rate);
      c = -r * r, b = 2 * r * std::cos(2 * std::numbers::pi * hertz / rate), a = 1 - b - c;
    }
    double operator()(double x) {
      const double y = a * x + b * y1 + c * y2;
      return y2 = y1, y1 = y;
    }
  };
  static constexpr double vowels[][3] = {
      {730, 1090, 2440}, {270, 2290, 3010}, {570, 840, 2410}, {440, 1020, 2240}, {530, 1840, 2480}};
  Pcm out{rate, 1, {}};
  const auto frames = static_cast<std::int64_t>(std::llround(seconds * rate));
  out.samples.resize(frames);
  Noise noise(seed);
  Resonator formants[3];
  const double pitch = 95 + 60 * (noise.next() + 1) / 2;
  double phase = 0, hiss = 0, stress = 1;
  std::int64_t syllable = -1;
  for (std::int64_t i = 0; i < frames; ++i) {
    const double time = static_cast<double>(i) / rate;
    if (const auto now = static_cast<std::int64_t>(time * 4); now != syllable) {
      syllable = now;
      const auto& vowel = vowels[static_cast<std::size_t>((noise.next() + 1) * 2.49)];
      for (int f = 0; f < 3; ++f) formants[f].tune(vowel[f], 60 + 30 * f, rate);
      hiss = noise.next() > 0.2 ? 0.05 : 0.0;
      stress = 0.55 + 0.45 * (noise.next() + 1) / 2;
    }
    const double within = time * 4 - static_cast<double>(syllable);
    const double voiced = within < 0.75 ? std::pow(std::sin(std::numbers::pi * within / 0.75), 0.7) : 0;
    const double tilt = pitch * (1.15 - 0.3 * time / seconds) * (1 + 0.02 * std::sin(2 * std::numbers::pi * 5 * time));
    phase += tilt / rate;
    double pulse = 0;
    if (phase >= 1) phase -= 1, pulse = 1;
    double value = 0;
    for (int f = 0; f < 3; ++f) value += formants[f](pulse * 18) * (f == 0 ? 1 : f == 1 ? 0.5 : 0.25);
    value = value * voiced * stress + (within > 0.75 ? hiss * noise.next() : 0.002 * noise.next());
    out.samples[i] = static_cast<float>(0.066 * gain * value);
  }
  return out;
}

}  // namespace odeon::media::signals
