#include <fcntl.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <boost/system/system_error.hpp>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "engine/http/server.hpp"
#include "engine/http/server_fixture_test.hpp"
#include "engine/http/wakeup.hpp"

namespace odeon::http {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kGetStream = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

Response stream_response(StreamBody body, std::string type = "text/plain") {
  Response response;
  response.headers.add("Content-Type", std::move(type));
  response.body = std::move(body);
  return response;
}

// Raises "cancelled" if the wait ends by cancellation.
Task<void> wait_for_ever(Signal& signal) {
  std::exception_ptr failure;
  try {
    co_await sleep_on_loop(std::chrono::hours(1));
  } catch (...) {
    failure = std::current_exception();
  }
  signal.raise("cancelled");
  std::rethrow_exception(failure);
}

Task<void> count_to_three(BodyWriter& writer) {
  for (std::string_view word : {"one ", "two ", "three"}) co_await writer.write(word);
}

TEST(StreamTest, IsChunkedAndTheConnectionGoesOn) {
  TestServer server([](Request&) -> Task<Response> { co_return stream_response(count_to_three); });
  RawClient client(server.port);
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.exchange(kGetStream);
    EXPECT_EQ(answer.body, "one two three");
    EXPECT_EQ(answer.field("truncated"), "");
  }
}

TEST(StreamTest, ToAnOldClientTheEndOfTheConnectionIsTheEnd) {
  TestServer server([](Request&) -> Task<Response> { co_return stream_response(count_to_three); });
  const auto answer = server.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(answer.body, "one two three");
  EXPECT_EQ(answer.field("connection"), "close");
}

TEST(StreamTest, IsNotRunForHead) {
  TestServer server([](Request&) -> Task<Response> { co_return stream_response(count_to_three); });
  RawClient client(server.port);
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer(true).status, 200);
  EXPECT_EQ(client.exchange(kGetStream).body, "one two three");
}

Task<void> fail_midway(BodyWriter& writer) {
  co_await writer.write("half");
  throw Error(Fault::upstream, "BROKE", "It broke.");
}

TEST(StreamTest, ThatFailsMidwayIsVisiblyCut) {
  TestServer server([](Request&) -> Task<Response> { co_return stream_response(fail_midway); });
  RawClient client(server.port);
  const auto answer = client.exchange(kGetStream);
  EXPECT_EQ(answer.body, "half");
  EXPECT_EQ(answer.field("truncated"), "yes");

  RawClient old(server.port);
  old.send("GET / HTTP/1.0\r\n\r\n");
  old.read_to_end();
  EXPECT_TRUE(old.was_reset());
}

TEST(StreamTest, EndsWhenTheClientLeaves) {
  Signal signal;
  TestServer server([&signal](this auto, Request&) -> Task<Response> {
    co_return stream_response([&signal](this auto, BodyWriter& writer) -> Task<void> {
      co_await writer.write("x");
      co_await wait_for_ever(signal);
    });
  });
  RawClient client(server.port);
  client.send(kGetStream);
  client.read_until("x\r\n");
  client.close();
  EXPECT_TRUE(signal.await("cancelled"));
}

