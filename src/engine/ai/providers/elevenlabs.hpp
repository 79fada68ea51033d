// Speech by ElevenLabs: POST {base}/v1/text-to-speech/{voice}?output_format=pcm_24000, 16-bit mono without a header.
#pragma once

#include <chrono>

#include "base/time.hpp"
#include "engine/ai/speech.hpp"
#include "engine/http/client.hpp"

namespace odeon::ai {

// A voice of ElevenLabs' library under a name that people can choose.
struct ElevenLabsVoice {
  std::string name;
  std::string id;
};

struct ElevenLabsOptions {
  std::string base_url = "https://api.elevenlabs.io";
  std::string key;
  std::string model = "eleven_multilingual_v2";
  std::vector<ElevenLabsVoice> voices = {{"sarah", "EXAVITQu4vr4xnSDxMaL"}, {"george", "JBFqnCBsd6RMkjVDRZzb"}};
  std::chrono::milliseconds limit{60'000};
};

class ElevenLabsSpeech final : public SpeechModel {
 public:
  // `client` and `clock` outlive it.
  ElevenLabsSpeech(http::Client& client, const Clock& clock, ElevenLabsOptions options);
  std::string name() const override { return "elevenlabs/" + options_.model; }
  bool speaks(const SpeechRequest& request) const override { return voice_for(request, voices_) != nullptr; }
  std::vector<VoiceInfo> voices() const override { return voices_; }
  Task<Speech> speak(SpeechRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  ElevenLabsOptions options_;
  std::vector<VoiceInfo> voices_;
};

}  // namespace odeon::ai
