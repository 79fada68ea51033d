#include "engine/ai/providers/openai_chat_messages.hpp"

#include "engine/ai/providers/openai_thoughts.hpp"
#include "engine/ai/providers/pictures.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using Thoughts = OpenAiFlavour::Thoughts;

std::string_view role_name(MessageRole role) {
  switch (role) {
    case MessageRole::system:
      return "system";
    case MessageRole::assistant:
      return "assistant";
    case MessageRole::user:
    case MessageRole::tool:
      break;
  }
  return "user";
}

bj::object picture_part(const Picture& picture) {
  bj::object shown{{"url", url_of(picture)}};
  if (picture.detail != PictureDetail::usual) shown["detail"] = picture.detail == PictureDetail::low ? "low" : "high";
  return {{"type", "image_url"}, {"image_url", std::move(shown)}};
}

bj::object text_part(std::string_view text) {
  return {{"type", "text"}, {"text", text}};
}

// A string where there is nothing but text: every server knows that.
bj::value content_of(const Message& message) {
  const bool pictures =
      std::ranges::any_of(message.parts, [](const Part& part) { return std::holds_alternative<Picture>(part); });
  if (!pictures) return bj::value(message.text());
  if (message.role != MessageRole::user)
    throw Error(Fault::invalid, "PICTURE_NOT_POSSIBLE", "This AI model takes pictures from its user only.");
  bj::array parts;
  for (const auto& part : message.parts) {
    if (const auto* piece = std::get_if<TextPart>(&part)) parts.push_back(text_part(piece->text));
    if (const auto* shown = std::get_if<Picture>(&part)) parts.push_back(picture_part(*shown));
  }
  return parts;
}

bj::array calls_of(const Message& message, const OpenAiFlavour& flavour) {
  bj::array calls;
  for (const auto& part : message.parts)
    if (const auto* call = std::get_if<ToolCall>(&part)) {
      const std::string_view arguments = call->arguments.empty() ? "{}" : std::string_view(call->arguments);
      calls.push_back(bj::object{{"id", call_id_for(flavour.call_ids, call->id)},
                                 {"type", "function"},
                                 {"function", bj::object{{"name", call->name}, {"arguments", arguments}}}});
    }
  return calls;
}

bj::object said(const Message& message, const OpenAiFlavour& flavour, const ModelTraits& model) {
  bj::object out{{"role", "assistant"}, {"content", content_of(message)}};
  auto calls = calls_of(message, flavour);
  switch (model.thinks ? flavour.thoughts : Thoughts::dropped) {
    case Thoughts::dropped:
      break;
    case Thoughts::reasoning_content:
      // With a call of a tool it must be there, even if another model, which thought nothing, made the call.
      if (auto thought = thought_text(message); !calls.empty() || !thought.empty())
        out["reasoning_content"] = std::move(thought);
      break;
    case Thoughts::reasoning_details:
      if (auto details = thought_details(message); !details.empty()) out["reasoning_details"] = std::move(details);
      break;
    case Thoughts::content_parts:
      auto parts = thinking_parts(message);
      if (parts.empty()) break;
      if (const auto words = message.text(); !words.empty()) parts.push_back(text_part(words));
      out["content"] = std::move(parts);
  }
  if (calls.empty()) return out;
  if (const auto* words = out["content"].if_string(); words != nullptr && words->empty()) out["content"] = nullptr;
  out["tool_calls"] = std::move(calls);
  return out;
}

// Text alone, as nearly all are.
bool is_plain(const Message& message) {
  return std::ranges::all_of(message.parts, [](const Part& part) { return std::holds_alternative<TextPart>(part); });
}

void write_plain(std::string& out, const Message& message) {
  wire::ObjectWriter object(out);
  object.add("role", role_name(message.role));
  if (message.parts.size() == 1)
    object.add("content", std::get<TextPart>(message.parts.front()).text);
  else
    object.add("content", message.text());
  object.close();
}

}  // namespace

void write_openai_messages(std::string& out, const std::vector<Message>& messages, const OpenAiFlavour& flavour,
                           const ModelTraits& model) {
  out += '[';
  const auto next = [&out, begin = out.size()]() -> std::string& { return out.size() > begin ? out += ',' : out; };
  for (const auto& message : messages) {
    if (is_plain(message)) {
      write_plain(next(), message);
      continue;
    }
    bool results = false;
    for (const auto& part : message.parts)
      if (const auto* result = std::get_if<ToolResult>(&part)) {
        results = true;
        json::append(next(), bj::object{{"role", "tool"},
                                        {"tool_call_id", call_id_for(flavour.call_ids, result->id)},
                                        // There is no other place to say so.
                                        {"content", (result->failed ? "Error: " : "") + result->content}});
      }
    if (message.role == MessageRole::assistant)
      json::append(next(), said(message, flavour, model));
    else if (!results || std::ranges::any_of(message.parts, [](const Part& part) {
               return std::holds_alternative<TextPart>(part) || std::holds_alternative<Picture>(part);
             }))
      json::append(next(), bj::object{{"role", role_name(message.role)}, {"content", content_of(message)}});
  }
  out += ']';
}

}  // namespace odeon::ai
