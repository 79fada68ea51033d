#include "engine/ai/providers/google_speech.hpp"

#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/ai/providers/single_exchange_test.hpp"
#include "engine/ai/text.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::json_answer;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Two samples at 24 kHz.
const std::string kWave = std::string(
    "RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xC0\x5D\0\0\x80\xBB\0\0\x02\0\x10\0data\x04\0\0\0\x00\x40\x00\xC0",
    48);
std::string sound(const std::string& bytes = kWave) {
  return json_answer("200 OK", fmt::format("{{\n  \"audioContent\": \"{}\"\n}}\n", crypto::to_base64(bytes)));
}

Speech google_says(std::string answer, SpeechRequest request = {.text = "Good morning."}, SeenRequest* seen = nullptr) {
  const auto call = [&](http::Client& client, const Clock& clock, std::string base_url) -> Task<Speech> {
    GoogleSpeech model(client, clock,
                       {.base_url = std::move(base_url),
                        .credentials = std::make_shared<HeaderKey>("x-goog-api-key", "", "AIza-secret")});
    co_return co_await model.speak(request);
  };
  return exchanged(120, std::move(answer), call, seen);
}

TEST(GoogleSpeech, ReadsAWaveInsideJson) {
  SeenRequest seen;
  const Speech speech =
      google_says(sound(), {.text = "Guten Morgen.", .language = "de", .voice = "charon", .speed = 1.25}, &seen);
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
    SeenRequest seen;
    google_says(sound(), {.text = "…", .language = tag}, &seen);
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
  EXPECT_THROW(google_says(sound(), {.text = "Salve.", .language = "la"}), Error);
}

struct BadGoogleSpeech {
  std::string answer, code;
  bool charged = false;
};
class GoogleSpeechFails : public ::testing::TestWithParam<BadGoogleSpeech> {};
TEST_P(GoogleSpeechFails, AsAnErrorThatShowsNoKey) {
  try {
    google_says(GetParam().answer);
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
        BadGoogleSpeech{json_answer("403 Forbidden",
                                    R"({"error":{"code":403,"message":"AIza-secret","status":"PERMISSION_DENIED"}})"),
                        "PROVIDER_KEY"},
        BadGoogleSpeech{json_answer("429 Too Many Requests", R"({"error":{"code":429}})"), "PROVIDER_LIMIT"},
        BadGoogleSpeech{json_answer("500 Oops", "<html>"), "PROVIDER_FAILED"},
        BadGoogleSpeech{json_answer("200 OK", "<html>secret"), "BAD_ANSWER", true},
        BadGoogleSpeech{json_answer("200 OK", "{}"), "NOT_SPEECH", true},
        BadGoogleSpeech{json_answer("200 OK", R"({"audioContent":"%%%secret"})"), "NOT_SPEECH", true},
        BadGoogleSpeech{sound("ID3 not a wave"), "NOT_SPEECH", true},
        BadGoogleSpeech{sound(kWave.substr(0, 44)), "NOT_SPEECH", true},
        BadGoogleSpeech{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "CUT_OFF", true}));

}  // namespace
}  // namespace odeon::ai
