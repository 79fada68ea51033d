// Speech as the files that programs ask for beside MP3 and WAV, by FFmpeg's encoders and muxers.
#pragma once

#include <string>

#include "base/pcm.hpp"

namespace odeon::media {

enum class SpeechFile {
  opus,  // in Ogg (RFC 7845)
  aac,   // low complexity, in ADTS
  flac,  // 16 bits
};

// The whole file. `audio` is mono at 16, 24 or 48 kHz; what is louder than full scale is cut off. Takes long: for a
// pool. Throws Error{internal} where FFmpeg has no such encoder.
std::string speech_file(const Pcm& audio, SpeechFile form);

}  // namespace odeon::media
