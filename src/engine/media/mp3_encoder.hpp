// LAME, through FFmpeg: samples in, frames out.
#pragma once

#include <span>
#include <vector>

#include "engine/media/encode.hpp"
#include "engine/media/libav.hpp"

namespace odeon::media {

// Whether frames may keep data in what others before them left free. Where not, each holds its own, at some cost in
// quality.
enum class Reservoir { used, unused };

// One stream, from its first sample to its last. At the level that the samples have (see encode_mp3). Not thread-safe.
class Mp3Encoder {
 public:
  Mp3Encoder(int rate, int channels, int bitrate, Reservoir reservoir = Reservoir::used);
  void add(std::span<const float> interleaved);  // whole frames
  // What it holds back comes out too. Once; nothing may be added after it.
  void finish();
  // All that came out up to now. It goes on from there whatever becomes of them.
  Mp3Frames& frames() { return frames_; }

 private:
  void send(const float* samples, int count);
  void receive();

  const float scale_;
  LibavPtr<AVCodecContext> context_;
  LibavPtr<AVFrame> frame_;
  LibavPtr<AVPacket> packet_;
  Mp3Frames frames_;
  std::vector<float> pending_;
};

}  // namespace odeon::media
