#include "engine/ai/providers/openai.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using odeon::testing::RawScript;
using odeon::testing::RawServer;
using ::testing::HasSubstr;
using ::testing::Not;
namespace raw = odeon::testing::raw;

constexpr const char* kKey = "sk-proj-topsecret";

TextRequest question() {
  return {.task = "t",
          .messages = {{MessageRole::system, "Be brief."}, {MessageRole::user, "What moved? \"AAPL\"\n"}},
          .max_tokens = 200,
          .temperature = 0.5};
}
SpeechRequest line() {
  return {.text = "Good morning.", .voice = "nova", .speed = 1.25};
}

std::string http(std::string_view status, std::string_view type, const std::string& body, std::string extra = "") {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n", status, type, body.size(),
                     extra) +
         body;
}
std::string ok_json(const std::string& body) {
  return http("200 OK", "application/json", body);
}

// As OpenAI answers, with keys that nobody here knows.
const std::string kAnswer = R"({"id":"chatcmpl-1","object":"chat.completion","created":1795159800,"model":"gpt-4o-mini",
"service_tier":"default","choices":[{"index":0,"message":{"role":"assistant","content":"Apple rose.","refusal":null,
"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":31,"completion_tokens":12,
"total_tokens":43,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":
{"reasoning_tokens":5,"accepted_prediction_tokens":0}},"system_fingerprint":"fp_1","obfuscation":"xyz"}  )";

// Plays `answers`, one for each connection, to whatever `call(options)` asks.
struct Exchange {
  std::vector<std::string> heads, bodies;
};
template <class Call>
Exchange exchange(RawScript answer, std::size_t request_size, std::chrono::milliseconds limit, Call call) {
  Exchange seen;
  auto play = [](RawScript answer, std::size_t size, std::chrono::milliseconds limit, Call call,
                 Exchange& seen) -> Task<void> {
    RawServer server(co_await asio::this_coro::executor);
    RawScript script{odeon::testing::read_head(), odeon::testing::read_bytes(size)};
    script.insert(script.end(), answer.begin(), answer.end());
    server.on_connection(std::move(script));
    http::Client client({});
    odeon::testing::FakeClock clock;
    OpenAiOptions options{.provider = "local", .base_url = server.url("/v1/"), .key = kKey, .limit = limit};
    const auto outcome = co_await settle(call(client, clock, std::move(options)));
    seen.heads = server.heads();
    seen.bodies = server.bodies();
    co_await server.stop();
    if (!outcome) std::rethrow_exception(outcome.error());
  };
  run_task(play(std::move(answer), request_size, limit, std::move(call), seen));
  return seen;
}

TextReply ask(RawScript answer, TextRequest request = question(), Exchange* seen = nullptr,
              std::chrono::milliseconds limit = 1h, ChatDialect dialect = ChatDialect::classic) {
  TextReply reply;
  auto call = [&](http::Client& client, const Clock& clock, OpenAiOptions options) {
    return [](http::Client& client, const Clock& clock, OpenAiOptions options, TextRequest request, ChatDialect dialect,
              TextReply& reply) -> Task<void> {
      OpenAiText model(client, clock, std::move(options), "small", dialect);
      reply = co_await model.complete(std::move(request));
    }(client, clock, std::move(options), request, dialect, reply);
  };
  auto done = exchange(std::move(answer), chat_request(request, "small", dialect).size(), limit, call);
  if (seen != nullptr) *seen = std::move(done);
  return reply;
}

Speech say(RawScript answer, Exchange* seen = nullptr, SpeechRequest request = line()) {
  Speech speech;
  auto call = [&](http::Client& client, const Clock& clock, OpenAiOptions options) {
    return [](http::Client& client, const Clock& clock, OpenAiOptions options, SpeechRequest request,
              Speech& speech) -> Task<void> {
      OpenAiSpeech model(client, clock, std::move(options), "tts-1", {{"nova", "", ""}, {"alloy", "", ""}});
      speech = co_await model.speak(std::move(request));
    }(client, clock, std::move(options), request, speech);
  };
  auto done = exchange(std::move(answer), speech_request(request, "tts-1", request.voice).size(), 1h, call);
  if (seen != nullptr) *seen = std::move(done);
  return speech;
}

