#include "engine/ai/providers/openai_speech.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/single_exchange_test.hpp"
#include "engine/ai/text.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using odeon::testing::http_answer;
using ::testing::HasSubstr;

// As it goes over the wire.
const std::string kSent =
    R"({"model":"tts-1","input":"Good morning.","voice":"nova","response_format":"pcm","speed":1.25E0})";

// What comes of a request when a server answers with `answer`.
Speech openai_says(std::string answer, SeenRequest* seen = nullptr) {
  const auto call = [](http::Client& client, const Clock& clock, std::string base_url) -> Task<Speech> {
    OpenAiOptions options{.provider = "local", .base_url = std::move(base_url) + "/v1/", .key = "sk-proj-topsecret"};
    OpenAiSpeech model(client, clock, std::move(options), "tts-1", {{"nova", "", ""}, {"alloy", "", ""}});
    co_return co_await model.speak({.text = "Good morning.", .voice = "nova", .speed = 1.25});
  };
  return exchanged(kSent.size(), std::move(answer), call, seen);
}

TEST(OpenAiSpeech, ReadsSamples) {
  SeenRequest seen;
  const Speech speech = openai_says(http_answer("200 OK", "audio/pcm", std::string("\x00\x40\x00\xC0", 4)), &seen);
  EXPECT_EQ(speech.audio.rate, 24000);
  EXPECT_EQ(speech.audio.samples, (std::vector<float>{0.5F, -0.5F}));
  EXPECT_EQ(speech.model, "local/tts-1");
  EXPECT_EQ(speech.voice, "nova");
  EXPECT_THAT(seen.head, HasSubstr("POST /v1/audio/speech HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("Authorization: Bearer sk-proj-topsecret\r\n"));
  EXPECT_EQ(seen.body, kSent);
}

TEST(OpenAiSpeech, ReadsWaveWhateverTheTypeSays) {
  std::string wav = "RIFF";
  wav += std::string("\x28\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3E\0\0\0\x7D\0\0\x02\0\x10\0data\x04\0\0\0", 40);
  wav += std::string("\x00\x40\x00\xC0", 4);
  for (const char* type : {"audio/wav", "audio/x-wav", "audio/pcm", "application/octet-stream"}) {
    const Speech speech = openai_says(http_answer("200 OK", type, wav));
    EXPECT_EQ(speech.audio.rate, 16000) << type;
    EXPECT_EQ(speech.audio.samples.size(), 2U);
  }
}

const std::string kSpeechError = R"({"error":{"message":"Incorrect API key provided: sk-proj-topsecret.",
"type":"invalid_request_error","param":null,"code":"invalid_api_key"}})";

struct BadSpeech {
  std::string what;
  std::string bytes;
  Fault fault;
  std::string code;
  std::optional<std::chrono::seconds> retry_after;
  std::int64_t characters = 0;
};
class OpenAiSpeechFails : public ::testing::TestWithParam<BadSpeech> {};
TEST_P(OpenAiSpeechFails, AsAnError) {
  const BadSpeech& wanted = GetParam();
  try {
    openai_says(wanted.bytes);
    FAIL() << "it spoke";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, wanted.fault);
    EXPECT_EQ(error.code, wanted.code);
    EXPECT_EQ(error.retry_after, wanted.retry_after);
    EXPECT_EQ((error.message + error.detail).find("sk-"), std::string::npos);
    const auto* used = dynamic_cast<const FailedAfterUse*>(&error);
    EXPECT_EQ(used != nullptr ? used->usage.characters : 0, wanted.characters);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Recorded, OpenAiSpeechFails,
    ::testing::Values(
        BadSpeech{"Key", http_answer("401 Unauthorized", "application/json", kSpeechError), Fault::unauthenticated,
                  "PROVIDER_KEY"},
        BadSpeech{"Limit", http_answer("429 Too Many Requests", "application/json", kSpeechError, "Retry-After: 3\r\n"),
                  Fault::rate_limited, "PROVIDER_LIMIT", 3s},
        BadSpeech{"ErrorInside", http_answer("200 OK", "application/json", kSpeechError), Fault::upstream,
                  "PROVIDER_FAILED"},
        BadSpeech{"Mp3", http_answer("200 OK", "audio/mpeg", "ID3...."), Fault::upstream, "BAD_SOUND", std::nullopt,
                  13},
        BadSpeech{"HalfASample", http_answer("200 OK", "audio/pcm", "abc"), Fault::upstream, "BAD_SOUND", std::nullopt,
                  13},
        BadSpeech{"Empty", http_answer("200 OK", "audio/pcm", ""), Fault::upstream, "NO_SOUND", std::nullopt, 13},
        BadSpeech{"Words", http_answer("200 OK", "application/json", R"({"text":"Good morning."})"), Fault::upstream,
                  "BAD_ANSWER", std::nullopt, 13},
        BadSpeech{"CutOff", "HTTP/1.1 200 OK\r\nContent-Type: audio/pcm\r\nContent-Length: 1000\r\n\r\nabcd",
                  Fault::upstream, "CUT_OFF", std::nullopt, 13}),
    [](const auto& info) { return info.param.what; });

