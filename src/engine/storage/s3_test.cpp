#include "engine/storage/s3.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <fstream>
#include <iterator>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "engine/storage/conformance.hpp"
#include "testing/child.hpp"
#include "testing/clock.hpp"
#include "testing/s3_server.hpp"

namespace odeon::storage {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr std::size_t kMiB = 1024 * 1024;

class S3Subject final : public Subject {
 public:
  Storage& storage() override { return *storage_; }

 private:
  testing::FakeClock clock_;
  testing::S3Server server_{clock_.now()};
  testing::S3Client client_;
  std::unique_ptr<Storage> storage_ = open_s3(server_.options(), client_, clock_);
};

INSTANTIATE_TEST_SUITE_P(S3, Conformance, ::testing::Values([] { return std::make_unique<S3Subject>(); }));

// Counts what passes.
class CountedS3 final : public S3Transport {
 public:
  explicit CountedS3(S3Transport& transport) : transport_(transport) {}
  Task<S3Response> send(S3Request request) override {
    ++requests;
    return transport_.send(std::move(request));
  }
  int requests = 0;

 private:
  S3Transport& transport_;
};

class S3 : public ::testing::Test {
 protected:
  Stored put(std::string key, std::string bytes, PutOptions options = {}) {
    return run_task(storage::put(*storage, std::move(key), std::move(bytes), std::move(options)));
  }
  std::shared_ptr<ReadableObject> get(std::string key) { return run_task(storage->get(std::move(key))); }
  std::unique_ptr<Storage> open(auto&& change) {
    S3Options options = server.options();
    options.first_pause = 1ms;
    change(options);
    return open_s3(options, client, clock);
  }

