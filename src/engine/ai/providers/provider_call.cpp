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

// Whether it was ours to end it: the other side may have gone on.
bool given_up(std::exception_ptr failure) {
  if (is_cancellation(failure)) return true;
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.fault == Fault::timeout;
  } catch (const std::exception&) {
    return false;
  }
}

// As much as a model writes in that time.
Usage used_by_now(const ProviderCall& call, SteadyTime since) {
  constexpr std::int64_t kTokensASecond = 50;
  Usage used = call.at_risk;
  const auto waited = std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - since);
  used.output_tokens += std::min<std::int64_t>(waited.count() * kTokensASecond, call.may_write);
  return used;
}

[[noreturn]] void fail_waiting(std::exception_ptr failure, const ProviderCall& call, bool asked, SteadyTime since) {
  if (asked && call.at_risk.anything() && given_up(failure))
    throw FailedAfterUse(cut_off(failure, call.provider), used_by_now(call, since));
  std::rethrow_exception(failure);
}

// `call` and `asked`, set once it has the question, outlive it.
http::ClientRequest request_of(ProviderCall& call, bool& asked) {
  http::ClientRequest request{.method = call.method,
                              .url = std::move(call.url),
                              .headers = std::move(call.headers),
                              .body = std::move(call.body),
                              .sent = &asked};
  if (!request.body.empty()) request.headers.set("Content-Type", call.content_type);
  if (call.trace.valid()) request.headers.set("traceparent", call.trace.traceparent());
  return request;
}

// An answer of whatever status. What is given outlives it.
Task<http::ClientResponse> sent(http::Client& client, ProviderCall& call, bool& asked) {
  auto request = request_of(call, asked);
  if (call.credentials) co_await call.credentials->add_to(request);
  co_return co_await client.send(std::move(request));
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
  const SteadyTime since = std::chrono::steady_clock::now();
  bool asked = false;
  auto response = co_await settle(with_timeout(call.limit, sent(client, call, asked)));
  if (!response) fail_waiting(response.error(), call, asked, since);
  if (!is_answer(call, response->status)) throw co_await refusal(call, *response, clock, since + call.limit);
  co_return std::move(*response);
}

Task<ProviderAnswer> call_provider(http::Client& client, const Clock& clock, ProviderCall call) {
  const SteadyTime since = std::chrono::steady_clock::now(), until = since + call.limit;
  bool asked = false, begun = false;
  http::ClientResponse response;
  std::string body;
  try {
    auto request = request_of(call, asked);
    request.over_by = until;
    if (call.credentials && !call.credentials->add_now(request))
      co_await with_timeout(call.limit, call.credentials->add_to(request));
    response = co_await client.send(std::move(request));
    begun = is_answer(call, response.status);
    if (begun) body = co_await read_all(*response.body, call.max_answer);
  } catch (...) {
    const auto failure = std::current_exception();
    if (begun) throw FailedAfterUse(cut_off(failure, call.provider), used_by_now(call, since));
    fail_waiting(failure, call, asked, since);
  }
  if (!begun) throw co_await refusal(call, response, clock, until);
  co_return ProviderAnswer{std::move(body), std::string(response.headers.get("Content-Type")), response.status};
}

}  // namespace odeon::ai
