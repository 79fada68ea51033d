#include "engine/media/loudness.hpp"

#include <cmath>
#include <numbers>
#include <numeric>
#include <thread>

#include "engine/media/program.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr double offset = -0.691;  // LU
constexpr double surround = 1.41;  // the weight of Ls and Rs
constexpr std::int64_t block_steps = 40, hop_steps = 10;
constexpr double next_to_nothing = 1e-30;  // where a filter's memory is forgotten, before it gets slow to count with

using Pair = double __attribute__((ext_vector_type(2)));

double level(double power) {
  return power > 0 ? std::max(offset + 10 * std::log10(power), silent) : silent;
}
double power_at(double loudness) {
  return std::pow(10.0, (loudness - offset) / 10);
}

double mean(std::span<const double> powers) {
  return powers.empty() ? 0 : std::accumulate(powers.begin(), powers.end(), 0.0) / static_cast<double>(powers.size());
}

// Those that pass the absolute gate, and another at that many LU below their mean.
std::vector<double> gated(std::vector<double> powers, double relative) {
  const double absolute = power_at(silent);
  std::erase_if(powers, [&](double power) { return power < absolute; });
  const double threshold = mean(powers) * std::pow(10.0, relative / 10);
  std::erase_if(powers, [&](double power) { return power < threshold; });
  return powers;
}

double integrated_level(std::vector<double> blocks) {
  return level(mean(gated(std::move(blocks), -10)));
}

// Measured sound, repeated where it is shorter than a block.
void feed(LoudnessMeter& meter, const Pcm& audio) {
  const auto block = static_cast<std::int64_t>(std::ceil(gating_block_seconds * audio.rate));
  const std::int64_t repeats = audio.frames() == 0 || audio.frames() >= block ? 1 : block / audio.frames() + 1;
  for (std::int64_t i = 0; i < repeats; ++i) meter.add(audio.samples);
}

}  // namespace

