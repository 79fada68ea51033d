// WebSocket on the server's side (RFC 6455), by Beast: the upgrade, and the connection's life after it.
#pragma once

#include <memory>
#include <optional>

#include "engine/http/connection.hpp"
#include "engine/http/head.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

// An open WebSocket as the server sees it.
class OpenSocket : public WebSocket {
 public:
  // The server stops: closes with 1001, without waiting.
  virtual void go_away() = 0;
};

// Why a request cannot be upgraded: 426 when it does not ask for WebSocket in version 13, else 400.
std::optional<Refusal> check_upgrade(const Request& request, const Head& head);
Response upgrade_refused(const Refusal& refusal);

// Upgrades, runs `body`, closes. `headers` go into the answer. Nothing but the connection's end follows.
Task<void> run_socket(Connection& connection, const Request& request, Headers headers, SocketBody body);

}  // namespace odeon::http
