// A service that fails for a moment is asked again; one that talks nonsense is unavailable.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include "base/error.hpp"
#include "engine/storage/conformance.hpp"
#include "engine/storage/s3.hpp"
#include "testing/clock.hpp"

namespace odeon::storage {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Says {
  unsigned status = 200;
  S3Fields headers;
  std::string body;
  bool lost = false;  // the connection breaks instead
  bool cut = false;   // the body breaks off at its end
};

class CutSource final : public ByteSource {
 public:
  explicit CutSource(std::string bytes) : inside_(std::move(bytes)) {}
  Task<std::size_t> read(std::span<char> into) override {
    const std::size_t count = co_await inside_.read(into);
    if (count == 0) throw Error(Fault::upstream, "BAD_ANSWER", "cut");
    co_return count;
  }

 private:
  StringSource inside_;
};

// Answers in order as told, the last answer for ever; notes what it was asked.
class Service final : public S3Transport {
 public:
  explicit Service(std::deque<Says> answers) : answers_(std::move(answers)) {}

  Task<S3Response> send(S3Request request) override {
    asked.push_back(request.method);
    requests.push_back(std::move(request));
    Says says = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    if (says.lost) throw Error(Fault::unavailable, "CONNECTION_LOST", "lost");
    S3Response response{.status = says.status, .headers = says.headers};
    if (says.cut)
      response.body = std::make_unique<CutSource>(says.body);
    else
      response.body = std::make_unique<StringSource>(says.body);
    co_return response;
  }

  std::vector<std::string> asked;
  std::vector<S3Request> requests;

 private:
  std::deque<Says> answers_;
};

Says error(unsigned status, std::string_view code) {
  return {.status = status, .body = fmt::format("<?xml version=\"1.0\"?><Error><Code>{}</Code></Error>", code)};
}

Says object(std::string bytes) {
  return {.headers = {{"Content-Length", std::to_string(bytes.size())},
                      {"ETag", "\"1\""},
                      {"Last-Modified", "Fri, 20 Nov 2026 07:30:00 GMT"},
                      {"Content-Type", "text/plain"}},
          .body = bytes};
}

Says piece(std::string bytes, std::string range, std::string etag = "\"1\"") {
  Says says = object(bytes);
  says.status = 206;
  says.headers[1].second = std::move(etag);
  says.headers.emplace_back("Content-Range", std::move(range));
  return says;
}

const Says kTagged{.headers = {{"ETag", "\"1\""}}};
const Says kBegun{.body = "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"};
const Says kCompleted{.body = "<CompleteMultipartUploadResult><ETag>\"1-2\"</ETag></CompleteMultipartUploadResult>"};
const Says kGone{.status = 204};
const std::string kMany = some_bytes(6 * 1024 * 1024);

class S3Faults {
 public:
  explicit S3Faults(std::deque<Says> answers) : service(std::move(answers)) {}

  Stored put(std::string bytes) { return run_task(storage::put(*storage, "a", std::move(bytes), {})); }
  std::shared_ptr<ReadableObject> get() { return run_task(storage->get("a")); }