// The K-weighting at any rate: what the standard prints for 48 kHz, by the bilinear transform of its analogue shape.
LoudnessMeter::LoudnessMeter(int rate, int channels, Scope scope)
    : rate_(rate),
      channels_(channels),
      scope_(scope),
      shelf_([&]() -> Biquad {
        const double k = std::tan(std::numbers::pi * 1681.974450955533 / rate), q = 0.7071752369554196;
        const double high = std::pow(10.0, 3.999843853973347 / 20), band = std::pow(high, 0.4996667741545416);
        const double a0 = 1 + k / q + k * k;
        return {(high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0,
                2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0};
      }()),
      high_([&]() -> Biquad {
        const double k = std::tan(std::numbers::pi * 38.13547087602444 / rate), q = 0.5003270373238773;
        const double a0 = 1 + k / q + k * k;
        return {1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0};
      }()) {}

void LoudnessMeter::add(std::span<const float> interleaved) {
  const float* samples = interleaved.data();
  for (std::int64_t left = static_cast<std::int64_t>(interleaved.size()) / channels_; left > 0;) {
    const std::int64_t count = std::min(left, end_of(step_) - frames_);
    in_step_ += filter(samples, count);
    samples += count * channels_;
    frames_ += count, left -= count;
    if (frames_ == end_of(step_)) end_step();
  }
}

// The sum of squares of what the filters make of the samples. Both in transposed direct form II.
template <class Lanes, class Load>
double LoudnessMeter::filter(Memory* memory, std::int64_t frames, Load load) {
  const auto lanes = [&](double Memory::* of) {
    if constexpr (std::is_same_v<Lanes, Pair>)
      return Pair{memory[0].*of, memory[1].*of};
    else
      return memory->*of;
  };
  Lanes s1 = lanes(&Memory::shelf1), s2 = lanes(&Memory::shelf2);
  Lanes h1 = lanes(&Memory::high1), h2 = lanes(&Memory::high2);
  Lanes sum{};
  const Biquad shelf = shelf_, high = high_;
  for (std::int64_t i = 0; i < frames; ++i) {
    const Lanes x = load(i);
    const Lanes y = shelf.b0 * x + s1;
    s1 = (shelf.b1 * x + s2) - shelf.a1 * y;
    s2 = shelf.b2 * x - shelf.a2 * y;
    const Lanes z = y + h1;
    h1 = (h2 - 2 * y) - high.a1 * z;
    h2 = y - high.a2 * z;
    sum += z * z;
  }
  const auto keep = [&](double Memory::* of, Lanes value) {
    const auto one = [](double x) { return std::abs(x) < next_to_nothing ? 0 : x; };
    if constexpr (std::is_same_v<Lanes, Pair>)
      memory[0].*of = one(value[0]), memory[1].*of = one(value[1]);
    else
      memory->*of = one(value);
  };
  keep(&Memory::shelf1, s1), keep(&Memory::shelf2, s2), keep(&Memory::high1, h1), keep(&Memory::high2, h2);
  if constexpr (std::is_same_v<Lanes, Pair>)
    return sum[0] + sum[1];
  else
    return sum;
}

double LoudnessMeter::filter(const float* samples, std::int64_t frames) {
  if (channels_ == 2)
    return filter<Pair>(memory_.data(), frames,
                        [&](std::int64_t i) { return Pair{samples[2 * i], samples[2 * i + 1]}; });
  double sum = 0;
  for (int channel = 0; channel < channels_; ++channel)
    sum += (channel < 3 ? 1 : surround) * filter<double>(&memory_[channel], frames, [&](std::int64_t i) {
             return static_cast<double>(samples[i * channels_ + channel]);
           });
  return sum;
}

void LoudnessMeter::end_step() {
  recent_[step_ % steps] = in_step_;
  in_step_ = 0;
  ++step_;
  if (step_ % hop_steps != 0) return;
  if (step_ >= block_steps) blocks_.push_back(power(block_steps));
  if (step_ >= steps && scope_ == Scope::everything) windows_.push_back(power(steps));
}

// The mean over so many of the last steps.
double LoudnessMeter::power(std::int64_t of_steps) const {
  double sum = 0;
  for (std::int64_t i = std::max<std::int64_t>(step_ - of_steps, 0); i < step_; ++i) sum += recent_[i % steps];
  return sum / (static_cast<double>(of_steps) * rate_ / 100);
}

double LoudnessMeter::integrated() const {
  return integrated_level(blocks_);
}

double LoudnessMeter::range() const {
  std::vector<double> powers = gated(windows_, -20);
  if (powers.empty()) return 0;
  std::ranges::sort(powers);
  const auto share = [&](double part) {
    return level(powers[static_cast<std::size_t>(std::lround(part * static_cast<double>(powers.size() - 1)))]);
  };
  return share(0.95) - share(0.1);
}

double LoudnessMeter::momentary() const {
  return level(power(block_steps));
}

double LoudnessMeter::short_term() const {
  return level(power(steps));
}

double LoudnessMeter::integrated_over(std::span<const std::unique_ptr<LoudnessMeter>> meters) {
  std::vector<double> blocks;
  for (const auto& meter : meters) blocks.insert(blocks.end(), meter->blocks_.begin(), meter->blocks_.end());
  return integrated_level(std::move(blocks));
}

double integrated_loudness(const Pcm& audio) {
  LoudnessMeter meter(audio.rate, audio.channels, LoudnessMeter::Scope::integrated);
  feed(meter, audio);
  return meter.integrated();
}

Loudness measure(const Pcm& audio) {
  Loudness result;
  std::jthread peaks([&] { result.true_peak = to_decibels(true_peak(audio)); });
  LoudnessMeter meter(audio.rate, audio.channels, LoudnessMeter::Scope::everything);
  feed(meter, audio);
  result.integrated = meter.integrated();
  result.range = meter.range();
  return result;
}

}  // namespace odeon::media
