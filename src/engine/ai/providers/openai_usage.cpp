#include "engine/ai/providers/openai_usage.hpp"

#include <cmath>

#include "base/json.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::count_of;
using wire::member;

constexpr std::int64_t kTicksPerNanoUsd = 10;  // xAI's: 10¹⁰ to the dollar
constexpr double kNanoPerUsd = 1e9, kMostUsd = 1e6;

std::optional<double> number_of(const bj::value* value) {
  return value != nullptr ? json::as_number(*value, json::Source::body) : std::nullopt;
}
std::optional<double> number_of(wire::View value) {
  return value ? json::as_number(value.value(), json::Source::body) : std::nullopt;
}

bool is_true(const bj::value* value) {
  return value != nullptr && value->is_bool() && value->get_bool();
}
bool is_true(wire::View value) {
  return value.is_true();
}

// The first of two names that is there.
template <class Value>
Value either(Value from, std::string_view name, std::string_view other) {
  const Value found = member(from, name);
  return found ? found : member(from, other);
}

template <class Value>
std::optional<double> dollars(Value value) {
  const auto number = number_of(value);
  return number && *number >= 0 && *number <= kMostUsd ? number : std::nullopt;
}

template <class Value>
std::optional<NanoUsd> cost_in(Value usage) {
  if (const Value ticks = member(usage, "cost_in_usd_ticks")) {
    const std::int64_t all = count_of(ticks);
    return all / kTicksPerNanoUsd + (all % kTicksPerNanoUsd > 0 ? 1 : 0);
  }
  const auto cost = dollars(member(usage, "cost"));
  if (!cost) return std::nullopt;
  // Where OpenRouter calls with a key of ours, `cost` is only its fee; the model's owner charges the rest.
  const bool beside = is_true(member(usage, "is_byok"));
  const double rest = beside ? dollars(member(usage, "cost_details", "upstream_inference_cost")).value_or(0) : 0;
  return std::llround((*cost + rest) * kNanoPerUsd);
}

template <class Value>
Usage usage_in(Value usage) {
  Usage used{.input_tokens = count_of(either(usage, "prompt_tokens", "input_tokens")),
             .output_tokens = count_of(either(usage, "completion_tokens", "output_tokens")),
             .stated_cost = cost_in(usage)};
  const Value input = either(usage, "prompt_tokens_details", "input_tokens_details");
  Value cached = member(input, "cached_tokens");
  if (!cached) cached = either(usage, "prompt_cache_hit_tokens", "cached_tokens");
  used.cached_tokens = std::min(count_of(cached), used.input_tokens);
  used.cache_written_tokens = std::min(count_of(either(input, "cache_write_tokens", "cache_creation_tokens")),
                                       used.input_tokens - used.cached_tokens);
  used.input_audio_tokens = std::min(count_of(member(input, "audio_tokens")), used.input_tokens);
  used.input_image_tokens = std::min(count_of(member(input, "image_tokens")), used.input_tokens);

  const Value output = either(usage, "completion_tokens_details", "output_tokens_details");
  const std::int64_t reasoning = count_of(either(output, "reasoning_tokens", "thinking_tokens"));
  // Some count the reasoning beside the output, which only their total shows.
  const std::int64_t total = count_of(member(usage, "total_tokens"));
  if (reasoning > 0 && total - used.input_tokens - used.output_tokens == reasoning) used.output_tokens += reasoning;
  used.reasoning_tokens = std::min(reasoning, used.output_tokens);
  used.output_audio_tokens = std::min(count_of(member(output, "audio_tokens")), used.output_tokens);
  used.output_image_tokens = std::min(count_of(member(output, "image_tokens")), used.output_tokens);
  return used;
}

}  // namespace

Usage openai_usage(const bj::value* usage) {
  return usage_in(usage);
}

Usage openai_usage(wire::View usage) {
  return usage_in(usage);
}

}  // namespace odeon::ai
