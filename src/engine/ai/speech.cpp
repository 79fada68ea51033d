#include "engine/ai/speech.hpp"

#include "engine/ai/languages.hpp"

namespace odeon::ai {

const VoiceInfo* voice_for(const SpeechRequest& request, const std::vector<VoiceInfo>& voices) {
  for (const auto& voice : voices) {
    const bool language =
        voice.language.empty() || primary_language(voice.language) == primary_language(request.language);
    if (language && (request.voice.empty() || request.voice == voice.name)) return &voice;
  }
  return nullptr;
}

}  // namespace odeon::ai
