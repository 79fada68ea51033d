#include "engine/ai/providers/openai_embeddings.hpp"

#include "engine/ai/providers/openai_usage.hpp"
#include "engine/ai/providers/vectors.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;

constexpr std::size_t kMaxAnswer = 64 << 20;

}  // namespace

OpenAiEmbeddings::OpenAiEmbeddings(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
                                   Dimensions dimensions)
    : client_(client), clock_(clock), options_(std::move(options)), model_(std::move(model)), dimensions_(dimensions) {}

std::string OpenAiEmbeddings::name() const {
  return options_.provider + "/" + model_;
}

Task<Embeddings> OpenAiEmbeddings::embed(EmbeddingRequest request) {
  bj::object body{{"model", model_}, {"encoding_format", "float"}};
  body["input"] = bj::array(request.texts.begin(), request.texts.end());
  if (request.dimensions > 0 && dimensions_ == Dimensions::may_be_fewer) body["dimensions"] = request.dimensions;
  ProviderCall call = openai_call(options_, "/embeddings", request.trace);
  call.body = bj::serialize(body);
  call.max_answer = kMaxAnswer;
  const auto answer = openai_object(co_await call_provider(client_, clock_, std::move(call)), options_.provider);

  Embeddings found{.vectors = {}, .model = name(), .usage = openai_usage(member(answer, "usage"))};
  found.vectors.resize(request.texts.size());
  std::size_t place = 0;
  for (const auto& each : wire::list_of(member(answer, "data"))) {
    const auto* index = member(&each, "index");
    const auto at = index != nullptr ? static_cast<std::size_t>(wire::count_of(index)) : place;
    if (at < found.vectors.size()) found.vectors[at] = vector_of(member(&each, "embedding"));
    ++place;
  }
  try {
    check_vectors(found.vectors, options_.provider);
  } catch (const Error& error) {
    throw FailedAfterUse(error, found.usage);
  }
  co_return found;
}

}  // namespace odeon::ai
