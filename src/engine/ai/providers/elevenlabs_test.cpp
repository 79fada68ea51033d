#include "engine/ai/providers/elevenlabs.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::RawServer;
using ::testing::HasSubstr;

struct Seen {
  std::string head, body;
};

std::string http(std::string_view status, std::string_view type, const std::string& body, std::string extra = "") {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n", status, type, body.size(),
                     extra) +
         body;
}
const std::string kSound = http("200 OK", "audio/pcm", std::string("\x00\x40\x00\xC0", 4));

// What comes of `request` when a server answers with `answer`. `expected` is what it is to be sent.
Speech say(std::string answer, SpeechRequest request = {.text = "Good morning."}, std::string expected = "{",
           Seen* seen = nullptr, std::string model = "eleven_multilingual_v2") {
  auto play = [](std::string answer, SpeechRequest request, std::size_t size, Seen* seen,
                 std::string model) -> Task<Speech> {
    RawServer server(co_await asio::this_coro::executor);
    server.on_connection(
        {odeon::testing::read_head(), odeon::testing::read_bytes(size), odeon::testing::send(std::move(answer))});
    http::Client client({});
    odeon::testing::FakeClock clock;
    auto options = elevenlabs().usual;
    options.base_url = server.url("");
    options.key = "sk_secret";
    options.model = std::move(model);
    LibrarySpeech voice(client, clock, elevenlabs(), std::move(options));
    auto outcome = co_await settle(voice.speak(std::move(request)));
    if (seen != nullptr) *seen = {server.heads().at(0), server.bodies().at(0)};
    co_await server.stop();
    if (!outcome) std::rethrow_exception(outcome.error());
    co_return std::move(*outcome);
  };
  return run_task(play(std::move(answer), std::move(request), expected.size(), seen, std::move(model)));
}

TEST(ElevenLabsSpeech, ReadsSamples) {
  const std::string order = R"({"text":"Good morning.","model_id":"eleven_multilingual_v2"})";
  Seen seen;
  const Speech speech = say(kSound, {.text = "Good morning.", .voice = "george"}, order, &seen);
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
  Seen seen;
  say(kSound, {.text = "Günaydın.", .language = "tr-TR", .speed = 2}, order, &seen, "eleven_flash_v2_5");
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

struct Bad {
  std::string answer;
  Fault fault;
};
class ElevenLabsFails : public ::testing::TestWithParam<Bad> {};
TEST_P(ElevenLabsFails, AsAnErrorThatShowsNoKey) {
  try {
    say(GetParam().answer);
    FAIL() << "it answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, GetParam().fault) << error.code;
    EXPECT_EQ((error.message + error.detail).find("secret"), std::string::npos);
  }
}
INSTANTIATE_TEST_SUITE_P(Answers, ElevenLabsFails,
                         ::testing::Values(Bad{http("401 Unauthorized", "application/json",
                                                    R"({"detail":{"status":"invalid_api_key","message":"sk_secret"}})"),
                                               Fault::unauthenticated},
                                           Bad{http("422 Unprocessable Entity", "application/json",
                                                    R"({"detail":[{"loc":["body","text"]}]})"),
                                               Fault::invalid},
                                           Bad{http("429 Too Many Requests", "application/json",
                                                    R"({"detail":{"status":"too_many_concurrent_requests"}})"),
                                               Fault::rate_limited},
                                           Bad{http("500 Oops", "text/html", "<html>"), Fault::upstream},
                                           Bad{http("200 OK", "text/html", "<html>secret</html>"), Fault::upstream},
                                           Bad{http("200 OK", "application/json", "{}"), Fault::upstream},
                                           Bad{http("200 OK", "audio/pcm", ""), Fault::upstream},
                                           Bad{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
                                               Fault::upstream}));

}  // namespace
}  // namespace odeon::ai
