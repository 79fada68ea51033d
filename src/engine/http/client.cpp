#include "engine/http/client.hpp"

#include "base/text.hpp"
#include "engine/http/client_body.hpp"
#include "engine/http/client_errors.hpp"
#include "engine/http/client_exchange.hpp"

namespace odeon::http {

using namespace client;

namespace {

// Of a request that goes on to another origin, only what says nothing about the caller.
bool may_cross_origins(std::string_view name) {
  for (const std::string_view harmless : {"accept", "accept-language", "user-agent", "range", "if-none-match",
                                          "if-modified-since", "if-range", "cache-control"})
    if (text::equals_ignoring_case(name, harmless)) return true;
  return false;
}

// Where a redirect leads, if it may be followed; else the redirect itself is the answer.
std::optional<std::string> redirect_of(const ClientRequest& request, const Target& from,
                                       const ClientResponse& response) {
  if (request.method != Method::get && request.method != Method::head) return std::nullopt;
  const unsigned status = response.status;
  if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) return std::nullopt;
  const std::string_view location = response.headers.get("location");
  auto to = location.empty() ? std::nullopt : resolve_reference(request.url, location);
  if (!to) return std::nullopt;
  try {
    const Target there = parse_target(*to);
    if (from.tls && !there.tls) return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
  return to;
}

}  // namespace

struct Client::State {
  explicit State(ClientOptions chosen)
      : options(std::move(chosen)),
        trusted(options.authorities_file),
        pools(options.max_idle_per_origin, options.keep_idle) {}

  const ClientOptions options;
  const TlsContext trusted;
  Pools pools;
  KnownTargets targets;

  ClientResponse respond(std::unique_ptr<Connection> connection, std::shared_ptr<Pool> pool, Exchange answer) {
    AnswerHead& head = answer.head;
    if (!head.keeps_alive || !answer.sent_whole) pool = nullptr;
    ClientResponse response{head.status, std::move(head.headers)};
    response.body =
        std::make_unique<AnswerBody>(std::move(connection), std::move(pool), head.body, head.length, options.idle_time);
    return response;
  }

  Task<ClientResponse> send_once(const ClientRequest& request, const Target& target) {
    std::string head = compose_head(request, target);
    auto pool = pools.of_loop(co_await asio::this_coro::executor);
    auto connection = pool->take(target.origin);
    for (bool reused = connection != nullptr;; reused = false) {
      if (!reused)
        connection = co_await Connection::open(target, trusted, options.may_connect, connect_time(request.over_by));
      connection->deadline().end_at(request.over_by);
      auto answer =
          co_await exchange(*connection, request, std::move(head), options.first_byte_time, options.max_header_bytes);
      if (answer) co_return respond(std::move(connection), std::move(pool), std::move(*answer));
      // The peer closed it meanwhile. What was read from a stream is gone; a string is sent again.
      if (!reused || request.stream) throw unreachable("CONNECTION_LOST", connection->lost_because());
      head = compose_head(request, target);
    }
  }

  std::chrono::milliseconds connect_time(std::chrono::steady_clock::time_point over_by) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(over_by - std::chrono::steady_clock::now());
    return std::min(options.connect_time, left);
  }

  // A member function on a shared state: the call may outlive the Client.
  static Task<ClientResponse> send(std::shared_ptr<State> self, ClientRequest request) {
    for (int redirects = 0;; ++redirects) {
      const auto target = self->targets.of(request.url);
      ClientResponse response = co_await self->send_once(request, *target);
      std::optional<std::string> next;
      if (redirects < request.follow_redirects) next = redirect_of(request, *target, response);
      if (!next) {
        response.url = std::move(request.url);
        co_return response;
      }
      request.url = std::move(*next);
      if (parse_target(request.url).origin == target->origin) continue;
      Headers kept;
      for (const auto& [name, value] : request.headers)
        if (may_cross_origins(name)) kept.add(name, value);
      request.headers = std::move(kept);
    }
  }
};

Client::Client(ClientOptions options) : state_(std::make_shared<State>(std::move(options))) {}
Client::~Client() = default;

Task<ClientResponse> Client::send(ClientRequest request) {
  return State::send(state_, std::move(request));
}

}  // namespace odeon::http
