// A sound at its level to MP3, in sections on all cores, measured on what comes out of a decoder.
#pragma once

#include <memory>
#include <stop_token>

#include "engine/media/program.hpp"
#include "engine/media/recording.hpp"
#include "engine/media/recording_gain.hpp"
#include "engine/media/scratch_file.hpp"

namespace odeon::media {

struct Pressed {
  std::unique_ptr<ScratchFile> mp3;  // Info header and frames, without a tag
  Loudness heard;                    // of the decoded MP3
  Waveform waveform;                 // likewise
};

// Holds `max_true_peak` (dBTP) on the decoded sound: where a section's peaks rise over it, that section alone is
// encoded again with a lower ceiling. `progress` is 0…1.
Pressed press(const EditedSound& sound, const Level& level, double max_true_peak, int bitrate,
              const std::string& scratch_folder, const Progress& progress, const std::stop_token& stop);

}  // namespace odeon::media
