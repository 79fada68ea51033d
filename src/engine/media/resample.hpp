// Bringing sound to the rate and channels of the programme.
#pragma once

#include <span>

#include "base/pcm.hpp"

namespace odeon::media {

// The same sound at `rate` (Hz) with `channels` (1 or 2): exactly round(frames · rate / audio.rate)
// frames, aligned with the input to less than a sample. Stereo becomes mono as the mean of both sides,
// mono becomes stereo on both at full level. Samples that are not numbers become silence, and absurd
// ones (beyond ±16, +24 dBFS) are held there. Throws Error{invalid} for a rate or channel count that no
// sound has.
Pcm conform(Pcm audio, int rate, int channels);

// In place: samples that are not numbers become silence, and absurd ones are held.
void sanitize(std::span<float> samples);

// How many frames conform makes.
std::int64_t conformed_frames(std::int64_t frames, int from_rate, int to_rate);

}  // namespace odeon::media
