#include "engine/ai/providers/gemini_answer.hpp"

#include <algorithm>

#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kMost = 1'000'000'000'000;  // so that no sum overflows
constexpr std::size_t kLongestReason = 48;

std::int64_t count(const bj::value* from, std::string_view name) {
  return wire::count_of(wire::member(from, name));
}

std::int64_t of(std::string_view modality, const bj::value* metadata, std::string_view details) {
  std::int64_t sum = 0;
  for (const auto& detail : wire::list_of(wire::member(metadata, details)))
    if (wire::text_of(wire::member(&detail, "modality")) == modality)
      sum = std::min(sum + count(&detail, "tokenCount"), kMost);
  return sum;
}

void raise(std::int64_t& count, std::int64_t to) {
  count = std::max(count, to);
}

}  // namespace

void GeminiCounts::take(const bj::value* metadata) {
  raise(prompt_, count(metadata, "promptTokenCount"));
  raise(cached_, count(metadata, "cachedContentTokenCount"));
  raise(tools_, count(metadata, "toolUsePromptTokenCount"));
  raise(answer_, count(metadata, "candidatesTokenCount"));
  raise(thoughts_, count(metadata, "thoughtsTokenCount"));
  raise(heard_, of("AUDIO", metadata, "promptTokensDetails"));
  raise(heard_from_cache_, of("AUDIO", metadata, "cacheTokensDetails"));
  raise(spoken_, of("AUDIO", metadata, "candidatesTokensDetails"));
  raise(drawn_, of("IMAGE", metadata, "candidatesTokensDetails"));
}

// The prompt has what came from the cache in it; what tools brought is beside it, as thoughts are beside the answer.
Usage GeminiCounts::usage() const {
  return {.input_tokens = prompt_ + tools_,
          .cached_tokens = std::min(cached_, prompt_),
          .input_audio_tokens = std::clamp<std::int64_t>(heard_ - heard_from_cache_, 0, prompt_),
          .output_tokens = answer_ + thoughts_,
          .reasoning_tokens = thoughts_,
          .output_audio_tokens = std::min(spoken_, answer_),
          .output_image_tokens = std::min(drawn_, answer_)};
}

bool is_blocked(const bj::object& response) {
  return !wire::text_of(wire::member(wire::member(response, "promptFeedback"), "blockReason")).empty();
}

bool is_withheld(std::string_view reason) {
  static constexpr std::string_view kWithheld[] = {"SAFETY",          "RECITATION",         "LANGUAGE",
                                                   "BLOCKLIST",       "PROHIBITED_CONTENT", "SPII",
                                                   "IMAGE_SAFETY",    "MODEL_ARMOR",        "IMAGE_PROHIBITED_CONTENT",
                                                   "IMAGE_RECITATION"};
  return std::ranges::find(kWithheld, reason) != std::end(kWithheld);
}

Error stopped_early(const std::string& reason, const std::string& provider) {
  const bool word = reason.size() <= kLongestReason &&
                    std::ranges::all_of(reason, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  return unusable("STOPPED_EARLY", provider, word ? reason : "an unknown reason");
}

}  // namespace odeon::ai
