#include "engine/ai/providers/openai_text_fixture_test.hpp"

namespace odeon::ai {
namespace {

using namespace openai_fixture;
using ::testing::HasSubstr;
using ::testing::Not;

// As OpenAI answers, with keys that nobody here knows.
const std::string kAnswer = R"({"id":"chatcmpl-1","object":"chat.completion","created":1795159800,"model":"gpt-4o-mini",
"service_tier":"default","choices":[{"index":0,"message":{"role":"assistant","content":"Apple rose.","refusal":null,
"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":31,"completion_tokens":12,
"total_tokens":43,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":
{"reasoning_tokens":5,"accepted_prediction_tokens":0}},"system_fingerprint":"fp_1","obfuscation":"xyz"}  )";

TextReply ask(RawScript answer, TextRequest request = question(), Exchange* seen = nullptr, Patience patience = {}) {
  const auto size = kDialect.write(request, {.id = "small"}, false).body.size();
  return with_model<TextReply>(
      std::move(answer), size, patience, [&](RemoteText& model) { return model.complete(request, request.trace); },
      seen);
}

TEST(OpenAiText, SpeaksTheProtocol) {
  Exchange seen;
  TextRequest traced = question();
  traced.trace = *TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  const TextReply reply = ask(sends(ok_json(kAnswer)), traced, &seen);
  EXPECT_EQ(reply.text(), "Apple rose.");
  EXPECT_EQ(reply.model, "local/small");
  EXPECT_EQ(reply.finish, Finish::stop);
  EXPECT_EQ(reply.id, "chatcmpl-1");
  EXPECT_EQ(reply.usage.input_tokens, 31);
  EXPECT_EQ(reply.usage.cached_tokens, 8);
  EXPECT_EQ(reply.usage.output_tokens, 12);
  EXPECT_EQ(reply.usage.reasoning_tokens, 5);
  EXPECT_THAT(seen.heads[0], HasSubstr("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_THAT(seen.heads[0], HasSubstr("Authorization: Bearer sk-proj-topsecret\r\n"));
  EXPECT_THAT(seen.heads[0], HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(seen.heads[0], HasSubstr("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"));
  const auto sent = json::parse(seen.bodies[0]).as_object();
  EXPECT_EQ(sent.at("model"), "small");
  EXPECT_EQ(sent.at("messages").at(0).at("role"), "system");
  EXPECT_EQ(sent.at("messages").at(1).at("content"), "What moved? \"AAPL\"\n");
  EXPECT_EQ(sent.at("max_tokens"), 200);
  EXPECT_EQ(sent.at("temperature"), 0.5);
  EXPECT_EQ(sent.at("stream"), false);
  EXPECT_FALSE(sent.contains("response_format"));
}

TEST(OpenAiText, ReadsAnAnswerInSlices) {
  const std::string bytes = ok_json(kAnswer);
  EXPECT_EQ(ask(odeon::testing::send_in_pieces(bytes, {1, 17, 60, 200, bytes.size() - 1})).text(), "Apple rose.");
}

TEST(OpenAiText, AsksForJsonAndChecksIt) {
  TextRequest request = question();
  request.form.kind = AnswerForm::Kind::json;
  const auto answer = [](const char* content) {
    return ok_json(json::write(
        json::parse(fmt::format(R"({{"usage":{{"prompt_tokens":7}},"choices":[{{"message":{{"content":{}}}}}]}})",
                                json::write(std::string(content))))));
  };
  Exchange seen;
  EXPECT_EQ(ask(sends(answer("{\"a\":1}")), request, &seen).text(), "{\"a\":1}");
  EXPECT_EQ(json::parse(seen.bodies[0]).at("response_format").at("type"), "json_object");
  EXPECT_EQ(ask(sends(answer("```json\n{\"a\":1}\n```")), request).text(), "{\"a\":1}");
  const auto failure = failure_of([&] { ask(sends(answer("Sure! {\"a\":1")), request); });
  EXPECT_EQ(failure.error.code, "NOT_JSON");
  EXPECT_EQ(failure.usage.input_tokens, 7);
}

// What came in `message`, and how it ended.
std::string ended(const char* message, const char* reason) {
  return ok_json(fmt::format(R"({{"usage":{{"prompt_tokens":7}},"choices":[{{"message":{},"finish_reason":"{}"}}]}})",
                             message, reason));
}

TEST(OpenAiText, PassesOnWhatALimitCutOffWhereThatIsAnAnswer) {
  TextRequest request = question();
  for (const auto form : {AnswerForm::Kind::text, AnswerForm::Kind::json}) {
    request.form.kind = form;
    for (const char* content : {"", "{\"a\": [1, "}) {
      const auto bytes = ended(json::write(json::object{{"content", content}}).c_str(), "length");
      request.cut_is_answer = true;
      const auto reply = ask(sends(bytes), request);
      EXPECT_EQ(reply.finish, Finish::length);
      EXPECT_EQ(reply.text(), content);
      request.cut_is_answer = false;
      if (form == AnswerForm::Kind::json || *content == '\0')
        EXPECT_EQ(failure_of([&] { ask(sends(bytes), request); }).error.code, kCutShort) << content;
    }
  }
}

TEST(OpenAiText, ThatSaysNothingBecauseOfAStopWordIsAnAnswer) {
  TextRequest request = question();
  request.stop = {"END"};
  EXPECT_EQ(ask(sends(ended(R"({"content":""})", "stop")), request).text(), "");
}

TEST(OpenAiText, TakesWordsBesideCallsOfToolsForNoDocument) {
  TextRequest request = question();
  request.form.kind = AnswerForm::Kind::json;
  const auto reply = ask(sends(ended(R"({"content":"Let me look.","tool_calls":[{"id":"c","type":"function",
    "function":{"name":"look","arguments":"{}"}}]})",
                                     "tool_calls")),
                         request);
  EXPECT_EQ(reply.finish, Finish::tool_calls);
  EXPECT_EQ(reply.text(), "Let me look.");
}

struct BadText {
  std::string what;
  std::string bytes;
  Fault fault;
  std::string code;
  std::optional<std::chrono::seconds> retry_after;
  std::int64_t input_tokens = 0;
};
class OpenAiTextFails : public ::testing::TestWithParam<BadText> {};

TEST_P(OpenAiTextFails, AsAnErrorThatTellsNoSecrets) {
  const BadText& wanted = GetParam();
  const auto [error, usage] = failure_of([&] { ask(sends(wanted.bytes)); });
  EXPECT_EQ(error.fault, wanted.fault);
  EXPECT_EQ(error.code, wanted.code);
  EXPECT_EQ(error.retry_after, wanted.retry_after);
  EXPECT_EQ(usage.input_tokens, wanted.input_tokens);
  for (const auto& text : {error.message, error.detail}) {
    EXPECT_THAT(text, Not(HasSubstr("sk-")));
    EXPECT_THAT(text, Not(HasSubstr("AAPL")));
  }
  EXPECT_THAT(error.message, Not(HasSubstr("127.0.0.1")));
}

const std::string kTextError = R"({"error":{"message":"Incorrect API key provided: sk-proj-topsecret. You said AAPL.",
"type":"invalid_request_error","param":null,"code":"invalid_api_key"}})";
std::string status(std::string_view line, std::string extra = "") {
  return http_answer(line, "application/json", kTextError, std::move(extra));
}

