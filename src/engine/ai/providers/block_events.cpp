#include "engine/ai/providers/block_events.hpp"

#include <fmt/format.h>

#include <utility>

namespace odeon::ai {

void BlockEvents::text(std::string_view piece, TextEvents& events) {
  if (!piece.empty()) events.push_back(TextDelta{std::string(piece)});
}

void BlockEvents::thought(std::int64_t block, std::string_view piece, std::string_view signature, TextEvents& events) {
  if (piece.empty() && signature.empty()) return;
  const bool begins = std::exchange(thought_, block) != block;
  events.push_back(ReasoningDelta{std::string(piece), std::string(signature), false, begins});
}

void BlockEvents::redacted(std::string_view data, TextEvents& events) {
  if (!data.empty()) events.push_back(ReasoningDelta{"", std::string(data), true, true});
}

void BlockEvents::call(std::int64_t block, std::string_view id, std::string_view name, TextEvents& events) {
  const std::size_t index = calls_.size();
  if (!calls_.emplace(block, Call{index}).second) return;
  std::string known = id.empty() ? fmt::format("call_{}", index + 1) : std::string(id);
  events.push_back(ToolCallBegin{index, std::move(known), std::string(name), ""});
}

void BlockEvents::arguments(std::int64_t block, std::string_view piece, TextEvents& events) {
  const auto call = calls_.find(block);
  if (call == calls_.end() || piece.empty()) return;
  call->second.has_arguments = true;
  events.push_back(ToolCallDelta{call->second.index, std::string(piece)});
}

void BlockEvents::end(std::int64_t block, TextEvents& events) {
  const auto call = calls_.find(block);
  if (call != calls_.end() && !call->second.has_arguments) arguments(block, "{}", events);
}

TextReply reply_of(const TextEvents& events) {
  ReplyBuilder builder;
  for (const auto& event : events) builder.take(event);
  return std::move(builder).finish();
}

}  // namespace odeon::ai
