#include "engine/ai/providers/provider_call.hpp"

#include "base/bytes.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxErrorAnswer = 64 << 10;

}  // namespace

Task<ProviderAnswer> call_provider(http::Client& client, const Clock& clock, ProviderCall call) {
  http::ClientRequest request{
      .method = call.method, .url = call.url, .headers = call.headers, .body = std::move(call.body)};
  if (!request.body.empty()) request.headers.set("Content-Type", call.content_type);
  if (call.trace.valid()) request.headers.set("traceparent", call.trace.traceparent());
  const auto until = std::chrono::steady_clock::now() + call.limit;
  if (call.credentials) co_await with_timeout(call.limit, call.credentials->add_to(request));
  auto response = co_await with_timeout(until - std::chrono::steady_clock::now(), client.send(std::move(request)));
  const bool fine = response.status >= 200 && response.status < 300;
  auto reading = read_all(*response.body, fine ? call.max_answer : kMaxErrorAnswer);
  auto content = co_await settle(with_timeout(until - std::chrono::steady_clock::now(), std::move(reading)));
  if (response.status == 401 && call.credentials) call.credentials->refused();
  if (!fine) throw error_of_status(response.status, response.headers, content.value_or(""), call.provider, clock.now());
  if (!content) throw FailedAfterUse(cut_off(content.error(), call.provider), call.at_risk);
  co_return ProviderAnswer{std::move(*content), std::string(response.headers.get("Content-Type"))};
}

}  // namespace odeon::ai
