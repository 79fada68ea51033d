#include "engine/coordination/redis_connection.hpp"

#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"

namespace odeon::coordination::redis {
namespace {

using asio::ip::tcp;
namespace ssl = asio::ssl;

template <class Stream>
class Streamed : public Transport {
 public:
  template <class... Args>
  explicit Streamed(Args&&... args) : stream_(std::forward<Args>(args)...) {}

  Task<std::size_t> read_some(std::span<char> into) override {
    co_return co_await stream_.async_read_some(asio::buffer(into.data(), into.size()), asio::use_awaitable);
  }
  Task<void> write(std::string_view bytes) override {
    co_await asio::async_write(stream_, asio::buffer(bytes), asio::use_awaitable);
  }
  void close() override {
    boost::system::error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 protected:
  Stream stream_;
};

class Secure final : public Streamed<ssl::stream<tcp::socket>> {
 public:
  // The stream keeps what it needs of the context.
  Secure(tcp::socket socket, ssl::context& context) : Streamed(std::move(socket), context) {}

  Task<void> greet(std::string host) {
    boost::system::error_code a_name;
    asio::ip::make_address(host, a_name);
    if (a_name) SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str());
    stream_.set_verify_callback(ssl::host_name_verification(host));
    co_await stream_.async_handshake(ssl::stream_base::client, asio::use_awaitable);
  }
};

Task<tcp::socket> reach(std::string host, std::uint16_t port) {
  auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto found = co_await resolver.async_resolve(host, std::to_string(port), asio::use_awaitable);
  tcp::socket socket(executor);
  co_await asio::async_connect(socket, found, asio::use_awaitable);
  socket.set_option(tcp::no_delay(true));
  co_return socket;
}

Task<std::unique_ptr<Transport>> encrypted(tcp::socket socket, std::string host, ssl::context& context) {
  auto secure = std::make_unique<Secure>(std::move(socket), context);
  co_await secure->greet(host);
  co_return secure;
}

}  // namespace

void raise(const Reply& error) {
  throw Error(Fault::unavailable, "REDIS_UNAVAILABLE", "Redis cannot serve now.").with_detail(error.text);
}

struct Server::Trust {
  ssl::context context{ssl::context::tls_client};
};

Server::Server(Address address, const std::string& authorities_file) : address_(std::move(address)) {
  if (!address_.tls) return;
  trust_ = std::make_shared<Trust>();
  auto& context = trust_->context;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code fault;
  if (authorities_file.empty())
    context.set_default_verify_paths(fault);
  else
    context.load_verify_file(authorities_file, fault);
  if (fault)
    throw Error(Fault::invalid, "REDIS_AUTHORITIES", "The certificate authorities for Redis cannot be used.")
        .with_detail(authorities_file + ": " + fault.message());
}

Task<std::shared_ptr<Connection>> Server::connect() const {
  tcp::socket socket = co_await reach(address_.host, address_.port);
  std::unique_ptr<Transport> transport;
  if (trust_)
    transport = co_await encrypted(std::move(socket), address_.host, trust_->context);
  else
    transport = std::make_unique<Streamed<tcp::socket>>(std::move(socket));
  auto connection = std::make_shared<Connection>(std::move(transport));
  std::string greeting;
  int answers = 1;
  if (!address_.password.empty()) {
    greeting += address_.user.empty() ? command({"AUTH", address_.password})
                                      : command({"AUTH", address_.user, address_.password});
    ++answers;
  }
  greeting += command({"SELECT", std::to_string(address_.database)});
  co_await connection->send(std::move(greeting));
  while (answers-- > 0)
    if (const Reply reply = co_await connection->receive(); reply.is_error()) raise(reply);
  co_return connection;
}

Task<void> Connection::send(std::string commands) {
  co_await transport_->write(commands);
}

Task<void> Connection::more() {
  const std::size_t count = co_await transport_->read_some(buffer_);
  replies_.feed({buffer_.data(), count});
}

Task<Reply> Connection::receive() {
  for (;;) {
    if (auto reply = ready()) co_return std::move(*reply);
    co_await more();
  }
}

}  // namespace odeon::coordination::redis
