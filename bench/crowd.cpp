// Many people at once who each do one thing after the other, over a connection that stays:
//   crowd_bench PORT AT_ONCE FILE
// FILE has a request a line, `METHOD PATH TOKEN BODY` (BODY may be missing); an empty line ends what one person does.
// Whoever is done makes room for the next person. Prints `requests seconds p50 p95 p99` in milliseconds, and fails with
// what was answered if that is no success.
#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

struct Crowd {
  tcp::endpoint server;
  std::vector<std::vector<http::request<http::string_body>>> people;
  std::size_t next = 0;
  std::vector<double> milliseconds;
};

http::request<http::string_body> read_request(const std::string& line) {
  std::istringstream words(line);
  std::string method, path, token, body;
  words >> method >> path >> token;
  std::getline(words >> std::ws, body);
  http::request<http::string_body> request{http::string_to_verb(method), path, 11};
  request.set(http::field::host, "127.0.0.1");
  request.set(http::field::authorization, "Bearer " + token);
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  return request;
}

asio::awaitable<void> come_and_go(Crowd& crowd) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(crowd.server, asio::use_awaitable);
  socket.set_option(tcp::no_delay(true));
  beast::flat_buffer buffer;
  while (crowd.next < crowd.people.size()) {
    for (const auto& request : crowd.people[crowd.next++]) {
      const auto began = Clock::now();
      co_await http::async_write(socket, request, asio::use_awaitable);
      http::response<http::string_body> response;
      co_await http::async_read(socket, buffer, response, asio::use_awaitable);
      crowd.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
      if (http::to_status_class(response.result()) != http::status_class::successful)
        throw std::runtime_error(std::string(request.method_string()) + " " + std::string(request.target()) + ": " +
                                 std::to_string(response.result_int()) + " " + response.body());
    }
  }
}

int main(int count, char** words) try {
  if (count != 4) return 2;
  Crowd crowd{.server = {asio::ip::address_v4::loopback(), static_cast<unsigned short>(std::atoi(words[1]))},
              .people = {},
              .milliseconds = {}};
  std::ifstream file(words[3]);
  crowd.people.emplace_back();
  for (std::string line; std::getline(file, line);) {
    if (line.empty())
      crowd.people.emplace_back();
    else
      crowd.people.back().push_back(read_request(line));
  }
  asio::io_context context(1);
  for (int i = std::atoi(words[2]); i > 0; --i)
    asio::co_spawn(context, come_and_go(crowd), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  const auto began = Clock::now();
  context.run();
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  auto& times = crowd.milliseconds;
  if (times.empty()) return 2;
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  std::printf("%zu %.4f %.3f %.3f %.3f\n", times.size(), seconds, at(0.5), at(0.95), at(0.99));
} catch (const std::exception& failure) {
  std::fprintf(stderr, "crowd: %s\n", failure.what());
  return 1;
}
