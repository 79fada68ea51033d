// Embedding as a capability: texts in, a vector for each out. Vectors of different models have nothing to do with each
// other: who keeps them keeps the model's name.
#pragma once

#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/trace.hpp"
#include "engine/ai/usage.hpp"

namespace odeon::ai {

struct EmbeddingRequest {
  std::vector<std::string> texts;  // 1–256, none empty
  int dimensions = 0;              // 0: the model's own; models that cannot shorten are not told
  std::string model;   // a name of the catalogue or "provider/model", to insist on it; empty: the gateway picks
  TraceContext trace;  // of whoever asks; a model is given the place of its own attempt
  std::string task = "embedding";  // or "chat.embedding", for metrics and the ledger
  Payer payer;
};

struct Embeddings {
  std::vector<std::vector<float>> vectors;  // one for each text, all of one size
  std::string model;
  Usage usage;
};

class EmbeddingModel {
 public:
  virtual ~EmbeddingModel() = default;
  virtual std::string name() const = 0;  // "openai/text-embedding-3-small"
  // Failures are Errors, as TextModel has them.
  virtual Task<Embeddings> embed(EmbeddingRequest request) = 0;
};

}  // namespace odeon::ai