TEST(StreamTest, PipelinedBytesAreKeptWhileTheClientIsWatched) {
  TestServer server([](Request&) -> Task<Response> { co_return Response{}; });
  Wakeup released(server.loops().executor(0));
  bool is_released = false;
  server.handler = [&](this auto, Request& request) -> Task<Response> {
    if (request.path == "/release") {
      is_released = true;
      released.notify();
    }
    if (request.path != "/") co_return text_response(request.path);
    co_return stream_response([&released, &is_released](this auto, BodyWriter& writer) -> Task<void> {
      co_await writer.write("x");
      while (!is_released) co_await released.wait();
    });
  };
  RawClient client(server.port);
  client.send(kGetStream);
  client.read_until("x\r\n");
  client.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
  // The loop has seen the bytes above when it has answered this.
  EXPECT_EQ(server.exchange("GET /release HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "0\r\n\r\n");
  EXPECT_EQ(client.answer().body, "/second");
}

TEST(HandlerTest, IsCancelledWhenItsClientLeaves) {
  Signal signal;
  TestServer server([&signal](this auto, Request&) -> Task<Response> {
    signal.raise("called");
    co_await wait_for_ever(signal);
    co_return Response{};
  });
  for (bool by_reset : {false, true}) {
    RawClient client(server.port);
    client.send(kGetStream);
    ASSERT_TRUE(signal.await("called"));
    by_reset ? client.reset() : client.close();
    EXPECT_TRUE(signal.await("cancelled"));
  }
}

// Writes until told to stop, counting.
TEST(StreamTest, ASlowClientSlowsItsProducer) {
  ServerOptions options;
  options.idle_time = milliseconds(200);
  Signal signal;
  std::atomic<std::size_t> written = 0;
  TestServer server(
      [&](this auto, Request&) -> Task<Response> {
        co_return stream_response([&signal, &written](this auto, BodyWriter& writer) -> Task<void> {
          const std::string piece(64 * 1024, 'a');
          try {
            for (;;) {
              co_await writer.write(piece);
              written += piece.size();
            }
          } catch (const boost::system::system_error&) {
            signal.raise("cut off");
            throw;
          }
        });
      },
      options);
  RawClient client(server.port, 4096);
  client.send(kGetStream);
  EXPECT_TRUE(signal.await("cut off"));  // it takes nothing, so its time runs out
  EXPECT_LT(written, 32U << 20);
}

TEST(StreamTest, EndsWhenTheClientLeavesWhateverThePreviousRequestPutOff) {
  Signal signal;
  std::atomic<bool> first = true;
  TestServer server([&signal, &first](this auto, Request&) -> Task<Response> {
    if (first.exchange(false)) {
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      co_await asio::this_coro::throw_if_cancelled(false);
      co_return Response{.body = std::string("first")};
    }
    co_return stream_response([&signal](this auto, BodyWriter& writer) -> Task<void> {
      co_await writer.write("x");
      co_await wait_for_ever(signal);
    });
  });
  RawClient client(server.port);
  EXPECT_EQ(client.exchange(kGetStream).body, "first");
  client.send(kGetStream);
  client.read_until("x\r\n");
  client.close();
  EXPECT_TRUE(signal.await("cancelled"));
}

TEST(StreamTest, NothingFollowsAWriteThatWasCutOff) {
  Signal signal;
  TestServer server([&signal](this auto, Request&) -> Task<Response> {
    co_return stream_response([&signal](this auto, BodyWriter& writer) -> Task<void> {
      const std::string much(16 << 20, 'a');
      const auto first = co_await settle(with_timeout(milliseconds(50), writer.write(much)));
      const auto second = co_await settle(writer.write("b"));
      signal.raise(first ? "taken" : second ? "went on" : "stopped");
    });
  });
  RawClient client(server.port, 4096);
  client.send(kGetStream);
  EXPECT_TRUE(signal.await("stopped"));
}

// ---- stored objects --------------------------------------------------------------------------------

class TestObject final : public ReadableObject {
 public:
  TestObject(std::string bytes, bool as_file) : bytes_(std::move(bytes)) {
    if (!as_file) return;
    char name[] = "/tmp/odeon-object-XXXXXX";
    descriptor_ = ::mkstemp(name);
    ::unlink(name);
    EXPECT_EQ(::write(descriptor_, bytes_.data(), bytes_.size()), static_cast<ssize_t>(bytes_.size()));
  }
  ~TestObject() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  std::uint64_t size() const override { return bytes_.size(); }
  Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    if (offset >= bytes_.size()) co_return 0;
    co_return bytes_.copy(into.data(), std::min<std::size_t>(into.size(), 10'000), offset);
  }
  int descriptor() const override { return descriptor_; }
  std::string content_type() const override { return "audio/mpeg"; }
  std::string etag() const override { return "\"1\""; }
  Instant modified() const override { return {}; }

 private:
  std::string bytes_;
  int descriptor_ = -1;
};

Handler serve_object(std::shared_ptr<ReadableObject> object, std::uint64_t offset, std::uint64_t length) {
  return [=](this auto, Request&) -> Task<Response> {
    Response response;
    response.body = ObjectBody{object, offset, length};
    co_return response;
  };
}

class ObjectTest : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(FileAndMemory, ObjectTest, ::testing::Bool());

TEST_P(ObjectTest, LargeOneReachesASlowReaderWhole) {
  const std::string bytes = crypto::random_bytes(9'000'000);
  TestServer server(serve_object(std::make_shared<TestObject>(bytes, GetParam()), 1000, 8'500'000));
  RawClient client(server.port, 16 * 1024);
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.exchange(kGetStream);
    EXPECT_EQ(answer.field("content-length"), "8500000");
    EXPECT_TRUE(answer.body == bytes.substr(1000, 8'500'000));
  }
}

TEST_P(ObjectTest, NothingIsSentForHeadOrOfNothing) {
  TestServer server(serve_object(std::make_shared<TestObject>("abc", GetParam()), 0, 0));
  RawClient client(server.port);
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer(true).field("content-length"), "0");
  EXPECT_EQ(client.exchange(kGetStream).body, "");
}

TEST_P(ObjectTest, ThatIsShorterThanItSaidCutsTheAnswer) {
  TestServer server(serve_object(std::make_shared<TestObject>("abc", GetParam()), 0, 10));
  RawClient client(server.port);
  const auto answer = client.exchange(kGetStream);
  EXPECT_EQ(answer.field("content-length"), "10");
  EXPECT_EQ(answer.body, "abc");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_P(ObjectTest, PartsCarryTheirBoundaries) {
  const auto object = std::make_shared<TestObject>("0123456789", GetParam());
  TestServer server([&](this auto, Request&) -> Task<Response> {
    Response response;
    response.status = 206;
    response.body = PartsBody{{{"--a\r\n", {object, 0, 2}}, {"\r\n--b\r\n", {object, 7, 3}}}, "\r\n--end"};
    co_return response;
  });
  RawClient client(server.port);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(client.exchange(kGetStream).body, "--a\r\n01\r\n--b\r\n789\r\n--end");
}

// ---- gzip ------------------------------------------------------------------------------------------

std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(8 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(GzipTest, CompressesTextAboveOneKilobyteForWhoTakesIt) {
  for (std::size_t size : {1024U, 5'000U, 2'000'000U}) {
    std::string text;
    while (text.size() < size) text += std::to_string(text.size()) + " ";
    TestServer server([&text](this auto, Request&) -> Task<Response> {
      Response response = text_response(text);
      response.headers.add("ETag", "\"1\"");
      response.headers.add("Vary", "Origin");
      co_return response;
    });
    RawClient client(server.port);
    for (int i = 0; i < 2; ++i) {
      const auto packed = client.exchange("GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br, gzip\r\n\r\n");
      EXPECT_EQ(packed.field("content-encoding"), "gzip");
      EXPECT_EQ(packed.field("vary"), "Origin, Accept-Encoding");
      EXPECT_EQ(packed.field("etag"), "W/\"1\"");
      EXPECT_LT(packed.body.size(), text.size() / 2);
      EXPECT_TRUE(gunzip(packed.body) == text);
    }
    const auto plain = client.exchange("GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip;q=0\r\n\r\n");
    EXPECT_EQ(plain.field("content-encoding"), "");
    EXPECT_EQ(plain.field("vary"), "Origin, Accept-Encoding");
    EXPECT_TRUE(plain.body == text);
  }
}

}  // namespace
}  // namespace odeon::http
