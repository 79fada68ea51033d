#include "engine/media/recording_gain.hpp"

#include <cmath>

#include "base/error.hpp"
#include "engine/media/limiter.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/parallel.hpp"

namespace odeon::media {
namespace {

constexpr double section_seconds = 2;  // of the sound, in memory at once on each thread
constexpr int max_readings = 4;
constexpr double foreseeable = 1.5;  // dB over which the effect of more gain is known well enough

// A margin in whole blocks of the limiter, on each side.
std::int64_t margin(int rate) {
  return rate / 4 / PeakMap::block * PeakMap::block;
}

// What a sound is like at a gain.
struct LevelReading {
  double loudness = silent;
  double slope = 1;  // dB of loudness that the last dB of gain brought: limiting takes some
};

class Reader {
 public:
  Reader(const EditedSound& sound, double ceiling, const std::stop_token& stop)
      : sound_(sound), ceiling_(ceiling), stop_(stop) {}

  LevelReading at(double gain) const {
    const auto length = static_cast<std::int64_t>(section_seconds * sound_.rate());
    const std::int64_t sections = (sound_.frames() + length - 1) / length;
    const auto width = static_cast<std::size_t>(std::min<std::int64_t>(parallel_width(), sections));
    std::vector<std::unique_ptr<LoudnessMeter>> meters(width);
    std::vector<Energy> energies(width);
    in_parallel(width, [&](std::size_t i) {
      meters[i] = std::make_unique<LoudnessMeter>(sound_.rate(), sound_.channels(), LoudnessMeter::Scope::integrated);
      const auto first = sections * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(width);
      const auto last = sections * static_cast<std::int64_t>(i + 1) / static_cast<std::int64_t>(width);
      for (std::int64_t section = first; section < last; ++section) {
        heed(stop_);
        measure(section * length, std::min((section + 1) * length, sound_.frames()), gain, *meters[i], energies[i]);
      }
    });
    Energy all;
    for (const Energy& energy : energies) all.kept += energy.kept, all.kept_quieter += energy.kept_quieter;
    LevelReading reading{LoudnessMeter::integrated_over(meters), 1};
    if (static_cast<double>(sound_.frames()) < gating_block_seconds * sound_.rate())
      reading.loudness = integrated_loudness(level_out(sound_, 0, sound_.frames(), {gain, ceiling_}));
    if (all.kept > 0) reading.slope = std::clamp(1 + 10 * std::log10(all.kept / all.kept_quieter), 0.2, 1.0);
    return reading;
  }

 private:
  struct Energy {
    double kept = 0, kept_quieter = 0;  // after limiting, at the gain and a dB below it; both without the gain
  };

  void measure(std::int64_t from, std::int64_t to, double gain, LoudnessMeter& meter, Energy& energy) const {
    const std::int64_t around = margin(sound_.rate());
    const Pcm audio = sound_.read(from - around, to + around);
    Limiter limiter(audio);
    const Limiter::Plan plan = limiter.plan(gain, ceiling_), quieter = limiter.plan(gain * from_decibels(-1), ceiling_);
    energy.kept += plan.kept * plan.energy;
    energy.kept_quieter += quieter.kept * quieter.energy;
    meter.add(limiter.apply(plan, around, around + to - from).samples);
  }

  const EditedSound& sound_;
  const double ceiling_;
  const std::stop_token& stop_;
};

}  // namespace

Pcm level_out(const EditedSound& sound, std::int64_t from, std::int64_t to, const Level& level) {
  const std::int64_t around = margin(sound.rate());
  const Pcm audio = sound.read(from - around, to + around);
  Limiter limiter(audio);
  return limiter.apply(limiter.plan(level.gain, level.ceiling), around, around + to - from);
}

double find_gain(const EditedSound& sound, double loudness, double ceiling, double guess, double peak,
                 const std::stop_token& stop) {
  const Reader reader(sound, ceiling, stop);
  const double most = peak > 0 ? to_decibels(ceiling) + max_limiting - to_decibels(peak) : 0;
  double gain = std::min(loudness - guess, most);
  for (int readings = 1;; ++readings) {
    const LevelReading reading = reader.at(from_decibels(gain));
    if (reading.loudness <= silent)
      throw Error(Fault::invalid, "NO_SOUND", "The recording is silent: nothing can be heard in it.");
    const double missing = loudness - reading.loudness;
    gain = std::min(gain + missing / reading.slope, most);
    if (std::abs(missing) <= foreseeable || gain == most || readings == max_readings) return from_decibels(gain);
  }
}

}  // namespace odeon::media
