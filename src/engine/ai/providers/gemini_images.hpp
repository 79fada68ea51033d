// Pictures by Google's models (ai.google.dev/gemini-api/docs/image-generation): generateContent, with pictures to go
// by.
#pragma once

#include "engine/ai/image.hpp"
#include "engine/ai/providers/gemini_call.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class GeminiImages final : public ImageModel {
 public:
  GeminiImages(http::Client& client, const Clock& clock, GeminiOptions options, std::string model);
  std::string name() const override { return options_.provider + "/" + model_; }
  bool takes_references() const override { return true; }
  // One picture a call. A refusal, also one in words, is FailedAfterUse (kDeclined).
  Task<Images> draw(ImageRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  GeminiOptions options_;
  std::string model_;
};

}  // namespace odeon::ai
