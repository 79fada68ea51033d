// How much gain brings a recording to its loudness, limiting included.
#pragma once

#include <stop_token>

#include "engine/media/edited_sound.hpp"

namespace odeon::media {

// How a sound is brought to its level.
struct Level {
  double gain = 1;     // a factor
  double ceiling = 1;  // of the true peak, as amplitude
};

// Frames [from, to) of the sound at that level: what the limiter does there depends only on the quarter second around.
Pcm level_out(const EditedSound& sound, std::int64_t from, std::int64_t to, const Level& level);

// dB that the limiter may take away. A voice needs no more than 15; a clap in the recording may need more, and is
// short.
inline constexpr double max_limiting = 24;

// The gain with which the sound has `loudness` (LUFS), or as near to it as max_limiting allows. `guess` is the
// loudness that it has about now, `peak` the highest sample. Reads it all once, seldom twice; on all cores.
double find_gain(const EditedSound& sound, double loudness, double ceiling, double guess, double peak,
                 const std::stop_token& stop);

}  // namespace odeon::media
