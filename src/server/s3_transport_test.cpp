#include "server/s3_transport.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engine/storage/s3.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"
#include "testing/s3_server.hpp"

namespace odeon::server {
namespace {

using namespace std::chrono_literals;

Task<void> use(storage::Storage& storage) {
  const std::string sound(9'000'000, 's');  // two parts
  const auto stored = co_await storage::put(storage, "briefings/1.mp3", sound, {.content_type = "audio/mpeg"});
  EXPECT_EQ(stored.size, sound.size());
  co_await storage::put(storage, "briefings/1.json", "{}", {.content_type = "application/json"});
  const auto page = co_await storage.list("briefings/", "", 10);
  EXPECT_EQ(page.objects.size(), 2U);
  const auto object = co_await storage.get("briefings/1.mp3");
  EXPECT_EQ(object->etag(), stored.etag);
  std::string end(10, '\0');
  EXPECT_EQ(co_await object->read_at(sound.size() - 5, end), 5U);
  EXPECT_EQ(end.substr(0, 5), "sssss");
  co_await storage.remove("briefings/1.mp3");
  EXPECT_FALSE(co_await storage.stat("briefings/1.mp3"));
  co_await storage.ping();
}

TEST(S3OverHttp, keeps_objects) {
  testing::FakeClock clock;
  testing::S3Server server(clock.now());
  http::Client client{http::ClientOptions{}};
  HttpForS3 transport(client);
  const auto storage = storage::open_s3(server.options(), transport, clock);
  run_task(use(*storage));
}

// What a broken service sends over a real connection.
Task<Fault> get_from(testing::RawScript script) {
  testing::RawServer server(co_await asio::this_coro::executor);
  server.on_connection(std::move(script));
  testing::FakeClock clock;
  http::Client client{http::ClientOptions{}};
  HttpForS3 transport(client);
  const auto storage = storage::open_s3({.endpoint = server.url(""),
                                         .bucket = "bucket",
                                         .access_key = "key",
                                         .secret_key = "secret",
                                         .path_style = true,
                                         .first_pause = 1ms},
                                        transport, clock);
  const auto got = co_await settle(storage->get("a"));
  EXPECT_EQ(server.connections(), 4U) << "it is asked again";
  co_await server.stop();
  try {
    if (!got) std::rethrow_exception(got.error());
  } catch (const Error& error) {
    co_return error.fault;
  }
  co_return Fault::internal;
}

TEST(S3OverHttp, answers_that_are_cut_are_unavailable) {
  const std::string head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nLast-Modified: Fri, 20 Nov 2026 07:30:00 GMT\r\n";
  for (const std::string& bytes :
       {head + "Content-Length: 10\r\n\r\n01234", head + "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n",
        head + "Content-Length: ten\r\n\r\n0123456789", std::string("HTTP/1.1 200"), std::string("\x16\x03\x01")})
    EXPECT_EQ(run_task(get_from({testing::read_head(), testing::send(bytes), testing::close_connection()})),
              Fault::unavailable)
        << bytes;
  EXPECT_EQ(run_task(get_from({testing::reset_connection()})), Fault::unavailable);
}

}  // namespace
}  // namespace odeon::server
