// Embeddings as OpenAI has them, and servers after it:  POST {base}/embeddings
#pragma once

#include "engine/ai/embedding.hpp"
#include "engine/ai/providers/openai_call.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class OpenAiEmbeddings final : public EmbeddingModel {
 public:
  enum class Dimensions { fixed, may_be_fewer };
  OpenAiEmbeddings(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
                   Dimensions dimensions = Dimensions::fixed);
  std::string name() const override;
  Task<Embeddings> embed(EmbeddingRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  OpenAiOptions options_;
  std::string model_;
  Dimensions dimensions_;
};

}  // namespace odeon::ai
