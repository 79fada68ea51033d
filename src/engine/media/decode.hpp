// A whole audio file to samples, by FFmpeg's demuxers and decoders, with bounds. The bytes may be hostile.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/pcm.hpp"

namespace odeon::media {

struct DecodeBounds {
  double max_seconds = 600;
};

// The first audio stream, gapless, in mono or stereo (more channels are mixed down), at most at 48 kHz. What a file
// names elsewhere (playlists, external references) is never opened. Throws Error{invalid} with a sentence that says
// what is wrong.
//
// `on_samples` sees the interleaved samples piece by piece as they are decoded, for who wants to work on
// them meanwhile; it has to know rate and channels.
using OnSamples = std::function<void(std::span<const float>)>;
Pcm decode(std::string_view bytes, const DecodeBounds& bounds, const OnSamples& on_samples = {});

}  // namespace odeon::media
