#include "engine/ai/providers/batch_wire.hpp"

#include <algorithm>

#include "engine/ai/providers/line_reader.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kLongestId = 128;
constexpr std::chrono::minutes kReading{10};

bool is_accepted(const std::vector<unsigned>& accepted, unsigned status) {
  return std::ranges::find(accepted, status) != accepted.end();
}

Task<void> read_lines(ByteSource& body, BatchAnswers& answers, const BatchAnswers::Read& read) {
  LineReader lines(body);
  while (const auto line = co_await lines.next()) answers.take(*line, read);
}

}  // namespace

ProviderCall batch_call(const Provider& provider, http::Method method, std::string_view path) {
  return {.provider = provider.name,
          .method = method,
          .url = provider_address(provider.base_url, path),
          .credentials = provider.credentials,
          .limit = provider.limit};
}

void check_batch_size(std::size_t bytes) {
  if (bytes > kMostBatchBytes)
    throw Error(Fault::too_large, "BATCH_TOO_LARGE",
                "This is too much to be asked at once. Please ask less at a time.");
}

Task<std::optional<boost::json::object>> batch_object(http::Client& client, const Clock& clock, ProviderCall call) {
  const auto accepted = call.accepted;
  const std::string provider = call.provider;
  const auto answer = co_await call_provider(client, clock, std::move(call));
  if (is_accepted(accepted, answer.status)) co_return std::nullopt;
  auto object = wire::object_of(answer.body, provider);
  if (const auto* error = wire::member(object, "error")) throw error_in_answer(*error, provider);
  co_return object;
}

std::string batch_id(const boost::json::value* id, const std::string& provider) {
  const auto text = wire::text_of(id);
  const bool plain = !text.empty() && text.size() <= kLongestId && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
  if (!plain) throw unusable("BAD_ANSWER", provider, "no usable id");
  return std::string(text);
}

Task<bool> read_batch_lines(http::Client& client, const Clock& clock, ProviderCall call, BatchAnswers& answers,
                            const BatchAnswers::Read& read) {
  const auto accepted = call.accepted;
  const std::string provider = call.provider;
  auto response = co_await open_provider(client, clock, std::move(call));
  if (is_accepted(accepted, response.status)) co_return false;
  const auto done = co_await settle(with_timeout(kReading, read_lines(*response.body, answers, read)));
  if (!done) throw cut_off(done.error(), provider);
  co_return true;
}

}  // namespace odeon::ai
