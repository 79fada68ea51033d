#include "engine/ai/providers/bedrock_request.hpp"

#include "base/crypto.hpp"
#include "engine/ai/providers/closed_schema.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai::bedrock {
namespace {

namespace bj = boost::json;

bj::object cache_point() {
  return {{"cachePoint", {{"type", "default"}}}};
}

bj::object block_of(const TextPart& piece) {
  return {{"text", piece.text}};
}

bj::object block_of(const Picture& picture) {
  if (picture.bytes.empty()) cannot_say("a picture by its address");
  for (const std::string_view format : {"png", "jpeg", "webp", "gif"})
    if (picture.media_type == std::string("image/").append(format))
      return {{"image", {{"format", format}, {"source", {{"bytes", crypto::to_base64(picture.bytes)}}}}}};
  cannot_say("a picture of an unknown type");
}

bj::object block_of(const ToolCall& call) {
  return {
      {"toolUse",
       {{"toolUseId", plain_call_id(call.id)}, {"name", call.name}, {"input", wire::object_or_empty(call.arguments)}}}};
}

bj::object block_of(const ToolResult& result) {
  bj::array content;
  if (!result.content.empty()) content.push_back(bj::object{{"text", result.content}});
  bj::object block{{"toolUseId", plain_call_id(result.id)}, {"content", std::move(content)}};
  if (result.failed) block["status"] = "error";
  return {{"toolResult", std::move(block)}};
}

bj::object block_of(const Reasoning& thought) {
  if (thought.redacted) return {{"reasoningContent", {{"redactedContent", thought.signature}}}};
  return {{"reasoningContent", {{"reasoningText", {{"text", thought.text}, {"signature", thought.signature}}}}}};
}

bj::object choice_of(const ToolChoice& choice) {
  switch (choice.mode) {
    case ToolChoice::Mode::required:
      return {{"any", bj::object()}};
    case ToolChoice::Mode::named:
      return {{"tool", {{"name", choice.name}}}};
    case ToolChoice::Mode::automatic:
    case ToolChoice::Mode::none:
      break;
  }
  return {{"auto", bj::object()}};
}

bool tells_of_tools(const std::vector<Message>& messages) {
  return std::ranges::any_of(messages, [](const Message& message) {
    return std::ranges::any_of(message.parts, [](const Part& part) {
      return std::holds_alternative<ToolCall>(part) || std::holds_alternative<ToolResult>(part);
    });
  });
}

}  // namespace

bj::array system(const Conversation& conversation, const AnswerForm& form, bool cached) {
  bj::array blocks;
  for (const auto rule : conversation.rules) blocks.push_back(bj::object{{"text", rule}});
  if (cached && !blocks.empty()) blocks.push_back(cache_point());
  if (form.kind == AnswerForm::Kind::json)
    blocks.push_back(bj::object{{"text", "Answer with one JSON value and nothing else."}});
  return blocks;
}

bj::array messages(const Conversation& conversation, const Part* cached) {
  bj::array all;
  for (const auto& turn : conversation.turns) {
    bj::array blocks;
    for (const Part* part : turn.parts) {
      blocks.push_back(std::visit([](const auto& one) { return block_of(one); }, *part));
      if (part == cached) blocks.push_back(cache_point());
    }
    all.push_back(bj::object{{"role", turn.assistant ? "assistant" : "user"}, {"content", std::move(blocks)}});
  }
  return all;
}

bj::object tool_config(const TextRequest& request, const std::vector<Tool>& tools, bool cached) {
  // "None of them" cannot be said; not to declare them comes to the same, unless the conversation tells of them.
  const bool none = request.tool_choice.mode == ToolChoice::Mode::none || request.tools.empty();
  if (tools.empty() || (none && !tells_of_tools(request.messages))) return {};
  bj::array all;
  for (const auto& tool : tools) {
    bj::object schema = tool.strict ? closed_schema(tool.parameters) : wire::object_or_empty(tool.parameters);
    if (!schema.contains("type")) schema["type"] = "object";
    bj::object one{{"name", tool.name}, {"inputSchema", {{"json", std::move(schema)}}}};
    if (!tool.description.empty()) one["description"] = tool.description;
    if (tool.strict) one["strict"] = true;
    all.push_back(bj::object{{"toolSpec", std::move(one)}});
  }
  if (cached) all.push_back(cache_point());
  bj::object config{{"tools", std::move(all)}};
  if (!none) config["toolChoice"] = choice_of(request.tool_choice);
  return config;
}

}  // namespace odeon::ai::bedrock
