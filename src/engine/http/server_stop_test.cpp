#include <gtest/gtest.h>

#include "engine/http/server.hpp"
#include "engine/http/server_fixture_test.hpp"
#include "engine/http/wakeup.hpp"

namespace odeon::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kGetWhileStopping = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

Task<Response> hello(Request&) {
  co_return text_response("hello");
}

// Returns once nobody is accepted any more: the loop drains.
void await_closed(std::uint16_t port) {
  try {
    for (;;) RawClient probe(port);
  } catch (const boost::system::system_error&) {
    return;
  }
}

TEST(StopTest, IdleConnectionsEndSoonAndNobodyIsAccepted) {
  TestServer server(hello, {.farewell_time = milliseconds(50)}, 2);
  RawClient used(server.port), fresh(server.port);
  EXPECT_EQ(used.exchange(kGetWhileStopping).status, 200);
  EXPECT_EQ(RawClient(server.port).exchange(kGetWhileStopping).status, 200);
  server.stop(seconds(20));  // longer than clients wait, so it does not use it up
  EXPECT_EQ(used.read_to_end(), "");
  fresh.read_to_end();
  EXPECT_EQ(server.connections(), 0);
  EXPECT_THROW(RawClient(server.port), boost::system::system_error);
}

TEST(StopTest, ARequestUnderWayIsAnsweredAndItsConnectionCloses) {
  TestServer server(hello);
  Wakeup wakeup(server.loops().executor(0));
  bool released = false;
  Signal signal;
  server.handler = [&](this auto, Request&) -> Task<Response> {
    signal.raise("called");
    while (!released) co_await wakeup.wait();
    co_return text_response("late");
  };
  RawClient client(server.port);
  client.send(kGetWhileStopping);
  ASSERT_TRUE(signal.await("called"));
  auto stopping = std::async(std::launch::async, [&] { server.stop(seconds(20)); });
  await_closed(server.port);
  asio::post(server.loops()[0], [&] {
    released = true;
    wakeup.notify();
  });
  const auto answer = client.answer();
  EXPECT_EQ(answer.body, "late");
  EXPECT_EQ(answer.field("connection"), "close");
  client.close();
  stopping.get();
}

// Keeps a loop busy from construction to destruction.
class Occupied {
 public:
  explicit Occupied(Loops& loops) {
    std::promise<void> began;
    const auto has_begun = began.get_future();
    asio::post(loops[0], [began = std::move(began), ended = ended_.get_future()]() mutable {
      began.set_value();
      ended.wait();
    });
    has_begun.wait();
  }
  ~Occupied() { ended_.set_value(); }

 private:
  std::promise<void> ended_;
};

TEST(StopTest, WhoWaitsToBeAcceptedIsAnswered) {
  TestServer server(hello);
  std::vector<std::unique_ptr<RawClient>> clients;
  std::future<void> stopping;
  {
    Occupied busy(server.loops());
    for (int i = 0; i < 20; ++i)
      clients.emplace_back(std::make_unique<RawClient>(server.port))->send(kGetWhileStopping);
    stopping = std::async(std::launch::async, [&] { server.stop(seconds(20)); });
  }
  for (auto& client : clients) {
    EXPECT_EQ(client->answer().status, 200);
    client->close();
  }
  stopping.get();
}

// Whoever was accepted at that very moment is waited for like the others.
TEST(StopTest, NoConnectionIsLeftWhenItHasStopped) {
  for (int i = 0; i < 200; ++i) {
    TestServer server(hello, {.farewell_time = milliseconds(5)}, 2);
    RawClient first(server.port), second(server.port);
    server.stop(milliseconds(0));
    ASSERT_EQ(server.connections(), 0) << i;
  }
}