  Service service;
  testing::FakeClock clock;
  std::unique_ptr<Storage> storage = open_s3({.endpoint = "https://s3.example",
                                              .bucket = "bucket",
                                              .access_key = "key",
                                              .secret_key = "secret",
                                              .part_bytes = 5 * 1024 * 1024,
                                              .first_pause = 1ms},
                                             service, clock);
};

std::string unavailable(auto&& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::unavailable);
    return error.detail;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST(S3Faults, what_may_pass_is_asked_again) {
  for (const Says& fault : {error(503, "SlowDown"), error(500, "InternalError"), error(400, "RequestTimeout"),
                            error(429, "TooManyRequests"), Says{.status = 502, .body = "<html>Bad Gateway</html>"},
                            Says{.lost = true}, Says{.body = "", .cut = true}}) {
    S3Faults s3({fault, fault, kTagged});
    EXPECT_EQ(s3.put("hello").etag, "\"1\"");
    EXPECT_EQ(s3.service.asked.size(), 3U);
    for (const auto& request : s3.service.requests) {
      EXPECT_EQ(request.url, "https://bucket.s3.example/a");
      EXPECT_EQ(request.body, "hello");
    }
  }
}

TEST(S3Faults, but_not_for_ever) {
  S3Faults s3({error(503, "SlowDown")});
  EXPECT_THAT(unavailable([&] { s3.put("hello"); }), HasSubstr("503 SlowDown"));
  EXPECT_EQ(s3.service.asked.size(), 4U);
}

TEST(S3Faults, what_will_not_pass_is_not_asked_again) {
  S3Faults s3({error(403, "AccessDenied")});
  EXPECT_THAT(unavailable([&] { s3.put("hello"); }), HasSubstr("403 AccessDenied"));
  EXPECT_EQ(s3.service.asked.size(), 1U);
}

TEST(S3Faults, a_missing_object_is_told_from_a_missing_bucket_and_from_a_page_of_a_proxy) {
  EXPECT_FALSE(S3Faults({error(404, "NoSuchKey")}).get());
  unavailable([] { S3Faults({error(404, "NoSuchBucket")}).get(); });
  unavailable([] { S3Faults({Says{.status = 404, .body = "<html><body>Not Found</body></html>"}}).get(); });
  unavailable([] { run_task(S3Faults({error(404, "NoSuchBucket")}).storage->remove("a")); });
}

TEST(S3Faults, a_page_of_a_proxy_is_no_listing) {
  const Says page{.body = "<html><body>Welcome to the hotel</body></html>"};
  unavailable([&] { run_task(S3Faults({page}).storage->list("", "", 10)); });
  unavailable([&] { run_task(S3Faults({Says{.body = std::string(20'000'000, 'x')}}).storage->list("", "", 10)); });
}

TEST(S3Faults, a_listing_that_does_not_go_on_is_none) {
  const Says same{.body =
                      "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a</Key><ETag>1</ETag>"
                      "<Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
                      "</ListBucketResult>"};
  EXPECT_EQ(run_task(S3Faults({same}).storage->list("", "", 1)).next, "a");
  unavailable([&] { run_task(S3Faults({same}).storage->list("", "a", 1)); });
}

TEST(S3Faults, keys_of_others_in_the_bucket_are_not_shown) {
  const Says listing{.body =
                         "<ListBucketResult><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>"
                         "<Contents><Key>a%20b</Key><ETag>1</ETag><Size>1</Size>"
                         "<LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"
                         "<Contents><Key>b</Key><ETag>1</ETag><Size>1</Size>"
                         "<LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>"};
  const Page page = run_task(S3Faults({listing}).storage->list("", "", 10));
  ASSERT_EQ(page.objects.size(), 1U);
  EXPECT_EQ(page.objects[0].key, "b");
}

TEST(S3Faults, an_object_that_is_described_badly_is_unavailable) {
  for (const std::string missing : {"Content-Length", "ETag", "Last-Modified"}) {
    Says says = object("hello");
    std::erase_if(says.headers, [&](const auto& field) { return field.first == missing; });
    unavailable([&] { S3Faults({says}).get(); });
    unavailable([&] { run_task(S3Faults({says}).storage->stat("a")); });
  }
  Says shorter = object("hello");
  shorter.body = "hell";
  unavailable([&] { S3Faults({shorter}).get(); });
  unavailable([&] { S3Faults({piece("hello", "bytes 5-9/10")}).get(); });
  unavailable([&] { S3Faults({piece("hello", "bytes 0-4/10")}).get(); });
  unavailable([&] { S3Faults({piece("hello", "nonsense")}).get(); });
  unavailable([&] { S3Faults({object(std::string(300'000, 'x'))}).get(); });
}

TEST(S3Faults, a_content_type_that_is_none_becomes_plain_bytes) {
  Says says = object("hello");
  says.headers[3].second = "text/html\nSet-Cookie: a=b";
  EXPECT_EQ(S3Faults({says}).get()->content_type(), "application/octet-stream");
}

TEST(S3Faults, a_range_that_is_not_the_one_asked_for_is_not_passed_on) {
  constexpr std::size_t kWindow = 256 * 1024;
  const Says first = piece(std::string(kWindow, 'x'), "bytes 0-262143/262154");
  std::string into(10, '\0');
  const auto read = [&](Says second) {
    S3Faults s3({first, std::move(second)});
    return run_task(s3.get()->read_at(kWindow, into));
  };
  EXPECT_EQ(read(piece("0123456789", "bytes 262144-262153/262154")), 10U);
  EXPECT_EQ(into, "0123456789");
  unavailable([&] { read(piece("0123456789", "bytes 262143-262152/262154")); });
  unavailable([&] { read(piece("0123456789", "bytes 262144-262153/262155")); });
  unavailable([&] { read(piece("012345678", "bytes 262144-262153/262154")); });
  unavailable([&] { read(piece("0123456789", "bytes 262144-262153/262154", "\"2\"")); });
  unavailable([&] { read(object("0123456789")); });
  Says cut = piece("01234", "bytes 262144-262153/262154");
  cut.cut = true;
  unavailable([&] { read(cut); });
}

TEST(S3Faults, a_part_that_is_refused_ends_the_upload) {
  S3Faults s3({kBegun, kTagged, error(403, "AccessDenied"), kGone});
  unavailable([&] { s3.put(kMany); });
  EXPECT_THAT(s3.service.asked, ElementsAre("POST", "PUT", "PUT", "DELETE"));
  EXPECT_THAT(s3.service.requests.back().url, HasSubstr("uploadId=u1"));
}

TEST(S3Faults, an_upload_that_fails_after_all_looked_well_is_ended_again) {
  Says late = error(200, "InternalError");
  S3Faults s3({kBegun, kTagged, kTagged, late, kCompleted});
  EXPECT_EQ(s3.put(kMany).etag, "\"1-2\"");
  EXPECT_THAT(s3.service.asked, ElementsAre("POST", "PUT", "PUT", "POST", "POST"));
  unavailable([&] { S3Faults({kBegun, kTagged, kTagged, late}).put(kMany); });
  unavailable([&] { S3Faults({kBegun, kTagged, kTagged, Says{.body = "<html></html>"}}).put(kMany); });
}

TEST(S3Faults, an_end_of_an_upload_whose_answer_was_lost_is_found_out) {
  Says there = object("");
  there.headers[0].second = std::to_string(kMany.size());
  S3Faults s3({kBegun, kTagged, kTagged, Says{.lost = true}, error(404, "NoSuchUpload"), there});
  EXPECT_EQ(s3.put(kMany).size, kMany.size());
  EXPECT_THAT(s3.service.asked, ElementsAre("POST", "PUT", "PUT", "POST", "POST", "HEAD"));
  there.headers[0].second = "7";
  unavailable([&] {
    S3Faults({kBegun, kTagged, kTagged, Says{.lost = true}, error(404, "NoSuchUpload"), there, kGone}).put(kMany);
  });
  unavailable([&] { S3Faults({kBegun, kTagged, kTagged, error(404, "NoSuchUpload"), kGone}).put(kMany); });
}

TEST(S3Faults, a_service_that_never_answers_is_given_up) {
  struct Silent final : S3Transport {
    Task<S3Response> send(S3Request) override {
      co_await sleep_on_loop(1h);
      co_return S3Response{};
    }
  } silent;
  testing::FakeClock clock;
  const auto storage = open_s3({.endpoint = "https://s3.example",
                                .bucket = "bucket",
                                .access_key = "key",
                                .secret_key = "secret",
                                .patience = 20ms},
                               silent, clock);
  EXPECT_THAT(unavailable([&] { run_task(storage->stat("a")); }), HasSubstr("TIMEOUT"));
}

// Whatever comes back, a caller gets an object, nothing, or an Error{unavailable}.
RC_GTEST_PROP(S3Faults, any_answer_is_sense_or_unavailable, (const std::string& body, const std::string& field)) {
  Says says = object(body);
  says.status = *rc::gen::element(200U, 204U, 206U, 301U, 400U, 403U, 404U, 412U, 416U, 100U);
  says.headers[*rc::gen::inRange<std::size_t>(0, 4)].second = field;
  if (*rc::gen::arbitrary<bool>()) says.headers.emplace_back("content-range", "bytes 0-" + field);
  const auto calls = [&](auto&& call) {
    S3Faults s3({says});
    try {
      call(*s3.storage);
    } catch (const Error& error) {
      RC_ASSERT(error.fault == Fault::unavailable);
    }
  };
  calls([](Storage& storage) {
    if (auto got = run_task(storage.get("a"))) RC_ASSERT(contents(*got).size() == got->size());
  });
  calls([](Storage& storage) { static_cast<void>(run_task(storage.stat("a"))); });
  calls([](Storage& storage) { static_cast<void>(run_task(storage.list("", "", 10))); });
  calls([](Storage& storage) { run_task(storage.remove("a")); });
  calls([](Storage& storage) { static_cast<void>(run_task(storage::put(storage, "a", "1", {}))); });
}

}  // namespace
}  // namespace odeon::storage
