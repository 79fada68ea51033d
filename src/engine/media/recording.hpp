// A recording, as a microphone or an upload gives it, to an episode that is ready for publishing: noise turned down,
// long silences shortened, at the loudness of podcasts, as MP3.
//
//   bytes ─► decode ─► reduce noise ─► scratch file ─► shorten silences ─► gain, limiter ─► MP3, in sections ─► output
//            measure ─┘               and activity      (EditList)         predicted         measured, decoded again
//
// The first half works while bytes still arrive. Memory is the same for a minute as for hours; the scratch file takes
// 0.7 GB an hour of stereo, and the MP3 a copy of itself.
//
// Loudness follows EBU R 128 / ITU-R BS.1770-5 and Apple's delivery target, −16 LUFS ± 1 with true peaks of at most
// −1 dBTP, both held on what the listener decodes.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/media/audio_reader.hpp"
#include "engine/media/edit_list.hpp"
#include "engine/media/edited_sound.hpp"
#include "engine/media/pauses.hpp"
#include "engine/media/program.hpp"
#include "engine/media/waveform.hpp"

namespace odeon::media {

struct RecordingOptions {
  // Each step can be left out.
  std::optional<double> noise_reduction = 14;  // dB at the most, 0–30
  std::optional<ShortenOptions> silences = ShortenOptions{};
  std::optional<double> loudness = -16;  // LUFS, −40…−6
  std::optional<Fades> fades = Fades{};

  double max_true_peak = -1;  // dBTP on the decoded file, −12…0; held also where the loudness is left as it is
  int bitrate = 0;            // bit/s; 0: 128 kbit/s for stereo, 96 for mono
  Tags tags;
  std::vector<Chapter> chapters;  // in the time of the recording; the file has them in its own
  double max_seconds = 6 * 3600;
  std::int64_t max_bytes = std::int64_t{4} << 30;
  std::string scratch_folder;  // empty: the system's
  // What was heard in the first half is kept here, on this machine until it is started again, and gone on from where it
  // is there already: of the same recording, which is for the caller to know. Empty: nowhere.
  std::string heard_file;
  // Called in the first half with the bytes that its scratch file has by then. What it throws ends the work.
  std::function<void(std::int64_t)> scratch_grew;
};

// Where the finished file goes, front to back. Called by the thread that called process_recording; what it throws goes
// through.
class RecordingOutput {
 public:
  virtual ~RecordingOutput() = default;
  virtual void begin(std::int64_t /*bytes*/) {}  // how many there will be
  virtual void write(std::span<const char> bytes) = 0;
};

struct Processed {
  double duration = 0;     // seconds, exact: what a gapless player plays
  std::int64_t bytes = 0;  // of the file
  int rate = 0, channels = 0, bitrate = 0;
  std::vector<FrameRange> pauses;  // where nobody is heard, in the recording's frames; `edits` takes them to the file's
  EditList edits;                  // from the recording's time to the file's; its rate is the file's
  std::vector<Chapter> chapters;   // in the file's time, those that are left
  Loudness before, after;          // as it came; of the decoded MP3
  double noise_floor = 0;          // dBFS, as it came
  double silence_removed = 0;      // seconds
  Losses losses;                   // what of the recording could not be read
  Waveform waveform;               // of the decoded MP3
  int encodings = 0;               // how often the whole was encoded; more than once is rare
};

// 0…1, never backwards; called by the calling thread.
using Progress = std::function<void(double)>;

// Blocking and heavy: call it through run_stoppable. Nothing is written before all is measured and right. A source that
// waits for bytes must itself end when it is to stop.
//
// Throws Error{invalid} with a sentence for people: what AudioReader says of files; EMPTY_RECORDING if there is less
// than a tenth of a second, NO_SOUND if nothing can be heard in it; INVALID_AUDIO_OPTIONS; what id3_tag says of tags.
// Error{unavailable} NO_SCRATCH_SPACE. operation_aborted once `stop` is asked for.
Processed process_recording(BlockingSource& source, const RecordingOptions& options, RecordingOutput& output,
                            const Progress& progress = {}, std::stop_token stop = {});

// The first half alone, of a source that may still be arriving: process_recording goes on from `heard_file`, with the
// same result as if it had done all of it. What depends on it is `noise_reduction`, and no other step. False, and
// nothing kept, where something is missing of the recording, or the file system keeps no such files. Throws as
// process_recording does, and NEEDS_WHOLE for what cannot be read, or not to the sample, before all of it is here: an
// MP4 whose index comes last, and kinds that are rare.
bool hear_recording(BlockingSource& source, const RecordingOptions& options, const Progress& progress,
                    std::stop_token stop);

// The same MP3 with other tags and chapters (in the file's time), for what is known of an episode only later. The sound
// is copied as it is.
void retag(BlockingSource& mp3, const Tags& tags, const std::vector<Chapter>& chapters, double duration,
           RecordingOutput& output);
// Whether that would change nothing.
bool is_tagged(BlockingSource& mp3, const Tags& tags, const std::vector<Chapter>& chapters, double duration);

}  // namespace odeon::media
