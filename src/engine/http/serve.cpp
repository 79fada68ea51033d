#include "engine/http/serve.hpp"

#include <boost/system/system_error.hpp>

#include "base/log.hpp"
#include "engine/http/request_body.hpp"
#include "engine/http/respond.hpp"
#include "engine/http/websocket.hpp"

namespace odeon::http {
namespace {

// Answers without having understood the request; the connection closes after it.
Task<void> refuse_request(Connection& connection, Refusal refusal) {
  connection.loop().count_refusal(refusal.status);
  Request unknown;
  Response response = refusal_response(refusal);
  co_await respond(connection, unknown, {}, response, false);
}

// The size of the next head once all of it is there; nothing when the connection shall end.
Task<std::optional<std::size_t>> await_head(Connection& connection) {
  auto& loop = connection.loop();
  HeadScanner scanner(loop.options().max_header_bytes);
  std::optional<ServerLoop::Ticks> deadline;
  for (;;) {
    // Some clients end a body with a line break too many (RFC 9112 §2.2).
    while (!deadline && connection.input().starts_with("\r\n")) connection.consume(2);
    const auto size = connection.input() == "\r" ? std::nullopt : scanner.scan(connection.input());
    if (!size) {
      co_await refuse_request(connection, size.error());
      co_return std::nullopt;
    }
    if (*size) co_return *size;
    if (!connection.flush_now()) co_await connection.write();
    const bool is_idle = connection.input().empty();
    if (!is_idle && !deadline) deadline = loop.tick_in(loop.options().header_time);
    connection.set_idle(is_idle);
    const auto idle_time = connection.is_draining() ? loop.options().farewell_time : loop.options().idle_time;
    connection.set_deadline(deadline ? *deadline : loop.tick_in(idle_time));
    const auto filled = co_await connection.fill(2048);
    connection.set_idle(false);
    if (filled == Connection::Fill::expired && !is_idle)
      co_await refuse_request(connection, {408, "The header took too long."});
    if (filled == Connection::Fill::end && !is_idle)
      co_await refuse_request(connection, {400, "The header ended early."});
    if (filled != Connection::Fill::bytes) co_return std::nullopt;
  }
}

// The rest of what a request says about itself and its sender.
void complete(Connection& connection, Request& request) {
  request.scheme = connection.transport().tls() ? "https" : "http";
  request.remote = connection.remote();
  if (connection.is_from_proxy()) connection.loop().shared().proxies.apply(request);
  connection.loop().tracer().identify(request);
}

Response response_to_failure(Connection& connection, const Request& request, const RequestBody& body,
                             const std::exception_ptr& failure) {
  if (body.refusal()) {
    connection.loop().count_refusal(body.refusal()->status);
    return refusal_response(*body.refusal());
  }
  connection.loop().shared().log.error(
      "http.handler_failed", {{"request", request.id}, {"path", request.path}, {"detail", describe(failure)}});
  return refusal_response({500, "Something went wrong here."});
}

// What was cancelled stays so; what was put off by who answered the request before is not put off for this one.
Task<bool> can_be_cancelled(Connection& connection) {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (connection.is_gone() || state.cancelled() != asio::cancellation_type::none) co_return false;
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_await asio::this_coro::throw_if_cancelled(true);
  co_return true;
}

// Whether another request can follow.
Task<bool> handle(Connection& connection, std::size_t head_size) {
  if (!co_await can_be_cancelled(connection)) co_return false;
  Request request;
  const auto head = parse_head(connection.input().substr(0, head_size), request);
  connection.consume(head_size);
  if (!head) {
    co_await refuse_request(connection, head.error());
    co_return false;
  }
  complete(connection, request);
  RequestBody body(connection, *head);
  request.body = &body;
  request.allow_slow_body = [&body] { body.allow_slow(); };
  request.allow_large_body = [&body](std::uint64_t bytes) { body.allow_large(bytes); };

  Response response;
  std::exception_ptr failure;
  connection.begin_work(false);
  try {
    response = co_await connection.loop().shared().handler(request);
  } catch (...) {
    failure = std::current_exception();
  }
  connection.end_work();
  if (connection.is_gone()) co_return false;
  bool keep_alive = head->keep_alive && !failure && !body.refusal() && !connection.is_draining();
  if (failure) response = response_to_failure(connection, request, body, failure);
  if (auto* take_over = std::get_if<SocketBody>(&response.body)) {
    if (const auto refusal = check_upgrade(request, *head)) {
      response = upgrade_refused(*refusal);
    } else {
      co_await run_socket(connection, request, response.headers, std::move(*take_over));
      co_return false;
    }
  }
  // A stream may last: of what was asked it needs no more than the log. An assignment would keep the memory.
  if (std::holds_alternative<StreamBody>(response.body)) static_cast<void>(Headers(std::move(request.headers)));
  const auto at_once = respond_now(connection, request, *head, response, keep_alive);
  keep_alive = at_once ? *at_once : co_await respond(connection, request, *head, response, keep_alive);
  if (!keep_alive || body.is_done()) co_return keep_alive;
  co_await connection.write();  // the client may wait for it before it sends on
  co_return co_await body.drain();
}

}  // namespace

Task<void> serve(Connection& connection) {
  while (const auto head_size = co_await await_head(connection))
    if (!co_await handle(connection, *head_size)) co_return;
}

}  // namespace odeon::http
