#include "engine/ai/providers/provider_call.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxErrorAnswer = 64 << 10;

bool is_answer(const ProviderCall& call, unsigned status) {
  return (status >= 200 && status < 300) || std::ranges::find(call.accepted, status) != call.accepted.end();
}

using SteadyTime = std::chrono::steady_clock::time_point;

// An answer of whatever status. `call` outlives it.
Task<http::ClientResponse> sent(http::Client& client, ProviderCall& call) {
  http::ClientRequest request{.method = call.method,
                              .url = std::move(call.url),
                              .headers = std::move(call.headers),
                              .body = std::move(call.body)};
  if (!request.body.empty()) request.headers.set("Content-Type", call.content_type);
  if (call.trace.valid()) request.headers.set("traceparent", call.trace.traceparent());
  if (call.credentials) co_await call.credentials->add_to(request);
  co_return co_await client.send(std::move(request));
}

struct Got {
  http::ClientResponse response;
  std::string body;  // of an answer
};

// `call` and `begun`, once it is an answer, outlive it.
Task<Got> got(http::Client& client, ProviderCall& call, bool& begun) {
  Got got{co_await sent(client, call), ""};
  begun = is_answer(call, got.response.status);
  if (begun) got.body = co_await read_all(*got.response.body, call.max_answer);
  co_return got;
}

// What a status that is no answer means.
Task<Error> refusal(const ProviderCall& call, http::ClientResponse& response, const Clock& clock, SteadyTime until) {
  if (response.status == 401 && call.credentials) call.credentials->refused();
  auto reading = read_all(*response.body, kMaxErrorAnswer);
  const auto content = co_await settle(with_timeout(until - std::chrono::steady_clock::now(), std::move(reading)));
  co_return error_of_status(response.status, response.headers, content.value_or(""), call.provider, clock.now());
}

}  // namespace

std::string provider_address(std::string_view base, std::string_view path) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base).append(path);
}

Task<http::ClientResponse> open_provider(http::Client& client, const Clock& clock, ProviderCall call) {
  const SteadyTime until = std::chrono::steady_clock::now() + call.limit;
  auto response = co_await with_timeout(call.limit, sent(client, call));
  if (!is_answer(call, response.status)) throw co_await refusal(call, response, clock, until);
  co_return response;
}

Task<ProviderAnswer> call_provider(http::Client& client, const Clock& clock, ProviderCall call) {
  const SteadyTime until = std::chrono::steady_clock::now() + call.limit;
  bool begun = false;
  auto done = co_await settle(with_timeout(call.limit, got(client, call, begun)));
  if (!done && begun) throw FailedAfterUse(cut_off(done.error(), call.provider), call.at_risk);
  if (!done) std::rethrow_exception(done.error());
  auto& [response, body] = *done;
  if (!begun) throw co_await refusal(call, response, clock, until);
  co_return ProviderAnswer{std::move(body), std::string(response.headers.get("Content-Type")), response.status};
}

}  // namespace odeon::ai
