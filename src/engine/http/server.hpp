// The HTTP/1.1 server (RFC 9112): one acceptor per loop on one port (SO_REUSEPORT, or one inherited
// socket that all share), a connection stays on the loop that accepted it.
//
// It frames messages and enforces limits: a request that breaks framing or a limit is answered with
// 400, 408, 413, 414, 417, 431, 501 or 505 and the connection closes. Pipelined requests are answered in order.
// Answers to HEAD have no body; text and JSON above 1 KB is compressed when the client takes gzip;
// Date, Content-Length or chunked framing and Connection are its own.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/task.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

struct ServerOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 8080;  // 0 picks a free one
  // A listening TCP socket that somebody else keeps open (systemd, a supervisor), used instead of address and
  // port. It is never shut down here: who connects while nobody accepts is served by the next process.
  std::optional<int> inherited_socket;
  // PEM files; both empty for plain HTTP.
  std::string certificate_file;
  std::string key_file;

  std::size_t max_header_bytes = 16 * 1024;
  std::uint64_t max_body_bytes = 10 * 1024 * 1024;  // endpoints that stream uploads set their own
  std::size_t max_socket_message_bytes = 1024 * 1024;
  std::size_t max_connections = 20'000;
  std::chrono::milliseconds header_time{10'000};  // from the first byte to the end of the header
  std::chrono::milliseconds body_time{30'000};    // for the whole body, unless allow_slow_body
  std::chrono::milliseconds idle_time{75'000};    // between requests, and for a write without progress
  std::chrono::milliseconds ping_interval{20'000};
  // Once stopping: for the last request on a connection that was told it may bring one.
  std::chrono::milliseconds farewell_time{1'000};
  // Addresses and networks ("10.0.0.0/8") whose X-Forwarded-For and -Proto are believed.
  std::vector<std::string> trusted_proxies;
};

class Server {
 public:
  // Throws Error when the certificate or an option is unusable. `handler` is called on every loop; it must
  // not throw, and is cancelled when its client leaves.
  Server(ServerOptions options, Loops& loops, Handler handler, Log& log, Metrics& metrics);
  ~Server();  // after `stop`

  // Binds and starts to accept; throws Error when the port is taken. Returns the port. SIGPIPE is ignored
  // from then on, in the whole process.
  std::uint16_t start();
  // Accepts who waits already and nobody after them, closes WebSockets with 1001, lets requests and streams
  // under way end within `grace`. Connections between requests have the farewell time for one more, whose
  // answer closes them, so that no client finds its connection cut that was told to keep it. What is left is
  // cancelled: event streams end well, other answers are visibly cut. Idempotent.
  Task<void> stop(std::chrono::milliseconds grace);
  std::size_t connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace odeon::http
