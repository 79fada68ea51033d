// A connected socket, plain or with TLS on it, seen as bytes in and bytes out.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <span>
#include <string_view>

#include "base/task.hpp"
#include "engine/http/client_tls.hpp"

namespace odeon::http::client {

// Used on the loop of its socket. One read and one write may be under way at the same time; `close`
// ends both with operation_aborted. A write to a broken connection throws boost::system::system_error.
class Wire {
 public:
  explicit Wire(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  // Puts TLS on the socket. Throws Error{unavailable} when the peer cannot be trusted.
  Task<void> secure(const TlsContext& context, std::string host);
  // Some bytes, or why there are none: eof where the peer ended the stream, with TLS only if it said so.
  struct Read {
    std::size_t bytes = 0;
    boost::system::error_code failure;
  };
  Task<Read> read_some(std::span<char> into);
  Task<std::size_t> write_some(std::string_view bytes);
  // What fits into the socket's buffer right now; nothing when the connection is broken.
  std::optional<std::size_t> try_write(std::string_view bytes);
  // Whether an idle connection is still open and the peer sent nothing unasked.
  bool quiet();
  void close();
  asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  void check_open() const;
  Task<void> wait_for(TlsSession::State wanted);

  asio::ip::tcp::socket socket_;
  std::optional<TlsSession> tls_;
  int reads_without_wait_ = 0;
};

}  // namespace odeon::http::client
