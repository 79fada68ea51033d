// Any recording to samples, piece by piece and in constant memory, while it may still be arriving.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/media/demuxer.hpp"

namespace odeon::media {

struct AudioBounds {
  double max_seconds = 600;  // counted in samples, since what a file says of itself may be a lie
  std::int64_t max_bytes = std::int64_t{1} << 40;
  // as_recorded: rates up to 48 kHz stay; podcasts: 44.1 and 48 kHz stay, whatever else becomes the one it divides;
  // recognition: 16 kHz, and one channel, as programs that recognise speech want it.
  enum class Rates { as_recorded, podcasts, recognition } rates = Rates::as_recorded;
  Demuxer::Waiting waiting = Demuxer::Waiting::if_need_be;
};

// The rate (Hz) that sound of `rate` is brought to.
int bounded_rate(int rate, AudioBounds::Rates rates);

// What of a recording could not be read.
struct Losses {
  bool cut_short = false;   // the file ends in the middle
  int damaged_packets = 0;  // of some hundredths of a second each, left out

  bool any() const { return cut_short || damaged_packets > 0; }
};

// The first audio stream, gapless, in mono or stereo (more channels are mixed down). What a file names elsewhere
// (playlists, external references) is never opened. Damaged packets are left out, as players do. Not thread-safe.
class AudioReader {
 public:
  // Reads as far as it takes to know what the file is. Throws as Demuxer does, UNKNOWN_CODEC, DAMAGED_AUDIO.
  AudioReader(BlockingSource& source, const AudioBounds& bounds, const std::string& scratch_folder = "");

  // The next piece, interleaved, within ±16; false at the end. Throws Error{invalid} AUDIO_TOO_LONG,
  // UNKNOWN_CHANNELS, and what the source throws.
  bool read(std::vector<float>& piece);
  // Those of every piece, from the first on.
  int rate() const { return rate_; }
  int channels() const { return channels_; }
  double seconds() const { return static_cast<double>(frames_) / std::max(rate_, 1); }  // up to now
  double announced_seconds() const { return demuxer_.announced_seconds(); }
  std::int64_t bytes_read() const { return demuxer_.bytes_read(); }
  // Complete at the end.
  Losses losses() const;

 private:
  bool decode();
  void take(const AVFrame& frame, std::vector<float>& piece);
  void reopen(const AVFrame& frame, std::vector<float>& piece);
  void convert(const std::uint8_t** from, int count, std::vector<float>& piece);

  const AudioBounds bounds_;
  Demuxer demuxer_;
  LibavPtr<AVCodecContext> decoder_;
  LibavPtr<AVPacket> packet_;
  LibavPtr<AVFrame> frame_;
  LibavPtr<SwrContext> converter_;
  int rate_ = 0, channels_ = 0;
  int from_rate_ = 0, from_format_ = -1, from_channels_ = 0;  // of the frames that come
  std::int64_t frames_ = 0;
  int damaged_ = 0;
  bool draining_ = false, ended_ = false;
};

}  // namespace odeon::media
