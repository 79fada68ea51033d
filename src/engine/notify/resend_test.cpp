#include "engine/notify/resend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engine/notify/fixture_test.hpp"
#include "testing/clock.hpp"

namespace odeon::notify {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

// The part of ExpoServer that is any JSON service: it keeps what it is asked, and answers as scripted.
class ResendTest : public ::testing::Test {
 protected:
  static Letter letter() {
    return {.id = "m-1",
            .from = {"Stories, \"the\" app", "hello@stories.example"},
            .to = {"", "ann@example.org"},
            .subject = "Grüße",
            .text = "Hello",
            .html = "<p>Hello</p>",
            .unsubscribe_url = "https://stories.example/leave"};
  }
  std::optional<Error> send(unsigned status, std::string body, http::Headers headers = {}) {
    server.misbehave(status, "application/json", std::move(body), std::move(headers));
    try {
      run_task(resend.send(letter()));
    } catch (const Error& error) {
      return error;
    }
    return std::nullopt;
  }

  testing::FakeClock clock;
  ExpoServer server;
  http::Client client{http::ClientOptions{}};
  Resend resend{client, clock, {.base_url = server.url(), .key = "re_secret"}};
};

TEST_F(ResendTest, SendsInItsWireShape) {
  EXPECT_FALSE(send(200, R"({"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"})"));
  const auto asked = server.asked().at(0);
  EXPECT_EQ(asked.path, "/emails");
  EXPECT_EQ(asked.headers.get("Authorization"), "Bearer re_secret");
  EXPECT_EQ(asked.headers.get("Idempotency-Key"), "m-1");
  EXPECT_EQ(asked.body, json::parse(R"({"from":"\"Stories, \\\"the\\\" app\" <hello@stories.example>",
      "to":["ann@example.org"],"subject":"Grüße","text":"Hello","html":"<p>Hello</p>",
      "headers":{"Auto-Submitted":"auto-generated","List-Unsubscribe":"<https://stories.example/leave>",
                 "List-Unsubscribe-Post":"List-Unsubscribe=One-Click"}})"));
}

TEST_F(ResendTest, TellsWhatMayPassFromWhatWillNot) {
  struct Case {
    unsigned status;
    const char* body;
    bool may_pass;
  };
  for (const auto& [status, body, may_pass] :
       {Case{429, R"({"statusCode":429,"name":"rate_limit_exceeded","message":"Too many requests."})", true},
        Case{500, R"({"name":"application_error","message":"An unexpected error occurred."})", true},
        Case{503, "<html>down</html>", true},
        Case{409, R"({"name":"concurrent_idempotent_requests","message":"In progress."})", true},
        Case{409, R"({"name":"invalid_idempotent_request","message":"Another body."})", false},
        Case{422, R"({"name":"validation_error","message":"Invalid `to`: ann@example.org"})", false},
        Case{401, R"({"name":"missing_api_key"})", false}, Case{403, R"({"name":"Ann <ann@example.org>"})", false}}) {
    const auto error = send(status, body);
    ASSERT_TRUE(error) << body;
    EXPECT_EQ(error->may_pass(), may_pass) << body;
    EXPECT_THAT(error->message + error->detail, Not(HasSubstr("ann@"))) << body;
  }
}

TEST_F(ResendTest, PausesAsLongAsItIsAsked) {
  http::Headers headers;
  headers.add("Retry-After", "17");
  EXPECT_EQ(send(429, "{}", headers)->retry_after, 17s);
  EXPECT_EQ(send(429, "{}")->retry_after, 1s);
  headers.set("Retry-After", "99999999999");
  EXPECT_EQ(send(429, "{}", headers)->retry_after, 3600s);
}

}  // namespace
}  // namespace odeon::notify
