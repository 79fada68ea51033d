#include "engine/ai/providers/provider_call.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxErrorAnswer = 64 << 10;

bool is_answer(const ProviderCall& call, unsigned status) {
  return (status >= 200 && status < 300) || std::ranges::find(call.accepted, status) != call.accepted.end();
}

}  // namespace

std::string provider_address(std::string_view base, std::string_view path) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base).append(path);
}

Task<http::ClientResponse> open_provider(http::Client& client, const Clock& clock, ProviderCall call) {
  http::ClientRequest request{
      .method = call.method, .url = call.url, .headers = call.headers, .body = std::move(call.body)};
  if (!request.body.empty()) request.headers.set("Content-Type", call.content_type);
  if (call.trace.valid()) request.headers.set("traceparent", call.trace.traceparent());
  const auto until = std::chrono::steady_clock::now() + call.limit;
  if (call.credentials) co_await with_timeout(call.limit, call.credentials->add_to(request));
  auto response = co_await with_timeout(until - std::chrono::steady_clock::now(), client.send(std::move(request)));
  if (response.status == 401 && call.credentials) call.credentials->refused();
  if (is_answer(call, response.status)) co_return response;
  auto reading = read_all(*response.body, kMaxErrorAnswer);
  const auto content = co_await settle(with_timeout(until - std::chrono::steady_clock::now(), std::move(reading)));
  throw error_of_status(response.status, response.headers, content.value_or(""), call.provider, clock.now());
}

Task<ProviderAnswer> call_provider(http::Client& client, const Clock& clock, ProviderCall call) {
  const auto until = std::chrono::steady_clock::now() + call.limit;
  auto response = co_await open_provider(client, clock, call);
  auto reading = read_all(*response.body, call.max_answer);
  auto content = co_await settle(with_timeout(until - std::chrono::steady_clock::now(), std::move(reading)));
  if (!content) throw FailedAfterUse(cut_off(content.error(), call.provider), call.at_risk);
  co_return ProviderAnswer{std::move(*content), std::string(response.headers.get("Content-Type")), response.status};
}

}  // namespace odeon::ai
