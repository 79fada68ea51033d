// What the client's tests share: a client and a scripted server on one loop.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/error.hpp"
#include "engine/http/client.hpp"
#include "testing/raw_server.hpp"

namespace odeon::http {

using testing::RawScript;
using testing::RawServer;

template <class Use>
Task<void> play(Client& client, std::vector<RawScript> scripts, std::optional<testing::Certificate> tls, Use use) {
  RawServer server(co_await asio::this_coro::executor, std::move(tls));
  for (RawScript& script : scripts) server.on_connection(std::move(script));
  const auto outcome = co_await settle(use(client, server));
  co_await server.stop();
  if (!outcome) std::rethrow_exception(outcome.error());
}

// Runs the coroutine `use(client, server)` while a server plays one script a connection.
template <class Use>
void with_server(std::vector<RawScript> scripts, Use use, ClientOptions options = {},
                 std::optional<testing::Certificate> tls = std::nullopt) {
  Client client(std::move(options));
  run_task(play(client, std::move(scripts), std::move(tls), std::move(use)));
}

inline Task<std::string> body_of(Client& client, ClientRequest request) {
  ClientResponse response = co_await client.send(std::move(request));
  co_return co_await read_all(*response.body, 64 * 1024 * 1024);
}

// What `task` fails with; an Error with an empty code when it does not.
template <class T>
Task<Error> failure_of(Task<T> task) {
  const auto outcome = co_await settle(std::move(task));
  if (outcome) co_return Error(Fault::internal, "", "it succeeded");
  try {
    std::rethrow_exception(outcome.error());
  } catch (const Error& error) {
    co_return error;
  }
}

inline const std::string kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

}  // namespace odeon::http
