#include "engine/ai/providers/google_speech.hpp"

#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/ai/text.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::RawServer;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Seen {
  std::string head, body;
};

std::string http(std::string_view status, const std::string& body, std::string extra = "") {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: {}\r\n{}\r\n",
                     status, body.size(), extra) +
         body;
}
// Two samples at 24 kHz.
const std::string kWave = std::string(
    "RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xC0\x5D\0\0\x80\xBB\0\0\x02\0\x10\0data\x04\0\0\0\x00\x40\x00\xC0",
    48);
std::string sound(const std::string& bytes = kWave) {
  return http("200 OK", fmt::format("{{\n  \"audioContent\": \"{}\"\n}}\n", crypto::to_base64(bytes)));
}

Speech say(std::string answer, SpeechRequest request = {.text = "Good morning."}, Seen* seen = nullptr) {
  auto play = [](std::string answer, SpeechRequest request, Seen* seen) -> Task<Speech> {
    RawServer server(co_await asio::this_coro::executor);
    server.on_connection(
        {odeon::testing::read_head(), odeon::testing::read_bytes(120), odeon::testing::send(std::move(answer))});
    http::Client client({});
    odeon::testing::FakeClock clock;
    GoogleSpeech model(
        client, clock,
        {.base_url = server.url(""), .credentials = std::make_shared<HeaderKey>("x-goog-api-key", "", "AIza-secret")});
    auto outcome = co_await settle(model.speak(std::move(request)));
    if (seen != nullptr) *seen = {server.heads().at(0), server.bodies().at(0)};
    co_await server.stop();
    if (!outcome) std::rethrow_exception(outcome.error());
    co_return std::move(*outcome);
  };
  return run_task(play(std::move(answer), std::move(request), seen));
}

TEST(GoogleSpeech, ReadsAWaveInsideJson) {
  Seen seen;
  const Speech speech =
      say(sound(), {.text = "Guten Morgen.", .language = "de", .voice = "charon", .speed = 1.25}, &seen);
  EXPECT_EQ(speech.audio.rate, 24'000);
  EXPECT_EQ(speech.audio.samples, (std::vector<float>{0.5F, -0.5F}));
  EXPECT_EQ(speech.model, "google/chirp3-hd");
  EXPECT_EQ(speech.voice, "charon");
  EXPECT_THAT(seen.head, StartsWith("POST /v1/text:synthesize HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("x-goog-api-key: AIza-secret\r\n"));
  EXPECT_THAT(R"({"input":{"text":"Guten Morgen."},"voice":{"languageCode":"de-DE","name":"de-DE-Chirp3-HD-Charon"},)"
              R"("audioConfig":{"audioEncoding":"LINEAR16","sampleRateHertz":24000,"speakingRate":1.25}})",
              StartsWith(seen.body));
}

TEST(GoogleSpeech, SpeaksAsInTheCountryThatIsNamed) {
  for (const auto& [tag, language] : std::map<std::string, std::string>{{"en", "en-US"},
                                                                        {"en-GB", "en-GB"},
                                                                        {"EN-au", "en-AU"},
                                                                        {"en-NZ", "en-US"},
                                                                        {"zh-Hans", "cmn-CN"},
                                                                        {"tr", "tr-TR"}}) {
    Seen seen;
    say(sound(), {.text = "…", .language = tag}, &seen);
    EXPECT_THAT(seen.body, HasSubstr("\"languageCode\":\"" + language + "\"")) << tag;
  }
}

TEST(GoogleSpeech, KnowsWhatItCannotSay) {
  http::Client client({});
  odeon::testing::FakeClock clock;
  const GoogleSpeech model(client, clock, {});
  EXPECT_TRUE(model.speaks({.text = "Bonjour.", .language = "fr", .voice = "kore"}));
  EXPECT_FALSE(model.speaks({.text = "Bonjour.", .language = "fr", .voice = "nova"}));
  EXPECT_FALSE(model.speaks({.text = "Salve.", .language = "la"}));
  EXPECT_TRUE(model.speaks({.text = std::string(5000, 'x')}));
  EXPECT_FALSE(model.speaks({.text = std::string(5001, 'x')}));
  EXPECT_EQ(model.voices().at(0).model, "google/chirp3-hd");
  EXPECT_THROW(say(sound(), {.text = "Salve.", .language = "la"}), Error);
}

struct Bad {
  std::string answer, code;
  bool charged = false;
};
class GoogleSpeechFails : public ::testing::TestWithParam<Bad> {};
TEST_P(GoogleSpeechFails, AsAnErrorThatShowsNoKey) {
  try {
    say(GetParam().answer);
    FAIL() << "it answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, GetParam().code);
    EXPECT_EQ((error.message + error.detail).find("secret"), std::string::npos);
    const auto* used = dynamic_cast<const FailedAfterUse*>(&error);
    EXPECT_EQ(used != nullptr ? used->usage.characters : 0, GetParam().charged ? 13 : 0);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Answers, GoogleSpeechFails,
    ::testing::Values(
        Bad{http("403 Forbidden", R"({"error":{"code":403,"message":"AIza-secret","status":"PERMISSION_DENIED"}})"),
            "PROVIDER_KEY"},
        Bad{http("429 Too Many Requests", R"({"error":{"code":429}})"), "PROVIDER_LIMIT"},
        Bad{http("500 Oops", "<html>"), "PROVIDER_FAILED"}, Bad{http("200 OK", "<html>secret"), "BAD_ANSWER", true},
        Bad{http("200 OK", "{}"), "NOT_SPEECH", true},
        Bad{http("200 OK", R"({"audioContent":"%%%secret"})"), "NOT_SPEECH", true},
        Bad{sound("ID3 not a wave"), "NOT_SPEECH", true}, Bad{sound(kWave.substr(0, 44)), "NOT_SPEECH", true},
        Bad{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "CUT_OFF", true}));

}  // namespace
}  // namespace odeon::ai
