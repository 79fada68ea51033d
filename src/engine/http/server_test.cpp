#include "engine/http/server.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"
#include "engine/http/server_fixture_test.hpp"

namespace odeon::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Answers with what it understood: "POST /path body".
Task<Response> echo(Request& request) {
  const std::string body = co_await read_all(*request.body, 1 << 20);
  co_return text_response(fmt::format("{} {} {}", static_cast<int>(request.method), request.path, body));
}

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(ServerTest, AnswersOneRequestAfterTheOtherOnOneConnection) {
  TestServer server(echo);
  RawClient client(server.port);
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.exchange(kGet);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "0 /a ");
    EXPECT_EQ(answer.field("content-length"), "5");
    EXPECT_TRUE(answer.field("date").ends_with(" GMT"));
    EXPECT_EQ(answer.field("connection"), "");
  }
}

TEST(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  TestServer server(echo);
  RawClient client(server.port);
  std::string all;
  for (int i = 0; i < 500; ++i) {
    all += fmt::format("POST /{} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{:03}", i, i);
    all +=
        fmt::format("POST /{} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{:03}\r\n0\r\n\r\n", i, i);
  }
  auto sending = std::async(std::launch::async, [&] { client.send(all); });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(client.answer().body, fmt::format("2 /{} {:03}", i / 2, i / 2));
}

TEST(ServerTest, VersionAndConnectionDecideAboutClosing) {
  TestServer server(echo);
  {
    RawClient client(server.port);
    const auto answer = client.exchange("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
  }
  {
    RawClient client(server.port);
    EXPECT_EQ(client.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").field("connection"), "keep-alive");
    EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").field("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
  }
}

TEST(ServerTest, HeadHasTheHeadOfGetAndNoBody) {
  TestServer server([](Request&) -> Task<Response> { co_return text_response("hello"); });
  RawClient client(server.port);
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer(true).field("content-length"), "5");
  EXPECT_EQ(client.exchange(kGet).body, "hello");  // and nothing was left over
}

TEST(ServerTest, AnswersWithoutBodyHaveNone) {
  TestServer server([](Request& request) -> Task<Response> {
    co_return text_response("ignored", request.path == "/204" ? 204 : 304);
  });
  RawClient client(server.port);
  for (unsigned status : {204U, 304U}) {
    const auto answer = client.exchange(fmt::format("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", status));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.field("content-length"), "");
  }
}

TEST(ServerTest, FramingAndLineBreaksOfTheHandlerAreNotPassedOn) {
  TestServer server([](Request&) -> Task<Response> {
    Response response = text_response("hello");
    response.headers.add("Content-Length", "7");
    response.headers.add("Transfer-Encoding", "chunked");
    response.headers.add("X-Good", "yes");
    response.headers.add("X-Bad", "a\r\nInjected: yes");
    co_return response;
  });
  const auto answer = server.exchange(kGet);
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.field("x-good"), "yes");
  EXPECT_EQ(answer.field("transfer-encoding"), "");
  EXPECT_FALSE(answer.head.contains("Injected"));
}

