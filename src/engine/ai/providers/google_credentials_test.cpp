#include "engine/ai/providers/google_credentials.hpp"

#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "engine/identity/rsa_test.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::RawServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string token(const std::string& name) {
  const std::string body = R"({"access_token":")" + name + R"(","expires_in":3599})";
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(),
                     body);
}

Task<std::string> given(Credentials& credentials) {
  http::ClientRequest request{.method = http::Method::post, .url = "http://127.0.0.1:1/"};
  co_await credentials.add_to(request);
  co_return std::string(request.headers.get("Authorization"));
}

TEST(GoogleCredentials, AreATokenUntilItIsRefused) {
  std::vector<std::string> seen;
  std::string claims;
  run_task([](std::vector<std::string>& seen, std::string& claims) -> Task<void> {
    RawServer server(co_await asio::this_coro::executor);
    server.on_connection({odeon::testing::read_head(), odeon::testing::read_bytes(500),
                          odeon::testing::send(token("one")), odeon::testing::read_head(),
                          odeon::testing::read_bytes(500), odeon::testing::send(token("two")), odeon::testing::hold()});
    http::Client client({});
    odeon::testing::FakeClock clock;
    GoogleCredentials credentials(
        client, clock,
        {"ai@project.iam", "key-1", identity::Key::from_pem(identity::make_rsa_pem()), server.url("/token")});
    seen.push_back(co_await given(credentials));
    seen.push_back(co_await given(credentials));
    credentials.refused();
    seen.push_back(co_await given(credentials));
    claims = server.bodies().at(0);
    co_await server.stop();
  }(seen, claims));
  EXPECT_THAT(seen, ElementsAre("Bearer one", "Bearer one", "Bearer two"));
  claims.erase(0, claims.find('.') + 1);
  EXPECT_THAT(crypto::from_base64(claims.substr(0, claims.find('.'))).value_or(""),
              HasSubstr(R"("scope":"https://www.googleapis.com/auth/cloud-platform")"));
}

TEST(GoogleCredentials, AreMissedWhileGoogleIsAway) {
  http::Client client({});
  odeon::testing::FakeClock clock;
  GoogleCredentials credentials(
      client, clock,
      {"ai@project.iam", "key-1", identity::Key::from_pem(identity::make_rsa_pem()), "http://127.0.0.1:1/token"});
  try {
    run_task(given(credentials));
    FAIL() << "it gave some";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::unavailable);
  }
}

}  // namespace
}  // namespace odeon::ai
