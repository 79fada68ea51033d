// A TCP server that does exactly what a test scripts, right or wrong: it stands for the outside world.
//
//   RawServer server(executor);
//   server.on_connection({read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), hold()});
//   ... client.send({.url = server.url("/")}) ...
//   co_await server.stop();
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/task.hpp"
#include "testing/certificates.hpp"

namespace odeon::testing {

namespace raw {
struct ReadHead {};  // up to an empty line; kept in `heads`
struct ReadBody {};  // as long as the last head says; kept in `bodies`
struct ReadBytes {
  std::size_t count;
};  // kept in `bodies`
struct ReadToEnd {};  // until the peer closes; kept in `bodies`
struct Send {
  std::string bytes;
};
struct Trickle {
  std::string bytes;
};  // again and again, until the peer closes
struct Answer {
  std::function<std::string(const std::string& head)> make;
};  // computed from the last head
struct Close {};  // for TLS with its closing message
struct Cut {};    // end of the stream without TLS's closing message
struct Reset {};
}  // namespace raw

using RawStep = std::variant<raw::ReadHead, raw::ReadBody, raw::ReadBytes, raw::ReadToEnd, raw::Send, raw::Trickle,
                             raw::Answer, raw::Close, raw::Cut, raw::Reset>;
using RawScript = std::vector<RawStep>;

inline RawStep read_head() {
  return raw::ReadHead{};
}
inline RawStep read_body() {
  return raw::ReadBody{};
}
inline RawStep read_bytes(std::size_t count) {
  return raw::ReadBytes{count};
}
inline RawStep send(std::string bytes) {
  return raw::Send{std::move(bytes)};
}
inline RawStep trickle(std::string bytes) {
  return raw::Trickle{std::move(bytes)};
}
inline RawStep close_connection() {
  return raw::Close{};
}
inline RawStep cut() {
  return raw::Cut{};
}
inline RawStep reset_connection() {
  return raw::Reset{};
}
inline RawStep hold() {
  return raw::ReadToEnd{};
}
// The bytes in pieces that end at `cuts` (ascending), each sent by itself.
RawScript send_in_pieces(const std::string& bytes, const std::vector<std::size_t>& cuts);

// Answers as they go over the wire. `headers` are whole lines.
std::string http_answer(std::string_view status, std::string_view type, std::string_view body,
                        std::string_view headers = "");
std::string json_answer(std::string_view status, std::string_view body, std::string_view headers = "");

// Everything happens on the loop of `executor`, and is used there. A connection whose script is over is
// closed.
class RawServer {
 public:
  explicit RawServer(asio::any_io_executor executor, std::optional<Certificate> tls = std::nullopt);
  ~RawServer();  // after `stop`

  // The script of the next connection that has none; connections beyond the last script repeat it.
  void on_connection(RawScript script);
  std::uint16_t port() const;
  std::string url(const std::string& path, const std::string& host = "127.0.0.1") const;

  std::size_t connections() const;                // accepted so far
  std::size_t closed_by_peer() const;             // of those, seen to end while the script was reading
  const std::vector<std::string>& heads() const;  // in order of arrival, over all connections
  const std::vector<std::string>& bodies() const;
  // Looks again whenever something was accepted, read or closed.
  Task<void> until(std::function<bool(const RawServer&)> holds);
  Task<void> stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace odeon::testing
