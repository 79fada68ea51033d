// Putting encodings of neighbouring stretches of one sound together to one MP3 stream, wherever the sound may be.
//
// A frame of layer III (ISO 11172-3, 2.4.1.7; ISO 13818-3) may keep its data up to 511 bytes before itself, in what
// frames before it left free. So a stream cannot simply be cut. But two encoders that have heard the same sound for
// some frames do the same with it, and a frame of one can follow a frame of the other if there is as much room before
// it as it needs: then its data is copied there. Both must be in the middle of long blocks, whose halves overlap and
// add up; what differs between them is only the noise of the quantisation.
#pragma once

#include <optional>

#include "engine/media/encode.hpp"

namespace odeon::media {

// Frame `first` of one encoding is followed by none of its own but by frame `second` of the other.
struct Mp3Joint {
  std::size_t first = 0;
  std::size_t second = 0;
};

// The first of `count` places from `at` on, where both have the same stretch of sound, at which that can be done.
// Frames just before `at` must be there in both, and those of the place in both as well.
std::optional<Mp3Joint> find_joint(const Mp3Frames& first, const Mp3Frames& second, Mp3Joint at, std::size_t count);

// Leaves of `first` what is before the joint, with what the frames of `second` from there on need of it.
void cut_at_joint(Mp3Frames& first, const Mp3Frames& second, Mp3Joint joint);

}  // namespace odeon::media
