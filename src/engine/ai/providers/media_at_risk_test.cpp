// What is charged of pictures and transcripts whose answer began and broke off: what they usually come to, at the
// prices of the catalogue.
#include <gtest/gtest.h>

#include "engine/ai/catalogue.hpp"
#include "engine/ai/providers/failure_test.hpp"
#include "engine/ai/providers/gemini_images.hpp"
#include "engine/ai/providers/openai_images.hpp"
#include "engine/ai/providers/openai_transcription.hpp"
#include "engine/ai/providers/openrouter_images.hpp"
#include "engine/ai/providers/single_exchange_test.hpp"

namespace odeon::ai {
namespace {

constexpr NanoUsd kCent = 10'000'000;

// By the price of `offer`, what `call(client, clock, base_url)` is charged when the answer breaks off.
template <class Call>
NanoUsd charged(const char* offer, Call call) {
  const std::string cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
  const auto failure = failure_with_use([&] { exchanged(1, cut, call); });
  EXPECT_EQ(failure.code, "CUT_OFF") << offer;
  return cost_of(failure.usage, Catalogue::standard().offer(offer)->price);
}

Task<Images> drawn(http::Client& client, const Clock& clock, std::string base_url, ImageRequest request) {
  OpenAiImages model(client, clock, {.base_url = std::move(base_url)}, "gpt-image-2", OpenAiImages::Kind::gpt_image);
  co_return co_await model.draw(std::move(request));
}

TEST(MediaAtRisk, IsAPictureOfOpenAis) {
  const auto cost = [](ImageRequest request) {
    return charged("openai/gpt-image-2", [=](http::Client& client, const Clock& clock, std::string base_url) {
      return drawn(client, clock, std::move(base_url), request);
    });
  };
  EXPECT_NEAR(cost({.prompt = "a cat"}), 21 * kCent, kCent);
  EXPECT_NEAR(cost({.prompt = "a cat", .count = 3, .quality = ImageQuality::medium}), 16 * kCent, kCent);
  EXPECT_NEAR(cost({.prompt = "a cat", .quality = ImageQuality::low}), kCent * 6 / 10, kCent / 10);
  EXPECT_GT(cost({.prompt = "a cat", .references = {{.media_type = "image/png", .bytes = "x"}}}), 26 * kCent);
}

TEST(MediaAtRisk, IsAPictureOfGoogles) {
  EXPECT_NEAR(charged("gemini/gemini-2.5-flash-image",
                      [](http::Client& client, const Clock& clock, std::string base_url) -> Task<Images> {
                        GeminiImages model(client, clock, {.base_url = std::move(base_url)}, "gemini-2.5-flash-image");
                        co_return co_await model.draw({.prompt = "a cat"});
                      }),
              4 * kCent, kCent / 4);
  EXPECT_NEAR(charged("openrouter/google/gemini-3-pro-image",
                      [](http::Client& client, const Clock& clock, std::string base_url) -> Task<Images> {
                        OpenRouterImages model(client, clock, {.base_url = std::move(base_url)},
                                               "google/gemini-3-pro-image",
                                               OpenRouterImages::Answers::pictures_and_text);
                        co_return co_await model.draw({.prompt = "a cat"});
                      }),
              15 * kCent, kCent);
}

Task<Transcript> heard(http::Client& client, const Clock& clock, std::string base_url,
                       OpenAiTranscription::Detail detail) {
  OpenAiTranscription model(client, clock, {.base_url = std::move(base_url)}, "m", detail);
  co_return co_await model.transcribe({.audio = "RIFF", .media_type = "audio/wav", .seconds = 60});
}

TEST(MediaAtRisk, IsAMinuteThatWasHeard) {
  using Detail = OpenAiTranscription::Detail;
  const auto minute = [](const char* offer, Detail detail) {
    return charged(offer, [=](http::Client& client, const Clock& clock, std::string base_url) {
      return heard(client, clock, std::move(base_url), detail);
    });
  };
  EXPECT_EQ(minute("openai/whisper-1", Detail::times), kCent * 6 / 10);
  EXPECT_NEAR(minute("openai/gpt-4o-transcribe", Detail::text), kCent * 6 / 10, kCent / 4);
}

}  // namespace
}  // namespace odeon::ai
