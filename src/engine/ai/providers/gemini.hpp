// Google's models: generateContent and streamGenerateContent (ai.google.dev/api/generate-content), of AI Studio and of
// Vertex AI.
//
// Signatures of thoughts belong to parts, and a call of a tool is refused without the one that it came with. That of a
// call is ToolCall::signature, that of a thought Reasoning::signature; that of a text becomes a Reasoning without text
// (`redacted`) right after it. They carry a mark here, so that what another provider signed is not sent to Google.
//
// These models count what they think as part of the answer's limit: models that think get room for it on top of
// TextRequest::max_tokens (room_to_think).
#pragma once

#include "engine/ai/providers/dialect.hpp"

namespace odeon::ai {

class Gemini final : public TextDialect {
 public:
  // Google AI Studio; the key goes into x-goog-api-key.
  static Gemini studio();
  // Vertex AI, as a service account (google_credentials.hpp).
  static Gemini vertex(std::string_view project, std::string_view location);
  // A path from the base address up to a model's id. Where calls of tools have no ids, results are told apart by their
  // order.
  Gemini(std::string models, bool call_ids) : models_(std::move(models)), call_ids_(call_ids) {}

  WireRequest write(const TextRequest& request, const ModelTraits& model, bool streamed) const override;
  TextReply read(std::string_view body, const std::string& provider) const override;
  std::unique_ptr<StreamTranslator> translator(const std::string& provider) const override;
  int room_to_think(const TextRequest& request, const ModelTraits& model) const override;

 private:
  std::string models_;
  bool call_ids_;
};

}  // namespace odeon::ai
