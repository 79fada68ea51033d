#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/http/client_fixture_test.hpp"

namespace odeon::http {
namespace {

using testing::Certificate;
using testing::close_connection;
using testing::cut;
using testing::hold;
using testing::read_bytes;
using testing::read_head;
using testing::send;

// An authority in a file, as an operator would name it in the configuration.
class Tls : public ::testing::Test {
 protected:
  Tls() {
    std::string pattern = "/tmp/odeon-tls-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(folder_ + "/authorities.pem") << authority_.certificate;
  }
  ~Tls() override { std::filesystem::remove_all(folder_); }

  ClientOptions trusting() const { return {.authorities_file = folder_ + "/authorities.pem"}; }
  Certificate server_for(const std::string& host) const { return testing::make_certificate(host, authority_); }

  std::string folder_;
  const Certificate authority_ = testing::make_authority("Odeon test authority");
};

TEST_F(Tls, VerifiesTheServerAndReusesTheConnection) {
  with_server(
      {{read_head(), send(kHello), read_head(), send(kHello)}},
      [](Client& client, RawServer& server) -> Task<void> {
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/1", "localhost")}), "hello");
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/2", "localhost")}), "hello");
        EXPECT_EQ(server.connections(), 1u);
      },
      trusting(), server_for("localhost"));
}

TEST_F(Tls, VerifiesAddresses) {
  with_server(
      {{read_head(), send(kHello)}},
      [](Client& client, RawServer& server) -> Task<void> {
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "hello");
      },
      trusting(), server_for("127.0.0.1"));
}

TEST_F(Tls, CarriesMuchBothWays) {
  constexpr std::size_t size = 3'000'000;
  const std::string answer =
      fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", size, std::string(size, 'y'));
  with_server(
      {{read_head(), read_bytes(size), send(answer)}},
      [](Client& client, RawServer& server) -> Task<void> {
        const std::string big(size, 'x');
        const std::string got = co_await body_of(client, {.method = Method::post, .url = server.url("/"), .body = big});
        EXPECT_EQ(got, std::string(size, 'y'));
        EXPECT_EQ(server.bodies().front(), big);
      },
      trusting(), server_for("127.0.0.1"));
}

TEST_F(Tls, RefusesWhomItCannotTrust) {
  struct Case {
    ClientOptions options;
    Certificate certificate;
    std::string reason;
  };
  const Case cases[] = {
      {{}, server_for("127.0.0.1"), "certificate"},            // an unknown authority
      {trusting(), server_for("127.0.0.2"), "mismatch"},       // another address
      {trusting(), server_for("elsewhere.test"), "mismatch"},  // a name instead
      {trusting(), testing::make_authority("127.0.0.1"), "certificate"},
  };
  for (const Case& item : cases)
    with_server(
        {{read_head(), send(kHello)}},
        [reason = item.reason](this auto, Client& client, RawServer& server) -> Task<void> {
          const Error error = co_await failure_of(client.send({.url = server.url("/?key=secret")}));
          EXPECT_EQ(error.code, "TLS_FAILED");
          EXPECT_EQ(error.fault, Fault::unavailable);
          EXPECT_TRUE(error.detail.contains(reason)) << error.detail;
          EXPECT_TRUE(server.heads().empty());
        },
        item.options, item.certificate);
}

TEST_F(Tls, RefusesAPlainServer) {
  with_server(
      {{send("HTTP/1.1 400 Bad Request\r\n\r\n"), hold()}},
      [](Client& client, RawServer& server) -> Task<void> {
        const Error error = co_await failure_of(client.send({.url = "https" + server.url("/").substr(4)}));
        EXPECT_EQ(error.code, "TLS_FAILED");
      },
      trusting());
}

TEST_F(Tls, KnowsACutStreamFromItsEnd) {
  const std::string answer = "HTTP/1.1 200 OK\r\n\r\nall of it";
  with_server(
      {{read_head(), send(answer), close_connection()}, {read_head(), send(answer), cut()}},
      [](Client& client, RawServer& server) -> Task<void> {
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "all of it");
        const Error error = co_await failure_of(body_of(client, {.url = server.url("/")}));
        EXPECT_EQ(error.code, "TRUNCATED_ANSWER");
      },
      trusting(), server_for("127.0.0.1"));
}

TEST_F(Tls, DropsAnIdleConnectionThatTheServerClosed) {
  with_server(
      {{read_head(), send(kHello), close_connection()}, {read_head(), send(kHello)}},
      [](Client& client, RawServer& server) -> Task<void> {
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "hello");
        EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "hello");
        EXPECT_EQ(server.connections(), 2u);
      },
      trusting(), server_for("127.0.0.1"));
}

TEST_F(Tls, ClosesWhenTheServerIsSilent) {
  with_server(
      {{read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"), hold()}},
      [](Client& client, RawServer& server) -> Task<void> {
        EXPECT_EQ((co_await failure_of(body_of(client, {.url = server.url("/")}))).fault, Fault::timeout);
        co_await server.until([](const RawServer& s) { return s.closed_by_peer() == 1; });
      },
      {.idle_time = std::chrono::milliseconds(30), .authorities_file = trusting().authorities_file},
      server_for("127.0.0.1"));
}

TEST_F(Tls, DoesNotFollowARedirectToPlainHttp) {
  with_server(
      {{read_head(), send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")}},
      [](Client& client, RawServer& server) -> Task<void> {
        const ClientResponse response = co_await client.send({.url = server.url("/"), .follow_redirects = 5});
        EXPECT_EQ(response.status, 302u);
      },
      trusting(), server_for("127.0.0.1"));
}

TEST_F(Tls, NeedsAUsableFileOfAuthorities) {
  EXPECT_THROW(Client({.authorities_file = folder_ + "/missing.pem"}), Error);
  std::ofstream(folder_ + "/broken.pem") << "not a certificate";
  EXPECT_THROW(Client({.authorities_file = folder_ + "/broken.pem"}), Error);
}

}  // namespace
}  // namespace odeon::http
