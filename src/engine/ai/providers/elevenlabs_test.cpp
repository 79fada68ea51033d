#include "engine/ai/providers/elevenlabs.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "engine/ai/providers/single_exchange_test.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::http_answer;
using ::testing::HasSubstr;

const std::string kSound = http_answer("200 OK", "audio/pcm", std::string("\x00\x40\x00\xC0", 4));

// What comes of `request` when a server answers with `answer`. `expected` is what it is to be sent.
Speech elevenlabs_says(std::string answer, SpeechRequest request = {.text = "Good morning."},
                       std::string_view expected = "{", SeenRequest* seen = nullptr,
                       std::string_view model = "eleven_multilingual_v2") {
  const auto call = [&](http::Client& client, const Clock& clock, std::string base_url) -> Task<Speech> {
    auto options = elevenlabs().usual;
    options.base_url = std::move(base_url);
    options.key = "sk_secret";
    options.model = model;
    LibrarySpeech voice(client, clock, elevenlabs(), std::move(options));
    co_return co_await voice.speak(request);
  };
  return exchanged(expected.size(), std::move(answer), call, seen);
}

TEST(ElevenLabsSpeech, ReadsSamples) {
  const std::string order = R"({"text":"Good morning.","model_id":"eleven_multilingual_v2"})";
  SeenRequest seen;
  const Speech speech = elevenlabs_says(kSound, {.text = "Good morning.", .voice = "george"}, order, &seen);
  EXPECT_EQ(speech.audio.rate, 24'000);
  EXPECT_EQ(speech.audio.samples, (std::vector<float>{0.5F, -0.5F}));
  EXPECT_EQ(speech.model, "elevenlabs/eleven_multilingual_v2");
  EXPECT_EQ(speech.voice, "george");
  EXPECT_THAT(seen.head,
              HasSubstr("POST /v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb?output_format=pcm_24000 HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("xi-api-key: sk_secret\r\n"));
  EXPECT_EQ(seen.body, order);
}

TEST(ElevenLabsSpeech, TellsTheLanguageWhereThatIsKnown) {
  const std::string order =
      R"({"text":"Günaydın.","model_id":"eleven_flash_v2_5","language_code":"tr","voice_settings":{"speed":1.2}})";
  SeenRequest seen;
  elevenlabs_says(kSound, {.text = "Günaydın.", .language = "tr-TR", .speed = 2}, order, &seen, "eleven_flash_v2_5");
  EXPECT_EQ(seen.body, order);
}

TEST(ElevenLabsSpeech, HasItsVoicesInEveryLanguage) {
  http::Client client({});
  odeon::testing::FakeClock clock;
  const LibrarySpeech model(client, clock, elevenlabs(), elevenlabs().usual);
  EXPECT_TRUE(model.speaks({.text = "Guten Morgen.", .language = "de", .voice = "sarah"}));
  EXPECT_FALSE(model.speaks({.text = "Good morning.", .voice = "nova"}));
  EXPECT_EQ(model.voices().at(0).model, "elevenlabs/eleven_multilingual_v2");
}

struct BadElevenLabs {
  std::string answer;
  Fault fault;
};
class ElevenLabsFails : public ::testing::TestWithParam<BadElevenLabs> {};
TEST_P(ElevenLabsFails, AsAnErrorThatShowsNoKey) {
  try {
    elevenlabs_says(GetParam().answer);
    FAIL() << "it answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, GetParam().fault) << error.code;
    EXPECT_EQ((error.message + error.detail).find("secret"), std::string::npos);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Answers, ElevenLabsFails,
    ::testing::Values(BadElevenLabs{http_answer("401 Unauthorized", "application/json",
                                                R"({"detail":{"status":"invalid_api_key","message":"sk_secret"}})"),
                                    Fault::unauthenticated},
                      BadElevenLabs{http_answer("422 Unprocessable Entity", "application/json",
                                                R"({"detail":[{"loc":["body","text"]}]})"),
                                    Fault::invalid},
                      BadElevenLabs{http_answer("429 Too Many Requests", "application/json",
                                                R"({"detail":{"status":"too_many_concurrent_requests"}})"),
                                    Fault::rate_limited},
                      BadElevenLabs{http_answer("500 Oops", "text/html", "<html>"), Fault::upstream},
                      BadElevenLabs{http_answer("200 OK", "text/html", "<html>secret</html>"), Fault::upstream},
                      BadElevenLabs{http_answer("200 OK", "application/json", "{}"), Fault::upstream},
                      BadElevenLabs{http_answer("200 OK", "audio/pcm", ""), Fault::upstream},
                      BadElevenLabs{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Fault::upstream}));

}  // namespace
}  // namespace odeon::ai
