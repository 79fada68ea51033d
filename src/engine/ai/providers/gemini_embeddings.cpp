#include "engine/ai/providers/gemini_embeddings.hpp"

#include "engine/ai/complexity.hpp"
#include "engine/ai/providers/vectors.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;

constexpr std::size_t kMaxAnswer = 64 << 20;

bj::object studio_order(const EmbeddingRequest& request, const std::string& model) {
  bj::array requests;
  for (const auto& text : request.texts) {
    bj::object one{{"model", "models/" + model},
                   {"content", bj::object{{"role", "user"}, {"parts", bj::array{bj::object{{"text", text}}}}}}};
    if (request.dimensions > 0) one["outputDimensionality"] = request.dimensions;
    requests.push_back(std::move(one));
  }
  return {{"requests", std::move(requests)}};
}

bj::object vertex_order(const std::string& text, int dimensions) {
  bj::object parameters{{"autoTruncate", true}};
  if (dimensions > 0) parameters["outputDimensionality"] = dimensions;
  return {{"instances", bj::array{bj::object{{"content", text}}}}, {"parameters", std::move(parameters)}};
}

// Where Google does not count, we do.
std::int64_t tokens_or_estimate(const bj::value* counted, const std::vector<std::string>& texts) {
  std::int64_t tokens = wire::count_of(counted);
  if (tokens > 0) return tokens;
  for (const auto& text : texts) tokens += estimate_tokens(text);
  return tokens;
}

}  // namespace

GeminiEmbeddings::GeminiEmbeddings(http::Client& client, const Clock& clock, GeminiOptions options, std::string model,
                                   Api api)
    : client_(client), clock_(clock), options_(std::move(options)), model_(std::move(model)), api_(api) {}

Task<bj::object> GeminiEmbeddings::ask(std::string_view verb, bj::object body, TraceContext trace) {
  ProviderCall call = gemini_call(options_, model_, verb, trace);
  call.body = bj::serialize(body);
  call.max_answer = kMaxAnswer;
  auto answer = wire::object_of((co_await call_provider(client_, clock_, std::move(call))).body, options_.provider);
  if (const auto* error = member(answer, "error")) throw error_in_answer(*error, options_.provider);
  co_return answer;
}

Task<Embeddings> GeminiEmbeddings::embed(EmbeddingRequest request) {
  Embeddings found{.model = name()};
  try {
    if (api_ == Api::studio) {
      const auto answer = co_await ask("batchEmbedContents", studio_order(request, model_), request.trace);
      found.usage.input_tokens =
          tokens_or_estimate(member(member(answer, "usageMetadata"), "promptTokenCount"), request.texts);
      for (const auto& each : wire::list_of(member(answer, "embeddings")))
        found.vectors.push_back(vector_of(member(&each, "values")));
    } else {
      for (const auto& text : request.texts) {
        const auto answer = co_await ask("predict", vertex_order(text, request.dimensions), request.trace);
        const auto& predictions = wire::list_of(member(answer, "predictions"));
        const auto* embedding = predictions.empty() ? nullptr : member(&predictions.front(), "embeddings");
        found.usage.input_tokens += tokens_or_estimate(member(embedding, "statistics", "token_count"), {text});
        found.vectors.push_back(vector_of(member(embedding, "values")));
      }
    }
    if (found.vectors.size() != request.texts.size())
      throw unusable("BAD_ANSWER", options_.provider, "not as many vectors as texts");
    check_vectors(found.vectors, options_.provider);
  } catch (const Error& error) {
    if (!found.usage.anything()) throw;
    throw FailedAfterUse(error, found.usage);
  }
  for (auto& vector : found.vectors) to_length_one(vector);
  co_return found;
}

}  // namespace odeon::ai
