// Nagle's algorithm is off on both sides, as the kernel sees it: an answer in two writes would wait for the other
// side's delayed acknowledgement, 40 ms.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "engine/http/client.hpp"
#include "engine/http/server_fixture_test.hpp"

namespace odeon::http {
namespace {

std::uint16_t port_of(int descriptor, int (*name)(int, sockaddr*, socklen_t*)) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (name(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sin_family != AF_INET) return 0;
  return ntohs(address.sin_port);
}

// Of the connected sockets of this process that have `port` on the side that `name` tells: is TCP_NODELAY set?
std::vector<bool> no_delay(std::uint16_t port, int (*name)(int, sockaddr*, socklen_t*)) {
  std::vector<bool> found;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    if (port_of(descriptor, ::getpeername) == 0 || port_of(descriptor, name) != port) continue;
    int value = 0;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &value, &size), 0);
    found.push_back(value != 0);
  }
  return found;
}

Task<unsigned> ask(Client& client, std::string url) {
  auto response = co_await client.send({.url = std::move(url)});
  co_await read_all(*response.body, 1000);
  co_return response.status;
}

TEST(NoDelay, IsSetByServerAndClient) {
  std::vector<bool> server_side, client_side;
  std::uint16_t port = 0;
  TestServer server([&](this auto, Request&) -> Task<Response> {
    server_side = no_delay(port, ::getsockname);
    client_side = no_delay(port, ::getpeername);
    co_return text_response("hello");
  });
  port = server.port;
  Client client(ClientOptions{});
  EXPECT_EQ(run_task(ask(client, fmt::format("http://127.0.0.1:{}/", port))), 200U);
  EXPECT_EQ(server_side, std::vector<bool>{true});
  EXPECT_EQ(client_side, std::vector<bool>{true});
}

}  // namespace
}  // namespace odeon::http
