// What was said as captions: SubRip and WebVTT (W3C, WebVTT: The Web Video Text Tracks Format).
#pragma once

#include <string>
#include <vector>

#include "engine/ai/transcription.hpp"

namespace odeon::chat {

// The sentences with their times; where the model told only the length, all of it at once; empty where it told neither
// or nothing was said.
std::vector<ai::Spoken> timed_segments(const ai::Transcript& heard);

std::string srt_of(const std::vector<ai::Spoken>& said);
std::string vtt_of(const std::vector<ai::Spoken>& said);

}  // namespace odeon::chat
