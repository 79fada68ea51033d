// Transcription as OpenAI has it, and Whisper servers after it:  POST {base}/audio/transcriptions, a form with the file
#pragma once

#include "engine/ai/providers/openai_call.hpp"
#include "engine/ai/transcription.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class OpenAiTranscription final : public TranscriptionModel {
 public:
  // Whisper tells segments and words and their times (verbose_json); OpenAI's newer models tell the text alone.
  enum class Detail { text, times };
  OpenAiTranscription(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
                      Detail detail);
  std::string name() const override;
  bool tells_times() const override { return detail_ == Detail::times; }
  Task<Transcript> transcribe(TranscriptionRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  OpenAiOptions options_;
  std::string model_;
  Detail detail_;
};

}  // namespace odeon::ai