INSTANTIATE_TEST_SUITE_P(
    Recorded, OpenAiTextFails,
    ::testing::Values(
        BadText{"Key", status("401 Unauthorized"), Fault::unauthenticated, "PROVIDER_KEY"},
        BadText{"Forbidden", status("403 Forbidden"), Fault::unauthenticated, "PROVIDER_KEY"},
        BadText{"BadRequest", status("400 Bad Request"), Fault::invalid, "MODEL_REJECTED_REQUEST"},
        BadText{"NoSuchModel", status("404 Not Found"), Fault::upstream, "PROVIDER_FAILED"},
        BadText{"NoMoney", status("402 Payment Required"), Fault::unavailable, "PROVIDER_SPENT", 3600s},
        BadText{"Limit", status("429 Too Many Requests"), Fault::rate_limited, "PROVIDER_LIMIT"},
        BadText{"LimitSeconds", status("429 Too Many Requests", "Retry-After: 20\r\n"), Fault::rate_limited,
                "PROVIDER_LIMIT", 20s},
        BadText{"LimitMilliseconds", status("429 Too Many Requests", "retry-after-ms: 1500\r\nRetry-After: 60\r\n"),
                Fault::rate_limited, "PROVIDER_LIMIT", 2s},
        BadText{"LimitDate", status("429 Too Many Requests", "Retry-After: Fri, 20 Nov 2026 07:31:30 GMT\r\n"),
                Fault::rate_limited, "PROVIDER_LIMIT", 90s},
        BadText{"LimitPast", status("429 Too Many Requests", "Retry-After: Fri, 20 Nov 2026 07:29:30 GMT\r\n"),
                Fault::rate_limited, "PROVIDER_LIMIT"},
        BadText{"LimitNonsense", status("429 Too Many Requests", "Retry-After: soon\r\n"), Fault::rate_limited,
                "PROVIDER_LIMIT"},
        BadText{"Broken", http_answer("500 Internal Server Error", "text/html", "<h1>Oops AAPL</h1>"), Fault::upstream,
                "PROVIDER_FAILED"},
        BadText{"Busy", http_answer("503 Service Unavailable", "text/plain", "busy", "Retry-After: 5\r\n"),
                Fault::unavailable, "PROVIDER_BUSY", 5s},
        BadText{"GatewayTimeout", http_answer("504 Gateway Timeout", "text/plain", ""), Fault::timeout,
                "PROVIDER_TIMEOUT"},
        BadText{"Moved", "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", Fault::upstream,
                "PROVIDER_FAILED"},
        BadText{"MalformedJson", ok_json(R"({"choices":[{"message":)"), Fault::upstream, "BAD_ANSWER"},
        BadText{"Html", http_answer("200 OK", "text/html", "<html>AAPL login</html>"), Fault::upstream, "BAD_ANSWER"},
        BadText{"Empty", ok_json(""), Fault::upstream, "BAD_ANSWER"},
        BadText{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", Fault::upstream, "BAD_ANSWER"},
        BadText{"Array", ok_json("[1,2]"), Fault::upstream, "BAD_ANSWER"},
        BadText{"CutOff", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"choices\":[", Fault::upstream, "CUT_OFF"},
        BadText{"CutOffChunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"cho\r\n", Fault::upstream,
                "CUT_OFF"},
        BadText{"ErrorInside", ok_json(kTextError), Fault::upstream, "PROVIDER_FAILED"},
        BadText{"LimitInside", ok_json(R"({"error":{"code":429,"message":"slow down AAPL","metadata":{}}})"),
                Fault::rate_limited, "PROVIDER_LIMIT"},
        BadText{"QuotaInside", ok_json(R"({"error":{"code":"insufficient_quota","type":"insufficient_quota"}})"),
                Fault::unavailable, "PROVIDER_SPENT", 3600s},
        BadText{"ErrorAsText", ok_json(R"({"error":"model 'AAPL' crashed"})"), Fault::upstream, "PROVIDER_FAILED"},
        BadText{"NoChoices", ok_json(R"({"choices":[],"usage":{"prompt_tokens":9}})"), Fault::upstream, "BAD_ANSWER",
                std::nullopt, 9},
        BadText{"ErrorInChoice",
                ok_json(R"({"choices":[{"finish_reason":"error","error":{"code":502}}],"usage":{"prompt_tokens":9}})"),
                Fault::upstream, "PROVIDER_FAILED", std::nullopt, 9},
        BadText{"OnlyThoughts", ok_json(R"({"choices":[{"message":{"content":""},"finish_reason":"length"}],
                    "usage":{"prompt_tokens":9}})"),
                Fault::upstream, "CUT_SHORT", std::nullopt, 9},
        BadText{"Nothing", ok_json(R"({"choices":[{"message":{"content":" "},"finish_reason":"stop"}],
                    "usage":{"prompt_tokens":9}})"),
                Fault::upstream, "NO_TEXT", std::nullopt, 9}),
    [](const auto& info) { return info.param.what; });

