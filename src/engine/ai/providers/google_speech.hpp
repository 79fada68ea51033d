// Speech by Google: POST {base}/v1/text:synthesize (Cloud Text-to-Speech), 16-bit samples as a WAVE inside JSON.
#pragma once

#include <chrono>
#include <memory>

#include "base/time.hpp"
#include "engine/ai/providers/credentials.hpp"
#include "engine/ai/speech.hpp"
#include "engine/http/client.hpp"

namespace odeon::ai {

struct GoogleSpeechOptions {
  std::string base_url = "https://texttospeech.googleapis.com";
  std::shared_ptr<Credentials> credentials;  // a service account's, or a key in x-goog-api-key
  // The full name of a voice is "en-US-Chirp3-HD-Kore": a language, its family, itself. People choose "kore".
  std::string family = "Chirp3-HD";
  std::vector<std::string> voices = {"Kore", "Charon", "Aoede", "Puck", "Leda", "Fenrir"};
  std::chrono::milliseconds limit{60'000};
};

class GoogleSpeech final : public SpeechModel {
 public:
  // `client` and `clock` outlive it.
  GoogleSpeech(http::Client& client, const Clock& clock, GoogleSpeechOptions options);
  std::string name() const override;  // "google/chirp3-hd"
  bool speaks(const SpeechRequest& request) const override;
  std::vector<VoiceInfo> voices() const override { return voices_; }
  Task<Speech> speak(SpeechRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  GoogleSpeechOptions options_;
  std::vector<VoiceInfo> voices_;
};

}  // namespace odeon::ai
