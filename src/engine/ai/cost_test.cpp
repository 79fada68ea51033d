// What calls cost: usage as providers report it, with the true price worked out by hand beside it, and properties.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <set>

#include "engine/ai/catalogue.hpp"

namespace odeon::ai {
namespace {

constexpr NanoUsd kMicroDollar = 1'000;

const Catalogue& catalogue() {
  static const Catalogue standard = Catalogue::standard();
  return standard;
}

NanoUsd cost(const std::string& offer, const Usage& usage) {
  const Offer* sold = catalogue().offer(offer);
  if (sold == nullptr) throw std::logic_error("nobody sells " + offer);
  return cost_of(usage, sold->price);
}

struct Golden {
  const char* what;
  const char* offer;
  Usage usage;
  NanoUsd cost;
};

// Prices are dollars for a million, which is also millionths of a dollar for one.
const std::vector<Golden>& golden() {
  static const std::vector<Golden> cases{
      // prompt_tokens 2006 of which cached 1920, completion_tokens 300: 86 × 2.50 + 1920 × 1.25 + 300 × 10
      {"OpenAI, cached input",
       "openai/gpt-4o",
       {.input_tokens = 2'006, .cached_tokens = 1'920, .output_tokens = 300},
       5'615 * kMicroDollar},
      // completion_tokens 800 of which reasoning 640, which cost what output costs: 1000 × 1.25 + 800 × 10
      {"OpenAI, reasoning",
       "openai/gpt-5.1",
       {.input_tokens = 1'000, .output_tokens = 800, .reasoning_tokens = 640},
       9'250 * kMicroDollar},
      // more than 272,000 tokens: input twice, output 1.5 times: 200,000 × 5 + 100,000 × 0.50 + 2,000 × 22.50
      {"OpenAI, long input",
       "openai/gpt-5.4",
       {.input_tokens = 300'000, .cached_tokens = 100'000, .output_tokens = 2'000},
       1'095'000 * kMicroDollar},
      // exactly 272,000 is not more: 272,000 × 2.50 + 1 × 15
      {"OpenAI, just not long",
       "openai/gpt-5.4",
       {.input_tokens = 272'000, .output_tokens = 1},
       680'015 * kMicroDollar},
      // input_tokens 50, cache_creation 5m 1000 and 1h 2000, cache_read 20,000, output_tokens 500:
      // 50 × 2 + 1000 × 2.50 + 2000 × 4 + 20,000 × 0.10 + 500 × 10
      {"Anthropic, every class of cache",
       "anthropic/claude-sonnet-5-5",
       {.input_tokens = 23'050,
        .cached_tokens = 20'000,
        .cache_written_tokens = 1'000,
        .cache_written_1h_tokens = 2'000,
        .output_tokens = 500},
       17'600 * kMicroDollar},
      // to 100,000 tokens: 100,000 × 0.10 + 1000 × 0.50
      {"Anthropic, up to the threshold",
       "anthropic/claude-haiku-5-5",
       {.input_tokens = 100'000, .output_tokens = 1'000},
       10'500 * kMicroDollar},
      // beyond, everything five times; what was read from the cache counts for the threshold:
      // 20,000 × 0.50 + 100,000 × 0.05 + 1000 × 2.50
      {"Anthropic, beyond it",
       "anthropic/claude-haiku-5-5",
       {.input_tokens = 120'000, .cached_tokens = 100'000, .output_tokens = 1'000},
       17'500 * kMicroDollar},
      // promptTokenCount 5000 of which cachedContentTokenCount 4000, candidatesTokenCount 200, thoughtsTokenCount 300:
      // 1000 × 1.50 + 4000 × 0.15 + 500 × 7.50
      {"Gemini, thoughts beside the answer",
       "gemini/gemini-3.8-flash",
       {.input_tokens = 5'000, .cached_tokens = 4'000, .output_tokens = 500, .reasoning_tokens = 300},
       5'850 * kMicroDollar},
      // promptTokensDetails TEXT 500, AUDIO 1500: 500 × 0.10 + 1500 × 0.30 + 100 × 0.40
      {"Gemini, sound in",
       "vertex/gemini-2.5-flash-lite",
       {.input_tokens = 2'000, .input_audio_tokens = 1'500, .output_tokens = 100},
       540 * kMicroDollar},
      // candidatesTokensDetails IMAGE 1290 of 1300: 20 × 0.30 + 10 × 2.50 + 1290 × 30
      {"Gemini, a picture out",
       "gemini/gemini-2.5-flash-image",
       {.input_tokens = 20, .output_tokens = 1'300, .output_image_tokens = 1'290},
       38'731 * kMicroDollar},
      // cost_in_usd_ticks 37,756,000, ten thousand million a dollar, whatever the tokens
      {"xAI says it",
       "xai/grok-4.7",
       {.input_tokens = 9'999, .output_tokens = 9'999, .stated_cost = 3'775'600},
       3'775'600},
      // usage.cost 0.00014
      {"OpenRouter says it",
       "openrouter/deepseek/deepseek-v4.1-flash",
       {.input_tokens = 194, .output_tokens = 2, .stated_cost = 140'000},
       140'000},
      // free models say so too
      {"OpenRouter says nothing is due", "openrouter/openai/gpt-4o", {.input_tokens = 194, .stated_cost = 0}, 0},
      // prompt_cache_hit_tokens 1000, prompt_cache_miss_tokens 200, completion_tokens 50:
      // 1000 × 0.006 + 200 × 0.30 + 50 × 1.20
      {"DeepSeek, hits and misses",
       "deepseek/deepseek-flash",
       {.input_tokens = 1'200, .cached_tokens = 1'000, .output_tokens = 50},
       126 * kMicroDollar},
      // 333 × 0.50 + 77 × 1.50
      {"Mistral", "mistral/mistral-large-2512", {.input_tokens = 333, .output_tokens = 77}, 282 * kMicroDollar},
      // (100 + 100) × 0.72
      {"Bedrock, a price of its own",
       "bedrock/us.meta.llama3-3-70b-instruct-v1:0",
       {.input_tokens = 100, .output_tokens = 100},
       144 * kMicroDollar},
      // 1234 × 15
      {"OpenAI, speech by the character", "openai/tts-1", {.characters = 1'234}, 18'510 * kMicroDollar},
      // 1234 × 30
      {"OpenAI, better speech", "openai/tts-1-hd", {.characters = 1'234}, 37'020 * kMicroDollar},
      // 4096 characters that take 256 seconds to say: input_tokens 877, output_tokens 5120: 877 × 0.60 + 5120 × 12
      {"OpenAI, speech by the token",
       "openai/gpt-4o-mini-tts",
       {.input_tokens = 877, .output_tokens = 5'120, .output_audio_tokens = 5'120, .characters = 4'096, .seconds = 256},
       61'966'200},
      // usage.type duration, 7 seconds at $0.006 a minute
      {"OpenAI, Whisper", "openai/whisper-1", {.seconds = 7}, 700 * kMicroDollar},
      // input_token_details audio 14 of 14: 14 × 6 + 45 × 10
      {"OpenAI, transcription by the token",
       "openai/gpt-4o-transcribe",
       {.input_tokens = 14, .input_audio_tokens = 14, .output_tokens = 45},
       534 * kMicroDollar},
      // half of it: 14 × 3 + 45 × 5
      {"OpenAI, cheaper transcription by the token",
       "openai/gpt-4o-mini-transcribe",
       {.input_tokens = 14, .input_audio_tokens = 14, .output_tokens = 45},
       267 * kMicroDollar},
      // totalBilledTime 15s at $0.024 a minute: 15 × 400
      {"Google, transcription", "google/latest_long", {.seconds = 15}, 6'000 * kMicroDollar},
      // 250 × 30
      {"Google, speech by the character", "google/chirp3-hd", {.characters = 250}, 7'500 * kMicroDollar},
      // 250 × 100, and half of it with the faster model
      {"ElevenLabs", "elevenlabs/eleven_multilingual_v2", {.characters = 250}, 25'000 * kMicroDollar},
      {"ElevenLabs, faster", "elevenlabs/eleven_flash_v2_5", {.characters = 250}, 12'500 * kMicroDollar},
      // 250 × 50
      {"Cartesia", "cartesia/sonic-3", {.characters = 250}, 12'500 * kMicroDollar},
      // a machine of one's own
      {"Kokoro", "kokoro/kokoro", {.characters = 250}, 0},
      // 2 × 0.003
      {"fal, pictures", "fal/fal-ai/flux/schnell", {.images = 2}, 6'000 * kMicroDollar},
      // one each: $0.04, $0.025, $0.03
      {"fal, a better picture", "fal/fal-ai/flux-pro/v1.1", {.images = 1}, 40'000 * kMicroDollar},
      {"fal, a picture of open weights", "fal/fal-ai/flux/dev", {.images = 1}, 25'000 * kMicroDollar},
      {"fal, a picture of Flux 2", "fal/fal-ai/flux-2-pro", {.images = 1}, 30'000 * kMicroDollar},
      // one of three that was flagged is paid all the same: 3 × 0.04
      {"fal, pictures by references", "fal/fal-ai/flux-pro/kontext", {.images = 3}, 120'000 * kMicroDollar},
      // 10 × 0.07
      {"fal, a film", "fal/fal-ai/kling-video/v2.6/pro/text-to-video", {.seconds = 10}, 700'000 * kMicroDollar},
      // usage input_tokens 20 (text), output_tokens 7033: 20 × 5 + 7033 × 30
      {"OpenAI, a picture with much care",
       "openai/gpt-image-2",
       {.input_tokens = 20, .output_tokens = 7'033, .output_image_tokens = 7'033, .images = 1},
       211'090 * kMicroDollar},
      // usage input_tokens 50 (text), output_tokens 272, all of it pictures: 50 × 5 + 272 × 30
      {"OpenAI, a picture",
       "openai/gpt-image-2",
       {.input_tokens = 50, .output_tokens = 272, .output_image_tokens = 272, .images = 1},
       8'410 * kMicroDollar},
      // input_tokens 373 of which image 323, output_tokens 272: 50 × 5 + 323 × 8 + 272 × 30
      {"OpenAI, a picture by a reference",
       "openai/gpt-image-2",
       {.input_tokens = 373, .input_image_tokens = 323, .output_tokens = 272, .output_image_tokens = 272, .images = 1},
       10'994 * kMicroDollar},
      // two references at 258 tokens and 20 of text, thoughts 400, picture 1120: 536 × 2 + 400 × 12 + 1120 × 120
      {"Gemini, a picture by references",
       "vertex/gemini-3-pro-image",
       {.input_tokens = 536,
        .output_tokens = 1'520,
        .reasoning_tokens = 400,
        .output_image_tokens = 1'120,
        .images = 1},
       140'272 * kMicroDollar},
      // promptTokenCount 20, candidatesTokensDetails IMAGE 1680 of 1690, thoughts 100: 20 × 0.50 + 110 × 3 + 1680 × 60
      {"Gemini, a picture of 2K",
       "gemini/gemini-3.1-flash-image",
       {.input_tokens = 20, .output_tokens = 1'790, .reasoning_tokens = 100, .output_image_tokens = 1'680, .images = 1},
       101'140 * kMicroDollar},
      // usage.cost 0.0387
      {"OpenRouter, a picture",
       "openrouter/google/gemini-2.5-flash-image",
       {.input_tokens = 12, .output_tokens = 1'290, .images = 1, .stated_cost = 38'700'000},
       38'700 * kMicroDollar},
      // statistics.token_count 6 and 4: 10 × 0.15
      {"Gemini, embeddings", "vertex/gemini-embedding-001", {.input_tokens = 10}, 1'500},
      // 8 × 0.10
      {"Mistral, an embedding", "mistral/mistral-embed", {.input_tokens = 8}, 800},
      // 8 × 0.13
      {"OpenAI, a larger embedding", "openai/text-embedding-3-large", {.input_tokens = 8}, 1'040},
      // prompt_tokens 8: 8 × 0.02
      {"OpenAI, an embedding", "openai/text-embedding-3-small", {.input_tokens = 8}, 160},
  };
  return cases;
}

TEST(Cost, IsGoldenForEveryModelOfSoundPicturesAndMeaning) {
  std::set<std::string> covered;
  for (const auto& each : golden()) covered.insert(catalogue().find(each.offer)->name);
  for (const auto& card : catalogue().models())
    if (card.kind != ModelKind::text) EXPECT_TRUE(covered.contains(card.name)) << card.name;
}

TEST(Cost, IsWhatProvidersCharge) {
  for (const auto& each : golden()) EXPECT_EQ(cost(each.offer, each.usage), each.cost) << each.what;
}

NanoUsd batch_cost(const std::string& offer, const Usage& usage) {
  return cost_of(usage, catalogue().offer(offer)->batch_price());
}

TEST(Cost, OfWhatCanWaitIsHalf) {
  // prompt_tokens 2006 of which cached 1920, completion_tokens 300: 86 × 1.25 + 1920 × 0.625 + 300 × 5, and rounded up
  EXPECT_EQ(batch_cost("openai/gpt-4o", {.input_tokens = 2'006, .cached_tokens = 1'920, .output_tokens = 300}),
            2'807'500);
  // The nano-dollars of an odd price: 1 × 0.0375
  EXPECT_EQ(batch_cost("openai/gpt-4o-mini", {.input_tokens = 1, .cached_tokens = 1}), 38);
  // more than 272,000 tokens: input twice, output 1.5 times: 300,000 × 2.50 + 2,000 × 11.25
  EXPECT_EQ(batch_cost("openai/gpt-5.4", {.input_tokens = 300'000, .output_tokens = 2'000}), 772'500 * kMicroDollar);
  // 50 × 1 + 1000 × 1.25 + 2000 × 2 + 20,000 × 0.05 + 500 × 5
  EXPECT_EQ(batch_cost("anthropic/claude-sonnet-5-5", {.input_tokens = 23'050,
                                                       .cached_tokens = 20'000,
                                                       .cache_written_tokens = 1'000,
                                                       .cache_written_1h_tokens = 2'000,
                                                       .output_tokens = 500}),
            8'800 * kMicroDollar);
  // Not sold that way: 1000 × 2.50
  EXPECT_EQ(batch_cost("openrouter/openai/gpt-4o", {.input_tokens = 1'000}), 2'500 * kMicroDollar);
}

TEST(Cost, HasNoPriceOfItsOwnWhereNoneIsNamed) {
  const Price price{.input = 2'000'000'000, .output = 3'000'000'000};
  const Usage usage{.input_tokens = 10,
                    .cached_tokens = 4,
                    .cache_written_tokens = 2,
                    .input_audio_tokens = 1,
                    .input_image_tokens = 1,
                    .output_tokens = 5,
                    .reasoning_tokens = 4,
                    .output_audio_tokens = 1,
                    .output_image_tokens = 1};
  EXPECT_EQ(cost_of(usage, price), 10 * 2'000 + 5 * 3'000);
}

TEST(Cost, IsRoundedUpOnce) {
  // A third of a nano-dollar a token, from three sides: not three times one.
  const Price price{.input = 333'334, .cached = 333'333, .output = 333'333};
  EXPECT_EQ(cost_of({.input_tokens = 2, .cached_tokens = 1, .output_tokens = 1}, price), 1);
  EXPECT_EQ(cost_of({.input_tokens = 2, .cached_tokens = 1, .output_tokens = 2}, price), 2);
  EXPECT_EQ(cost_of({}, price), 0);
}

TEST(Cost, HoldsWhateverComesIn) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max(),
                         least = std::numeric_limits<std::int64_t>::min();
  const Price dear{.input = most,
                   .cached = most,
                   .output = most,
                   .characters = most,
                   .seconds = most,
                   .image = most,
                   .long_above = 1,
                   .long_input = most,
                   .long_output = most};
  EXPECT_EQ(cost_of({.input_tokens = most,
                     .cached_tokens = most,
                     .output_tokens = most,
                     .characters = most,
                     .seconds = 1e300,
                     .images = most},
                    dear),
            most);
  EXPECT_EQ(cost_of({.input_tokens = least,
                     .cached_tokens = most,
                     .output_tokens = least,
                     .characters = least,
                     .seconds = -1,
                     .images = least},
                    dear),
            0);
  EXPECT_EQ(cost_of({.seconds = std::numeric_limits<double>::quiet_NaN()}, dear), 0);
  EXPECT_EQ(cost_of({.input_tokens = 1, .stated_cost = -5}, dear), 0);
  // A part that is more than the whole is the whole.
  EXPECT_EQ(cost_of({.input_tokens = 10, .cached_tokens = 25}, {.input = 4'000'000, .cached = 1'000'000}), 10);
}

rc::Gen<std::int64_t> tokens() {
  return rc::gen::oneOf(rc::gen::inRange<std::int64_t>(0, 5'000), rc::gen::inRange<std::int64_t>(0, 1'000'000'000'001));
}
rc::Gen<std::int64_t> price() {
  return rc::gen::inRange<std::int64_t>(0, 200'000'000'000);
}
// Or none of its own.
std::int64_t own_price() {
  return *rc::gen::arbitrary<bool>() ? *price() : -1;
}
Price any_price(bool with_long) {
  Price all{.input = *price(),
            .cached = own_price(),
            .cache_write = own_price(),
            .cache_write_1h = own_price(),
            .input_audio = own_price(),
            .input_image = own_price(),
            .output = *price(),
            .output_audio = own_price(),
            .output_image = own_price(),
            .characters = *price(),
            .seconds = *price(),
            .image = *price()};
  if (with_long && *rc::gen::arbitrary<bool>()) {
    all.long_above = *rc::gen::inRange<std::int64_t>(1, 300'000);
    all.long_input = *rc::gen::inRange<std::int64_t>(100, 501);
    all.long_output = *rc::gen::inRange<std::int64_t>(100, 501);
  }
  return all;
}
// Its parts are within their whole.
Usage any_usage() {
  Usage all{.cached_tokens = *tokens(),
            .cache_written_tokens = *tokens(),
            .cache_written_1h_tokens = *tokens(),
            .input_audio_tokens = *tokens(),
            .input_image_tokens = *tokens(),
            .output_audio_tokens = *tokens(),
            .output_image_tokens = *tokens(),
            .characters = *tokens(),
            .images = *rc::gen::inRange<std::int64_t>(0, 1'000)};
  all.input_tokens = *tokens() + all.cached_tokens + all.cache_written_tokens + all.cache_written_1h_tokens +
                     all.input_audio_tokens + all.input_image_tokens;
  all.output_tokens = *tokens() + all.output_audio_tokens + all.output_image_tokens;
  all.reasoning_tokens = *rc::gen::inRange<std::int64_t>(0, all.output_tokens + 1);
  all.seconds = static_cast<double>(*rc::gen::inRange<std::int64_t>(0, 1'000'000)) / 64;
  return all;
}

constexpr std::array kCounts{&Usage::input_tokens, &Usage::output_tokens, &Usage::characters, &Usage::images};
constexpr std::array kParts{&Usage::cached_tokens,      &Usage::cache_written_tokens, &Usage::cache_written_1h_tokens,
                            &Usage::input_audio_tokens, &Usage::input_image_tokens,   &Usage::output_audio_tokens,
                            &Usage::output_image_tokens};

RC_GTEST_PROP(Cost, NeverFallsWhenMoreIsUsed, ()) {
  const Price price = any_price(true);
  const Usage less = any_usage();
  Usage more = less;
  more.*(*rc::gen::elementOf(kCounts)) += *tokens();
  more.seconds += *rc::gen::inRange(0, 100);
  RC_ASSERT(cost_of(more, price) >= cost_of(less, price));
}

RC_GTEST_PROP(Cost, AddsUpButForRounding, ()) {
  const Price price = any_price(false);
  const Usage a = any_usage(), b = any_usage();
  Usage both = a;
  for (const auto count : kCounts) both.*count += b.*count;
  for (const auto part : kParts) both.*part += b.*part;
  both.seconds += b.seconds;
  const NanoUsd apart = cost_of(a, price) + cost_of(b, price), together = cost_of(both, price);
  RC_ASSERT(apart - together >= 0);
  RC_ASSERT(apart - together <= 1);
}

RC_GTEST_PROP(Cost, IsNeverNegativeAndNeverMoreThanTheDearestPriceOfAll, ()) {
  const Price price = any_price(false);
  Usage usage = any_usage();
  for (const auto part : kParts) usage.*part = *rc::gen::arbitrary<std::int64_t>();
  usage.characters = usage.images = 0;
  usage.seconds = 0;
  const NanoUsd cost = cost_of(usage, price);
  const __int128 dearest =
      std::max({price.input, price.cached, price.cache_write, price.cache_write_1h, price.input_audio,
                price.input_image, price.output, price.output_audio, price.output_image});
  const __int128 all = dearest * (__int128{usage.input_tokens} + usage.output_tokens);
  RC_ASSERT(cost >= 0);
  RC_ASSERT(__int128{cost} * 1'000'000 < all + 1'000'000);
}

RC_GTEST_PROP(Cost, StatedIsStated, (std::int64_t stated)) {
  Usage usage = any_usage();
  usage.stated_cost = stated;
  RC_ASSERT(cost_of(usage, any_price(true)) == std::max<NanoUsd>(stated, 0));
}

}  // namespace
}  // namespace odeon::ai
