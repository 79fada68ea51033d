#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "engine/http/client_fixture_test.hpp"

namespace odeon::http {
namespace {

using testing::close_connection;
using testing::hold;
using testing::read_head;
using testing::reset_connection;
using testing::send;

constexpr std::chrono::milliseconds kShort{30};

bool all_closed(const RawServer& server) {
  return server.closed_by_peer() == server.connections();
}

// ---- answers that break off or break the protocol ------------------------------------------------

struct BadAnswer {
  const char* name;
  RawScript rest;  // after the request's header
  Fault fault;
  std::string code;
};
class ClientRefuses : public ::testing::TestWithParam<BadAnswer> {};

TEST_P(ClientRefuses, BadAnswers) {
  RawScript script = {read_head()};
  script.insert(script.end(), GetParam().rest.begin(), GetParam().rest.end());
  with_server({script},
              [](Client& client, RawServer& server) -> Task<void> {
                ClientRequest request{.url = server.url("/path?key=secret")};
                request.headers.add("Authorization", "Bearer secret");
                const Error error = co_await failure_of(body_of(client, std::move(request)));
                EXPECT_EQ(error.fault, GetParam().fault) << error.detail;
                EXPECT_EQ(error.code, GetParam().code) << error.detail;
                EXPECT_FALSE((error.message + error.detail).contains("secret")) << error.detail;
                EXPECT_TRUE(error.may_pass());
              },
              {.first_byte_time = std::chrono::seconds(20), .max_header_bytes = 8192});
}

BadAnswer bad(const char* name, std::string bytes, std::string code = "BAD_ANSWER") {
  return {name, {send(std::move(bytes)), hold()}, Fault::upstream, std::move(code)};
}
BadAnswer truncated(const char* name, std::string bytes) {
  return {name, {send(std::move(bytes)), close_connection()}, Fault::upstream, "TRUNCATED_ANSWER"};
}
std::string chunked(std::string body) {
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ClientRefuses,
    ::testing::Values(
        BadAnswer{"NoAnswer", {close_connection()}, Fault::unavailable, "CONNECTION_LOST"},
        BadAnswer{"ResetBefore", {reset_connection()}, Fault::unavailable, "CONNECTION_LOST"},
        BadAnswer{"ResetWithin",
                  {send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel"), reset_connection()},
                  Fault::upstream,
                  "TRUNCATED_ANSWER"},
        BadAnswer{"ResetUntilClose",
                  {send("HTTP/1.1 200 OK\r\n\r\nhel"), reset_connection()},
                  Fault::upstream,
                  "TRUNCATED_ANSWER"},
        truncated("CutHeader", "HTTP/1.1 200 OK\r\nContent-Le"),
        truncated("OnlyInterim", "HTTP/1.1 100 Continue\r\n\r\n"),
        truncated("CutBody", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
        truncated("CutChunk", chunked("9\r\nhel")), truncated("NoLastChunk", chunked("2\r\nhi\r\n")),
        truncated("CutTrailer", chunked("2\r\nhi\r\n0\r\nA: b\r\n")), bad("NotHttp", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        bad("Http2", "HTTP/2 200\r\n\r\n"), bad("BadStatus", "HTTP/1.1 2x0 OK\r\n\r\n"),
        bad("SpaceBeforeColon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello"),
        bad("NoColon", "HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n"),
        bad("NulInHeader", std::string("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", 27)),
        bad("NegativeLength", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        bad("HugeLength", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        bad("TwoLengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
        bad("LengthAndChunks", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad("UnknownCoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        bad("SwitchedUnasked", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        bad("NoChunkSize", chunked("\r\nhi\r\n")), bad("BadChunkSize", chunked("xyz\r\nhi\r\n")),
        bad("HugeChunkSize", chunked("fffffffffffffffff\r\nhi\r\n")), bad("ChunkTooLong", chunked("2\r\nhiya\r\n")),
        bad("HugeHeader", "HTTP/1.1 200 OK\r\nA: " + std::string(9000, 'a') + "\r\n\r\n", "HEADER_TOO_LARGE"),
        bad("EndlessHeader", "HTTP/1.1 200 OK\r\nA: " + std::string(9000, 'a'), "HEADER_TOO_LARGE"),
        bad("EndlessTrailer", chunked("0\r\nA: " + std::string(20000, 'a'))),
        bad(
            "EndlessInterim",
            [] {
              std::string many;
              while (many.size() < 10'000) many += "HTTP/1.1 102 Processing\r\n\r\n";
              return many;
            }(),
            "HEADER_TOO_LARGE")),
    [](const auto& info) { return info.param.name; });

TEST(Client, GoesOnFailingAfterATruncatedBody) {
  with_server({{read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"), close_connection()}},
              [](Client& client, RawServer& server) -> Task<void> {
                ClientResponse response = co_await client.send({.url = server.url("/")});
                EXPECT_EQ((co_await failure_of(read_all(*response.body, 100))).code, "TRUNCATED_ANSWER");
                EXPECT_EQ((co_await failure_of(read_all(*response.body, 100))).code, "TRUNCATED_ANSWER");
              });
}

// ---- connections that went stale while idle ------------------------------------------------------

RawScript stale_after_one() {
  return {read_head(), send(kHello), read_head(), close_connection()};
}

TEST(Client, SendsAgainWhenAReusedConnectionWasStale) {
  with_server({stale_after_one(), {read_head(), testing::read_bytes(3), send(kHello)}},
              [](Client& client, RawServer& server) -> Task<void> {
                EXPECT_EQ(co_await body_of(client, {.url = server.url("/1")}), "hello");
                EXPECT_EQ(co_await body_of(client, {.method = Method::post, .url = server.url("/2"), .body = "abc"}),
                          "hello");
                EXPECT_EQ(server.connections(), 2u);
                EXPECT_EQ(server.heads()[1], server.heads()[2]);
                EXPECT_EQ(server.bodies().front(), "abc");
              });
}

TEST(Client, SendsAgainOnlyOnce) {
  with_server({stale_after_one(), {read_head(), close_connection()}},
              [](Client& client, RawServer& server) -> Task<void> {
                EXPECT_EQ(co_await body_of(client, {.url = server.url("/1")}), "hello");
                EXPECT_EQ((co_await failure_of(body_of(client, {.url = server.url("/2")}))).code, "CONNECTION_LOST");
                EXPECT_EQ(server.connections(), 2u);
              });
}

TEST(Client, SendsAStreamOnlyOnce) {
  with_server({stale_after_one()}, [](Client& client, RawServer& server) -> Task<void> {
    EXPECT_EQ(co_await body_of(client, {.url = server.url("/1")}), "hello");
    ClientRequest request{.method = Method::post, .url = server.url("/2")};
    request.stream = std::make_shared<StringSource>("once");
    EXPECT_EQ((co_await failure_of(body_of(client, std::move(request)))).code, "CONNECTION_LOST");
    EXPECT_EQ(server.connections(), 1u);
  });
}

TEST(Client, DoesNotSendAgainOnceTheAnswerBegan) {
  with_server({{read_head(), send(kHello), read_head(), send("H"), close_connection()}},
              [](Client& client, RawServer& server) -> Task<void> {
                EXPECT_EQ(co_await body_of(client, {.url = server.url("/1")}), "hello");
                EXPECT_EQ((co_await failure_of(body_of(client, {.url = server.url("/2")}))).code, "TRUNCATED_ANSWER");
                EXPECT_EQ(server.connections(), 1u);
              });
}

// ---- servers that cannot be reached ----------------------------------------------------------------

Task<std::optional<Error>> failure_at(std::string url) {
  Client client({});
  co_return co_await failure_of(client.send({.url = std::move(url)}));
}

TEST(Client, SaysWhyAServerCannotBeReached) {
  const Error no_name = *run_task(failure_at("http://" + std::string(64, 'a') + ".invalid/?key=secret"));
  EXPECT_EQ(no_name.code, "DNS_FAILED") << no_name.detail;
  EXPECT_EQ(no_name.fault, Fault::unavailable);
  EXPECT_FALSE(no_name.detail.contains("secret"));

  std::uint16_t port = 0;
  {
    asio::io_context loop;
    port = asio::ip::tcp::acceptor(loop, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
  }
  const Error refused = *run_task(failure_at(fmt::format("http://localhost:{}/?key=secret", port)));
  EXPECT_EQ(refused.code, "CONNECT_FAILED") << refused.detail;
  EXPECT_EQ(refused.fault, Fault::unavailable);
  EXPECT_FALSE(refused.detail.contains("secret"));
}

TEST(Client, RefusesRequestsThatCannotBeSent) {
  with_server({}, [](Client& client, RawServer& server) -> Task<void> {
    ClientRequest request{.url = server.url("/")};
    request.headers.add("Authorization", "Bearer secret\r\nX-Evil: 1");
    const Error header = co_await failure_of(client.send(std::move(request)));
    EXPECT_EQ(header.code, "INVALID_HEADER");
    EXPECT_FALSE((header.message + header.detail).contains("secret"));
    EXPECT_EQ((co_await failure_of(client.send({.method = Method::other, .url = server.url("/")}))).code,
              "INVALID_METHOD");
    EXPECT_EQ((co_await failure_of(client.send({.url = "file:///etc/passwd"}))).code, "INVALID_URL");
    EXPECT_EQ(server.connections(), 0u);
  });
}

// ---- time --------------------------------------------------------------------------------------------

TEST(Client, WaitsOnlySoLongForTheHeader) {
  with_server({{read_head(), send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1"), hold()}},
              [](Client& client, RawServer& server) -> Task<void> {
                const Error error = co_await failure_of(client.send({.url = server.url("/?key=secret")}));
                EXPECT_EQ(error.fault, Fault::timeout) << error.code << error.detail;
                EXPECT_FALSE(error.detail.contains("secret"));
                co_await server.until(all_closed);
              },
              {.first_byte_time = kShort});
}

TEST(Client, WaitsOnlySoLongForAServerThatDoesNotRead) {
  with_server(
      {{send("no reader here")}, {read_head(), testing::raw::Answer{[](const std::string&) { return ""; }}, hold()}},
      [](Client& client, RawServer& server) -> Task<void> {
        EXPECT_EQ((co_await failure_of(client.send({.url = server.url("/")}))).fault, Fault::upstream);
        const Error error = co_await failure_of(
            client.send({.method = Method::post, .url = server.url("/"), .body = std::string(30'000'000, 'x')}));
        EXPECT_EQ(error.fault, Fault::timeout) << error.code << error.detail;
      },
      {.first_byte_time = kShort});
}

TEST(Client, WaitsOnlySoLongWithinTheBody) {
  with_server({{read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"), hold()}},
              [](Client& client, RawServer& server) -> Task<void> {
                EXPECT_EQ((co_await failure_of(body_of(client, {.url = server.url("/")}))).fault, Fault::timeout);
                co_await server.until(all_closed);
              },
              {.idle_time = kShort});
}

TEST(Client, IsOverWithAnExchangeWhenItWasTold) {
  const RawScript stalls{read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"), hold()};
  const RawScript trickles{read_head(), send("HTTP/1.1 200 OK\r\n\r\n"), testing::trickle("word ")};
  with_server({{read_head(), hold()}, stalls, trickles}, [](Client& client, RawServer& server) -> Task<void> {
    for (int i = 0; i < 3; ++i) {
      const auto over_by = std::chrono::steady_clock::now() + kShort;
      const Error error = co_await failure_of(body_of(client, {.url = server.url("/"), .over_by = over_by}));
      EXPECT_EQ(error.fault, Fault::timeout) << error.code << error.detail;
    }
    co_await server.until([](const RawServer& server) { return server.closed_by_peer() == 3; });
  });
}

TEST(Client, WaitsOnlySoLongForTheHandshake) {
  with_server({{hold()}},
              [](Client& client, RawServer& server) -> Task<void> {
                const std::string url = "https" + server.url("/").substr(4);
                EXPECT_EQ((co_await failure_of(client.send({.url = url}))).fault, Fault::timeout);
                co_await server.until(all_closed);
              },
              {.connect_time = kShort});
}

// ---- cancellation ------------------------------------------------------------------------------------

// Starts `task`, cancels it once `ready` holds, and returns how it ended.
Task<boost::system::error_code> cancelled(RawServer& server, Task<void> task,
                                          std::function<bool(const RawServer&)> ready) {
  asio::cancellation_signal signal;
  boost::system::error_code outcome;
  asio::steady_timer ended(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  bool done = false;
  asio::co_spawn(ended.get_executor(), std::move(task),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr failure) {
                   done = true;
                   ended.cancel();
                   try {
                     if (failure) std::rethrow_exception(failure);
                   } catch (const boost::system::system_error& error) {
                     outcome = error.code();
                   }
                 }));
  co_await server.until(std::move(ready));
  signal.emit(asio::cancellation_type::terminal);
  boost::system::error_code ignored;
  while (!done) co_await ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return outcome;
}

Task<void> fetch(Client& client, ClientRequest request) {
  co_await body_of(client, std::move(request));
}

bool has_head(const RawServer& server) {
  return !server.heads().empty();
}

TEST(Client, CancellingClosesTheConnection) {
  const RawScript scripts[] = {
      {read_head(), hold()},
      {read_head(), send("HTTP/1.1 200 OK\r\nContent-Le"), hold()},
      {read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"), hold()},
      {read_head(), send(chunked("5\r\nhe")), hold()},
  };
  for (const RawScript& script : scripts)
    with_server({script}, [](Client& client, RawServer& server) -> Task<void> {
      EXPECT_EQ(co_await cancelled(server, fetch(client, {.url = server.url("/")}), has_head),
                asio::error::operation_aborted);
      co_await server.until(all_closed);
    });
}

TEST(Client, CancellingStopsAnUpload) {
  with_server(
      {{read_head(), testing::read_bytes(1'000'000), hold()}}, [](Client& client, RawServer& server) -> Task<void> {
        ClientRequest big{.method = Method::post, .url = server.url("/"), .body = std::string(100'000'000, 'x')};
        EXPECT_EQ(co_await cancelled(server, fetch(client, std::move(big)),
                                     [](const RawServer& s) { return !s.bodies().empty(); }),
                  asio::error::operation_aborted);
        co_await server.until(all_closed);
      });
}

TEST(Client, CancellingStopsAHandshake) {
  with_server({{testing::read_bytes(10), hold()}}, [](Client& client, RawServer& server) -> Task<void> {
    const std::string url = "https" + server.url("/").substr(4);
    EXPECT_EQ(
        co_await cancelled(server, fetch(client, {.url = url}), [](const RawServer& s) { return !s.bodies().empty(); }),
        asio::error::operation_aborted);
    co_await server.until(all_closed);
  });
}

struct FailingSource final : ByteSource {
  Task<std::size_t> read(std::span<char>) override {
    throw Error(Fault::conflict, "SOURCE", "The source broke.");
    co_return 0;
  }
};

TEST(Client, PassesOnWhatTheRequestStreamThrows) {
  with_server({{read_head(), hold()}}, [](Client& client, RawServer& server) -> Task<void> {
    ClientRequest request{.method = Method::post, .url = server.url("/")};
    request.stream = std::make_shared<FailingSource>();
    EXPECT_EQ((co_await failure_of(client.send(std::move(request)))).code, "SOURCE");
    co_await server.until(all_closed);
  });
}

}  // namespace
}  // namespace odeon::http
