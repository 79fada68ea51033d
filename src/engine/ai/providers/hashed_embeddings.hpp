// Embeddings without a model and without a network, so that what is kept can be searched with nothing set up: words and
// pieces of words, hashed into a vector (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning",
// 2009).
//
// An honest stand-in: texts are near each other as far as they share words or their stems, in whatever language; of
// synonyms it knows nothing. The same text has the same vector on every machine.
#pragma once

#include "engine/ai/embedding.hpp"

namespace odeon::ai {

inline constexpr std::size_t kHashedDimensions = 256;

// Of length one; all zeros where there is no letter and no digit. Of a long text the first 64 KB count. A sentence
// takes some ten microseconds.
std::vector<float> hashed_embedding(std::string_view text);

class HashedEmbeddings final : public EmbeddingModel {
 public:
  // `pool` outlives it, and does the work.
  explicit HashedEmbeddings(ThreadPool& pool) : pool_(pool) {}
  std::string name() const override { return "odeon-offline/hashed-words"; }
  Task<Embeddings> embed(EmbeddingRequest request) override;

 private:
  ThreadPool& pool_;
};

}  // namespace odeon::ai