RawScript sends(std::string bytes) {
  return {odeon::testing::send(std::move(bytes))};
}

struct Failure {
  Error error{Fault::internal, "", "it answered"};
  Usage usage;
};
template <class Call>
Failure failure_of(Call call) {
  try {
    call();
  } catch (const FailedAfterUse& error) {
    return {error, error.usage};
  } catch (const Error& error) {
    return {error, {}};
  }
  return {};
}

TEST(OpenAiText, SpeaksTheProtocol) {
  Exchange seen;
  TextRequest traced = question();
  traced.trace = *TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  const TextReply reply = ask(sends(ok_json(kAnswer)), traced, &seen);
  EXPECT_EQ(reply.text, "Apple rose.");
  EXPECT_EQ(reply.model, "local/small");
  EXPECT_FALSE(reply.truncated);
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

TEST(OpenAiText, SpeaksToModelsThatThinkFirst) {
  const auto sent = json::parse(chat_request(question(), "o4-mini", ChatDialect::reasoning)).as_object();
  EXPECT_EQ(sent.at("max_completion_tokens"), 200);
  EXPECT_FALSE(sent.contains("max_tokens"));
  EXPECT_FALSE(sent.contains("temperature"));
}

TEST(OpenAiText, ReadsWhatImitatorsSend) {
  const auto read = [](const std::string& body) { return ask(sends(ok_json(body))); };
  // Blank lines that kept the connection open, no usage.
  EXPECT_EQ(read("\n\n\r\n \n{\"choices\":[{\"message\":{\"content\":\"hi\"}}]}").text, "hi");
  // Content in parts, usage by other names.
  const auto parts = read(R"({"choices":[{"message":{"content":[{"type":"text","text":"one "},{"type":"thinking"},
    {"type":"text","text":"two"}]},"finish_reason":"stop"}],"usage":{"input_tokens":3,"output_tokens":4}})");
  EXPECT_EQ(parts.text, "one two");
  EXPECT_EQ(parts.usage.input_tokens, 3);
  EXPECT_EQ(parts.usage.output_tokens, 4);
  // Reasoning counted beside the output.
  const auto beside = read(R"({"error":null,"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":10,
    "completion_tokens":2,"total_tokens":42,"prompt_cache_hit_tokens":4,
    "completion_tokens_details":{"reasoning_tokens":30}}})");
  EXPECT_EQ(beside.usage.output_tokens, 32);
  EXPECT_EQ(beside.usage.reasoning_tokens, 30);
  EXPECT_EQ(beside.usage.cached_tokens, 4);
  // Nonsense in usage is nothing.
  const auto odd =
      read(R"({"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":"many","completion_tokens":-3}})");
  EXPECT_EQ(odd.usage.input_tokens + odd.usage.output_tokens, 0);
  EXPECT_TRUE(read(R"({"choices":[{"message":{"content":"half a"},"finish_reason":"length"}]})").truncated);
}

TEST(OpenAiText, ReadsAnAnswerInSlices) {
  const std::string bytes = ok_json(kAnswer);
  EXPECT_EQ(ask(odeon::testing::send_in_pieces(bytes, {1, 17, 60, 200, bytes.size() - 1})).text, "Apple rose.");
}

TEST(OpenAiText, AsksForJsonAndChecksIt) {
  TextRequest request = question();
  request.json = true;
  const auto answer = [](const char* content) {
    return ok_json(json::write(
        json::parse(fmt::format(R"({{"usage":{{"prompt_tokens":7}},"choices":[{{"message":{{"content":{}}}}}]}})",
                                json::write(std::string(content))))));
  };
  Exchange seen;
  EXPECT_EQ(ask(sends(answer("{\"a\":1}")), request, &seen).text, "{\"a\":1}");
  EXPECT_EQ(json::parse(seen.bodies[0]).at("response_format").at("type"), "json_object");
  EXPECT_EQ(ask(sends(answer("```json\n{\"a\":1}\n```")), request).text, "{\"a\":1}");
  const auto failure = failure_of([&] { ask(sends(answer("Sure! {\"a\":1")), request); });
  EXPECT_EQ(failure.error.code, "NOT_JSON");
  EXPECT_EQ(failure.usage.input_tokens, 7);
}

