// MP3 by LAME, through FFmpeg, in pieces on several cores.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/pcm.hpp"

namespace odeon::media {

// A stream of MP3 frames, without any header around it.
struct Mp3Frames {
  std::string bytes;
  std::vector<int> sizes;  // of each frame, in order
  int rate = 0;            // Hz
  int channels = 1;
  int bitrate = 0;  // bit/s
  int samples_per_frame = 1152;
  int delay = 0;                     // samples that a decoder puts out before the first of ours
  std::int64_t frames_of_sound = 0;  // our samples per channel

  // Samples that come out after the last of ours.
  std::int64_t padding() const {
    return static_cast<std::int64_t>(sizes.size()) * samples_per_frame - delay - frames_of_sound;
  }
};

// Whether an MPEG 1 or 2 layer III stream of this kind exists (ISO 11172-3, 13818-3): 16–48 kHz.
bool mp3_allows(int rate, int channels, int bitrate);

// Shorter sounds make files that players, FFmpeg among them, misjudge.
inline constexpr double min_mp3_seconds = 0.1;

// Encodes at a constant bit rate and at the level that the samples have: LAME's own presets would turn
// the sound down by up to 5 %, which is undone here.
//
// Sound with pauses of digital silence is cut in them into up to `pieces` that are encoded at the same
// time. A cut cannot be heard: on both sides of it the codec has nothing but zeros in its memory, and
// the frames after it need no bits from those before.
Mp3Frames encode_mp3(const Pcm& audio, int bitrate, int pieces);

// Where a sound may be cut so: at most `pieces` − 1 places, ascending, multiples of `frame`.
std::vector<std::int64_t> cuts_in_silence(const Pcm& audio, int pieces, int frame);

// The samples that a frame of this rate has.
int samples_per_frame(int rate);

// Writes frames one by one into a finished stream as wrap_mp3 does, in constant memory. Not thread-safe.
class LibavWriter;
class Mp3Writer {
 public:
  // Keeps a reference to `into`; of `kind` only what is the same for all frames counts.
  Mp3Writer(LibavWriter& into, const Mp3Frames& kind);
  ~Mp3Writer();
  Mp3Writer(const Mp3Writer&) = delete;
  void add(std::span<const char> frame);
  // `frames_of_sound` as in Mp3Frames. Nothing may be added after it.
  void finish(std::int64_t frames_of_sound);

 private:
  struct State;
  void write(std::int64_t skipped_at_end);

  std::unique_ptr<State> state_;
};

// The finished stream: an Info header (frame count, seek table, delay and padding for gapless players),
// then the frames.
std::string wrap_mp3(const Mp3Frames& frames);

}  // namespace odeon::media
