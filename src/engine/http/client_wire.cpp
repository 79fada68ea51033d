#include "engine/http/client_wire.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <cerrno>

#include "engine/http/client_errors.hpp"

namespace odeon::http::client {

using asio::ip::tcp;
using boost::system::error_code;
using State = TlsSession::State;

namespace {

constexpr int kReadsInTurn = 16;

tcp::socket::wait_type direction(State wanted) {
  return wanted == State::want_write ? tcp::socket::wait_write : tcp::socket::wait_read;
}

[[noreturn]] void throw_cut() {
  throw boost::system::system_error(asio::error::connection_reset);
}

}  // namespace

// TLS works on the bare descriptor, whose number may belong to another connection once this one closed.
void Wire::check_open() const {
  if (!socket_.is_open()) throw boost::system::system_error(asio::error::operation_aborted);
}

Task<void> Wire::wait_for(State wanted) {
  co_await socket_.async_wait(direction(wanted), asio::deferred);
  check_open();
}

Task<void> Wire::secure(const TlsContext& context, std::string host) {
  tls_.emplace(context, socket_.native_handle(), host);
  for (;;) {
    const auto step = tls_->handshake();
    if (step.state == State::done) co_return;
    if (step.state == State::failed || step.state == State::ended)
      throw unreachable("TLS_FAILED", fmt::format("{}: {}", host, tls_->failure()));
    co_await wait_for(step.state);
  }
}

Task<Wire::Read> Wire::read_some(std::span<char> into) {
  constexpr auto outcome = asio::as_tuple(asio::deferred);
  if (!tls_) {
    const auto [failure, bytes] = co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), outcome);
    co_return Read{bytes, failure};
  }
  // A fast peer must not keep the other connections of the loop waiting.
  if (++reads_without_wait_ == kReadsInTurn) {
    reads_without_wait_ = 0;
    co_await asio::post(socket_.get_executor(), asio::deferred);
  }
  for (;;) {
    if (!socket_.is_open()) co_return Read{0, asio::error::operation_aborted};
    const auto step = tls_->read(into);
    if (step.state == State::done) co_return Read{step.bytes, {}};
    if (step.state == State::ended) co_return Read{0, asio::error::eof};
    if (step.state == State::failed) co_return Read{0, asio::error::connection_reset};
    reads_without_wait_ = 0;
    const auto [failure] = co_await socket_.async_wait(direction(step.state), outcome);
    if (failure) co_return Read{0, failure};
  }
}

Task<std::size_t> Wire::write_some(std::string_view bytes) {
  if (!tls_) co_return co_await socket_.async_write_some(asio::buffer(bytes), asio::deferred);
  check_open();
  for (;;) {
    const auto step = tls_->write(bytes);
    if (step.state == State::done) co_return step.bytes;
    if (step.state == State::failed || step.state == State::ended) throw_cut();
    co_await wait_for(step.state);
  }
}

std::optional<std::size_t> Wire::try_write(std::string_view bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const std::string_view rest = bytes.substr(sent);
    if (tls_) {
      const auto step = tls_->write(rest);
      if (step.state == State::failed || step.state == State::ended) return std::nullopt;
      if (step.state != State::done) return sent;
      sent += step.bytes;
    } else {
      const auto count = ::send(socket_.native_handle(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return sent;
      if (count < 0) return std::nullopt;
      sent += static_cast<std::size_t>(count);
    }
  }
  return sent;
}

bool Wire::quiet() {
  if (!socket_.is_open()) return false;
  if (tls_) return tls_->quiet();
  char byte = 0;
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

void Wire::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace odeon::http::client
