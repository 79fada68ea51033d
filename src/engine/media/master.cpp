#include "engine/media/master.hpp"

#include <cmath>

#include "base/error.hpp"
#include "engine/media/background_meter.hpp"
#include "engine/media/decode.hpp"
#include "engine/media/encode.hpp"
#include "engine/media/limiter.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/parallel.hpp"

namespace odeon::media {
namespace {

constexpr double tolerance = 0.1;    // LU
constexpr double peak_guard = 0.1;   // dB: other meters read a little more than ours
constexpr double max_limiting = 15;  // dB
constexpr int full_attempts = 4;     // after these, loudness yields to the peak
constexpr int max_encodings = 8;

// How far decoded peaks of speech rise over encoded ones, in dB: coarser quantisation, more of it.
double expected_overshoot(int bitrate, int channels) {
  return bitrate / channels < 80'000 ? 1.4 : 0.8;
}

struct Level {
  Pcm audio;
  bool highest = false;  // no more gain is allowed
};

// The programme, `measured` LUFS loud, at `aim` LUFS under the ceiling (dBTP).
Level bring_to(Limiter& limiter, double measured, double aim, double ceiling) {
  const double most = from_decibels(ceiling + max_limiting) / limiter.peak();
  double correction = 0;  // dB that limiting takes away and gain gives back
  // The energy that limiting takes tells nearly how much loudness it takes; where it takes much, one
  // measurement in between settles the difference.
  for (int round = 0, measurements = 0;; ++round) {
    const double gain = std::min(from_decibels(aim - measured + correction), most);
    const Limiter::Plan plan = limiter.plan(gain, from_decibels(ceiling));
    const double missing = -10 * std::log10(plan.kept) - correction;
    if (round < 8 && gain < most && std::abs(missing) > 0.01) {
      correction += missing;
      continue;
    }
    Level level{limiter.apply(plan), gain == most};
    if (level.highest || plan.kept > 0.95 || measurements++ == 1) return level;
    const double off = aim - integrated_loudness(level.audio);
    if (std::abs(off) < 0.03) return level;
    aim += off;
    round = 0;
  }
}

// Measured while it is decoded, on another core.
Loudness listen(const std::string& mp3, const Pcm& programme) {
  BackgroundMeter meter(programme.rate, programme.channels);
  const Pcm decoded = decode(mp3, {.max_seconds = 1e9}, [&](std::span<const float> samples) { meter.add(samples); });
  if (decoded.frames() != programme.frames())
    throw Error(Fault::internal, "AUDIO_FAILED", "The audio could not be produced.")
        .with_detail(fmt::format("{} frames went in, {} came out", programme.frames(), decoded.frames()));
  const double peak = to_decibels(true_peak(decoded));
  const LoudnessMeter& heard = meter.finish();
  const bool shorter_than_a_block = decoded.seconds() < gating_block_seconds;
  return {shorter_than_a_block ? integrated_loudness(decoded) : heard.integrated(), heard.range(), peak};
}

}  // namespace

Mastered master(const Pcm& programme, const ProduceOptions& options) {
  double measured = silent;
  std::optional<Limiter> limiter;
  in_parallel(2, [&](std::size_t i) {
    i == 0 ? void(measured = integrated_loudness(programme)) : void(limiter.emplace(programme));
  });
  if (measured <= silent) throw Error(Fault::invalid, "NO_SOUND", "The programme has no sound in it.");
  const double highest = options.max_true_peak - peak_guard;
  double aim = options.loudness;
  double ceiling = highest - expected_overshoot(options.bitrate, options.channels);

  Mastered result;
  for (;;) {
    const Level level = bring_to(*limiter, measured, aim, ceiling);
    result.mp3 = wrap_mp3(encode_mp3(level.audio, options.bitrate, parallel_width()));
    result.heard = listen(result.mp3, programme);
    ++result.encodings;
    const double short_of = options.loudness - result.heard.integrated, over = result.heard.true_peak - highest;
    const bool loud_enough = std::abs(short_of) <= tolerance || (level.highest && short_of > 0);
    const bool peaks_first = result.encodings >= full_attempts;
    if (over <= 0 && (loud_enough || peaks_first)) return result;
    if (result.encodings == max_encodings) return result;
    aim += peaks_first ? -over : short_of;
    if (over > 0) ceiling -= over + 0.1;
  }
}

}  // namespace odeon::media
