// Long speech, taken apart at its pauses for whoever writes it down: models take a minute or a few megabytes at once,
// and several pieces can be worked on side by side.
//
//   SpeechPieces pieces(source);
//   while (auto piece = pieces.next(stop)) …  // piece->wav, from piece->start to piece->end
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/media/audio_reader.hpp"
#include "engine/media/edit_list.hpp"

namespace odeon::media {

// Of the sound from `start` to `end`, in seconds from its beginning.
struct SpeechPiece {
  double start = 0, end = 0;
  std::string wav;  // 16 kHz, mono, 16 bits
};

struct SpeechPieceOptions {
  // Seconds. A piece ends at the longest pause between the two; where there is none it ends at `longest`, and the next
  // begins `overlap` before that, so that a word which was cut is whole in one of them.
  double shortest = 30, longest = 55, overlap = 2;
  double longest_pause = 3;  // what is longer is in no piece, but for its edges
  double max_seconds = 12 * 3600;
};

// Not thread-safe. Holds a minute or two, however long the sound is. The same bytes give the same pieces.
class SpeechPieces {
 public:
  // `source` outlives it. Throws as AudioReader does.
  explicit SpeechPieces(BlockingSource& source, SpeechPieceOptions options = {},
                        const std::string& scratch_folder = "");

  // In order; none at the end. Blocking: 60 times faster than the sound, or more. Throws as AudioReader::read, and
  // operation_aborted once `stop` is asked for.
  std::optional<SpeechPiece> next(const std::stop_token& stop = {});
  // How much was read until now, seconds.
  double seconds() const { return reader_.seconds(); }

 private:
  void fill(const std::stop_token& stop);
  std::vector<FrameRange> pauses() const;
  void drop(std::int64_t frames);
  std::optional<SpeechPiece> take(std::int64_t frames, std::int64_t kept_from);

  const SpeechPieceOptions options_;
  AudioReader reader_;
  std::vector<float> piece_;
  std::vector<float> waiting_;
  std::int64_t from_ = 0;  // where `waiting_` begins
  bool ended_ = false;
};

}  // namespace odeon::media