  // What curl says: the status, and the body in `out`.
  std::string curl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"curl", "-s", "-o", folder / "out", "-w", "%{http_code}\n"});
    testing::Child child(arguments);
    return child.wait_for_line("");
  }
  std::string out() {
    std::ifstream file(folder / "out", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string upload(const UploadGrant& grant, const std::string& bytes, std::string content_type) {
    std::ofstream(folder / "in", std::ios::binary) << bytes;
    return curl({"-T", folder / "in", "-H", "Content-Type: " + content_type, "-H", "Expect:", grant.url});
  }

  static std::string detail_of(auto&& act) {
    try {
      act();
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::unavailable);
      EXPECT_THAT(error.message + error.detail, ::testing::Not(HasSubstr("secret")));
      return error.detail;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
  }

  testing::FakeClock clock;
  testing::ScratchFolder folder;
  testing::S3Server server{clock.now()};
  testing::S3Client client;
  std::unique_ptr<Storage> storage = open([](S3Options&) {});
};

TEST_F(S3, an_object_of_many_parts_is_one) {
  const std::string bytes = some_bytes(17 * kMiB + 5);
  SlicedSource source(bytes, {999'999, 65'535, 10});
  const Stored stored = run_task(storage->put("big", source, {.content_type = "audio/mpeg"}));
  EXPECT_EQ(stored.size, bytes.size());
  EXPECT_EQ(stored.md5, crypto::to_hex(crypto::md5(bytes)));
  const auto object = get("big");
  EXPECT_EQ(object->etag(), stored.etag);
  EXPECT_EQ(object->content_type(), "audio/mpeg");
  EXPECT_TRUE(contents(*object) == bytes);
  EXPECT_TRUE(contents(*object, 10 * kMiB) == bytes);
  EXPECT_EQ(server.uploads(), 0U);
}

TEST_F(S3, an_object_of_exactly_whole_parts_is_whole) {
  const std::string bytes = some_bytes(10 * kMiB);
  auto small = open([](S3Options& options) { options.part_bytes = 5 * kMiB; });
  EXPECT_EQ(run_task(storage::put(*small, "big", bytes, {})).size, bytes.size());
  EXPECT_TRUE(contents(*get("big"), kMiB) == bytes);
}

TEST_F(S3, a_large_put_that_fails_or_is_too_large_is_given_up) {
  put("big", "old");
  SlicedSource broken(some_bytes(9 * kMiB), {}, SlicedSource::End::failure);
  EXPECT_THROW(run_task(storage->put("big", broken, {})), std::runtime_error);
  EXPECT_THROW(put("big", some_bytes(9 * kMiB), {.max_bytes = 9 * kMiB - 1}), Error);
  EXPECT_EQ(server.uploads(), 0U);
  EXPECT_EQ(contents(*get("big")), "old");
}

TEST_F(S3, a_large_put_that_is_cancelled_is_given_up) {
  SlicedSource silent(some_bytes(9 * kMiB), {}, SlicedSource::End::silence);
  asio::io_context loop(1);
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  asio::co_spawn(
      loop, storage->put("big", silent, {}),
      asio::bind_cancellation_slot(cancel.slot(), [&failure](std::exception_ptr error, Stored) { failure = error; }));
  while (!silent.given()) loop.run_one();
  EXPECT_EQ(server.uploads(), 1U);
  while (loop.poll() > 0) continue;
  cancel.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
  EXPECT_EQ(server.uploads(), 0U);
  EXPECT_FALSE(get("big"));
}

TEST_F(S3, a_held_object_that_is_replaced_is_never_mixed_with_the_new_one) {
  put("small", "before");
  put("large", some_bytes(kMiB, 1));
  const auto small = get("small"), large = get("large");
  put("small", "after!");
  put("large", some_bytes(kMiB, 2));
  EXPECT_EQ(contents(*small), "before") << "all of it came when it was got";
  std::string piece(1000, '\0');
  EXPECT_THAT(detail_of([&] { run_task(large->read_at(900'000, piece)); }), HasSubstr("replaced"));
  run_task(storage->remove("large"));
  EXPECT_THAT(detail_of([&] { run_task(large->read_at(900'000, piece)); }), HasSubstr("removed"));
}

TEST_F(S3, whoever_reads_on_in_slices_asks_for_more_each_time) {
  const std::string bytes = some_bytes(16 * kMiB);
  put("long", bytes);
  CountedS3 counted(client);
  const auto far = open_s3(server.options(), counted, clock);
  const auto read_all_of = [&](std::size_t slice) {
    counted.requests = 0;
    EXPECT_TRUE(contents(*run_task(far->get("long")), slice) == bytes);
    return counted.requests;
  };
  EXPECT_EQ(read_all_of(64 * 1024), 2 + 16) << "256 KB, 512 KB, and then a megabyte each time";
  EXPECT_EQ(read_all_of(2 * kMiB), 1 + 8) << "large pieces are fetched as they are asked for";
  counted.requests = 0;
  const auto object = run_task(far->get("long"));
  std::string piece(1000, '\0');
  for (const std::size_t at : {15, 3, 9, 1}) EXPECT_EQ(run_task(object->read_at(at * kMiB, piece)), 1000U);
  EXPECT_EQ(counted.requests, 1 + 4);
}

TEST_F(S3, one_object_is_read_from_many_loops) {
  const std::string bytes = some_bytes(3 * kMiB);
  put("a", bytes);
  const auto object = get("a");
  std::vector<std::thread> threads;
  for (std::size_t reader = 0; reader < 4; ++reader)
    threads.emplace_back([&, reader] { EXPECT_TRUE(contents(*object, 10'000 * (reader + 1)) == bytes); });
  for (auto& thread : threads) thread.join();
}

TEST_F(S3, tells_the_md5_of_what_was_put_in_one_part) {
  put("a", "hello");
  EXPECT_EQ(run_task(storage->stat("a"))->md5, crypto::to_hex(crypto::md5("hello")));
}

TEST_F(S3, a_signed_address_reads_until_it_expires_and_nothing_else) {
  put("briefings/1.mp3", "sound", {.content_type = "audio/mpeg"});
  put("briefings/2.mp3", "other");
  const std::string url = storage->sign_read("briefings/1.mp3", 1h);
  EXPECT_EQ(curl({url}), "200");
  EXPECT_EQ(out(), "sound");
  EXPECT_EQ(curl({"-H", "Range: bytes=1-2", url}), "206");
  EXPECT_EQ(out(), "ou");
  EXPECT_EQ(curl({"-X", "DELETE", url}), "403");
  std::string other = url;
  other.replace(other.find("1.mp3"), 5, "2.mp3");
  EXPECT_EQ(curl({other}), "403");
  std::string longer = url;
  longer.replace(longer.find("Expires=3600"), 12, "Expires=7200");
  EXPECT_EQ(curl({longer}), "403");
  EXPECT_EQ(curl({server.endpoint() + "/bucket/briefings/1.mp3"}), "403");
  server.set_time(clock.now() + 1h - 1s);
  EXPECT_EQ(curl({url}), "200");
  server.set_time(clock.now() + 1h);
  EXPECT_EQ(curl({url}), "403");
}

TEST_F(S3, an_upload_grant_is_for_one_size_and_type) {
  const UploadGrant grant = storage->sign_upload("uploads/1", 5, "audio/webm;  codecs=opus", 15min);
  EXPECT_EQ(grant.method, "PUT");
  EXPECT_EQ(grant.expires_at, clock.now() + 15min);
  ASSERT_EQ(grant.headers.size(), 1U);
  EXPECT_EQ(grant.headers[0].first, "Content-Type");
  EXPECT_EQ(upload(grant, "123456", grant.headers[0].second), "403");
  EXPECT_EQ(upload(grant, "1234", grant.headers[0].second), "403");
  EXPECT_EQ(upload(grant, "12345", "text/html"), "403");
  EXPECT_FALSE(get("uploads/1"));
  EXPECT_EQ(upload(grant, "12345", grant.headers[0].second), "200");
  EXPECT_EQ(contents(*get("uploads/1")), "12345");
  server.set_time(clock.now() + 15min);
  EXPECT_EQ(upload(grant, "12345", grant.headers[0].second), "403");
}

TEST_F(S3, an_empty_upload_can_be_granted) {
  const UploadGrant grant = storage->sign_upload("uploads/1", 0, "text/plain", 15min);
  EXPECT_EQ(curl({"-X", "PUT", "-H", "Content-Type: text/plain", "-H", "Content-Length: 0", grant.url}), "200");
  EXPECT_EQ(get("uploads/1")->size(), 0U);
}

TEST_F(S3, addresses_for_clients_may_be_of_another_host) {
  auto hidden = open([](S3Options& options) {
    options.endpoint = "http://minio.internal:9000";
    options.public_endpoint = "https://Media.Example.org:443/";
  });
  EXPECT_THAT(hidden->sign_read("a/b", 1h),
              MatchesRegex("https://media.example.org/bucket/a/b\\?X-Amz-Algorithm=.*&X-Amz-Signature=[0-9a-f]{64}"));
  auto virtual_host = open([](S3Options& options) {
    options.endpoint = "https://s3.eu-central-1.amazonaws.com";
    options.path_style = false;
  });
  EXPECT_THAT(virtual_host->sign_read("a", 1h),
              ::testing::StartsWith("https://bucket.s3.eu-central-1.amazonaws.com/a?"));
}

TEST_F(S3, keys_and_settings_that_are_wrong_are_named) {
  const auto ping = [this](auto change) { return detail_of([&] { run_task(open(change)->ping()); }); };
  EXPECT_THAT(ping([](S3Options& options) { options.secret_key = "secret"; }), HasSubstr("SignatureDoesNotMatch"));
  EXPECT_THAT(ping([](S3Options& options) { options.access_key = "nobody"; }), HasSubstr("InvalidAccessKeyId"));
  EXPECT_THAT(ping([](S3Options& options) { options.region = "us-east-1"; }),
              HasSubstr("AuthorizationHeaderMalformed"));
  EXPECT_THAT(ping([](S3Options& options) { options.bucket = "missing"; }), HasSubstr("NoSuchBucket"));
  server.set_time(clock.now() + 1h);
  EXPECT_THAT(ping([](S3Options&) {}), HasSubstr("RequestTimeTooSkewed"));
}

TEST_F(S3, options_that_cannot_be_meant_stop_the_start) {
  const std::vector<std::function<void(S3Options&)>> wrong{
      [](S3Options& options) { options.endpoint = ""; },
      [](S3Options& options) { options.endpoint = "s3.amazonaws.com"; },
      [](S3Options& options) { options.endpoint = "https://host/path"; },
      [](S3Options& options) { options.endpoint = "https://user@host"; },
      [](S3Options& options) { options.public_endpoint = "ftp://host"; },
      [](S3Options& options) { options.bucket = ""; },
      [](S3Options& options) { options.bucket = "a/b"; },
      [](S3Options& options) { options.region = "eu west"; },
      [](S3Options& options) { options.access_key = ""; },
      [](S3Options& options) { options.secret_key = ""; },
      [](S3Options& options) { options.part_bytes = 0; }};
  for (const auto& change : wrong) {
    try {
      open(change);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::invalid);
    }
  }
}

TEST_F(S3, a_service_that_is_gone_is_unavailable) {
  put("large", some_bytes(kMiB));
  const auto object = get("large");
  server.kill();
  std::string piece(10, '\0');
  detail_of([&] { put("a", "1"); });
  detail_of([&] { put("a", some_bytes(9 * kMiB)); });
  detail_of([&] { get("large"); });
  detail_of([&] { run_task(storage->stat("large")); });
  detail_of([&] { run_task(storage->list("", "", 10)); });
  detail_of([&] { run_task(storage->remove("large")); });
  detail_of([&] { run_task(storage->ping()); });
  detail_of([&] { run_task(object->read_at(900'000, piece)); });
}

}  // namespace
}  // namespace odeon::storage
