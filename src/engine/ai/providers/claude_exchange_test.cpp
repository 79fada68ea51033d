// Claude over the wire: the dialects with the keys and the streams that they come with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/aws_credentials.hpp"
#include "engine/ai/providers/aws_frame_test.hpp"
#include "engine/ai/providers/bedrock.hpp"
#include "engine/ai/providers/claude_dialects_test.hpp"
#include "engine/ai/providers/remote_text.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::http_answer;
using odeon::testing::RawScript;
using odeon::testing::RawServer;
using ::testing::HasSubstr;

TextRequest claude_question() {
  return {.messages = {{MessageRole::user, "What moved?"}}, .max_tokens = 50};
}

struct Exchange {
  std::string head;
  TextReply reply;
};

// What `provider` (but for its address) makes of `answer`, which comes in pieces.
Exchange exchange(Provider provider, std::string model, const std::string& answer) {
  Exchange seen;
  const std::size_t size = provider.dialect->write(claude_question(), {.id = model}, true).body.size();
  run_task(
      [](Provider provider, std::string model, std::string answer, std::size_t size, Exchange& seen) -> Task<void> {
        RawServer server(co_await asio::this_coro::executor);
        RawScript script{odeon::testing::read_head(), odeon::testing::read_bytes(size)};
        for (auto& step : odeon::testing::send_in_pieces(answer, {answer.size() / 3, answer.size() / 2}))
          script.push_back(std::move(step));
        server.on_connection(std::move(script));
        http::Client client({});
        const odeon::testing::FakeClock clock;
        provider.base_url = server.url("");
        RemoteText text(client, clock, std::make_shared<const Provider>(std::move(provider)), {.id = model});
        const auto outcome = co_await settle([](RemoteText& text, Exchange& seen) -> Task<void> {
          auto stream = co_await text.stream(claude_question(), {});
          seen.reply = co_await collect(*stream);
        }(text, seen));
        seen.head = server.heads().at(0);
        co_await server.stop();
        if (!outcome) std::rethrow_exception(outcome.error());
      }(std::move(provider), std::move(model), answer, size, seen));
  return seen;
}

TEST(ClaudeExchange, OverBedrockIsSignedAndReadFrameByFrame) {
  const auto frame = [](const char* type, const char* payload) {
    return aws_frames::frame({{":message-type", "event"}, {":event-type", type}}, payload);
  };
  const odeon::testing::FakeClock clock;
  const auto seen =
      exchange({.name = "bedrock",
                .dialect = &kBedrock,
                .credentials = std::make_shared<AwsCredentials>(AwsKeys{"AKID", "secret", "", "eu-west-1"}, clock)},
               "anthropic.claude-sonnet-5-v1:0",
               http_answer("200 OK", "application/vnd.amazon.eventstream",
                           frame("messageStart", R"({"role":"assistant"})") +
                               frame("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Äpfel "}})") +
                               frame("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"rose."}})") +
                               frame("contentBlockStop", R"({"contentBlockIndex":0})") +
                               frame("messageStop", R"({"stopReason":"end_turn"})") +
                               frame("metadata", R"({"usage":{"inputTokens":9,"outputTokens":4,"totalTokens":13}})")));
  EXPECT_EQ(seen.reply.text(), "Äpfel rose.");
  EXPECT_EQ(seen.reply.usage.input_tokens, 9);
  EXPECT_THAT(seen.head, HasSubstr("POST /model/anthropic.claude-sonnet-5-v1%3A0/converse-stream HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("Accept: application/vnd.amazon.eventstream\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("AWS4-HMAC-SHA256 Credential=AKID/20261120/eu-west-1/bedrock/aws4_request,"));
}

Provider anthropic() {
  return {.name = "anthropic",
          .dialect = &kAnthropic,
          .credentials = std::make_shared<HeaderKey>("x-api-key", "", "sk-ant-secret")};
}

TEST(ClaudeExchange, OverAnthropicSaysItsVersionAndKey) {
  const auto seen = exchange(
      anthropic(), "claude-sonnet-5",
      http_answer("200 OK", "text/event-stream; charset=utf-8",
                  "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"usage\":"
                  "{\"input_tokens\":9,\"output_tokens\":1}}  }\r\n\r\n"
                  "event: ping\r\ndata: {\"type\": \"ping\"}\r\n\r\n"
                  "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                  "{\"type\":\"text_delta\",\"text\":\"Äpfel rose.\"} }\r\n\r\n"
                  "event: message_delta\r\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                  "\"usage\":{\"output_tokens\":4}}\r\n\r\n"
                  "event: message_stop\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n"));
  EXPECT_EQ(seen.reply.text(), "Äpfel rose.");
  EXPECT_EQ(seen.reply.id, "msg_1");
  EXPECT_EQ(seen.reply.usage.output_tokens, 4);
  EXPECT_THAT(seen.head, HasSubstr("POST /v1/messages HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("anthropic-version: 2026-10-21\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("x-api-key: sk-ant-secret\r\n"));
}

TEST(ClaudeExchange, ThatIsRefusedSaysWhy) {
  try {
    exchange(anthropic(), "claude-sonnet-5",
             http_answer("529 Overloaded", "application/json",
                         R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"));
    ADD_FAILURE() << "it answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "PROVIDER_BUSY");
    EXPECT_EQ(error.detail, "status 529 overloaded_error");
  }
}

}  // namespace
}  // namespace odeon::ai
