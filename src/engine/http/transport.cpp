#include "engine/http/transport.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <boost/system/system_error.hpp>
#include <cerrno>

namespace odeon::http {
namespace {

using boost::system::error_code;

[[noreturn]] void raise_errno() {
  throw boost::system::system_error(error_code(errno, boost::system::system_category()));
}

void cut(Pieces& pieces, std::size_t written) {
  for (auto& piece : pieces) {
    const std::size_t count = std::min(piece.size(), written);
    piece.remove_prefix(count);
    written -= count;
  }
}

bool is_empty(const Pieces& pieces) {
  return std::all_of(pieces.begin(), pieces.end(), [](std::string_view piece) { return piece.empty(); });
}

}  // namespace

Transport::Transport(Socket socket) : socket_(std::move(socket)) {
  error_code ignored;  // a socket that is broken already shows it at the first read
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.native_non_blocking(true, ignored);
}

Task<void> Transport::accept_tls(const TlsContext& context) {
  tls_ = std::make_unique<TlsStream>(socket_, context);
  co_await tls_->handshake();
}

Task<std::size_t> Transport::read_some(std::span<char> into, error_code& failure) {
  if (tls_) return tls_->read_some(into, failure);
  return socket_.async_read_some(asio::buffer(into.data(), into.size()),
                                 asio::redirect_error(asio::use_awaitable, failure));
}

void Transport::read_later(std::span<char> into, ReadDone done) {
  if (tls_) return tls_->read_later(into, std::move(done));
  socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
}

bool Transport::write_now(Pieces& pieces, bool more) {
  if (tls_) return is_empty(pieces);
  while (!is_empty(pieces)) {
    std::array<iovec, std::tuple_size_v<Pieces>> list{};
    for (std::size_t i = 0; i < pieces.size(); ++i) list[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
    msghdr message{};
    message.msg_iov = list.data();
    message.msg_iovlen = list.size();
    const ssize_t sent =
        ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    if (sent < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
      if (errno == EINTR) continue;
      raise_errno();
    }
    cut(pieces, static_cast<std::size_t>(sent));
  }
  return true;
}

Task<void> Transport::write_some(Pieces& pieces) {
  if (!tls_) {
    co_await socket_.async_wait(Socket::wait_write, asio::use_awaitable);
    co_return;
  }
  // Small pieces share a record.
  constexpr std::size_t record = 16 * 1024;
  std::string joined;
  std::string_view next;
  for (const auto& piece : pieces) {
    if (piece.empty()) continue;
    if (joined.empty() && next.empty()) {
      next = piece;
    } else {
      if (joined.empty()) joined = next.substr(0, record);
      joined += piece.substr(0, record - joined.size());
    }
  }
  if (!joined.empty()) next = joined;
  cut(pieces, co_await tls_->write_some(next));
}

std::size_t Transport::send_file_now(int descriptor, std::uint64_t offset, std::uint64_t length) {
  constexpr std::uint64_t at_once = 1024 * 1024;  // so that one fast reader leaves the loop to others
  auto position = static_cast<off_t>(offset);
  for (;;) {
    const ssize_t sent =
        ::sendfile(socket_.native_handle(), descriptor, &position, static_cast<std::size_t>(std::min(length, at_once)));
    if (sent > 0) return static_cast<std::size_t>(sent);
    if (sent == 0) throw boost::system::system_error(asio::error::eof);
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno != EINTR) raise_errno();
  }
}

Task<void> Transport::shut_down() {
  if (tls_) co_await tls_->shut_down();
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Transport::close() {
  error_code ignored;
  socket_.close(ignored);
}

void Transport::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

}  // namespace odeon::http
