#include "engine/ai/providers/openai_embeddings.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/ai/providers/openai_usage.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;

constexpr std::size_t kMaxAnswer = 64 << 20;

// A list of numbers, or four bytes for each, little-endian, in base64: some send what nobody asked for.
std::vector<float> vector_of(const bj::value* from) {
  std::vector<float> vector;
  for (const auto& number : wire::list_of(from))
    vector.push_back(static_cast<float>(json::as_number(number, json::Source::body).value_or(NAN)));
  const auto bytes = crypto::from_base64(wire::text_of(from)).value_or("");
  if (bytes.empty() || bytes.size() % sizeof(float) != 0) return vector;
  static_assert(std::endian::native == std::endian::little);
  vector.resize(bytes.size() / sizeof(float));
  std::memcpy(vector.data(), bytes.data(), bytes.size());
  return vector;
}

bool usable(const std::vector<float>& vector, std::size_t size) {
  return !vector.empty() && vector.size() == size &&
         std::ranges::all_of(vector, [](float number) { return std::isfinite(number); });
}

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
  for (const auto& vector : found.vectors)
    if (!usable(vector, found.vectors.front().size()))
      throw FailedAfterUse(unusable("BAD_ANSWER", options_.provider, "vectors that are missing or broken"),
                           found.usage);
  co_return found;
}

}  // namespace odeon::ai
