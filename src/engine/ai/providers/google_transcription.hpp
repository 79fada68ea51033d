// Transcription by Google: POST {base}/v1/speech:recognize (Cloud Speech-to-Text), which hears a minute at once.
#pragma once

#include <chrono>
#include <memory>

#include "base/time.hpp"
#include "engine/ai/providers/credentials.hpp"
#include "engine/ai/transcription.hpp"
#include "engine/http/client.hpp"

namespace odeon::ai {

struct GoogleTranscriptionOptions {
  std::string base_url = "https://speech.googleapis.com";
  std::shared_ptr<Credentials> credentials;  // a service account's, or a key in x-goog-api-key
  std::string model = "latest_long";
  std::chrono::milliseconds limit{120'000};
};

// Refuses as invalid what it does not hear: a language that is not named, files other than WAVE, FLAC, Ogg and WebM
// with Opus; and as too large what is longer than a minute or 10 MB.
class GoogleTranscription final : public TranscriptionModel {
 public:
  // `client` and `clock` outlive it.
  GoogleTranscription(http::Client& client, const Clock& clock, GoogleTranscriptionOptions options);
  std::string name() const override { return "google/" + options_.model; }
  bool tells_times() const override { return true; }
  Task<Transcript> transcribe(TranscriptionRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  GoogleTranscriptionOptions options_;
};

}  // namespace odeon::ai
