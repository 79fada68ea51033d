#include "engine/ai/providers/openai_usage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"

namespace odeon::ai {
namespace {

Usage usage_in(std::string_view usage) {
  const auto parsed = json::parse(usage);
  return openai_usage(&parsed);
}

TEST(OpenAiUsage, CountsEveryKind) {
  const auto used = usage_in(R"({"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
    "prompt_tokens_details":{"cached_tokens":40,"cache_write_tokens":20,"audio_tokens":5},
    "completion_tokens_details":{"reasoning_tokens":30,"audio_tokens":4,"image_tokens":3}})");
  EXPECT_EQ(used.input_tokens, 100);
  EXPECT_EQ(used.cached_tokens, 40);
  EXPECT_EQ(used.cache_written_tokens, 20);
  EXPECT_EQ(used.input_audio_tokens, 5);
  EXPECT_EQ(used.output_tokens, 50);
  EXPECT_EQ(used.reasoning_tokens, 30);
  EXPECT_EQ(used.output_audio_tokens, 4);
  EXPECT_EQ(used.output_image_tokens, 3);
  EXPECT_FALSE(used.stated_cost);
}

TEST(OpenAiUsage, KnowsOtherNames) {
  const auto other = usage_in(R"({"input_tokens":30,"output_tokens":4,"input_tokens_details":{"cached_tokens":2}})");
  EXPECT_EQ(other.input_tokens, 30);
  EXPECT_EQ(other.output_tokens, 4);
  EXPECT_EQ(other.cached_tokens, 2);
  EXPECT_EQ(usage_in(R"({"prompt_tokens":9,"prompt_cache_hit_tokens":4,"prompt_tokens_details":null})").cached_tokens,
            4);
  EXPECT_EQ(usage_in(R"({"prompt_tokens":9,"cached_tokens":3,"prompt_tokens_details":{}})").cached_tokens, 3);
}

TEST(OpenAiUsage, AddsReasoningThatIsCountedBesideTheOutput) {
  const auto used = usage_in(R"({"prompt_tokens":10,"completion_tokens":2,"total_tokens":42,
    "completion_tokens_details":{"reasoning_tokens":30}})");
  EXPECT_EQ(used.output_tokens, 32);
  EXPECT_EQ(used.reasoning_tokens, 30);
}

TEST(OpenAiUsage, BelievesWhatItCosts) {
  for (auto [usage, wanted] : std::initializer_list<std::pair<const char*, std::optional<NanoUsd>>>{
           {R"({"cost":0.00011018})", 110'180},
           {R"({"cost":0})", 0},
           {R"({"cost":0.0000125,"is_byok":true,"cost_details":{"upstream_inference_cost":0.00025}})", 262'500},
           {R"({"cost":0.00025,"is_byok":false,"cost_details":{"upstream_inference_cost":0.00025}})", 250'000},
           {R"({"cost_in_usd_ticks":318319000})", 31'831'900},
           {R"({"cost_in_usd_ticks":1})", 1},
           {R"({"cost":"0.1"})", std::nullopt},
           {R"({"cost":-1})", std::nullopt},
           {R"({"cost":1e300})", std::nullopt},
           {R"({"cost":{"total_cost":1}})", std::nullopt},
           {"{}", std::nullopt},
           {"[]", std::nullopt}})
    EXPECT_EQ(usage_in(usage).stated_cost, wanted) << usage;
}

// Whatever was sent: no count is negative, and no part is more than its whole.
RC_GTEST_PROP(OpenAiUsageProperty, IsAlwaysConsistent, ()) {
  const auto count = [] {
    return *rc::gen::oneOf(
        rc::gen::map(rc::gen::inRange<std::int64_t>(-5, 100), [](auto n) { return std::to_string(n); }),
        rc::gen::element<std::string>("null", "\"7\"", "1.5", "1e300", "{}", "9223372036854775807"));
  };
  const auto used = usage_in(fmt::format(
      R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{},"cost_in_usd_ticks":{},"prompt_tokens_details":{{
          "cached_tokens":{},"cache_write_tokens":{},"audio_tokens":{}}},"completion_tokens_details":{{
          "reasoning_tokens":{},"audio_tokens":{}}}}})",
      count(), count(), count(), count(), count(), count(), count(), count(), count()));
  RC_ASSERT(used.input_tokens >= 0 && used.cached_tokens >= 0 && used.cache_written_tokens >= 0);
  RC_ASSERT(used.cached_tokens + used.cache_written_tokens <= used.input_tokens);
  RC_ASSERT(used.input_audio_tokens <= used.input_tokens);
  RC_ASSERT(used.output_tokens >= 0 && used.reasoning_tokens <= used.output_tokens);
  RC_ASSERT(used.output_audio_tokens <= used.output_tokens);
  RC_ASSERT(used.stated_cost.value_or(0) >= 0);
}

}  // namespace
}  // namespace odeon::ai