struct BadAnswer {
  std::string what;
  std::string bytes;
  Fault fault;
  std::string code;
  std::optional<std::chrono::seconds> retry_after;
  std::int64_t input_tokens = 0;
};
class OpenAiTextFails : public ::testing::TestWithParam<BadAnswer> {};

TEST_P(OpenAiTextFails, AsAnErrorThatTellsNoSecrets) {
  const BadAnswer& wanted = GetParam();
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

const std::string kError = R"({"error":{"message":"Incorrect API key provided: sk-proj-topsecret. You said AAPL.",
"type":"invalid_request_error","param":null,"code":"invalid_api_key"}})";
std::string status(std::string_view line, std::string extra = "") {
  return http(line, "application/json", kError, std::move(extra));
}

INSTANTIATE_TEST_SUITE_P(
    Recorded, OpenAiTextFails,
    ::testing::Values(
        BadAnswer{"Key", status("401 Unauthorized"), Fault::unauthenticated, "PROVIDER_KEY"},
        BadAnswer{"Forbidden", status("403 Forbidden"), Fault::unauthenticated, "PROVIDER_KEY"},
        BadAnswer{"BadRequest", status("400 Bad Request"), Fault::invalid, "MODEL_REJECTED_REQUEST"},
        BadAnswer{"NoSuchModel", status("404 Not Found"), Fault::upstream, "PROVIDER_FAILED"},
        BadAnswer{"NoMoney", status("402 Payment Required"), Fault::upstream, "PROVIDER_FAILED"},
        BadAnswer{"Limit", status("429 Too Many Requests"), Fault::rate_limited, "PROVIDER_LIMIT"},
        BadAnswer{"LimitSeconds", status("429 Too Many Requests", "Retry-After: 20\r\n"), Fault::rate_limited,
                  "PROVIDER_LIMIT", 20s},
        BadAnswer{"LimitMilliseconds", status("429 Too Many Requests", "retry-after-ms: 1500\r\nRetry-After: 60\r\n"),
                  Fault::rate_limited, "PROVIDER_LIMIT", 2s},
        BadAnswer{"LimitDate", status("429 Too Many Requests", "Retry-After: Fri, 20 Nov 2026 07:31:30 GMT\r\n"),
                  Fault::rate_limited, "PROVIDER_LIMIT", 90s},
        BadAnswer{"LimitPast", status("429 Too Many Requests", "Retry-After: Fri, 20 Nov 2026 07:29:30 GMT\r\n"),
                  Fault::rate_limited, "PROVIDER_LIMIT"},
        BadAnswer{"LimitNonsense", status("429 Too Many Requests", "Retry-After: soon\r\n"), Fault::rate_limited,
                  "PROVIDER_LIMIT"},
        BadAnswer{"Broken", http("500 Internal Server Error", "text/html", "<h1>Oops AAPL</h1>"), Fault::upstream,
                  "PROVIDER_FAILED"},
        BadAnswer{"Busy", http("503 Service Unavailable", "text/plain", "busy", "Retry-After: 5\r\n"),
                  Fault::unavailable, "PROVIDER_BUSY", 5s},
        BadAnswer{"GatewayTimeout", http("504 Gateway Timeout", "text/plain", ""), Fault::timeout, "PROVIDER_TIMEOUT"},
        BadAnswer{"Moved", "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", Fault::upstream,
                  "PROVIDER_FAILED"},
        BadAnswer{"MalformedJson", ok_json(R"({"choices":[{"message":)"), Fault::upstream, "BAD_ANSWER"},
        BadAnswer{"Html", http("200 OK", "text/html", "<html>AAPL login</html>"), Fault::upstream, "BAD_ANSWER"},
        BadAnswer{"Empty", ok_json(""), Fault::upstream, "BAD_ANSWER"},
        BadAnswer{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", Fault::upstream, "BAD_ANSWER"},
        BadAnswer{"Array", ok_json("[1,2]"), Fault::upstream, "BAD_ANSWER"},
        BadAnswer{"CutOff", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"choices\":[", Fault::upstream,
                  "CUT_OFF"},
        BadAnswer{"CutOffChunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"cho\r\n",
                  Fault::upstream, "CUT_OFF"},
        BadAnswer{"ErrorInside", ok_json(kError), Fault::upstream, "PROVIDER_FAILED"},
        BadAnswer{"LimitInside", ok_json(R"({"error":{"code":429,"message":"slow down AAPL","metadata":{}}})"),
                  Fault::rate_limited, "PROVIDER_LIMIT"},
        BadAnswer{"QuotaInside", ok_json(R"({"error":{"code":"insufficient_quota","type":"insufficient_quota"}})"),
                  Fault::rate_limited, "PROVIDER_LIMIT"},
        BadAnswer{"ErrorAsText", ok_json(R"({"error":"model 'AAPL' crashed"})"), Fault::upstream, "PROVIDER_FAILED"},
        BadAnswer{"NoChoices", ok_json(R"({"choices":[],"usage":{"prompt_tokens":9}})"), Fault::upstream, "BAD_ANSWER",
                  std::nullopt, 9},
        BadAnswer{
            "ErrorInChoice",
            ok_json(R"({"choices":[{"finish_reason":"error","error":{"code":502}}],"usage":{"prompt_tokens":9}})"),
            Fault::upstream, "PROVIDER_FAILED", std::nullopt, 9},
        BadAnswer{"Refusal", ok_json(R"({"choices":[{"message":{"content":null,"refusal":"I can't talk about AAPL."},
                    "finish_reason":"stop"}],"usage":{"prompt_tokens":9}})"),
                  Fault::upstream, kDeclined, std::nullopt, 9},
        BadAnswer{"Filtered", ok_json(R"({"choices":[{"message":{"content":"AAP"},"finish_reason":"content_filter"}],
                    "usage":{"prompt_tokens":9}})"),
                  Fault::upstream, kDeclined, std::nullopt, 9},
        BadAnswer{"OnlyThoughts", ok_json(R"({"choices":[{"message":{"content":""},"finish_reason":"length"}],
                    "usage":{"prompt_tokens":9}})"),
                  Fault::upstream, "NO_TEXT", std::nullopt, 9}),
    [](const auto& info) { return info.param.what; });

