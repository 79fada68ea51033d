#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include "engine/http/server.hpp"
#include "engine/http/server_fixture_test.hpp"

namespace odeon::http {
namespace {

using std::chrono::milliseconds;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

// Beast's client, synchronously.
class SocketClient {
 public:
  explicit SocketClient(std::uint16_t port, std::string path = "/") : ws_(context_) {
    ws_.next_layer().connect({asio::ip::address_v4::loopback(), port});
    ws_.next_layer().set_option(asio::ip::tcp::no_delay(true));
    websocket::response_type answer;
    ws_.handshake(answer, "localhost", path);
    protocol = answer["Sec-WebSocket-Protocol"];
  }
  void send(const std::string& text, bool binary = false) {
    ws_.binary(binary);
    ws_.write(asio::buffer(text), failure);
  }
  // Nothing at the end; then `failure` and `code` say which.
  std::optional<SocketMessage> receive() {
    beast::flat_buffer buffer;
    ws_.read(buffer, failure);
    if (failure) return std::nullopt;
    return SocketMessage{ws_.got_binary(), beast::buffers_to_string(buffer.data())};
  }
  unsigned close_code() const { return ws_.reason().code; }
  std::string close_reason() const { return ws_.reason().reason.c_str(); }
  void close() { ws_.close(websocket::close_code::normal, failure); }
  websocket::stream<asio::ip::tcp::socket>& stream() { return ws_; }

  boost::system::error_code failure;
  std::string protocol;

 private:
  asio::io_context context_;
  websocket::stream<asio::ip::tcp::socket> ws_;
};

Handler serve_socket(SocketBody body) {
  return [body = std::move(body)](this auto, Request&) -> Task<Response> {
    Response response;
    response.status = 101;
    response.headers.add("Sec-WebSocket-Protocol", "odeon");
    response.body = body;
    co_return response;
  };
}

Task<void> echo_messages(WebSocket& socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(std::move(*message));
}

TEST(WebSocketTest, MessagesGoBothWays) {
  TestServer server(serve_socket(echo_messages));
  SocketClient client(server.port);
  EXPECT_EQ(client.protocol, "odeon");
  for (bool binary : {false, true}) {
    client.send("hello", binary);
    const auto message = client.receive();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->data, "hello");
    EXPECT_EQ(message->binary, binary);
  }
  client.close();
  EXPECT_FALSE(client.failure);
}

TEST(WebSocketTest, TheOpenOnesAreCounted) {
  TestServer server(serve_socket(echo_messages));
  const auto active = [&] {
    const std::string text = server.metrics.text(), name = "\nactive_websocket_connections ";
    return std::stoi(text.substr(text.find(name) + name.size()));
  };
  EXPECT_EQ(active(), 0);
  {
    SocketClient first(server.port), second(server.port);
    for (SocketClient* client : {&first, &second}) {
      client->send("hello");
      EXPECT_TRUE(client->receive());
    }
    EXPECT_EQ(active(), 2);
    first.close();
    second.stream().next_layer().close();
  }
  server.stop(milliseconds(0));
  EXPECT_EQ(active(), 0);
}

RC_GTEST_PROP(WebSocketProperty, FragmentsComeBackWhole, ()) {
  static TestServer server(serve_socket(echo_messages));
  static SocketClient client(server.port);
  const auto parts = *rc::gen::nonEmpty<std::vector<std::string>>();
  std::string whole;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    client.stream().binary(true);
    client.stream().write_some(i + 1 == parts.size(), asio::buffer(parts[i]));
    whole += parts[i];
  }
  const auto message = client.receive();
  RC_ASSERT(message.has_value());
  RC_ASSERT(message->data == whole);
}

