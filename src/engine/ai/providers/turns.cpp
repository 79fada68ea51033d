#include "engine/ai/providers/turns.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"

namespace odeon::ai {
namespace {

// Theirs are base64; what other providers signed ("google:…", an object of OpenRouter's) they would refuse.
bool is_signed(const Reasoning& thought) {
  return !thought.signature.empty() && thought.signature.find_first_of(":{") == std::string::npos;
}

// Blank texts, and thoughts that nobody signed whom they know: both are not taken.
bool is_void(const Part& part) {
  const auto* piece = std::get_if<TextPart>(&part);
  const auto* thought = std::get_if<Reasoning>(&part);
  return piece != nullptr ? text::trim(piece->text).empty() : thought != nullptr && !is_signed(*thought);
}

template <class Kind>
bool is(const Part& part) {
  return std::holds_alternative<Kind>(part);
}

bool has_a_place(const Part& part, MessageRole role) {
  switch (role) {
    case MessageRole::system:
      return is<TextPart>(part);
    case MessageRole::assistant:
      return is<TextPart>(part) || is<ToolCall>(part) || is<Reasoning>(part);
    case MessageRole::user:
    case MessageRole::tool:
      return is<TextPart>(part) || is<Picture>(part) || is<ToolResult>(part);
  }
  return false;
}

void add_to(std::vector<Turn>& turns, bool assistant, const Part& part) {
  static const Part opening = TextPart{"(The conversation begins.)"};
  if (turns.empty() && assistant) turns.push_back({false, {&opening}});
  if (turns.empty() || turns.back().assistant != assistant) turns.push_back({assistant, {}});
  turns.back().parts.push_back(&part);
}

void put_results_first(std::vector<const Part*>& parts) {
  std::vector<const Part*> ordered;
  for (const bool results : {true, false})
    std::ranges::copy_if(parts, std::back_inserter(ordered),
                         [&](const Part* part) { return is<ToolResult>(*part) == results; });
  parts = std::move(ordered);
}

}  // namespace

void cannot_say(std::string detail) {
  throw Error(Fault::invalid, kUnsupported, "The AI model does not accept this request.")
      .with_detail(std::move(detail));
}

Conversation take_turns(const std::vector<Message>& messages) {
  Conversation conversation;
  for (const auto& message : messages)
    for (const auto& part : message.parts) {
      if (is_void(part)) continue;
      if (!has_a_place(part, message.role)) cannot_say("a part that has no place in a message of this role");
      if (message.role == MessageRole::system)
        conversation.rules.push_back(std::get<TextPart>(part).text);
      else
        add_to(conversation.turns, message.role == MessageRole::assistant, part);
    }
  if (conversation.turns.empty()) {
    static const Part nothing = TextPart{"(No message.)"};
    conversation.turns.push_back({false, {&nothing}});
  }
  for (auto& turn : conversation.turns) put_results_first(turn.parts);
  return conversation;
}

std::vector<Tool> tools_told_of(const TextRequest& request, const Conversation& conversation) {
  if (!request.tools.empty()) return request.tools;
  std::vector<Tool> tools;
  for (const auto& turn : conversation.turns)
    for (const Part* part : turn.parts)
      if (const auto* call = std::get_if<ToolCall>(part);
          call != nullptr && std::ranges::find(tools, call->name, &Tool::name) == tools.end())
        tools.push_back({.name = call->name});
  return tools;
}

std::string plain_call_id(std::string_view id) {
  std::string plain(id.substr(0, 64));
  for (char& c : plain)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) c = '_';
  return plain;
}

}  // namespace odeon::ai
