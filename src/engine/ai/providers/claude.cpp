#include "engine/ai/providers/claude.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace odeon::ai {
namespace {

constexpr int kLastWithBudget = 45, kLastWithTemperature = 46, kFirstToThinkUnasked = 50;
constexpr int kLeastBudget = 1024;

// What is shorter is not cached: 1024 tokens, at 4 bytes each.
constexpr std::size_t kWorthCaching = 4096;

int thoughts_of(Effort effort) {
  switch (effort) {
    case Effort::unset:
    case Effort::none:
      return 0;
    case Effort::low:
      return kLeastBudget;
    case Effort::medium:
      return 4 * kLeastBudget;
    case Effort::high:
      return 16 * kLeastBudget;
  }
  return 0;
}

std::string_view effort_of(Effort effort, int version) {
  if (effort == Effort::high) return "high";
  if (effort == Effort::medium) return "medium";
  // Those that think by themselves cannot be told not to; the others do not unless they are told to.
  return effort == Effort::low || version >= kFirstToThinkUnasked ? "low" : "";
}

// Tools are called in the middle of a turn, and with a budget such a turn has to have begun with a thought.
bool goes_on_without_a_thought(const Conversation& conversation) {
  for (auto turn = conversation.turns.rbegin(); turn != conversation.turns.rend(); ++turn) {
    if (!turn->assistant) continue;
    return !std::holds_alternative<Reasoning>(*turn->parts.front()) &&
           std::ranges::any_of(turn->parts, [](const Part* part) { return std::holds_alternative<ToolCall>(*part); });
  }
  return false;
}

std::size_t size_of(const Part& part) {
  if (const auto* piece = std::get_if<TextPart>(&part)) return piece->text.size();
  if (const auto* result = std::get_if<ToolResult>(&part)) return result->content.size();
  if (const auto* call = std::get_if<ToolCall>(&part)) return call->arguments.size();
  return std::holds_alternative<Picture>(part) ? kWorthCaching : 0;
}

}  // namespace

std::optional<int> claude_version(std::string_view id) {
  const auto at = id.find("claude");
  if (at == std::string_view::npos) return std::nullopt;
  // The first number of one or two digits, and the one that follows it; longer ones are dates.
  int version = -1;
  std::string_view rest = id.substr(at);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("-.@:"), rest.size());
    const std::string_view word = rest.substr(0, end);
    int number = 0;
    const auto [stop, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool counts = fault == std::errc() && stop == word.data() + word.size() && word.size() <= 2 && number >= 0;
    if (version >= 0) return version * 10 + (counts ? std::min(number, 9) : 0);
    if (counts) version = number;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return version >= 0 ? version * 10 : kNewestClaude;
}

int claude_room_to_think(const TextRequest& request, const ModelTraits& model) {
  const bool forced =
      request.tool_choice.mode == ToolChoice::Mode::required || request.tool_choice.mode == ToolChoice::Mode::named;
  return model.thinks && !forced ? thoughts_of(request.effort) : 0;
}

ClaudeSettings claude_settings(const TextRequest& request, const ModelTraits& model, int version,
                               const Conversation& conversation) {
  using Thinking = ClaudeSettings::Thinking;
  ClaudeSettings settings;
  const bool asked = model.thinks && request.effort != Effort::unset;
  int thoughts = claude_room_to_think(request, model);
  const std::int64_t most = model.max_output > 0 ? model.max_output : std::numeric_limits<int>::max();
  const auto total = [&] {
    return static_cast<int>(std::min<std::int64_t>(most, std::int64_t{request.max_tokens} + thoughts));
  };

  if (version <= kLastWithBudget) {
    // Where both do not fit, the answer keeps half.
    thoughts = std::min(thoughts, std::max(total() - request.max_tokens, total() / 2));
    if (thoughts < kLeastBudget || goes_on_without_a_thought(conversation)) thoughts = 0;
    if (thoughts > 0) settings.thinking = Thinking::budget;
    settings.budget = thoughts;
  } else if (asked) {
    if (thoughts > 0) settings.thinking = Thinking::adaptive;
    settings.effort = effort_of(request.effort, version);
  }
  settings.max_tokens = total();
  if (settings.thinking == Thinking::unsaid && version <= kLastWithTemperature) {
    settings.top_p = request.top_p;
    if (!request.top_p && request.temperature) settings.temperature = std::min(*request.temperature, 1.0);
  }
  return settings;
}

CachePoints cache_points(const std::vector<Tool>& tools, const Conversation& conversation) {
  CachePoints points;
  std::size_t size = 0;
  for (const auto& tool : tools) size += tool.name.size() + tool.description.size() + tool.parameters.size();
  for (const auto rule : conversation.rules) size += rule.size();
  points.rules = size >= kWorthCaching;

  // A talk goes on after its last part; a first question may come again with what is long in it.
  const bool talk = std::ranges::any_of(conversation.turns, &Turn::assistant);
  const Part* last = nullptr;
  for (const auto& turn : conversation.turns)
    for (const Part* part : turn.parts) {
      size += size_of(*part);
      if (std::holds_alternative<Reasoning>(*part)) continue;
      if (talk || size_of(*part) >= kWorthCaching) last = part;
    }
  if (size >= kWorthCaching) points.part = last;
  return points;
}

}  // namespace odeon::ai
