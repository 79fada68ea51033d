// What is known of an episode's sound once it is made: figures for its owner, and the list of cuts by which whatever
// was said of the recording (chapters, a transcript, marks) finds its place in the episode, and back.
#pragma once

#include "base/json.hpp"
#include "engine/media/recording.hpp"

namespace odeon::podcasts {

// EBU R 128.
struct LoudnessShown {
  double integrated_lufs = 0;
  double range_lu = 0;
  double true_peak_dbtp = 0;
};
BOOST_DESCRIBE_STRUCT(LoudnessShown, (), (integrated_lufs, range_lu, true_peak_dbtp))

struct Measurements {
  double recorded_seconds = 0;         // of what came
  double duration_seconds = 0;         // of what is heard
  double silence_removed_seconds = 0;  // between them
  LoudnessShown before;                // as it came
  LoudnessShown after;                 // as a listener decodes it
  double noise_floor_dbfs = 0;         // of what came
  std::int64_t bytes = 0;
  std::int64_t sample_rate = 0;  // Hz
  std::int64_t channels = 0;
  std::int64_t bitrate = 0;          // kbit/s
  bool cut_short = false;            // what came ends in the middle
  std::int64_t damaged_packets = 0;  // of what came, left out
};
BOOST_DESCRIBE_STRUCT(Measurements, (),
                      (recorded_seconds, duration_seconds, silence_removed_seconds, before, after, noise_floor_dbfs,
                       bytes, sample_rate, channels, bitrate, cut_short, damaged_packets))

Measurements measurements_of(const media::Processed& processed);

struct Cuts {
  media::EditList edits;
  std::vector<media::FrameRange> pauses;  // where nobody is heard, in the recording's frames, ascending
};

// JSON, and back. Ranges are flat lists of where they begin and end. Reading throws Error{invalid} for anything that is
// no such list.
std::string cuts_json(const Cuts& cuts);
Cuts cuts_from(std::string_view json);

}  // namespace odeon::podcasts
