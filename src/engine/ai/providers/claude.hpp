// What Claude's models take, wherever they are sold (Anthropic, Bedrock): how they are told to think, and where their
// cache of prompts is worth its price. After platform.claude.com/docs/en/build-with-claude ("Thinking", "Effort",
// "Prompt caching").
#pragma once

#include <optional>
#include <string_view>

#include "engine/ai/providers/dialect.hpp"
#include "engine/ai/providers/turns.hpp"

namespace odeon::ai {

inline constexpr int kNewestClaude = 999;
// The version of a model of Claude's by its name, as 45 for 4.5; one without a number counts as newest. Nothing for
// other models.
std::optional<int> claude_version(std::string_view id);

struct ClaudeSettings {
  enum class Thinking {
    unsaid,    // as the model does it by itself
    budget,    // up to 4.5: so many tokens
    adaptive,  // later: as it sees fit, by the effort
  };
  Thinking thinking = Thinking::unsaid;
  int budget = 0;           // tokens
  std::string_view effort;  // "low", "medium", "high"; empty: unsaid
  int max_tokens = 0;       // thoughts included, which count as output
  // Where thoughts or the model's age allow it; never both.
  std::optional<double> temperature, top_p;
};

// Tokens that it may think with, beside those of the answer: none where it does not think, or has to call a tool.
int claude_room_to_think(const TextRequest& request, const ModelTraits& model);

ClaudeSettings claude_settings(const TextRequest& request, const ModelTraits& model, int version,
                               const Conversation& conversation);

// After which of its parts the prompt is to be cached: what is asked again begins the same.
struct CachePoints {
  bool rules = false;          // after the rules (the tools if there are none), which come first
  const Part* part = nullptr;  // of the conversation
};
CachePoints cache_points(const std::vector<Tool>& tools, const Conversation& conversation);

}  // namespace odeon::ai
