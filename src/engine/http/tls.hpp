// TLS on the server's side, by OpenSSL: version 1.2 or newer, ALPN "http/1.1".
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "base/task.hpp"

namespace odeon::http {

// Certificate and key. Thread-safe.
class TlsContext {
 public:
  // Throws Error when the files are missing, broken, or do not belong together.
  TlsContext(const std::string& certificate_file, const std::string& key_file);
  ~TlsContext();

 private:
  friend class TlsStream;
  struct State;
  std::unique_ptr<State> state_;
};

// TLS over a socket that outlives it. One read and one write at a time.
class TlsStream {
 public:
  TlsStream(asio::ip::tcp::socket& socket, const TlsContext& context);
  ~TlsStream();
  Task<void> handshake();
  Task<std::size_t> read_some(std::span<char> into, boost::system::error_code& failure);
  void read_later(std::span<char> into, std::function<void(boost::system::error_code, std::size_t)> done);
  Task<std::size_t> write_some(std::string_view bytes);
  Task<void> shut_down();  // says that no more will come, so that a cut is told from an end

  struct State;  // for tls_state.hpp: WebSocket frames go through the stream itself
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace odeon::http
