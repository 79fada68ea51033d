// Sounds that are in a bucket, as the work on them reads them.
#include "products/podcasts/sound/object_source.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/use_future.hpp>
#include <thread>

#include "base/error.hpp"
#include "engine/storage/s3.hpp"
#include "testing/clock.hpp"
#include "testing/s3_server.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kMegabyte = 1 << 20;
constexpr std::uint64_t kNever = ~std::uint64_t{0};

std::string noise_of(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

// A loop of its own, as a worker has one.
class OtherLoop {
 public:
  OtherLoop() : thread_([this] { loop_.run(); }) {}
  ~OtherLoop() {
    work_.reset();
    thread_.join();
  }
  asio::any_io_executor executor() { return loop_.get_executor(); }

 private:
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(loop_);
  std::thread thread_;
};

// Something far away: what is asked of it, and how much at once.
class FarBytes final : public ReadableObject {
 public:
  explicit FarBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    ++asked;
    if (offset >= broken_from) throw Error(Fault::unavailable, "AWAY", "It is away.");
    if (offset >= silent_from) {
      asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
      waiting = true;
      co_await never.async_wait(asio::use_awaitable);
    }
    const auto count = std::min<std::size_t>(into.size(), bytes_.size() - offset);
    std::copy_n(bytes_.data() + offset, count, into.data());
    co_return count;
  }
  std::string content_type() const override { return "audio/mpeg"; }
  std::string etag() const override { return "\"1\""; }
  Instant modified() const override { return {}; }

  std::atomic<int> asked = 0;
  std::uint64_t broken_from = kNever, silent_from = kNever;  // offsets
  std::atomic<bool> waiting = false;

 private:
  const std::string bytes_;
};

std::string rest_of(media::BlockingSource& source, std::size_t slice) {
  std::string all, piece(slice, '\0');
  while (const auto count = source.read(piece)) all.append(piece, 0, count);
  return all;
}

class CountedBucket final : public storage::S3Transport {
 public:
  Task<storage::S3Response> send(storage::S3Request request) override {
    ++requests;
    return client_.send(std::move(request));
  }
  std::atomic<int> requests = 0;

 private:
  testing::S3Client client_;
};

TEST(FarSound, CostsARequestForTwoMegabytes) {
  const testing::FakeClock clock;
  const testing::S3Server server{clock.now()};
  CountedBucket bucket;
  const auto far = storage::open_s3(server.options(), bucket, clock);
  const auto bytes = noise_of(20 * kMegabyte + 5);
  OtherLoop other;
  const auto on_loop = [&](auto task) {
    return asio::co_spawn(other.executor(), std::move(task), asio::use_future).get();
  };
  on_loop(storage::put(*far, "sound", bytes, {}));
  bucket.requests = 0;
  const auto source = source_of(on_loop(far->get("sound")), other.executor(), {});
  EXPECT_TRUE(rest_of(*source, 64 * 1024) == bytes);
  EXPECT_EQ(bucket.requests, 11) << "its beginning, and ten times two megabytes";
}

TEST(FarSound, IsReadAheadForOnePiece) {
  OtherLoop other;
  const auto object = std::make_shared<FarBytes>(noise_of(20 * kMegabyte));
  const auto source = source_of(object, other.executor(), {});
  std::string piece(4 * kMegabyte, '\0');
  EXPECT_EQ(source->read(piece), 2 * kMegabyte);
  EXPECT_EQ(object->asked, 1) << "what it is may be told by its beginning";
  EXPECT_EQ(source->read(piece), 2 * kMegabyte);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (object->asked < 3 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ(object->asked, 3);
  EXPECT_TRUE(source->seek(10 * kMegabyte));
  EXPECT_EQ(source->read(std::span(piece).first(10)), 10U);
  EXPECT_EQ(object->asked, 4) << "who jumps about is not read ahead for";
}

TEST(FarSound, SaysWhatWentWrong) {
  OtherLoop other;
  const auto object = std::make_shared<FarBytes>(noise_of(8 * kMegabyte));
  object->broken_from = 4 * kMegabyte;
  const auto source = source_of(object, other.executor(), {});
  std::string piece(2 * kMegabyte, '\0');
  EXPECT_EQ(source->read(piece), 2 * kMegabyte);
  EXPECT_EQ(source->read(piece), 2 * kMegabyte);
  EXPECT_THROW(source->read(piece), Error);
  EXPECT_TRUE(source->seek(0));
  EXPECT_EQ(source->read(piece), 2 * kMegabyte) << "the rest can still be read";
}

TEST(FarSound, IsWaitedForUntilSomebodySaysStop) {
  OtherLoop other;
  const auto object = std::make_shared<FarBytes>(noise_of(8 * kMegabyte));
  object->silent_from = 0;
  std::stop_source stop;
  const auto source = source_of(object, other.executor(), stop.get_token());
  std::jthread stopper([&] {
    while (!object->waiting) std::this_thread::yield();
    stop.request_stop();
  });
  std::string piece(100, '\0');
  EXPECT_THROW(source->read(piece), boost::system::system_error);
}

TEST(FarSound, ThatNobodyWantsAnyMoreIsGivenUp) {
  OtherLoop other;  // ends only when nothing is left to wait for
  const auto object = std::make_shared<FarBytes>(noise_of(8 * kMegabyte));
  object->silent_from = 4 * kMegabyte;
  const auto source = source_of(object, other.executor(), {});
  std::string piece(2 * kMegabyte, '\0');
  for (int i = 0; i < 2; ++i) EXPECT_EQ(source->read(piece), 2 * kMegabyte);
  while (!object->waiting) std::this_thread::yield();
}

RC_GTEST_PROP(FarSound, IsTheSameWhereverOneReads, ()) {
  static const auto bytes = noise_of(7 * kMegabyte + 3);
  static OtherLoop other;
  const auto source = source_of(std::make_shared<FarBytes>(bytes), other.executor(), {});
  std::size_t at = 0;
  for (int i = *rc::gen::inRange(1, 12); i > 0; --i) {
    if (*rc::gen::inRange(0, 3) == 0) {
      at = static_cast<std::size_t>(*rc::gen::inRange<std::int64_t>(0, std::ssize(bytes) + 10));
      RC_ASSERT(source->seek(static_cast<std::int64_t>(at)));
      at = std::min(at, bytes.size());
    }
    std::string piece(static_cast<std::size_t>(*rc::gen::inRange(1, 3'000'000)), '\0');
    const auto count = source->read(piece);
    RC_ASSERT((count > 0) == (at < bytes.size()));
    RC_ASSERT(std::string_view(piece).substr(0, count) == std::string_view(bytes).substr(at, count));
    at += count;
  }
}

}  // namespace
}  // namespace odeon::podcasts
