#include "engine/ai/providers/aws_credentials.hpp"

#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "testing/clock.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;

http::ClientRequest request() {
  http::ClientRequest request{.method = http::Method::post,
                              .url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/a.claude-v1%3A0/converse",
                              .body = "{}"};
  request.headers.set("Content-Type", "application/json");
  request.headers.set("traceparent", "00-1");
  return request;
}

http::ClientRequest with(AwsKeys keys, const Clock& clock, http::ClientRequest made = request()) {
  AwsCredentials credentials(std::move(keys), clock);
  run_task([](AwsCredentials& credentials, http::ClientRequest& made) -> Task<void> {
    co_await credentials.add_to(made);
  }(credentials, made));
  return made;
}

constexpr const char* kSigned =
    "AWS4-HMAC-SHA256 Credential=AKID/20261120/us-east-1/bedrock/aws4_request,"
    "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date";

// As @smithy/signature-v4 signs the same. The trace is not signed: others may change it on the way.
TEST(AwsCredentials, SignWhatIsSent) {
  const testing::FakeClock clock;
  const auto made = with({"AKID", "secret", "", "us-east-1"}, clock);
  EXPECT_EQ(made.headers.get("x-amz-date"), "20261120T073000Z");
  EXPECT_EQ(made.headers.get("x-amz-content-sha256"), crypto::sha256_hex("{}"));
  EXPECT_EQ(made.headers.get("authorization"),
            std::string(kSigned) + ",Signature=706c1009c80376fbb5fa1cb3c819fc3abe64f9b0b376c9392bb799a8807870b9");
}

TEST(AwsCredentials, OfASessionSendItsToken) {
  const testing::FakeClock clock;
  const auto made = with({"AKID", "secret", "token", "us-east-1"}, clock);
  EXPECT_EQ(made.headers.get("x-amz-security-token"), "token");
  EXPECT_EQ(made.headers.get("authorization"),
            std::string(kSigned) +
                ";x-amz-security-token,Signature=0d5814c913ccdbdd16873ee4aebd657ee437e5bda1e45a54aa6b76a2ef6d0e31");
}

TEST(AwsCredentials, CoverTheQuery) {
  const testing::FakeClock clock;
  auto asked = request();
  asked.url += "?b=2&a=%20";
  const auto made = with({"AKID", "secret", "", "us-east-1"}, clock, asked);
  EXPECT_NE(made.headers.get("authorization"),
            with({"AKID", "secret", "", "us-east-1"}, clock).headers.get("authorization"));
  asked.url = request().url + "?b=%";
  EXPECT_THROW(with({"AKID", "secret", "", "us-east-1"}, clock, asked), Error);
}

TEST(AwsCredentials, SignAgainAsIfForTheFirstTime) {
  testing::FakeClock clock;
  const auto first = with({"AKID", "secret", "", "us-east-1"}, clock);
  EXPECT_EQ(with({"AKID", "secret", "", "us-east-1"}, clock, first).headers.get("authorization"),
            first.headers.get("authorization"));
  clock.advance(1s);
  const auto later = with({"AKID", "secret", "", "us-east-1"}, clock, first);
  EXPECT_NE(later.headers.get("authorization"), first.headers.get("authorization"));
  EXPECT_EQ(later.headers.get("authorization"),
            with({"AKID", "secret", "", "us-east-1"}, clock).headers.get("authorization"));
}

}  // namespace
}  // namespace odeon::ai
