#include "engine/media/assemble.hpp"

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "engine/media/encode.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/parallel.hpp"
#include "engine/media/resample.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr double fade_seconds = 0.005;
constexpr double max_pause = 60, max_seconds = 2 * 3600;
constexpr double quiet_enough = 2;  // LU below the typical level that a segment may stay
constexpr double max_boost = 12;    // dB: what is quieter still is meant to be, or is noise

void check_segments(const std::vector<Segment>& segments) {
  double total = 0;
  for (const Segment& segment : segments) {
    if (!(segment.pause_after >= 0 && segment.pause_after <= max_pause))
      throw Error(Fault::invalid, "INVALID_PAUSE", "A pause must be between 0 and 60 seconds.");
    total += segment.pause_after + (segment.audio.rate > 0 ? segment.audio.seconds() : 0);
  }
  if (total > max_seconds)
    throw Error(Fault::invalid, "PROGRAMME_TOO_LONG", "A programme cannot be longer than two hours.");
}

// The level that half of the measured time is at or above.
double typical(const std::vector<double>& loudness, const std::vector<double>& seconds) {
  std::vector<std::size_t> order(loudness.size());
  std::iota(order.begin(), order.end(), 0);
  std::erase_if(order, [&](std::size_t i) { return loudness[i] <= silent; });
  std::ranges::sort(order, std::greater(), [&](std::size_t i) { return loudness[i]; });
  double total = 0, passed = 0;
  for (const std::size_t i : order) total += seconds[i];
  for (const std::size_t i : order)
    if ((passed += seconds[i]) >= total / 2) return loudness[i];
  return silent;
}

void fade_edges(std::span<float> samples, int rate, int channels) {
  const auto frames = static_cast<std::int64_t>(samples.size()) / channels;
  const auto length = std::min(static_cast<std::int64_t>(fade_seconds * rate), frames / 2);
  for (std::int64_t i = 0; i < length; ++i) {
    const float gain = static_cast<float>(i) / static_cast<float>(length);
    for (int channel = 0; channel < channels; ++channel) {
      samples[i * channels + channel] *= gain;
      samples[(frames - 1 - i) * channels + channel] *= gain;
    }
  }
}

}  // namespace

std::vector<double> levelling_gains(const std::vector<double>& loudness, const std::vector<double>& seconds) {
  const double reference = typical(loudness, seconds);
  std::vector<double> gains(loudness.size(), 1);
  for (std::size_t i = 0; i < loudness.size(); ++i) {
    if (loudness[i] <= silent) continue;
    const double wanted = std::clamp(loudness[i], reference - quiet_enough, reference);
    gains[i] = from_decibels(std::min(wanted - loudness[i], max_boost));
  }
  return gains;
}

Programme assemble(std::vector<Segment> segments, int rate, int channels) {
  check_segments(segments);
  std::vector<double> loudness(segments.size()), seconds(segments.size());
  in_parallel(segments.size(), [&](std::size_t i) {
    Pcm& audio = segments[i].audio;
    audio = conform(std::move(audio), audio.rate, channels);
    loudness[i] = integrated_loudness(audio);  // at its own rate, which is often the lower one
    seconds[i] = audio.seconds();
    audio = conform(std::move(audio), rate, channels);
  });
  const std::vector<double> gains = levelling_gains(loudness, seconds);

  const auto pause_frames = [&](const Segment& segment) { return std::llround(segment.pause_after * rate); };
  std::int64_t total = 0;
  for (const Segment& segment : segments) total += segment.audio.frames() + pause_frames(segment);
  if (total > 0) total = std::max<std::int64_t>(total, std::llround(min_mp3_seconds * rate));

  Programme programme{{rate, channels, std::vector<float>(total * channels)}, {}, {}};
  const auto time = [&](std::int64_t frame) { return static_cast<double>(frame) / rate; };
  std::int64_t at = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    const std::span<float> place(programme.audio.samples.data() + at * channels, segment.audio.samples.size());
    std::ranges::transform(segment.audio.samples, place.begin(),
                           [gain = static_cast<float>(gains[i])](float sample) { return sample * gain; });
    fade_edges(place, rate, channels);
    if (!segment.mark.empty()) programme.marks.push_back({segment.mark, time(at), segment.audio.seconds()});
    if (!segment.chapter.empty()) programme.chapters.push_back({segment.chapter, time(at), time(total)});
    at += segment.audio.frames() + pause_frames(segment);
  }
  for (std::size_t i = 1; i < programme.chapters.size(); ++i)
    programme.chapters[i - 1].end = programme.chapters[i].start;
  return programme;
}

}  // namespace odeon::media
