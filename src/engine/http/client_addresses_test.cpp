#include "engine/http/client_fixture_test.hpp"

namespace odeon::http {
namespace {

using testing::read_head;
using testing::send;

bool is_not_loopback(std::span<const std::uint8_t> address) {
  return address.size() == 4 ? address[0] != 127 : address.back() != 1;
}

// A name, an address, and an address written oddly all end at the same one.
TEST(ClientAddresses, AreAskedForBeforeAConnection) {
  for (const char* host : {"127.0.0.1", "localhost", "0x7f.1", "2130706433", "127.1"}) {
    with_server({{read_head(), send(kHello)}},
                [host](this auto, Client& client, RawServer& server) -> Task<void> {
                  const Error error = co_await failure_of(client.send({.url = server.url("/", host)}));
                  EXPECT_EQ(error.code, "ADDRESS_NOT_ALLOWED") << host;
                  EXPECT_EQ(error.fault, Fault::forbidden);
                  EXPECT_EQ(server.connections(), 0U);
                },
                {.may_connect = is_not_loopback});
  }
}

TEST(ClientAddresses, AreShownAsOnTheWire) {
  std::vector<std::vector<std::uint8_t>> asked;
  with_server({{read_head(), send(kHello)}},
              [](Client& client, RawServer& server) -> Task<void> {
                EXPECT_EQ(co_await body_of(client, {.url = server.url("/")}), "hello");
              },
              {.may_connect = [&asked](std::span<const std::uint8_t> address) {
                asked.emplace_back(address.begin(), address.end());
                return true;
              }});
  EXPECT_EQ(asked, (std::vector<std::vector<std::uint8_t>>{{127, 0, 0, 1}}));
}

// Nor does a redirect lead around it.
TEST(ClientAddresses, OfRedirectsAreAskedForToo) {
  int asked = 0;
  with_server(
      {{read_head(), testing::raw::Answer{[](const std::string&) {
          return std::string("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:9/\r\nContent-Length: 0\r\n\r\n");
        }}}},
      [](Client& client, RawServer& server) -> Task<void> {
        const Error error = co_await failure_of(client.send({.url = server.url("/"), .follow_redirects = 3}));
        EXPECT_EQ(error.code, "ADDRESS_NOT_ALLOWED");
      },
      {.may_connect = [&asked](std::span<const std::uint8_t> address) {
        ++asked;
        return address.back() == 1;
      }});
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace odeon::http