TEST(OpenAiText, PassesARefusalOn) {
  const auto refused = ask(sends(ok_json(R"({"choices":[{"message":{"content":null,"refusal":"I can't."},
    "finish_reason":"stop"}],"usage":{"prompt_tokens":9}})")));
  EXPECT_EQ(refused.finish, Finish::declined);
  EXPECT_EQ(refused.text(), "I can't.");
  EXPECT_EQ(refused.usage.input_tokens, 9);
}

TEST(OpenAiText, SaysThatTheTextIsTooLong) {
  const auto failure = failure_of([] {
    ask(sends(http_answer("400 Bad Request", "application/json", R"({"error":{"code":"context_length_exceeded"}})")));
  });
  EXPECT_EQ(failure.error.fault, Fault::invalid);
  EXPECT_THAT(failure.error.message, HasSubstr("too long"));
}

TEST(OpenAiText, GivesUpAfterItsLimit) {
  // Neither a silent server nor one that stops half-way holds a caller for longer.
  const RawScript silent{odeon::testing::hold()};
  EXPECT_EQ(failure_of([&] { ask(silent, question(), nullptr, {.limit = 30ms}); }).error.fault, Fault::timeout);
  const RawScript stalls{odeon::testing::send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"),
                         odeon::testing::hold()};
  EXPECT_EQ(failure_of([&] { ask(stalls, question(), nullptr, {.limit = 30ms}); }).error.fault, Fault::timeout);
}

TEST(OpenAiText, CannotReachTheServer) {
  http::Client client({});
  odeon::testing::FakeClock clock;
  // Nobody listens on the discard port of the test machine.
  RemoteText model(
      client, clock,
      std::make_shared<Provider>(Provider{.name = "local", .base_url = "http://127.0.0.1:9/v1", .dialect = &kDialect}),
      {.id = "small"});
  const auto failure = failure_of([&] { run_task(model.complete(question(), {})); });
  EXPECT_EQ(failure.error.fault, Fault::unavailable);
}

}  // namespace
}  // namespace odeon::ai
