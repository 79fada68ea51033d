// Transcripts as the world reads them, in the forms and within the limits of Podcasting 2.0: WebVTT (W3C) of lines up
// to 65 characters, SubRip of two lines of 32, and JSON of version 1.0.0. Pure.
#pragma once

#include "products/podcasts/texts/transcript.hpp"

namespace odeon::podcasts {

// What stands on the screen at once.
struct Caption {
  double start = 0, end = 0;       // seconds; the end is after the start
  std::vector<std::string> lines;  // at least one, none empty
};

struct CaptionLimits {
  std::size_t lines = 1;
  std::size_t width = 65;  // characters (code points)
  double seconds = 7;      // that one caption stands
};

// A word that is longer than a line is cut, between characters.
std::vector<Caption> captions(const TimedTranscript& transcript, const CaptionLimits& limits);

std::string write_vtt(const TimedTranscript& transcript);
std::string write_srt(const TimedTranscript& transcript);
std::string write_transcript_json(const TimedTranscript& transcript);

}  // namespace odeon::podcasts
