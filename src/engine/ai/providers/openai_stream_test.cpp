#include <numeric>

#include "engine/ai/providers/openai_text_fixture_test.hpp"

namespace odeon::ai {
namespace {

using namespace openai_fixture;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";
const std::string kHello = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße, \"}}]}\n\n";
const std::string kWorld = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Welt\"}}]}\n\n";
const std::string kEnd =
    "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
    "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}\n\n"
    "data: [DONE]\n\n";
const std::string kCounted =
    "data: {\"choices\":[{\"delta\":{\"content\":\"Grüße, \"}}],\"usage\":{\"prompt_tokens\":9}}\n\n";

std::string chunked(const std::string& bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}
std::string chunked_head() {
  return kHead + "Transfer-Encoding: chunked\r\n\r\n";
}

struct Streamed {
  std::string text;
  std::optional<Finished> end;
  std::exception_ptr failure;
  int reads = 0;
};

Streamed stream(RawScript answer, Patience patience = {}, Exchange* seen = nullptr) {
  const auto size = kDialect.write(question(), {.id = "small"}, true).body.size();
  const auto use = [](RemoteText& model) -> Task<Streamed> {
    Streamed got;
    auto events = co_await model.stream(question(), {});
    for (;;) {
      auto next = co_await settle(events->next());
      if (!next) got.failure = next.error();
      if (!next || next->empty()) co_return got;
      ++got.reads;
      for (const auto& event : *next) {
        if (const auto* delta = std::get_if<TextDelta>(&event)) got.text += delta->text;
        if (const auto* end = std::get_if<Finished>(&event)) got.end = *end;
      }
    }
  };
  return with_model<Streamed>(std::move(answer), size, patience, use, seen);
}

TEST(OpenAiStream, SpeaksTheProtocol) {
  Exchange seen;
  const auto got = stream(sends(chunked_head() + chunked(kHello) + chunked(kWorld + kEnd) + "0\r\n\r\n"), {}, &seen);
  EXPECT_EQ(got.text, "Grüße, Welt");
  ASSERT_TRUE(got.end);
  EXPECT_EQ(got.end->finish, Finish::stop);
  EXPECT_EQ(got.end->id, "c1");
  EXPECT_EQ(got.end->usage.input_tokens, 9);
  EXPECT_FALSE(got.failure);
  EXPECT_THAT(seen.heads[0], HasSubstr("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_THAT(seen.heads[0], HasSubstr("Accept: text/event-stream\r\n"));
  const auto sent = json::parse(seen.bodies[0]).as_object();
  EXPECT_EQ(sent.at("stream"), true);
  EXPECT_EQ(sent.at("stream_options").at("include_usage"), true);
}

// Bytes may part anywhere: in a chunk's size, in a character, between CR and LF.
TEST(OpenAiStream, ReadsBytesThatComeOneByOne) {
  const std::string bytes = chunked_head() + chunked(kHello) + chunked(kWorld + kEnd) + "0\r\n\r\n";
  std::vector<std::size_t> cuts(bytes.size() - 1);
  std::iota(cuts.begin(), cuts.end(), 1U);
  const auto got = stream(odeon::testing::send_in_pieces(bytes, cuts));
  EXPECT_EQ(got.text, "Grüße, Welt");
  EXPECT_TRUE(got.end);
}

TEST(OpenAiStream, ReadsAnAnswerThatCameAtOnce) {
  const auto got = stream(sends(ok_json(
      R"({"id":"c1","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9}})")));
  EXPECT_EQ(got.text, "hi");
  ASSERT_TRUE(got.end);
  EXPECT_EQ(got.end->usage.input_tokens, 9);
}

const std::string kStreamError = R"({"error":{"message":"Incorrect API key provided: sk-proj-topsecret. You said AAPL.",
"type":"invalid_request_error","param":null,"code":"invalid_api_key"}})";

struct Refused {
  const char* name;
  RawScript answer;
  Fault fault;
  const char* code;
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
  Patience patience = {};
};
class OpenAiStreamIsRefused : public ::testing::TestWithParam<Refused> {};
TEST_P(OpenAiStreamIsRefused, BeforeItBegins) {
  const auto& wanted = GetParam();
  const auto failure = failure_of([&] { stream(wanted.answer, wanted.patience); });
  EXPECT_EQ(failure.error.fault, wanted.fault);
  EXPECT_EQ(failure.error.code, wanted.code) << failure.error.detail;
  EXPECT_EQ(failure.error.retry_after, wanted.retry_after);
  EXPECT_FALSE(failure.usage.anything());
  for (const auto& text : {failure.error.message, failure.error.detail}) {
    EXPECT_THAT(text, Not(HasSubstr("sk-")));
    EXPECT_THAT(text, Not(HasSubstr("AAPL")));
  }
}
INSTANTIATE_TEST_SUITE_P(
    Recorded, OpenAiStreamIsRefused,
    ::testing::Values(
        Refused{"KeyRevoked", sends(http_answer("401 Unauthorized", "application/json", kStreamError)),
                Fault::unauthenticated, "PROVIDER_KEY"},
        Refused{"Limit", sends(http_answer("429 Too Many Requests", "application/json", kStreamError)),
                Fault::rate_limited, "PROVIDER_LIMIT"},
        Refused{"LimitWithATime",
                sends(http_answer("429 Too Many Requests", "application/json", kStreamError, "Retry-After: 20\r\n")),
                Fault::rate_limited, "PROVIDER_LIMIT", 20s},
        Refused{"Broken", sends(http_answer("500 Internal Server Error", "text/html", "<h1>AAPL</h1>")),
                Fault::upstream, "PROVIDER_FAILED"},
        Refused{"Overloaded", sends(http_answer("529 Overloaded", "application/json", kStreamError)),
                Fault::unavailable, "PROVIDER_BUSY"},
        Refused{"WrongType", sends(http_answer("200 OK", "text/html", "<html>AAPL login</html>")), Fault::upstream,
                "BAD_ANSWER"},
        Refused{"ErrorThatSaysOk", sends(ok_json(R"({"error":{"code":429,"message":"AAPL"}})")), Fault::rate_limited,
                "PROVIDER_LIMIT"},
        Refused{
            "SlowFirstByte", {odeon::testing::hold()}, Fault::timeout, "TIMEOUT", std::nullopt, {.first_byte = 30ms}}),
    [](const auto& info) { return info.param.name; });

struct Cut {
  const char* name;
  RawScript answer;
  Fault fault;
  const char* code;
  std::string text;
  std::int64_t input_tokens = 0;
  Patience patience = {};
};
class OpenAiStreamIsCut : public ::testing::TestWithParam<Cut> {};
TEST_P(OpenAiStreamIsCut, WithAnErrorAfterWhatCame) {
  const auto& wanted = GetParam();
  const auto got = stream(wanted.answer, wanted.patience);
  EXPECT_EQ(got.text, wanted.text);
  EXPECT_FALSE(got.end);
  ASSERT_TRUE(got.failure);
  const auto failure = failure_in(got.failure);
  EXPECT_EQ(failure.error.fault, wanted.fault);
  EXPECT_EQ(failure.error.code, wanted.code) << failure.error.detail;
  EXPECT_EQ(failure.usage.input_tokens, wanted.input_tokens);
}
INSTANTIATE_TEST_SUITE_P(
    Recorded, OpenAiStreamIsCut,
    ::testing::Values(
        Cut{"Empty", sends(kHead + "Content-Length: 0\r\n\r\n"), Fault::upstream, "STREAM_CUT", ""},
        Cut{"Closed", sends(kHead + "Connection: close\r\n\r\n" + kHello), Fault::upstream, "STREAM_CUT", "Grüße, "},
        Cut{"ClosedAfterTheCount", sends(kHead + "Connection: close\r\n\r\n" + kCounted), Fault::upstream, "STREAM_CUT",
            "Grüße, ", 9},
        Cut{"ClosedInAChunk", sends(chunked_head() + chunked(kHello) + "40\r\ndata: {"), Fault::upstream, "STREAM_CUT",
            "Grüße, "},
        Cut{"Reset",
            {odeon::testing::send(chunked_head() + chunked(kCounted)), odeon::testing::reset_connection()},
            Fault::upstream,
            "STREAM_CUT",
            "Grüße, ",
            9},
        Cut{"Stalled",
            {odeon::testing::send(chunked_head() + chunked(kCounted)), odeon::testing::hold()},
            Fault::timeout,
            "STREAM_CUT",
            "Grüße, ",
            9,
            {.silence = 30ms}},
        Cut{"ErrorInBetween", sends(chunked_head() + chunked(kHello + "data: {\"error\":{\"code\":500}}\n\n")),
            Fault::upstream, "PROVIDER_FAILED", "Grüße, "},
        Cut{"MalformedJson", sends(chunked_head() + chunked(kHello + "data: {\"choices\":\n\n")), Fault::upstream,
            "BAD_ANSWER", "Grüße, "}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace odeon::ai
