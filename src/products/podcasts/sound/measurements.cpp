#include "products/podcasts/sound/measurements.hpp"

#include <cmath>

namespace odeon::podcasts {
namespace {

constexpr double kSilent = -120;  // dB: JSON has no infinity

struct CutsKept {
  int rate = 0;             // Hz
  std::int64_t frames = 0;  // of the recording
  std::vector<std::int64_t> kept, pauses;
};
BOOST_DESCRIBE_STRUCT(CutsKept, (), (rate, frames, kept, pauses))

// To a hundredth, which is more than anybody hears.
double decibels(double value) {
  return std::round(std::max(std::isnan(value) ? kSilent : value, kSilent) * 100) / 100;
}

double thousandths(double seconds) {
  return std::round(seconds * 1000) / 1000;
}

LoudnessShown loudness_shown(const media::Loudness& loudness) {
  return {decibels(loudness.integrated), decibels(loudness.range), decibels(loudness.true_peak)};
}

std::vector<std::int64_t> flat(const std::vector<media::FrameRange>& ranges) {
  std::vector<std::int64_t> bounds;
  bounds.reserve(ranges.size() * 2);
  for (const auto& range : ranges) bounds.insert(bounds.end(), {range.from, range.to});
  return bounds;
}

std::vector<media::FrameRange> ranges_of(const std::vector<std::int64_t>& bounds) {
  std::vector<media::FrameRange> ranges;
  ranges.reserve(bounds.size() / 2);
  for (std::size_t i = 0; i + 1 < bounds.size(); i += 2) ranges.push_back({bounds[i], bounds[i + 1]});
  return ranges;
}

}  // namespace

Measurements measurements_of(const media::Processed& processed) {
  const auto& edits = processed.edits;
  return {.recorded_seconds = thousandths(static_cast<double>(edits.input_frames()) / edits.rate()),
          .duration_seconds = thousandths(processed.duration),
          .silence_removed_seconds = thousandths(processed.silence_removed),
          .before = loudness_shown(processed.before),
          .after = loudness_shown(processed.after),
          .noise_floor_dbfs = decibels(processed.noise_floor),
          .bytes = processed.bytes,
          .sample_rate = processed.rate,
          .channels = processed.channels,
          .bitrate = processed.bitrate / 1000,
          .cut_short = processed.losses.cut_short,
          .damaged_packets = processed.losses.damaged_packets};
}

std::string cuts_json(const Cuts& cuts) {
  return json::write(
      CutsKept{cuts.edits.rate(), cuts.edits.input_frames(), flat(cuts.edits.kept()), flat(cuts.pauses)});
}

Cuts cuts_from(std::string_view json) {
  const auto kept = json::from<CutsKept>(json);
  // A list of pauses has the same rules, so it is read by the same hand.
  static_cast<void>(media::EditList(kept.rate, kept.frames, ranges_of(kept.pauses)));
  if (kept.kept.size() % 2 != 0 || kept.pauses.size() % 2 != 0)
    throw Error(Fault::invalid, "INVALID_EDIT_LIST", "The list of cuts does not fit its recording.");
  return {media::EditList(kept.rate, kept.frames, ranges_of(kept.kept)), ranges_of(kept.pauses)};
}

}  // namespace odeon::podcasts
