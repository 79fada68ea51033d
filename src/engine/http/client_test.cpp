#include "engine/http/client.hpp"

#include "engine/http/client_fixture_test.hpp"

namespace odeon::http {
namespace {

using testing::close_connection;
using testing::hold;
using testing::read_bytes;
using testing::read_head;
using testing::send;

TEST(Client, GetsAnAnswer) {
  with_server({{read_head(), send("HTTP/1.1 404 Nothing here\r\nX-One: 1\r\ncontent-length: 4\r\n\r\nnone")}},
              [](Client& client, RawServer& server) -> Task<void> {
                ClientRequest request{.url = server.url("/a%20b?x=1#part")};
                request.headers.add("Accept", "text/plain");
                request.headers.add("Host", "another.example");
                ClientResponse response = co_await client.send(std::move(request));
                EXPECT_EQ(response.status, 404u);
                EXPECT_EQ(response.headers.get("x-one"), "1");
                EXPECT_EQ(co_await read_all(*response.body, 100), "none");
                EXPECT_EQ(server.heads().front(), fmt::format("GET /a%20b?x=1 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                                                              "Accept: text/plain\r\n\r\n",
                                                              server.port()));
              });
}

TEST(Client, SendsABodyWithItsLength) {
  with_server({{read_head(), read_bytes(5), send(kHello)}}, [](Client& client, RawServer& server) -> Task<void> {
    EXPECT_EQ(co_await body_of(client, {.method = Method::post, .url = server.url("/"), .body = "12345"}), "hello");
    EXPECT_NE(server.heads().front().find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_EQ(server.bodies().front(), "12345");
  });
}

TEST(Client, SendsAStreamInChunks) {
  with_server({{read_head(), read_bytes(16), send(kHello)}}, [](Client& client, RawServer& server) -> Task<void> {
    ClientRequest request{.method = Method::put, .url = server.url("/")};
    request.stream = std::make_shared<StringSource>("live");
    EXPECT_EQ(co_await body_of(client, std::move(request)), "hello");
    EXPECT_NE(server.heads().front().find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_EQ(server.bodies().front(), "0004\r\nlive\r\n0\r\n\r");
  });
}

TEST(Client, SendsMoreThanASocketTakesAtOnce) {
  constexpr std::size_t size = 20'000'000;
  with_server(
      {{read_head(), read_bytes(size), send(kHello), hold()}}, [](Client& client, RawServer& server) -> Task<void> {
        const std::string big(size, 'x');
        EXPECT_EQ(co_await body_of(client, {.method = Method::put, .url = server.url("/"), .body = big}), "hello");
        EXPECT_EQ(server.bodies().front(), big);
        EXPECT_EQ(server.closed_by_peer(), 0u);
      });
}

TEST(Client, UsesAConnectionAgain) {
  with_server(
      {{read_head(), send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"), read_head(),
        send("HTTP/1.1 204 No Content\r\n\r\n"), read_head(), send(kHello), read_head(), send(kHello)}},
      [](Client& client, RawServer& server) -> Task<void> {
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/1")}), "hi");
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/2")}), "");
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/3")}), "hello");
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/4")}), "hello");
        EXPECT_EQ(server.connections(), 1u);
      });
}

struct FreshConnection {
  const char* because;
  std::string answer;
  ClientOptions options;
};
class ClientOpensAnother : public ::testing::TestWithParam<FreshConnection> {};

TEST_P(ClientOpensAnother, WhenTheFirstCannotBeUsed) {
  with_server(
      {{read_head(), send(GetParam().answer), hold()}},
      [](Client& client, RawServer& server) -> Task<void> {
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/1")}), "hello");
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/2")}), "hello");
        EXPECT_EQ(server.connections(), 2u);
      },
      GetParam().options);
}
INSTANTIATE_TEST_SUITE_P(
    Cases, ClientOpensAnother,
    ::testing::Values(
        FreshConnection{"Close", "HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 5\r\n\r\nhello", {}},
        FreshConnection{"Old", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", {}},
        FreshConnection{"SurplusAfterLength", kHello + "HTTP/1.1 200", {}},
        FreshConnection{"SurplusAfterChunks",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nmore",
                        {}},
        FreshConnection{"Expired", kHello, {.keep_idle = std::chrono::milliseconds(0)}},
        FreshConnection{"NoneKept", kHello, {.max_idle_per_origin = 0}}),
    [](const auto& info) { return info.param.because; });

TEST(Client, ClosesAConnectionWhoseBodyNobodyReads) {
  with_server({{read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"), hold()}},
              [](Client& client, RawServer& server) -> Task<void> {
                {
                  const ClientResponse response = co_await client.send({.url = server.url("/")});
                }
                co_await server.until([](const RawServer& s) { return s.closed_by_peer() == 1; });
              });
}

TEST(Client, KeepsNoMoreConnectionsThanAllowed) {
  with_server({{read_head(), send(kHello), hold()}},
              [](Client& client, RawServer& server) -> Task<void> {
                ClientResponse first = co_await client.send({.url = server.url("/")});
                ClientResponse second = co_await client.send({.url = server.url("/")});
                co_await read_all(*first.body, 100);
                co_await read_all(*second.body, 100);
                co_await server.until([](const RawServer& s) { return s.closed_by_peer() == 1; });
              },
              {.max_idle_per_origin = 1});
}

TEST(Client, SkipsInterimAnswers) {
  with_server(
      {{read_head(), send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + kHello)}},
      [](Client& client, RawServer& server) -> Task<void> {
        ClientResponse response = co_await client.send({.method = Method::post, .url = server.url("/"), .body = "x"});
        EXPECT_EQ(response.status, 200u);
        EXPECT_FALSE(response.headers.find("link"));
        EXPECT_EQ(co_await read_all(*response.body, 100), "hello");
      });
}

TEST(Client, ExpectsNoBodyWhereThereIsNone) {
  with_server({{read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"), read_head(),
                send("HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n"), read_head(),
                send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")}},
              [](Client& client, RawServer& server) -> Task<void> {
                EXPECT_EQ(co_await body_of(client, {.method = Method::head, .url = server.url("/")}), "");
                EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "");
                EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "");
                EXPECT_EQ(server.connections(), 1u);
              });
}

TEST(Client, ReadsUntilTheConnectionCloses) {
  with_server({{read_head(), send("HTTP/1.1 200 OK\r\n\r\nall of "), send("it"), close_connection()}},
              [](Client& client, RawServer& server) -> Task<void> {
                EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "all of it");
              });
}

// A source that has nothing to say until it is cancelled.
struct SilentSource final : ByteSource {
  Task<std::size_t> read(std::span<char>) override {
    co_await sleep_on_loop(std::chrono::hours(1));
    co_return 0;
  }
};

TEST(Client, NoticesAnAnswerBeforeTheRequestIsOut) {
  const std::string answer = "HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nstop!";
  with_server({{read_head(), send(answer), hold()}}, [](Client& client, RawServer& server) -> Task<void> {
    ClientRequest live{.method = Method::post, .url = server.url("/")};
    live.stream = std::make_shared<SilentSource>();
    EXPECT_EQ(co_await body_of(client, std::move(live)), "stop!");
    co_await server.until([](const RawServer& s) { return s.closed_by_peer() == 1; });
  });
  with_server({{read_head(), send(answer), hold()}}, [](Client& client, RawServer& server) -> Task<void> {
    ClientRequest big{.method = Method::post, .url = server.url("/"), .body = std::string(50'000'000, 'x')};
    ClientResponse response = co_await client.send(std::move(big));
    EXPECT_EQ(response.status, 413u);
  });
}

TEST(Client, FindsTheAddressThatAnswers) {
  with_server({{read_head(), send(kHello)}}, [](Client& client, RawServer& server) -> Task<void> {
    // May resolve to ::1 too, where nobody listens.
    EXPECT_EQ(co_await body_of(client, {.url = server.url("/", "localhost")}), "hello");
    EXPECT_NE(server.heads().front().find(fmt::format("Host: localhost:{}\r\n", server.port())), std::string::npos);
  });
}

TEST(Client, OutlivesLoops) {
  Client client({});
  for (int loop = 0; loop < 3; ++loop)
    run_task(play(client, {{read_head(), send(kHello), read_head(), send(kHello), hold()}}, std::nullopt,
                  [](Client& client, RawServer& server) -> Task<void> {
                    EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "hello");
                    EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "hello");
                  }));
}

TEST(Client, MayGoBeforeItsAnswers) {
  run_task([](this auto) -> Task<void> {
    RawServer server(co_await asio::this_coro::executor);
    server.on_connection({read_head(), send(kHello), hold()});
    auto client = std::make_unique<Client>(ClientOptions{});
    ClientResponse response = co_await client->send({.url = server.url("/")});
    client.reset();
    EXPECT_EQ(co_await read_all(*response.body, 100), "hello");
    co_await server.until([](const RawServer& s) { return s.closed_by_peer() == 1; });
    co_await server.stop();
  }());
}

TEST(Client, ServesAllLoops) {
  Client client({});
  Loops loops(3);
  TaskGroup work([](const std::string&, std::exception_ptr failure) { ADD_FAILURE() << describe(failure); });
  for (std::size_t i = 0; i < loops.size(); ++i)
    work.spawn(loops.executor(i), "loop", [](this auto, Client& client) -> Task<void> {
      RawServer server(co_await asio::this_coro::executor);
      RawScript script;
      for (int n = 0; n < 50; ++n) script.insert(script.end(), {read_head(), send(kHello)});
      server.on_connection(std::move(script));
      for (int n = 0; n < 50; ++n) EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "hello");
      EXPECT_EQ(server.connections(), 1u);
      co_await server.stop();
    }(client));
  loops.start();
  while (work.running() > 0) std::this_thread::yield();
  loops.stop();
  loops.join();
}

}  // namespace
}  // namespace odeon::http
