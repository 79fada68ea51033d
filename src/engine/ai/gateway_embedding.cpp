// Embeddings: what was embedded before is not embedded again.
#include "base/text.hpp"
#include "engine/ai/complexity.hpp"
#include "engine/ai/gateway_state.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMostTexts = 256;

void check_texts(const EmbeddingRequest& request) {
  if (request.texts.empty() || request.texts.size() > kMostTexts)
    throw fault_of("texts", "range", "There must be 1 to 256 texts.");
  for (const auto& text : request.texts)
    if (text.empty() || !text::is_utf8(text))
      throw fault_of("texts", "utf8", "Each must be valid UTF-8, and not empty.");
}

Usage most_tokens(const EmbeddingRequest& request) {
  Usage most;
  for (const auto& text : request.texts) most.input_tokens += estimate_tokens(text);
  return most;
}

}  // namespace

// By the first that can.
Task<Embeddings> Gateway::State::embed(EmbeddingRequest request) {
  auto models = embedders.of(request.model, options.catalogue, ModelKind::embedding);
  const Usage most = most_tokens(request);
  const auto call = [](EmbeddingModel& model, EmbeddingRequest request, TraceContext place) {
    request.trace = place;
    return model.embed(std::move(request));
  };
  co_return co_await answer<Embeddings>(std::move(models), std::move(request), "embeds texts", "embeddings", most,
                                        call);
}

// All that `model` is known to say of the texts; empty where it is not known.
Task<std::vector<std::vector<float>>> Gateway::State::known_vectors(const EmbeddingRequest& request,
                                                                    std::string model) {
  std::vector<Task<std::optional<std::string>>> lookups;
  for (const auto& text : request.texts)
    lookups.push_back(find(embedding_key(request.payer.user_id, model, request.dimensions, text), "embedding"));
  std::vector<std::vector<float>> vectors;
  for (auto& found : co_await all_of(std::move(lookups)))
    vectors.push_back(found ? read_vector(*found).value_or(std::vector<float>()) : std::vector<float>());
  co_return vectors;
}

Task<Embeddings> Gateway::embed(EmbeddingRequest request) {
  check_texts(request);
  State& state = *state_;
  const auto models = state.embedders.of(request.model, catalogue(), ModelKind::embedding);
  if (models.empty() || state.options.cache == nullptr) co_return co_await state.embed(std::move(request));

  Embeddings all{.vectors = {}, .model = models.front()->line.name(), .usage = {}};
  all.vectors = co_await state.known_vectors(request, all.model);
  EmbeddingRequest missing = request;
  missing.texts.clear();
  for (std::size_t i = 0; i < request.texts.size(); ++i)
    if (all.vectors[i].empty()) missing.texts.push_back(request.texts[i]);
  if (missing.texts.empty()) co_return all;

  Embeddings fresh = co_await state.embed(std::move(missing));
  // Vectors of different models do not belong together.
  if (fresh.model != all.model && fresh.vectors.size() < request.texts.size()) {
    EmbeddingRequest anew = request;
    anew.model = fresh.model;
    co_return co_await state.embed(std::move(anew));
  }
  const auto loop = co_await asio::this_coro::executor;
  auto next = fresh.vectors.begin();
  for (std::size_t i = 0; i < request.texts.size() && next != fresh.vectors.end(); ++i) {
    if (!all.vectors[i].empty()) continue;
    state.keep(loop, embedding_key(request.payer.user_id, fresh.model, request.dimensions, request.texts[i]),
               write(*next), kEmbeddingsLast);
    all.vectors[i] = std::move(*next++);
  }
  all.model = fresh.model;
  all.usage = fresh.usage;
  co_return all;
}

}  // namespace odeon::ai
