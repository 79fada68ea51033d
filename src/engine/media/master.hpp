// The programme at its loudness, as MP3, judged by what a listener decodes.
#pragma once

#include <string>

#include "engine/media/program.hpp"

namespace odeon::media {

struct Mastered {
  std::string mp3;    // Info header and frames, without a tag
  Loudness heard;     // of the decoded MP3
  int encodings = 0;  // how many it took; more than one is rare
};

// Gain and limiter, encode, decode, measure; again with what was learnt if the result is off. Holds the
// true peak always, and the loudness to ±0.1 LU wherever 15 dB of limiting are enough for it: what has
// higher peaks than that over its loudness comes out quieter than asked, rather than crushed. Throws
// Error{invalid} if there is no sound.
Mastered master(const Pcm& programme, const ProduceOptions& options);

}  // namespace odeon::media