TEST(WebSocketTest, ReturningClosesWith1000AnErrorWith1011) {
  TestServer ends(serve_socket([](WebSocket& socket) -> Task<void> { co_await socket.send({false, "bye"}); }));
  SocketClient first(ends.port);
  EXPECT_EQ(first.receive()->data, "bye");
  EXPECT_FALSE(first.receive());
  EXPECT_EQ(first.close_code(), 1000);

  TestServer fails(serve_socket([](WebSocket&) -> Task<void> {
    throw Error(Fault::upstream, "X", std::string(150, 'a') + "\xC3\xA4");
    co_return;
  }));
  SocketClient second(fails.port);
  EXPECT_FALSE(second.receive());
  EXPECT_EQ(second.close_code(), 1011);
  EXPECT_EQ(second.close_reason(), std::string(123, 'a'));

  TestServer throws(serve_socket([](WebSocket&) -> Task<void> {
    throw std::runtime_error("secret");
    co_return;
  }));
  SocketClient third(throws.port);
  EXPECT_FALSE(third.receive());
  EXPECT_EQ(third.close_code(), 1011);
  EXPECT_EQ(third.close_reason(), "");
}

TEST(WebSocketTest, TheBodyChoosesItsCloseCode) {
  TestServer server(serve_socket([](WebSocket& socket) -> Task<void> { co_await socket.close(4001, "enough"); }));
  SocketClient client(server.port);
  EXPECT_FALSE(client.receive());
  EXPECT_EQ(client.close_code(), 4001);
  EXPECT_EQ(client.close_reason(), "enough");
}

TEST(WebSocketTest, TooLargeIs1009AndBrokenTextIs1007) {
  ServerOptions options;
  options.max_socket_message_bytes = 1000;
  Signal signal;
  TestServer server(serve_socket([&signal](this auto, WebSocket& socket) -> Task<void> {
                      try {
                        co_await echo_messages(socket);
                        signal.raise("ended");
                      } catch (const Error& error) {
                        signal.raise(error.fault == Fault::too_large ? "too large" : "other");
                        throw;
                      }
                    }),
                    options);
  SocketClient exact(server.port);
  exact.send(std::string(1000, 'a'));
  EXPECT_EQ(exact.receive()->data.size(), 1000);
  exact.send(std::string(1001, 'a'));
  EXPECT_FALSE(exact.receive());
  EXPECT_EQ(exact.close_code(), 1009);
  EXPECT_TRUE(signal.await("too large"));

  SocketClient broken(server.port);
  broken.send("\xC3(");
  EXPECT_FALSE(broken.receive());
  EXPECT_EQ(broken.close_code(), 1007);
  EXPECT_TRUE(signal.await("ended"));
}

