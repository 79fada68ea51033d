// Segments to one sound: converted, levelled against each other, joined with their pauses.
#pragma once

#include <vector>

#include "base/pcm.hpp"
#include "engine/media/program.hpp"

namespace odeon::media {

struct Programme {
  Pcm audio;
  std::vector<Mark> marks;
  std::vector<Chapter> chapters;
};

// Segments are brought near the level that most of the programme has: the louder ones down to it, the
// quieter ones up to 2 LU below it (but by no more than 12 dB), so that chimes and announcements are
// never louder than the speech, and a sentence keeps some of its own weight. Each segment fades in and
// out within 5 ms, so that nothing clicks where it meets the silence of a pause.
//
// Positions are exact to the sample. What lasts less than min_mp3_seconds ends in silence of that length.
// Throws Error{invalid} for pauses outside 0–60 s, sound of no
// possible rate, or a programme of more than two hours.
Programme assemble(std::vector<Segment> segments, int rate, int channels);

// The gains (factors) that level segments of these loudnesses (LUFS) and lengths (seconds).
std::vector<double> levelling_gains(const std::vector<double>& loudness, const std::vector<double>& seconds);

}  // namespace odeon::media
