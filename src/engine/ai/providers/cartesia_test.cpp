#include "engine/ai/providers/cartesia.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::RawScript;
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

// What comes of `request` when a server answers with `answer`.
Speech say(std::string answer, SpeechRequest request = {.text = "Good morning."}, Seen* seen = nullptr) {
  auto play = [](std::string answer, SpeechRequest request, Seen* seen) -> Task<Speech> {
    RawServer server(co_await asio::this_coro::executor);
    server.on_connection(
        {odeon::testing::read_head(), odeon::testing::read_bytes(100), odeon::testing::send(std::move(answer))});
    http::Client client({});
    odeon::testing::FakeClock clock;
    auto options = cartesia().usual;
    options.base_url = server.url("");
    options.key = "sk_car_secret";
    LibrarySpeech model(client, clock, cartesia(), std::move(options));
    auto outcome = co_await settle(model.speak(std::move(request)));
    if (seen != nullptr) *seen = {server.heads().at(0), server.bodies().at(0)};
    co_await server.stop();
    if (!outcome) std::rethrow_exception(outcome.error());
    co_return std::move(*outcome);
  };
  return run_task(play(std::move(answer), std::move(request), seen));
}

TEST(CartesiaSpeech, ReadsSamples) {
  Seen seen;
  const Speech speech = say(http("200 OK", "application/octet-stream", std::string("\x00\x40\x00\xC0", 4)),
                            {.text = "Good morning.", .voice = "kiefer"}, &seen);
  EXPECT_EQ(speech.audio.rate, 44'100);
  EXPECT_EQ(speech.audio.samples, (std::vector<float>{0.5F, -0.5F}));
  EXPECT_EQ(speech.model, "cartesia/sonic-3");
  EXPECT_EQ(speech.voice, "kiefer");
  EXPECT_THAT(seen.head, HasSubstr("POST /tts/bytes HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("Authorization: Bearer sk_car_secret\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("Cartesia-Version: 2026-08-14\r\n"));
}

TEST(CartesiaSpeech, HasItsVoicesInEveryLanguage) {
  http::Client client({});
  odeon::testing::FakeClock clock;
  const LibrarySpeech model(client, clock, cartesia(), cartesia().usual);
  EXPECT_TRUE(model.speaks({.text = "Guten Morgen.", .language = "de", .voice = "katie"}));
  EXPECT_FALSE(model.speaks({.text = "Good morning.", .voice = "nova"}));
  EXPECT_EQ(model.voices().at(0).model, "cartesia/sonic-3");
}

struct Bad {
  std::string answer;
  Fault fault;
};
class CartesiaFails : public ::testing::TestWithParam<Bad> {};
TEST_P(CartesiaFails, AsAnErrorThatShowsNoKey) {
  try {
    say(GetParam().answer);
    FAIL() << "it answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, GetParam().fault) << error.code;
    EXPECT_EQ((error.message + error.detail).find("secret"), std::string::npos);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Answers, CartesiaFails,
    ::testing::Values(
        Bad{http("401 Unauthorized", "application/json", R"({"error":"sk_car_secret"})"), Fault::unauthenticated},
        Bad{http("429 Too Many Requests", "text/plain", "slow down", "Retry-After: 3\r\n"), Fault::rate_limited},
        Bad{http("500 Oops", "text/html", "<html>"), Fault::upstream},
        Bad{http("200 OK", "text/html", "<html>secret</html>"), Fault::upstream},
        Bad{http("200 OK", "application/json", "{}"), Fault::upstream},
        Bad{http("200 OK", "audio/pcm", ""), Fault::upstream},
        Bad{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Fault::upstream}));

}  // namespace
}  // namespace odeon::ai