// ---- by the token

const std::string kSentForEvents =
    R"({"model":"gpt-4o-mini-tts","input":"Good morning.","voice":"nova","response_format":"pcm","speed":1E0,)"
    R"("stream_format":"sse"})";

Speech openai_counts(std::string type, std::string body, SeenRequest* seen = nullptr) {
  const auto call = [](http::Client& client, const Clock& clock, std::string base_url) -> Task<Speech> {
    OpenAiSpeech model(client, clock, {.base_url = std::move(base_url)}, "gpt-4o-mini-tts", {{"nova", "", ""}},
                       OpenAiSpeech::PaidBy::token);
    co_return co_await model.speak({.text = "Good morning.", .voice = "nova"});
  };
  return exchanged(kSentForEvents.size(), http_answer("200 OK", type, body), call, seen);
}

std::string event_of_sound(std::string_view bytes) {
  return fmt::format("data: {{\"type\":\"speech.audio.delta\",\"audio\":\"{}\"}}\n\n", crypto::to_base64(bytes));
}
const std::string kEndOfSound =
    "data: "
    "{\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":14,\"output_tokens\":101,\"total_tokens\":115}}\n\n";

TEST(OpenAiSpeech, IsToldHowManyTokensThereWereWhereTheyArePaid) {
  using namespace std::string_view_literals;
  SeenRequest seen;
  const Speech speech = openai_counts("text/event-stream",
                                      event_of_sound("\x00"sv) + event_of_sound("\x40\x00\xC0"sv) + kEndOfSound, &seen);
  EXPECT_EQ(seen.body, kSentForEvents);
  EXPECT_EQ(speech.audio.samples, (std::vector<float>{0.5F, -0.5F}));
  EXPECT_EQ(speech.usage.input_tokens, 14);
  EXPECT_EQ(speech.usage.output_tokens, 101);
}

// A server that knows no events: by how long it spoke.
TEST(OpenAiSpeech, CountsTokensItselfWhereItIsNotTold) {
  for (const auto& [type, body] : {std::pair("audio/pcm", std::string(96'000, '\0')),
                                   std::pair("text/event-stream", event_of_sound(std::string(96'000, '\0')) +
                                                                      "data: {\"type\":\"speech.audio.done\"}\n\n")}) {
    const Speech speech = openai_counts(type, body);
    EXPECT_DOUBLE_EQ(speech.audio.seconds(), 2) << type;
    EXPECT_GT(speech.usage.input_tokens, 1) << type;
    EXPECT_EQ(speech.usage.output_tokens, 40) << type;
  }
}

TEST(OpenAiSpeech, IsPaidByTheTokenAlsoWhereItIsOfNoUse) {
  const std::string error = "data: {\"type\":\"error\",\"error\":{\"message\":\"x\",\"code\":\"server_error\"}}\n\n";
  const std::string sound = event_of_sound(std::string(4, '\0'));
  for (const auto& [type, body, code] :
       {std::tuple("text/event-stream", sound, "CUT_OFF"), std::tuple("text/event-stream", kEndOfSound, "NO_SOUND"),
        std::tuple("text/event-stream", sound + error, "PROVIDER_FAILED"),
        std::tuple("text/event-stream", std::string("data: {\"type\":\"speech.audio.delta\",\"audio\":\"?\"}\n\n"),
                   "BAD_SOUND"),
        std::tuple("audio/mpeg", std::string("ID3...."), "BAD_SOUND")})
    try {
      openai_counts(type, body);
      ADD_FAILURE() << code;
    } catch (const FailedAfterUse& failure) {
      EXPECT_EQ(failure.code, code);
      EXPECT_GT(failure.usage.output_tokens, 1) << code;
    }
}

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