TEST(OpenAiText, SaysThatTheTextIsTooLong) {
  const auto failure = failure_of([] {
    ask(sends(http("400 Bad Request", "application/json", R"({"error":{"code":"context_length_exceeded"}})")));
  });
  EXPECT_EQ(failure.error.fault, Fault::invalid);
  EXPECT_THAT(failure.error.message, HasSubstr("too long"));
}

TEST(OpenAiText, GivesUpAfterItsLimit) {
  // Neither a silent server nor one that stops half-way holds a caller for longer.
  const RawScript silent{odeon::testing::hold()};
  EXPECT_EQ(failure_of([&] { ask(silent, question(), nullptr, 30ms); }).error.fault, Fault::timeout);
  const RawScript stalls{odeon::testing::send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"),
                         odeon::testing::hold()};
  EXPECT_EQ(failure_of([&] { ask(stalls, question(), nullptr, 30ms); }).error.fault, Fault::timeout);
}

TEST(OpenAiText, CannotReachTheServer) {
  http::Client client({});
  odeon::testing::FakeClock clock;
  // Nobody listens on the discard port of the test machine.
  OpenAiText model(client, clock, {.base_url = "http://127.0.0.1:9", .key = kKey}, "small");
  const auto failure = failure_of([&] { run_task(model.complete(question())); });
  EXPECT_EQ(failure.error.fault, Fault::unavailable);
}

