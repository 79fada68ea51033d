// Sound as programs that recognise or play speech want it: samples of 16 bits, little-endian, with or without the
// header of RIFF WAVE.
#pragma once

#include <string>

#include "base/pcm.hpp"

namespace odeon::media {

// What is beyond full scale is clipped.
std::string s16_of(const Pcm& audio);
std::string wav_of(const Pcm& audio);

}  // namespace odeon::media