TEST(ServerTest, BrokenRequestsAreRefusedAndTheConnectionCloses) {
  ServerOptions options;
  options.max_header_bytes = 2048;
  options.max_body_bytes = 10;
  TestServer server(echo, options);
  struct Case {
    unsigned status;
    std::string bytes;
  };
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const Case cases[] = {
      {400, "nonsense\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"},
      {400, post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"},
      {400, post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"},
      {400, post + "Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n"},
      {400, post + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"},
      {414, "GET /" + std::string(5000, 'a')},
      {431, "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(5000, 'a')},
      {413, post + "Content-Length: 11\r\n\r\n"},
      {413, post + "Content-Length: 100000\r\n\r\n" + std::string(100000, 'a')},
      {413, post + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n"},
      {417, post + "Expect: miracles\r\n\r\n"},
      {501, post + "Transfer-Encoding: gzip, chunked\r\n\r\n"},
      {505, "GET / HTTP/3.0\r\nHost: x\r\n\r\n"},
  };
  for (const auto& item : cases) {
    RawClient client(server.port);
    const auto answer = client.exchange(item.bytes + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(answer.status, item.status) << item.bytes.substr(0, 200);
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "") << item.bytes.substr(0, 200);
  }
}

TEST(ServerTest, WhoSendsOnAfterARefusalIsCutOff) {
  ServerOptions options;
  options.idle_time = milliseconds(60);
  TestServer server(echo, options);
  RawClient client(server.port);
  EXPECT_EQ(client.exchange("nonsense\r\n\r\n").status, 400);
  while (client.send(std::string(10'000, 'a'))) continue;
}

TEST(ServerTest, TruncatedBodyIsRefused) {
  TestServer server(echo);
  RawClient client(server.port);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  client.end_sending();
  EXPECT_EQ(client.answer().status, 400);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(ServerTest, SlowSendersAreCutOff) {
  ServerOptions options;
  options.header_time = options.body_time = options.idle_time = milliseconds(60);
  TestServer server(echo, options);
  for (const std::string_view bytes :
       {"G", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n"}) {
    RawClient client(server.port);
    EXPECT_EQ(client.exchange(bytes).status, 408) << bytes;
    EXPECT_EQ(client.read_to_end(), "") << bytes;
  }
  RawClient silent(server.port);
  EXPECT_EQ(silent.read_to_end(), "");  // nothing asked, nothing said
}

TEST(ServerTest, AByteNowAndThenDoesNotKeepAHeaderAlive) {
  ServerOptions options;
  options.header_time = milliseconds(60);
  TestServer server(echo, options);
  RawClient client(server.port);
  auto answer = std::async(std::launch::async, [&] { return client.answer(); });
  client.send("GET / HTTP/1.1\r\n");
  while (answer.wait_for(milliseconds(5)) != std::future_status::ready) client.send("A: b\r\n");
  EXPECT_EQ(answer.get().status, 408);
}

TEST(ServerTest, SlowAndLargeBodiesMayBeAllowed) {
  ServerOptions options;
  options.body_time = milliseconds(40);
  std::promise<void> reading;
  TestServer server(
      [&reading](this auto, Request& request) -> Task<Response> {
        if (request.path == "/slow") {
          request.allow_slow_body();
          request.allow_large_body(20'000'000);
          reading.set_value();
        }
        co_return text_response(co_await read_all(*request.body, 20'000'000));
      },
      options);
  RawClient slow(server.port);
  slow.send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 15000000\r\n\r\n");
  reading.get_future().wait();
  // When a request that came later has run out of time, so has this one.
  EXPECT_EQ(server.exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n").status, 408);
  const std::string body = crypto::random_bytes(15'000'000);
  slow.send(body);
  EXPECT_TRUE(slow.answer().body == body);
}

TEST(ServerTest, ContinueIsSaidWhenTheBodyIsRead) {
  TestServer server([](Request& request) -> Task<Response> {
    if (request.path == "/unread") co_return text_response("no", 403);
    co_return text_response(co_await read_all(*request.body, 100));
  });
  const auto head = [](std::string_view path) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n", path);
  };
  RawClient client(server.port);
  EXPECT_EQ(client.exchange(head("/")).status, 100);
  EXPECT_EQ(client.exchange("abc").body, "abc");
  // Unread: no 100, and as nobody knows whether the body comes, the connection closes.
  EXPECT_EQ(client.exchange(head("/unread")).status, 403);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(ServerTest, LittleThatTheHandlerLeavesIsSkippedMuchCloses) {
  TestServer server([](Request&) -> Task<Response> { co_return text_response("ok"); });
  RawClient client(server.port);
  const auto post = [](std::size_t size) {
    return fmt::format("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", size) + std::string(size, 'G');
  };
  EXPECT_EQ(client.exchange(post(100'000)).body, "ok");
  EXPECT_EQ(
      client.exchange("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").body,
      "ok");
  EXPECT_EQ(client.exchange(post(5'000'000)).body, "ok");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(ServerTest, AHandlerThatThrowsIsA500AndShowsNothing) {
  TestServer server([](Request&) -> Task<Response> {
    throw std::runtime_error("secret path");
    co_return Response{};
  });
  RawClient client(server.port);
  const auto answer = client.exchange(kGet);
  EXPECT_EQ(answer.status, 500);
  EXPECT_FALSE(answer.body.contains("secret"));
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(ServerTest, RequestsSayWhoAndWhat) {
  ServerOptions options;
  options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
  const auto show = [](Request& request) -> Task<Response> {
    co_return text_response(fmt::format("{}|{}|{}|{}|{}", request.remote, request.scheme, request.host, request.id,
                                        request.trace.traceparent()));
  };
  const std::string request =
      "GET / HTTP/1.1\r\nHost: Example.com:80\r\nX-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.1.1.1\r\nX-Forwarded-Proto: "
      "https\r\n"
      "X-Request-Id: my-id\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n";
  TestServer trusting(show, options), plain(show);
  const auto words = text::split(trusting.exchange(request).body, '|');
  const std::string body = trusting.exchange(request).body;
  EXPECT_TRUE(body.starts_with("1.2.3.4|https|example.com|my-id|00-0af7651916cd43dd8448eb211c80319c-")) << body;
  EXPECT_TRUE(body.ends_with("-01")) << body;
  EXPECT_FALSE(body.contains("b7ad6b7169203331")) << body;
  EXPECT_TRUE(plain.exchange(request).body.starts_with("127.0.0.1|http|example.com|my-id|"));
}

TEST(ServerTest, TooManyConnectionsAreTurnedAway) {
  ServerOptions options;
  options.max_connections = 1;
  TestServer server(echo, options);
  RawClient first(server.port);
  EXPECT_EQ(first.exchange(kGet).status, 200);
  RawClient second(server.port);
  EXPECT_EQ(second.answer().status, 503);
  EXPECT_EQ(first.exchange(kGet).status, 200);
  EXPECT_TRUE(server.metrics.text().contains("http_connections 1")) << server.metrics.text();
}

TEST(ServerTest, ATakenPortIsAnError) {
  Loops loops(1);
  Log log(Log::Level::off);
  Metrics metrics;
  TestServer running(echo);
  Server second({.address = "127.0.0.1", .port = running.port}, loops, echo, log, metrics);
  EXPECT_THROW(second.start(), Error);
}

TEST(ServerTest, ServesOnEveryLoop) {
  TestServer server(echo, {}, 3);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 30; ++i) clients.push_back(std::make_unique<RawClient>(server.port));
  for (auto& client : clients) EXPECT_EQ(client->exchange(kGet).status, 200);
}

RC_GTEST_PROP(ServerProperty, SlicesOfRequestsChangeNothing, ()) {
  static TestServer server(echo);
  const auto bodies = *rc::gen::nonEmpty<std::vector<std::string>>();
  std::string wire;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    wire += fmt::format("POST /{} HTTP/1.1\r\nHost: x\r\n", i);
    if (i % 2 == 0) {
      wire += fmt::format("Content-Length: {}\r\n\r\n{}", bodies[i].size(), bodies[i]);
    } else {
      wire += "Transfer-Encoding: chunked\r\n\r\n";
      for (char c : bodies[i]) wire += fmt::format("1\r\n{}\r\n", c);
      wire += "0\r\n\r\n";
    }
  }
  const auto slices =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 60)));
  RawClient client(server.port);
  client.socket().set_option(asio::ip::tcp::no_delay(true));
  for (std::size_t at = 0, i = 0; at < wire.size(); at += slices[i++ % slices.size()])
    client.send(std::string_view(wire).substr(at, slices[i % slices.size()]));
  for (std::size_t i = 0; i < bodies.size(); ++i)
    RC_ASSERT(client.answer().body == fmt::format("2 /{} {}", i, bodies[i]));
}

}  // namespace
}  // namespace odeon::http
