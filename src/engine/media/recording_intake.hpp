// The first half of process_recording: everything that can be done while the bytes arrive.
#pragma once

#include <memory>

#include "engine/media/activity.hpp"
#include "engine/media/recording.hpp"
#include "engine/media/sample_spool.hpp"

namespace odeon::media {

struct Intake {
  std::unique_ptr<SampleSpool> sound;  // with its noise reduced
  Activity as_it_came;                 // without the hiss
  Activity activity;                   // of `sound`
  Loudness before;
  Losses losses;
};

// Decoding on a thread of its own, measuring and noise reduction on the caller's. `progress` is 0…1 of the bytes, where
// their number or the length of the sound is known. Throws as process_recording does.
Intake take_in(BlockingSource& source, const RecordingOptions& options, Demuxer::Waiting waiting,
               const Progress& progress, std::stop_token stop);

}  // namespace odeon::media
