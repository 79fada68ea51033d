#include "engine/ai/speech.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "engine/ai/complexity.hpp"
#include "engine/ai/languages.hpp"

namespace odeon::ai {
namespace {

// Slow speech; usual are 12 to 25, whatever the alphabet.
constexpr double kBytesSpokenASecond = 8;

}  // namespace

Usage most_of(const SpeechRequest& request) {
  const double seconds = static_cast<double>(request.text.size()) / kBytesSpokenASecond / std::min(request.speed, 1.0);
  const auto tokens = static_cast<std::int64_t>(std::ceil(seconds * kTokensSpokenASecond));
  return {.input_tokens = estimate_tokens(request.text),
          .output_tokens = tokens,
          .output_audio_tokens = tokens,
          .characters = static_cast<std::int64_t>(text::length(request.text))};
}

const VoiceInfo* voice_for(const SpeechRequest& request, const std::vector<VoiceInfo>& voices) {
  for (const auto& voice : voices) {
    const bool language =
        voice.language.empty() || primary_language(voice.language) == primary_language(request.language);
    if (language && (request.voice.empty() || request.voice == voice.name)) return &voice;
  }
  return nullptr;
}

}  // namespace odeon::ai
