// How an issuer's keys come over the wire.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engine/identity/remote_keys.hpp"
#include "testing/raw_server.hpp"

namespace odeon::identity {
namespace {

// The body that was fetched, or the fault it ended by.
std::string fetch_from(testing::RawScript script) {
  return run_task([](testing::RawScript script) -> Task<std::string> {
    testing::RawServer server(co_await asio::this_coro::executor);
    server.on_connection(std::move(script));
    http::Client client({});
    const auto fetched = co_await settle(fetch_by(client)(server.url("/auth/v1/.well-known/jwks.json")));
    const auto head = server.heads().empty() ? std::string() : server.heads().front();
    EXPECT_TRUE(head.starts_with("GET /auth/v1/.well-known/jwks.json HTTP/1.1\r\n")) << head;
    co_await server.stop();
    if (fetched) co_return *fetched;
    try {
      std::rethrow_exception(fetched.error());
    } catch (const Error& error) {
      co_return fmt::format("fault {}", static_cast<int>(error.fault));
    }
  }(std::move(script)));
}

std::string fault(Fault wanted) {
  return fmt::format("fault {}", static_cast<int>(wanted));
}

using testing::read_head, testing::send, testing::hold, testing::close_connection;

TEST(FetchedKeys, AreTheBodyOfAnAnswer) {
  EXPECT_EQ(fetch_from({read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}"), hold()}),
            "{\"keys\":[]}");
}

TEST(FetchedKeys, AreNotTakenFromAnythingElse) {
  EXPECT_EQ(fetch_from({read_head(), send("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"), hold()}),
            fault(Fault::upstream));
  EXPECT_EQ(fetch_from({read_head(),
                        send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                             "Content-Length: 0\r\n\r\n"),
                        hold()}),
            fault(Fault::upstream));
  EXPECT_EQ(fetch_from({read_head(),
                        send("HTTP/1.1 200 OK\r\nContent-Length: 262145\r\n\r\n" + std::string(262145, ' ')), hold()}),
            fault(Fault::too_large));
  EXPECT_EQ(fetch_from({read_head(), close_connection()}), fault(Fault::unavailable));
}

}  // namespace
}  // namespace odeon::identity
