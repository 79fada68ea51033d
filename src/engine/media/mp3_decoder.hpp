// MP3 frames back to samples, as they come, without a file around them.
#pragma once

#include <span>
#include <vector>

#include "engine/media/libav.hpp"

namespace odeon::media {

// Not thread-safe.
class Mp3Decoder {
 public:
  Mp3Decoder();
  // Appends the samples of the next frame, interleaved: none where the frame refers to one that was not there.
  // Nothing is left out at either end.
  void add(std::span<const char> frame, std::vector<float>& samples);

 private:
  LibavPtr<AVCodecContext> context_;
  LibavPtr<AVPacket> packet_;
  LibavPtr<AVFrame> frame_;
};

}  // namespace odeon::media
