#include "engine/http/json_call.hpp"

namespace odeon::http {
namespace {

Task<JsonAnswer> exchange(Client& client, ClientRequest request, std::size_t max_bytes) {
  auto response = co_await client.send(std::move(request));
  JsonAnswer answer{.status = response.status, .retry_after = std::string(response.headers.get("Retry-After"))};
  const std::string body = co_await read_all(*response.body, max_bytes);
  try {
    answer.document = json::parse(body);
  } catch (const Error&) {
    answer.document = nullptr;
  }
  co_return answer;
}

}  // namespace

Task<JsonAnswer> call_json(Client& client, ClientRequest request, std::size_t max_bytes,
                           std::chrono::milliseconds time) {
  return with_timeout(time, exchange(client, std::move(request), max_bytes));
}

}  // namespace odeon::http
