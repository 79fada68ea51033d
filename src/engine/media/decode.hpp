// Any audio file to samples, by FFmpeg's demuxers and decoders, with bounds. The bytes may be hostile.
#pragma once

#include <string_view>

#include "base/pcm.hpp"

namespace odeon::media {

struct DecodeBounds {
  double max_seconds = 600;
  int max_rate = 48'000;  // Hz; a higher rate is brought down to it
};

// The first audio stream, gapless, in mono or stereo (more channels are mixed down). What a file names
// elsewhere (playlists, external references) is never opened. Throws Error{invalid} with a sentence
// that says what is wrong.
Pcm decode(std::string_view bytes, const DecodeBounds& bounds);

}  // namespace odeon::media
