#include "engine/ai/providers/cartesia.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "engine/ai/providers/single_exchange_test.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::http_answer;
using ::testing::HasSubstr;

// What comes of `request` when a server answers with `answer`.
Speech cartesia_says(std::string answer, SpeechRequest request = {.text = "Good morning."},
                     SeenRequest* seen = nullptr) {
  const auto call = [&](http::Client& client, const Clock& clock, std::string base_url) -> Task<Speech> {
    auto options = cartesia().usual;
    options.base_url = std::move(base_url);
    options.key = "sk_car_secret";
    LibrarySpeech model(client, clock, cartesia(), std::move(options));
    co_return co_await model.speak(request);
  };
  return exchanged(100, std::move(answer), call, seen);
}

TEST(CartesiaSpeech, ReadsSamples) {
  SeenRequest seen;
  const Speech speech =
      cartesia_says(http_answer("200 OK", "application/octet-stream", std::string("\x00\x40\x00\xC0", 4)),
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

struct BadCartesia {
  std::string answer;
  Fault fault;
};
class CartesiaFails : public ::testing::TestWithParam<BadCartesia> {};
TEST_P(CartesiaFails, AsAnErrorThatShowsNoKey) {
  try {
    cartesia_says(GetParam().answer);
    FAIL() << "it answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, GetParam().fault) << error.code;
    EXPECT_EQ((error.message + error.detail).find("secret"), std::string::npos);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Answers, CartesiaFails,
    ::testing::Values(BadCartesia{http_answer("401 Unauthorized", "application/json", R"({"error":"sk_car_secret"})"),
                                  Fault::unauthenticated},
                      BadCartesia{http_answer("429 Too Many Requests", "text/plain", "slow down", "Retry-After: 3\r\n"),
                                  Fault::rate_limited},
                      BadCartesia{http_answer("500 Oops", "text/html", "<html>"), Fault::upstream},
                      BadCartesia{http_answer("200 OK", "text/html", "<html>secret</html>"), Fault::upstream},
                      BadCartesia{http_answer("200 OK", "application/json", "{}"), Fault::upstream},
                      BadCartesia{http_answer("200 OK", "audio/pcm", ""), Fault::upstream},
                      BadCartesia{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Fault::upstream}));

}  // namespace
}  // namespace odeon::ai
