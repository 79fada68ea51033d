// The peer of the http benchmark: "hello" by Beast alone, as its examples teach it, one loop per core.
//   http_hello_peer [PORT] [LOOPS]
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

asio::awaitable<void> serve(tcp::socket socket) {
  try {
    socket.set_option(tcp::no_delay(true));
    beast::flat_buffer buffer;
    for (;;) {
      http::request<http::string_body> request;
      co_await http::async_read(socket, buffer, request, asio::use_awaitable);
      http::response<http::string_body> response{http::status::ok, request.version()};
      response.set(http::field::content_type, "application/json");
      response.keep_alive(request.keep_alive());
      response.body() = R"({"message":"hello"})";
      response.prepare_payload();
      co_await http::async_write(socket, response, asio::use_awaitable);
      if (!response.keep_alive()) co_return;
    }
  } catch (const boost::system::system_error&) {
    co_return;  // the client left
  }
}

asio::awaitable<void> accept(tcp::acceptor acceptor) {
  for (;;) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
  }
}

int main(int count, char** words) {
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(),
                               static_cast<unsigned short>(count > 1 ? std::atoi(words[1]) : 8081));
  const int loops = count > 2 ? std::atoi(words[2]) : static_cast<int>(std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (int i = 0; i < loops; ++i)
    threads.emplace_back([endpoint] {
      using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
      asio::io_context context(1);
      tcp::acceptor acceptor(context, endpoint.protocol());
      acceptor.set_option(tcp::acceptor::reuse_address(true));
      acceptor.set_option(reuse_port(true));
      acceptor.bind(endpoint);
      acceptor.listen();
      asio::co_spawn(context, accept(std::move(acceptor)), asio::detached);
      context.run();
    });
  std::printf("listening on http://127.0.0.1:%d\n", endpoint.port());
  std::fflush(stdout);
  for (auto& thread : threads) thread.join();
}
