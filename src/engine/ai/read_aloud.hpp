// A text read aloud by one voice, several of its sentences at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/ai/gateway.hpp"

namespace odeon::ai {

struct ReadAloudOptions {
  SpeechRequest manner;     // of every sentence: all but its text
  std::size_t at_once = 4;  // sentences that are being spoken
};

struct SpokenText {
  std::vector<Speech> sentences;  // in order, all of one model and voice
  std::string model, voice;       // of the first
};

// `share` is called with the share done, 0–1, from time to time and never twice at once. Where the gateway changes the
// voice midway, what the other said is spoken again. Throws as Gateway::speak does.
Task<SpokenText> read_aloud(Gateway& gateway, std::vector<std::string> sentences, ReadAloudOptions options,
                            std::function<Task<void>(double)> share);

}  // namespace odeon::ai
