// The byte stream of one connection: TCP, or TLS over it. What needs no waiting is done at once, by one
// system call; waiting is a separate step, so that the owner can set a deadline for it. Failures are
// boost::system::system_error.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "base/task.hpp"
#include "engine/http/tls.hpp"

namespace odeon::http {

// Written one after the other; what was written is cut off.
using Pieces = std::array<std::string_view, 4>;

class Transport {
 public:
  using Socket = asio::ip::tcp::socket;
  using ReadDone = std::function<void(boost::system::error_code, std::size_t)>;

  explicit Transport(Socket socket);
  Socket& socket() { return socket_; }
  TlsStream* tls() { return tls_.get(); }  // null for plain TCP
  Task<void> accept_tls(const TlsContext& context);

  // The end of the stream is asio::error::eof in `failure`.
  Task<std::size_t> read_some(std::span<char> into, boost::system::error_code& failure);
  // As a call back, on the loop. The owner keeps itself and `into` alive until then.
  void read_later(std::span<char> into, ReadDone done);

  // Whether everything is written; never waits. `more` says that bytes follow at once.
  bool write_now(Pieces& pieces, bool more = false);
  // Waits for room and writes some (TLS), or only waits (TCP).
  Task<void> write_some(Pieces& pieces);

  bool can_send_file() const { return tls_ == nullptr; }
  // Sends from a regular file until the socket's buffer is full; the bytes sent. Throws at its end.
  std::size_t send_file_now(int descriptor, std::uint64_t offset, std::uint64_t length);

  Task<void> shut_down();  // ends our side
  void close();
  // A reset instead of an end: for a body that only the end of the connection delimits.
  void reset();

 private:
  Socket socket_;
  std::unique_ptr<TlsStream> tls_;
};

}  // namespace odeon::http
