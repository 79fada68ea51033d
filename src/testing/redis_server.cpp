#include "testing/redis_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <random>
#include <stdexcept>

namespace odeon::testing {

// Below the range from which the system picks ports for those who name none: it is free again after a
// restart.
std::uint16_t free_port() {
  std::random_device random;
  std::uniform_int_distribution<int> ports(10'000, 30'000);
  boost::asio::io_context loop;
  for (;;) {
    const auto port = static_cast<std::uint16_t>(ports(random));
    boost::asio::ip::tcp::acceptor acceptor(loop, boost::asio::ip::tcp::v4());
    boost::system::error_code taken;
    acceptor.bind({boost::asio::ip::address_v4::loopback(), port}, taken);
    if (!taken) return port;
  }
}

RedisServer::RedisServer(std::vector<std::string> settings) : settings_(std::move(settings)) {
  for (int attempt = 0; attempt < 10; ++attempt) {
    port_ = free_port();
    if (start()) return;
  }
  throw std::runtime_error("redis-server does not start: " + child_->output());
}

bool RedisServer::start() {
  const std::string port = std::to_string(port_);
  const bool tls = std::ranges::find(settings_, "--tls-cert-file") != settings_.end();
  std::vector<std::string> line{"redis-server", "--bind", "127.0.0.1", "--dir",         folder_.path().string(),
                                "--save",       "",       "--port",    tls ? "0" : port};
  if (tls) line.insert(line.end(), {"--tls-port", port});
  line.insert(line.end(), settings_.begin(), settings_.end());
  child_ = std::make_unique<Child>(line);
  return !child_->wait_for_line("Ready to accept connections").empty();
}

void RedisServer::kill() {
  child_->kill();
}

void RedisServer::restart() {
  child_->kill();
  if (!start()) throw std::runtime_error("redis-server does not start again: " + child_->output());
}

std::string RedisServer::cli(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"redis-cli", "-p", std::to_string(port_)});
  Child child(arguments);
  child.wait_for_line("\n");  // no line holds one: all there is
  return child.output();
}

}  // namespace odeon::testing
