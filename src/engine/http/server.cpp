#include "engine/http/server.hpp"

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

}  // namespace

struct Server::State {
  std::shared_ptr<ServerShared> shared;
  Loops& loops;
  std::vector<std::shared_ptr<ServerLoop>> servers;
};

Server::Server(ServerOptions options, Loops& loops, Handler handler, Log& log, Metrics& metrics) {
  std::unique_ptr<TlsContext> tls;
  if (!options.certificate_file.empty() || !options.key_file.empty())
    tls = std::make_unique<TlsContext>(options.certificate_file, options.key_file);
  TrustedProxies proxies(options.trusted_proxies);
  auto open = metrics.gauge("http_connections", "Open connections");
  state_ =
      std::make_shared<State>(State{std::make_shared<ServerShared>(std::move(options), std::move(handler), log, metrics,
                                                                   std::move(proxies), std::move(tls), open),
                                    loops,
                                    {}});
}

Server::~Server() = default;

std::uint16_t Server::start() {
  // sendfile has no flag against the signal that a broken connection raises.
  std::signal(SIGPIPE, SIG_IGN);
  const auto& options = state_->shared->options;
  boost::system::error_code failure;
  const auto address = asio::ip::make_address(options.address, failure);
  if (failure) raise("Not an address to listen on: " + options.address, failure);
  tcp::endpoint endpoint(address, options.port);
  if (endpoint.port() != 0) require_free(state_->loops[0], endpoint);
  for (std::size_t i = 0; i < state_->loops.size(); ++i) {
    auto acceptor = open_acceptor(state_->loops[i], endpoint);
    endpoint = acceptor.local_endpoint();
    state_->servers.push_back(std::make_shared<ServerLoop>(state_->shared, state_->loops[i], std::move(acceptor)));
  }
  for (const auto& server : state_->servers) server->start();
  return endpoint.port();
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
