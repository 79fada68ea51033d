#include "engine/http/server.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <csignal>

#include "base/error.hpp"
#include "engine/http/server_loop.hpp"

namespace odeon::http {
namespace {

using asio::ip::tcp;

[[noreturn]] void raise(std::string message, const boost::system::error_code& failure) {
  throw Error(Fault::unavailable, "ADDRESS", std::move(message)).with_detail(failure.message());
}

tcp::acceptor open_acceptor(asio::io_context& context, const tcp::endpoint& endpoint) {
  using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  constexpr int backlog = 4096;
  tcp::acceptor acceptor(context, endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.set_option(reuse_port(true));
  boost::system::error_code failure;
  acceptor.bind(endpoint, failure);
  if (!failure) acceptor.listen(backlog, failure);
  if (failure) raise(fmt::format("Port {} cannot be listened on.", endpoint.port()), failure);
  return acceptor;
}

// With SO_REUSEPORT a second server of the same user would quietly take half of the connections.
void require_free(asio::io_context& context, const tcp::endpoint& endpoint) {
  tcp::acceptor probe(context, endpoint.protocol());
  probe.set_option(tcp::acceptor::reuse_address(true));
  boost::system::error_code failure;
  probe.bind(endpoint, failure);
  if (failure) raise(fmt::format("Port {} is taken.", endpoint.port()), failure);
}

// One acceptor for each loop on the same socket: whichever accepts first has the connection.
tcp::acceptor share_acceptor(asio::io_context& context, int listening) {
  sockaddr_storage address{};
  socklen_t address_size = sizeof address;
  int accepts = 0;
  socklen_t size = sizeof accepts;
  const bool is_listening = ::getsockopt(listening, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0 && accepts != 0 &&
                            ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &address_size) == 0 &&
                            (address.ss_family == AF_INET || address.ss_family == AF_INET6);
  if (!is_listening)
    throw Error(Fault::invalid, "ADDRESS", "The socket that was handed over is not a listening TCP socket.");
  const int copy = ::fcntl(listening, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) raise("The socket that was handed over cannot be used.", {errno, boost::system::system_category()});
  return tcp::acceptor(context, address.ss_family == AF_INET ? tcp::v4() : tcp::v6(), copy);
}

}  // namespace

struct Server::State {
  std::shared_ptr<ServerShared> shared;
  Loops& loops;
  std::vector<std::shared_ptr<ServerLoop>> servers;
  std::uint16_t port = 0;

  // One acceptor for each loop, by `open`.
  void accept_with(auto&& open) {
    for (std::size_t i = 0; i < loops.size(); ++i) {
      tcp::acceptor acceptor = open(loops[i]);
      port = acceptor.local_endpoint().port();
      servers.push_back(std::make_shared<ServerLoop>(shared, loops[i], std::move(acceptor)));
    }
  }

  void listen() {
    boost::system::error_code failure;
    const auto address = asio::ip::make_address(shared->options.address, failure);
    if (failure) raise("Not an address to listen on: " + shared->options.address, failure);
    port = shared->options.port;
    if (port != 0) require_free(loops[0], {address, port});
    accept_with([&](auto& context) { return open_acceptor(context, {address, port}); });
  }
};

Server::Server(ServerOptions options, Loops& loops, Handler handler, Log& log, Metrics& metrics) {
  std::unique_ptr<TlsContext> tls;
  if (!options.certificate_file.empty() || !options.key_file.empty())
    tls = std::make_unique<TlsContext>(options.certificate_file, options.key_file);
  TrustedProxies proxies(options.trusted_proxies);
  auto open = metrics.gauge("http_connections", "Open connections");
  auto sockets = metrics.gauge("active_websocket_connections", "Number of active WebSocket connections");
  state_ =
      std::make_shared<State>(State{std::make_shared<ServerShared>(std::move(options), std::move(handler), log, metrics,
                                                                   std::move(proxies), std::move(tls), open, sockets),
                                    loops,
                                    {},
                                    0});
}

Server::~Server() = default;

std::uint16_t Server::start() {
  // sendfile has no flag against the signal that a broken connection raises.
  std::signal(SIGPIPE, SIG_IGN);
  if (const auto inherited = state_->shared->options.inherited_socket)
    state_->accept_with([&](auto& context) { return share_acceptor(context, *inherited); });
  else
    state_->listen();
  for (const auto& server : state_->servers) server->start();
  return state_->port;
}

Task<void> Server::stop(std::chrono::milliseconds grace) {
  const auto state = state_;
  const auto until = std::chrono::steady_clock::now() + grace;
  for (std::size_t i = 0; i < state->servers.size(); ++i)
    asio::post(state->loops[i], [server = state->servers[i]] { server->drain(); });
  for (std::size_t i = 0; i < state->servers.size(); ++i)
    co_await asio::co_spawn(state->loops.executor(i), state->servers[i]->finish(until), asio::use_awaitable);
}

std::size_t Server::connections() const {
  return state_->shared->count.load(std::memory_order_relaxed);
}

}  // namespace odeon::http
