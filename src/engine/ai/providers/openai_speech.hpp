// Speech as OpenAI has it, and Kokoro and other servers after it:
//   POST {base}/audio/speech, 24 kHz 16-bit mono, as it is or in server-sent events; or WAVE where a server prefers it
#pragma once

#include "engine/ai/providers/openai_call.hpp"
#include "engine/ai/speech.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class OpenAiSpeech final : public SpeechModel {
 public:
  // How many tokens there were, OpenAI says only where the sound comes as events, which models that are paid by the
  // character do not have.
  enum class PaidBy { character, token };
  // `voices` in order of preference, at least one; the first of a language is its default.
  OpenAiSpeech(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
               std::vector<VoiceInfo> voices, PaidBy paid_by = PaidBy::character);
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
  PaidBy paid_by_;
};

}  // namespace odeon::ai