TEST(StopTest, AKeptConnectionMayBringOneMoreRequest) {
  TestServer server(hello, {.farewell_time = seconds(20)});
  RawClient client(server.port);
  EXPECT_EQ(client.exchange(kGetWhileStopping).field("connection"), "");
  auto stopping = std::async(std::launch::async, [&] { server.stop(seconds(20)); });
  await_closed(server.port);
  const auto last = client.exchange(kGetWhileStopping);
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.field("connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
  client.close();
  stopping.get();
}

// A listening socket that outlives servers, as a supervisor holds it.
class HeldSocket {
 public:
  HeldSocket() : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {}
  int descriptor() { return acceptor_.native_handle(); }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_;
};

TEST(StopTest, AnInheritedSocketIsLeftToTheNextServer) {
  HeldSocket held;
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int restart = 0; restart < 5; ++restart) {
    TestServer server(hello, {.inherited_socket = held.descriptor()}, 2);
    EXPECT_EQ(server.port, held.port());
    for (auto& client : clients) {
      EXPECT_EQ(client->answer().status, 200);
      client->close();
    }
    clients.clear();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(RawClient(server.port).exchange(kGetWhileStopping).status, 200);
    server.stop(seconds(20));
    // While nobody runs, the kernel keeps them.
    if (restart < 4)
      for (int i = 0; i < 20; ++i)
        clients.emplace_back(std::make_unique<RawClient>(held.port()))->send(kGetWhileStopping);
  }
}

TEST(StopTest, OnlyAListeningTcpSocketIsTakenOver) {
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  EXPECT_THROW(TestServer(hello, {.inherited_socket = pair[0]}), Error);
  asio::io_context context;
  asio::ip::tcp::socket silent(context, asio::ip::tcp::v4());
  EXPECT_THROW(TestServer(hello, {.inherited_socket = silent.native_handle()}), Error);
  EXPECT_THROW(TestServer(hello, {.inherited_socket = 9999}), Error);
  ::close(pair[0]);
  ::close(pair[1]);
}

TEST(StopTest, WhatOutlivesTheGraceIsCancelled) {
  Signal signal;
  TestServer server([&signal](this auto, Request&) -> Task<Response> {
    signal.raise("called");
    try {
      co_await sleep_on_loop(std::chrono::hours(1));
    } catch (const boost::system::system_error&) {
      signal.raise("cancelled");
      throw;
    }
    co_return Response{};
  });
  RawClient client(server.port);
  client.send(kGetWhileStopping);
  ASSERT_TRUE(signal.await("called"));
  server.stop(milliseconds(10));
  EXPECT_TRUE(signal.await("cancelled"));
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(StopTest, EventStreamsEndPolitelyOthersAreVisiblyCut) {
  for (bool events : {true, false}) {
    TestServer server([events](this auto, Request&) -> Task<Response> {
      Response response;
      response.headers.add("Content-Type", events ? "text/event-stream" : "application/zip");
      response.body = [](BodyWriter& writer) -> Task<void> {
        co_await writer.write("data: 1\n\n");
        co_await sleep_on_loop(std::chrono::hours(1));
      };
      co_return response;
    });
    RawClient client(server.port);
    client.send(kGetWhileStopping);
    client.read_until("data: 1\n\n\r\n");
    server.stop(milliseconds(10));
    EXPECT_EQ(client.read_to_end(), events ? "0\r\n\r\n" : "");
  }
}

TEST(StopTest, WebSocketsAreToldAtOnce) {
  TestServer server([](Request&) -> Task<Response> {
    Response response;
    response.body = [](WebSocket& socket) -> Task<void> {
      while (co_await socket.receive()) continue;
    };
    co_return response;
  });
  RawClient client(server.port);
  client.send(
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_EQ(client.answer().status, 101);
  auto stopping = std::async(std::launch::async, [&] { server.stop(seconds(20)); });
  const std::string frame = client.read_exactly(4);
  EXPECT_EQ(frame[0], '\x88');             // close
  EXPECT_EQ(frame.substr(2), "\x03\xE9");  // 1001
  client.send(std::string("\x88\x82\0\0\0\0\x03\xE9", 8));
  client.close();
  stopping.get();
}

TEST(StopTest, StoppingTwiceIsHarmless) {
  TestServer server(hello);
  EXPECT_EQ(server.exchange(kGetWhileStopping).status, 200);
  server.stop(milliseconds(10));
  server.stop(milliseconds(10));
}

}  // namespace
}  // namespace odeon::http
