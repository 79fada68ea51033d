// Finding the pauses of a recording and taking what is too long out of them.
//
// Nothing here has a fixed threshold. What is quiet is told from what the minute around it has: the floor is the level
// that its quietest tenth stays under, and a pause stays near that floor and far below the speech. Where floor and
// speech lie close (music, a noisy street) nothing is a pause.
#pragma once

#include "engine/media/activity.hpp"
#include "engine/media/edit_list.hpp"

namespace odeon::media {

// Stretches in which nobody is heard, ascending: nothing above the floor, from where the last word has faded to just
// before the next begins. Shorter ones than 0.2 s, which are within words, are left out.
std::vector<FrameRange> find_pauses(const Activity& activity);

struct ShortenOptions {
  double longest_pause = 0.7;  // seconds that a pause may last untouched, 0.4–10
  double at_ends = 0.3;        // seconds that are left of silence before the first word; twice that after the last
};

// Pauses that are longer than they may be are brought near that length, but keep their order: of what is above it a
// seventh stays, up to half a second, so that a pause for thought is still longer than one for breath. Most of what
// stays is after the word, whose ending is the quieter side. Cuts of less than a quarter of a second are not worth
// being made.
EditList shorten_pauses(const Activity& activity, const std::vector<FrameRange>& pauses, const ShortenOptions& options);

// The level of what is heard in the pauses, dBFS: the noise floor of a recording. `activity` may be of the sound before
// the noise was reduced. Where there are no pauses, the level that a twentieth of the sound stays under. Digital
// silence does not count unless there is nothing else: −120.
double noise_floor(const Activity& activity, const std::vector<FrameRange>& pauses);

}  // namespace odeon::media
