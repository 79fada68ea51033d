// Embeddings by Google's models: batchEmbedContents on AI Studio (ai.google.dev/api/embeddings), predict on Vertex AI,
// which takes one text at a time
// (docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api).
#pragma once

#include "engine/ai/embedding.hpp"
#include "engine/ai/providers/gemini_call.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class GeminiEmbeddings final : public EmbeddingModel {
 public:
  enum class Api { studio, vertex };
  GeminiEmbeddings(http::Client& client, const Clock& clock, GeminiOptions options, std::string model, Api api);
  std::string name() const override { return options_.provider + "/" + model_; }
  // What was shortened is brought to length one again, as Google leaves to its callers.
  Task<Embeddings> embed(EmbeddingRequest request) override;

 private:
  Task<boost::json::object> ask(std::string_view verb, boost::json::object body, TraceContext trace);

  http::Client& client_;
  const Clock& clock_;
  GeminiOptions options_;
  std::string model_;
  Api api_;
};

}  // namespace odeon::ai