TEST(WebSocketTest, ManyWritersTakeTurnsInOrder) {
  TestServer server(serve_socket([](WebSocket& socket) -> Task<void> {
    TaskGroup group([](const std::string&, std::exception_ptr) {});
    const auto executor = co_await asio::this_coro::executor;
    const auto send = [](WebSocket& to, int number) -> Task<void> {
      co_await to.send({false, std::to_string(number) + std::string(50'000, '.')});
    };
    for (int i = 0; i < 50; ++i) group.spawn(executor, "send", send(socket, i));
    co_await socket.receive();  // the client has them all
    co_await group.stop();
  }));
  SocketClient client(server.port);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(std::stoi(client.receive()->data), i);
  client.send("done");
  EXPECT_FALSE(client.receive());
  EXPECT_EQ(client.close_code(), 1000);
}

TEST(WebSocketTest, WhoOnlySendsIsCancelledWhenTheClientLeaves) {
  Signal signal;
  TestServer server(serve_socket([&signal](this auto, WebSocket& socket) -> Task<void> {
    co_await socket.send({false, "first"});
    try {
      co_await sleep_on_loop(std::chrono::hours(1));
    } catch (const boost::system::system_error&) {
      signal.raise("cancelled");
      throw;
    }
  }));
  for (bool politely : {true, false}) {
    SocketClient client(server.port);
    EXPECT_EQ(client.receive()->data, "first");
    politely ? client.close() : client.stream().next_layer().close();
    EXPECT_TRUE(signal.await("cancelled")) << politely;
  }
}

TEST(WebSocketTest, WhoReceivesSeesTheEnd) {
  Signal signal;
  TestServer server(serve_socket([&signal](this auto, WebSocket& socket) -> Task<void> {
    co_await echo_messages(socket);
    signal.raise("ended");
  }));
  for (bool politely : {true, false}) {
    SocketClient client(server.port);
    client.send("x");
    EXPECT_EQ(client.receive()->data, "x");
    politely ? client.close() : client.stream().next_layer().close();
    EXPECT_TRUE(signal.await("ended")) << politely;
  }
}

TEST(WebSocketTest, ASilentPeerIsPingedAndThenClosed) {
  ServerOptions options;
  options.ping_interval = milliseconds(20);
  Signal signal;
  TestServer server(serve_socket([&signal](this auto, WebSocket& socket) -> Task<void> {
                      co_await echo_messages(socket);
                      signal.raise("ended");
                    }),
                    options);
  SocketClient client(server.port);
  // Reading answers pings: after some of them it is still open.
  int pings = 0;
  client.stream().control_callback([&](websocket::frame_type kind, beast::string_view) {
    if (kind == websocket::frame_type::ping && ++pings == 5) client.send("still here");
  });
  EXPECT_EQ(client.receive()->data, "still here");
  // A client that reads no more answers no more.
  EXPECT_TRUE(signal.await("ended"));
}

TEST(WebSocketTest, AClientThatDoesNotReadSlowsTheSender) {
  ServerOptions options;
  options.ping_interval = milliseconds(50);
  std::atomic<std::size_t> sent = 0;
  Signal signal;
  TestServer server(serve_socket([&](this auto, WebSocket& socket) -> Task<void> {
                      try {
                        for (;;) {
                          co_await socket.send({true, std::string(100'000, 'a')});
                          sent += 100'000;
                        }
                      } catch (const boost::system::system_error&) {
                        signal.raise("cut off");
                        throw;
                      }
                    }),
                    options);
  SocketClient client(server.port);
  EXPECT_TRUE(signal.await("cut off"));
  EXPECT_LT(sent, 64U << 20);
}

TEST(WebSocketTest, WhatIsNoUpgradeIsRefused) {
  TestServer server(serve_socket(echo_messages));
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n", upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n",
                    version = "Sec-WebSocket-Version: 13\r\n", key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  struct Case {
    unsigned status;
    std::string request;
  };
  const Case cases[] = {
      {426, get + "\r\n"},
      {426, get + "Upgrade: websocket\r\n" + version + key + "\r\n"},
      {426, get + "Connection: Upgrade\r\nUpgrade: h2c\r\n" + version + key + "\r\n"},
      {426, get + upgrade + "Sec-WebSocket-Version: 8\r\n" + key + "\r\n"},
      {400, get + upgrade + version + "\r\n"},
      {400, get + upgrade + version + "Sec-WebSocket-Key: short\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: x\r\n" + upgrade + version + key + "\r\n"},
      {400, get + upgrade + version + key + "Content-Length: 1\r\n\r\na"},
      {400, get + upgrade + version + key + "\r\n\x81"},  // a frame before the answer
      {101, get + upgrade + version + key + "\r\n"},
  };
  for (const auto& item : cases) {
    const auto answer = server.exchange(item.request);
    EXPECT_EQ(answer.status, item.status) << item.request;
    if (item.status == 426) {
      EXPECT_EQ(answer.field("upgrade"), "websocket");
      EXPECT_EQ(answer.field("sec-websocket-version"), "13");
      EXPECT_EQ(answer.field("connection"), "upgrade");
    }
    if (item.status == 101) EXPECT_EQ(answer.field("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }
}

}  // namespace
}  // namespace odeon::http
