// What the wire itself costs: the same "hello" as http_hello_peer from our server, without router.
//   http_hello_bench [PORT] [LOOPS]
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "engine/http/server.hpp"

using namespace odeon;

Task<http::Response> hello(http::Request&) {
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"message":"hello"})";
  co_return response;
}

int main(int count, char** words) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  Log log;
  Metrics metrics;
  Loops loops(count > 2 ? static_cast<std::size_t>(std::atoi(words[2])) : std::thread::hardware_concurrency());
  http::ServerOptions options;
  options.address = "127.0.0.1";
  options.port = static_cast<std::uint16_t>(count > 1 ? std::atoi(words[1]) : 8082);
  http::Server server(options, loops, hello, log, metrics);
  std::printf("listening on http://127.0.0.1:%d\n", server.start());
  std::fflush(stdout);
  loops.start();
  int signal = 0;
  sigwait(&signals, &signal);
  run_task(server.stop(std::chrono::seconds(1)));
}
