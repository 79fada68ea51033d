// RIFF WAVE as speech programs and servers write it: also to a pipe, where the sizes in the header are
// not true.
#pragma once

#include <optional>
#include <string_view>

#include "base/pcm.hpp"

namespace odeon::ai {

bool is_wav(std::string_view bytes);
// 16-bit little-endian samples without a header. A last odd byte is left out.
Pcm pcm_from_s16(std::string_view bytes, int rate, int channels);
// PCM of 8, 16, 24 or 32 bits or 32-bit float, mono or stereo; nothing for anything else.
std::optional<Pcm> parse_wav(std::string_view bytes);

}  // namespace odeon::ai
