#include "engine/ai/providers/aws_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "testing/clock.hpp"

namespace odeon::ai {
namespace {

using ::testing::HasSubstr;
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

TEST(AwsCredentials, SignWhatIsSent) {
  const testing::FakeClock clock;
  const auto made = with({"AKID", "secret", "", "us-east-1"}, clock);
  EXPECT_EQ(made.headers.get("x-amz-date"), "20261120T073000Z");
  EXPECT_EQ(made.headers.get("x-amz-content-sha256"), crypto::to_hex(crypto::sha256("{}")));
  // The path is escaped twice in what is signed; the trace, which others may change on the way, is not.
  const aws::Signer signer("AKID", "secret", "us-east-1", "bedrock");
  const auto expected = signer.sign({"POST",
                                     "/model/a.claude-v1%253A0/converse",
                                     {},
                                     {{"content-type", "application/json"},
                                      {"host", "bedrock-runtime.us-east-1.amazonaws.com"},
                                      {"x-amz-content-sha256", crypto::to_hex(crypto::sha256("{}"))}}},
                                    crypto::to_hex(crypto::sha256("{}")), clock.now());
  EXPECT_EQ(made.headers.get("authorization"), expected.back().second);
  EXPECT_THAT(std::string(made.headers.get("authorization")),
              HasSubstr("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date,"));
}

TEST(AwsCredentials, OfASessionSendItsToken) {
  const testing::FakeClock clock;
  const auto made = with({"AKID", "secret", "token", "us-east-1"}, clock);
  EXPECT_EQ(made.headers.get("x-amz-security-token"), "token");
  EXPECT_THAT(std::string(made.headers.get("authorization")), HasSubstr(";x-amz-date;x-amz-security-token,"));
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
