#include "engine/ai/providers/anthropic_request.hpp"

#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "engine/ai/providers/closed_schema.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai::anthropic {
namespace {

namespace bj = boost::json;

void cache_after(bj::array& blocks) {
  if (!blocks.empty()) blocks.back().as_object()["cache_control"] = bj::object{{"type", "ephemeral"}};
}

bj::object block_of(const Picture& picture) {
  static constexpr std::array kKnown{"image/png", "image/jpeg", "image/webp", "image/gif"};
  if (!picture.url.empty()) return {{"type", "image"}, {"source", {{"type", "url"}, {"url", picture.url}}}};
  if (std::ranges::find(kKnown, picture.media_type) == kKnown.end()) cannot_say("a picture of an unknown type");
  return {
      {"type", "image"},
      {"source", {{"type", "base64"}, {"media_type", picture.media_type}, {"data", crypto::to_base64(picture.bytes)}}}};
}

bj::object block_of(const ToolResult& result) {
  bj::object block{{"type", "tool_result"}, {"tool_use_id", plain_call_id(result.id)}, {"content", result.content}};
  if (result.failed) block["is_error"] = true;
  return block;
}

bj::object block_of(const TextPart& piece) {
  return {{"type", "text"}, {"text", piece.text}};
}

bj::object block_of(const ToolCall& call) {
  return {{"type", "tool_use"},
          {"id", plain_call_id(call.id)},
          {"name", call.name},
          {"input", wire::object_or_empty(call.arguments)}};
}

bj::object block_of(const Reasoning& thought) {
  if (thought.redacted) return {{"type", "redacted_thinking"}, {"data", thought.signature}};
  return {{"type", "thinking"}, {"thinking", thought.text}, {"signature", thought.signature}};
}

}  // namespace

bj::array system(const Conversation& conversation, const AnswerForm& form, bool cached) {
  bj::array blocks;
  for (const auto rule : conversation.rules) blocks.push_back(bj::object{{"type", "text"}, {"text", rule}});
  if (cached) cache_after(blocks);
  if (form.kind == AnswerForm::Kind::json)
    blocks.push_back(bj::object{{"type", "text"}, {"text", "Answer with one JSON value and nothing else."}});
  return blocks;
}

bj::array messages(const Conversation& conversation, const Part* cached) {
  bj::array all;
  for (const auto& turn : conversation.turns) {
    bj::array blocks;
    for (const Part* part : turn.parts) {
      blocks.push_back(std::visit([](const auto& one) { return block_of(one); }, *part));
      if (part == cached) cache_after(blocks);
    }
    all.push_back(bj::object{{"role", turn.assistant ? "assistant" : "user"}, {"content", std::move(blocks)}});
  }
  return all;
}

bj::array tools(const std::vector<Tool>& tools, bool cached) {
  bj::array all;
  for (const auto& tool : tools) {
    bj::object schema = tool.strict ? closed_schema(tool.parameters) : wire::object_or_empty(tool.parameters);
    if (!schema.contains("type")) schema["type"] = "object";
    bj::object one{{"name", tool.name}, {"input_schema", std::move(schema)}};
    if (!tool.description.empty()) one["description"] = tool.description;
    if (tool.strict) one["strict"] = true;
    all.push_back(std::move(one));
  }
  if (cached) cache_after(all);
  return all;
}

bj::object tool_choice(const ToolChoice& choice, bool has_tools) {
  using Mode = ToolChoice::Mode;
  if (!has_tools || choice.mode == Mode::none) return {{"type", "none"}};
  bj::object chosen{{"type", choice.mode == Mode::automatic ? "auto" : choice.mode == Mode::required ? "any" : "tool"}};
  if (choice.mode == Mode::named) chosen["name"] = choice.name;
  if (choice.one_at_a_time) chosen["disable_parallel_tool_use"] = true;
  return chosen;
}

}  // namespace odeon::ai::anthropic
