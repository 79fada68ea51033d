// Pictures by OpenRouter (openrouter.ai/docs/guides/overview/multimodal/image-generation): chat completions whose
// answer has pictures beside its text.
#pragma once

#include "engine/ai/image.hpp"
#include "engine/ai/providers/openai_call.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class OpenRouterImages final : public ImageModel {
 public:
  // Models that only draw refuse to be asked for text as well.
  enum class Answers { pictures, pictures_and_text };
  OpenRouterImages(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model, Answers answers);
  std::string name() const override { return options_.provider + "/" + model_; }
  bool takes_references() const override { return answers_ == Answers::pictures_and_text; }
  // As many pictures as the model likes to make of one call: mostly one. A refusal, also one in words, is
  // FailedAfterUse (kDeclined).
  Task<Images> draw(ImageRequest request) override;

 private:
  std::string order_of(ImageRequest request) const;

  http::Client& client_;
  const Clock& clock_;
  OpenAiOptions options_;
  std::string model_;
  Answers answers_;
};

}  // namespace odeon::ai
