#include "engine/media/limiter.hpp"

#include <cmath>
#include <numeric>

#include "engine/media/parallel.hpp"

namespace odeon::media {
namespace {

constexpr double attack_seconds = 0.005;  // long enough not to click, too short to be heard as a fade
constexpr double release_seconds =
    0.025;  // some periods of a voice: shorter distorts it, longer turns whole syllables down
constexpr int block = PeakMap::block;

float sum_of_squares(std::span<const float> samples) {
  // Eight at a time, since the compiler may not reorder a sum by itself.
  std::array<float, 8> sums{};
  std::size_t i = 0;
  for (; i + sums.size() <= samples.size(); i += sums.size())
    for (std::size_t lane = 0; lane < sums.size(); ++lane) sums[lane] += samples[i + lane] * samples[i + lane];
  for (; i < samples.size(); ++i) sums[0] += samples[i] * samples[i];
  return std::reduce(sums.begin(), sums.end());
}

// The samples times a gain that changes by `slope` from frame to frame.
template <int channels>
void ramp(std::span<const float> from, float* into, float start, float slope) {
  static constexpr auto frames = [] {
    std::array<float, static_cast<std::size_t>(block) * channels> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
      const std::size_t frame = i / channels;
      made[i] = static_cast<float>(frame);
    }
    return made;
  }();
  for (std::size_t i = 0; i < from.size(); ++i) into[i] = from[i] * (start + slope * frames[i]);
}

}  // namespace

Limiter::Limiter(const Pcm& audio) : audio_(audio), peaks_(audio), energies_(peaks_.blocks()) {
  const std::size_t width = static_cast<std::size_t>(block) * audio.channels;
  in_ranges(energies_.size(), [&](std::size_t from, std::size_t to) {
    for (std::size_t index = from; index < to; ++index) {
      const float* samples = audio.samples.data() + index * width;
      const std::size_t size = std::min(width, audio.samples.size() - index * width);
      energies_[index] = sum_of_squares({samples, size});
    }
  });
}

Limiter::Plan Limiter::plan(double gain, double ceiling) {
  const std::size_t blocks = peaks_.blocks();
  const double block_seconds = static_cast<double>(block) / audio_.rate;
  const std::size_t ahead = std::max<std::size_t>(1, std::lround(attack_seconds / block_seconds));
  const float recovery = static_cast<float>(1 - std::exp(-block_seconds / release_seconds));
  const float allowed = static_cast<float>(ceiling / gain);

  peaks_.refine(allowed);

  // What each border may be at most, with the slow recovery after a peak already in it.
  std::vector<float> limits(blocks + 1, 1.0f);
  for (std::size_t i = 0; i < blocks; ++i) {
    const float peak = peaks_.at(i);
    if (peak <= allowed) continue;
    for (const std::size_t border : {i, i + 1}) limits[border] = std::min(limits[border], allowed / peak);
  }
  for (std::size_t i = 1; i <= blocks; ++i)
    limits[i] = std::min(limits[i], limits[i - 1] + (1 - limits[i - 1]) * recovery);

  // The lowest limit ahead, then the mean of those behind: a ramp that has arrived when the peak does.
  std::vector<float> lowest(limits);
  for (std::size_t i = 0; i <= blocks; ++i) {
    if (limits[i] >= 1) continue;
    for (std::size_t j = i >= ahead ? i - ahead : 0; j < i; ++j) lowest[j] = std::min(lowest[j], limits[i]);
  }
  Plan result{static_cast<float>(gain), std::vector<float>(blocks + 1, 1.0f), 1, 0};
  double sum = lowest[0] * (ahead + 1.0);  // before the start everything is as at the start
  for (std::size_t i = 0; i <= blocks; ++i) {
    if (i > 0) sum += lowest[i] - lowest[i > ahead ? i - ahead - 1 : 0];
    result.borders[i] = std::min(static_cast<float>(sum / (ahead + 1.0)), limits[i]);
  }

  double before = 0, after = 0;
  for (std::size_t i = 0; i < blocks; ++i) {
    const double a = result.borders[i], b = result.borders[i + 1];
    before += energies_[i];
    after += energies_[i] * (a * a + a * b + b * b) / 3;
  }
  result.energy = before;
  if (before > 0) result.kept = after / before;
  return result;
}

Pcm Limiter::apply(const Plan& plan) const {
  return apply(plan, 0, audio_.frames());
}

Pcm Limiter::apply(const Plan& plan, std::int64_t from, std::int64_t to) const {
  const std::size_t channels = audio_.channels, width = static_cast<std::size_t>(block) * channels;
  const auto first_block = static_cast<std::size_t>(from / block);
  const auto samples = std::span(audio_.samples).first(static_cast<std::size_t>(to) * channels);
  Pcm out{audio_.rate, audio_.channels, std::vector<float>(samples.size() - first_block * width)};
  in_ranges((out.samples.size() + width - 1) / width, [&](std::size_t first, std::size_t last) {
    for (std::size_t index = first_block + first; index < first_block + last; ++index) {
      const auto part = samples.subspan(index * width, std::min(width, samples.size() - index * width));
      float* const into = out.samples.data() + (index - first_block) * width;
      const float start = plan.gain * plan.borders[index];
      const float slope = (plan.gain * plan.borders[index + 1] - start) / block;
      channels == 2 ? ramp<2>(part, into, start, slope) : ramp<1>(part, into, start, slope);
    }
  });
  return out;
}

}  // namespace odeon::media
