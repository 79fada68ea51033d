// One adapter for whatever speaks OpenAI's API: OpenAI, Kokoro, and servers on the machine (llama.cpp,
// vLLM, Ollama, …).
//   text:   POST {base}/v1/chat/completions
//   speech: POST {base}/v1/audio/speech, 24 kHz 16-bit mono, or WAVE where a server prefers it
#pragma once

#include <chrono>

#include "base/time.hpp"
#include "engine/ai/providers/openai_wire.hpp"
#include "engine/ai/speech.hpp"
#include "engine/ai/text.hpp"
#include "engine/http/client.hpp"

namespace odeon::ai {

struct OpenAiOptions {
  std::string provider = "openai";                     // first half of the models' names
  std::string base_url = "https://api.openai.com/v1";  // with or without /v1
  std::string key;                                     // empty where none is needed
  std::chrono::milliseconds limit{120'000};            // for one call as a whole
};

// `client` and `clock` outlive both.
class OpenAiText final : public TextModel {
 public:
  OpenAiText(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
             ChatDialect dialect = ChatDialect::classic);
  std::string name() const override;
  Task<TextReply> complete(TextRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  OpenAiOptions options_;
  std::string model_;
  ChatDialect dialect_;
};

class OpenAiSpeech final : public SpeechModel {
 public:
  // `voices` in order of preference, at least one; the first of a language is its default.
  OpenAiSpeech(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
               std::vector<VoiceInfo> voices);
  std::string name() const override;
  bool speaks(const SpeechRequest& request) const override;
  std::vector<VoiceInfo> voices() const override { return voices_; }
  Task<Speech> speak(SpeechRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  OpenAiOptions options_;
  std::string model_;
  std::vector<VoiceInfo> voices_;
};

}  // namespace odeon::ai
