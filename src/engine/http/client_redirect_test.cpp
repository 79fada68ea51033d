#include "engine/http/client_fixture_test.hpp"

namespace odeon::http {
namespace {

using testing::read_head;
using testing::send;

std::string redirect(int status, const std::string& location) {
  return fmt::format("HTTP/1.1 {} Elsewhere\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", status, location);
}

TEST(Redirects, AreFollowedWhenAsked) {
  with_server({{read_head(), send(redirect(302, "../b?c")), read_head(), send(kHello)}},
              [](Client& client, RawServer& server) -> Task<void> {
                ClientRequest request{.url = server.url("/x/a"), .follow_redirects = 3};
                request.headers.add("Authorization", "Bearer secret");
                ClientResponse response = co_await client.send(std::move(request));
                EXPECT_EQ(response.url, server.url("/b?c"));
                EXPECT_TRUE(server.heads().back().starts_with("GET /b?c HTTP/1.1\r\n"));
                EXPECT_TRUE(server.heads().back().contains("Bearer secret"));
                EXPECT_EQ(server.connections(), 1u);
              });
}

TEST(Redirects, TakeNoSecretsToAnotherOrigin) {
  with_server(
      {{read_head(), testing::raw::Answer{[](const std::string& head) {
          const std::size_t port = head.find("127.0.0.1:") + 10;
          return redirect(307, "http://localhost:" + head.substr(port, head.find('\r', port) - port) + "/there");
        }},
        testing::hold()},
       {read_head(), send(kHello)}},
      [](Client& client, RawServer& server) -> Task<void> {
        ClientRequest request{.url = server.url("/here"), .follow_redirects = 1};
        request.headers.add("Authorization", "Bearer secret");
        request.headers.add("X-Api-Key", "secret");
        request.headers.add("Cookie", "secret");
        request.headers.add("Accept", "text/html");
        EXPECT_EQ(co_await body_of(client, std::move(request)), "hello");
        EXPECT_EQ(server.heads().back(),
                  fmt::format("GET /there HTTP/1.1\r\nHost: localhost:{}\r\nAccept: text/html\r\n\r\n", server.port()));
      });
}

struct NotFollowed {
  const char* name;
  Method method;
  int follow;
  std::string location;
  std::size_t requests;
};
class RedirectAsAnswer : public ::testing::TestWithParam<NotFollowed> {};

TEST_P(RedirectAsAnswer, WhenItMayNotBeFollowed) {
  with_server({{read_head(), send(redirect(301, GetParam().location))}},
              [](Client& client, RawServer& server) -> Task<void> {
                ClientResponse response = co_await client.send(
                    {.method = GetParam().method, .url = server.url("/"), .follow_redirects = GetParam().follow});
                EXPECT_EQ(response.status, 301u);
                EXPECT_EQ(server.heads().size(), GetParam().requests);
              });
}
INSTANTIATE_TEST_SUITE_P(Cases, RedirectAsAnswer,
                         ::testing::Values(NotFollowed{"NotAsked", Method::get, 0, "/b", 1},
                                           NotFollowed{"TooMany", Method::get, 2, "/b", 3},
                                           NotFollowed{"Post", Method::post, 4, "/b", 1},
                                           NotFollowed{"NoLocation", Method::get, 4, "", 1},
                                           NotFollowed{"OtherScheme", Method::get, 4, "ftp://example.com/", 1},
                                           NotFollowed{"WithPassword", Method::get, 4, "http://a:b@127.0.0.1/", 1},
                                           NotFollowed{"Nonsense", Method::get, 4, "http://[::/ x", 1}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace odeon::http