TEST(OpenAiSpeech, ReadsSamples) {
  Exchange seen;
  const Speech speech = say(sends(http("200 OK", "audio/pcm", std::string("\x00\x40\x00\xC0", 4))), &seen);
  EXPECT_EQ(speech.audio.rate, 24000);
  EXPECT_EQ(speech.audio.samples, (std::vector<float>{0.5F, -0.5F}));
  EXPECT_EQ(speech.model, "local/tts-1");
  EXPECT_EQ(speech.voice, "nova");
  EXPECT_THAT(seen.heads[0], HasSubstr("POST /v1/audio/speech HTTP/1.1\r\n"));
  const auto sent = json::parse(seen.bodies[0]).as_object();
  EXPECT_EQ(sent.at("input"), "Good morning.");
  EXPECT_EQ(sent.at("response_format"), "pcm");
  EXPECT_EQ(sent.at("speed"), 1.25);
  EXPECT_EQ(sent.at("voice"), "nova");
}

TEST(OpenAiSpeech, ReadsWaveWhateverTheTypeSays) {
  std::string wav = "RIFF";
  wav += std::string("\x28\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3E\0\0\0\x7D\0\0\x02\0\x10\0data\x04\0\0\0", 40);
  wav += std::string("\x00\x40\x00\xC0", 4);
  for (const char* type : {"audio/wav", "audio/x-wav", "audio/pcm", "application/octet-stream"}) {
    const Speech speech = say(sends(http("200 OK", type, wav)));
    EXPECT_EQ(speech.audio.rate, 16000) << type;
    EXPECT_EQ(speech.audio.samples.size(), 2U);
  }
}

class OpenAiSpeechFails : public ::testing::TestWithParam<BadAnswer> {};
TEST_P(OpenAiSpeechFails, AsAnError) {
  const BadAnswer& wanted = GetParam();
  const auto [error, usage] = failure_of([&] { say(sends(wanted.bytes)); });
  EXPECT_EQ(error.fault, wanted.fault);
  EXPECT_EQ(error.code, wanted.code);
  EXPECT_EQ(error.retry_after, wanted.retry_after);
  EXPECT_EQ(usage.characters, wanted.input_tokens);
}
INSTANTIATE_TEST_SUITE_P(
    Recorded, OpenAiSpeechFails,
    ::testing::Values(BadAnswer{"Key", status("401 Unauthorized"), Fault::unauthenticated, "PROVIDER_KEY"},
                      BadAnswer{"Limit", status("429 Too Many Requests", "Retry-After: 3\r\n"), Fault::rate_limited,
                                "PROVIDER_LIMIT", 3s},
                      BadAnswer{"ErrorInside", ok_json(kError), Fault::upstream, "PROVIDER_FAILED"},
                      BadAnswer{"Mp3", http("200 OK", "audio/mpeg", "ID3...."), Fault::upstream, "BAD_SOUND"},
                      BadAnswer{"HalfASample", http("200 OK", "audio/pcm", "abc"), Fault::upstream, "BAD_SOUND"},
                      BadAnswer{"Empty", http("200 OK", "audio/pcm", ""), Fault::upstream, "NO_SOUND"},
                      BadAnswer{"CutOff",
                                "HTTP/1.1 200 OK\r\nContent-Type: audio/pcm\r\nContent-Length: 1000\r\n\r\nabcd",
                                Fault::upstream, "CUT_OFF", std::nullopt, 13}),
    [](const auto& info) { return info.param.what; });

TEST(OpenAiSpeech, KnowsItsVoices) {
  http::Client client({});
  odeon::testing::FakeClock clock;
  const OpenAiSpeech kokoro(client, clock, {.provider = "kokoro"}, "kokoro",
                            {{"af_heart", "en-US", ""}, {"ff_siwis", "fr-FR", ""}});
  EXPECT_TRUE(kokoro.speaks({.language = "en"}));
  EXPECT_TRUE(kokoro.speaks({.language = "fr-CA", .voice = "ff_siwis"}));
  EXPECT_FALSE(kokoro.speaks({.language = "en", .voice = "ff_siwis"}));
  EXPECT_FALSE(kokoro.speaks({.language = "de"}));
  EXPECT_EQ(kokoro.voices()[1].model, "kokoro/kokoro");
}

}  // namespace
}  // namespace odeon::ai
