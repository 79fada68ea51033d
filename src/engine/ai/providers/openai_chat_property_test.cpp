#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "engine/ai/providers/openai_chat.hpp"

namespace odeon::ai {
namespace {

using Pieces = std::vector<std::string>;

std::string joined(const Pieces& pieces) {
  return text::join(pieces, "");
}

Pieces draw_pieces(std::size_t most) {
  const auto piece = rc::gen::map(rc::gen::nonEmpty(rc::gen::container<Pieces>(rc::gen::element<std::string>(
                                      "a", " ", "\"", "\\", "\n", "\r\n", "{", "é", "€", "😀", "data: "))),
                                  joined);
  auto pieces = *rc::gen::container<Pieces>(piece);
  if (pieces.size() > most) pieces.resize(most);
  return pieces;
}

// One reply as a provider sends it: at once, and as chunks.
struct ChatWritten {
  json::object message;
  std::vector<json::object> deltas;
};

void write_thoughts(ChatWritten& out, const Pieces& thoughts, int style) {
  if (thoughts.empty()) return;
  if (style < 2) {
    const char* name = style == 0 ? "reasoning_content" : "reasoning";
    out.message[name] = joined(thoughts);
    for (const auto& piece : thoughts) out.deltas.push_back({{name, piece}, {"content", nullptr}});
    return;
  }
  if (style == 3) {
    const auto part = [](const std::string& text) {
      json::array texts, parts;
      texts.push_back(json::object{{"type", "text"}, {"text", text}});
      parts.push_back(json::object{{"type", "thinking"}, {"thinking", texts}});
      return parts;
    };
    out.message["content"] = part(joined(thoughts));
    for (const auto& piece : thoughts) out.deltas.push_back({{"content", part(piece)}});
    return;
  }
  const auto detail = [](const std::string& text) {
    return json::object{{"type", "reasoning.text"}, {"text", text}, {"format", "anthropic-claude-v1"}, {"index", 0}};
  };
  json::array all;
  all.push_back(detail(joined(thoughts)));
  all[0].as_object()["signature"] = "EqQB";
  out.message["reasoning"] = joined(thoughts);
  out.message["reasoning_details"] = all;
  for (const auto& piece : thoughts) {
    json::array details;
    details.push_back(detail(piece));
    out.deltas.push_back({{"reasoning", piece}, {"reasoning_details", details}});
  }
  json::array last;
  last.push_back(json::object{{"type", "reasoning.text"}, {"signature", "EqQB"}, {"index", 0}});
  last.push_back(json::object{{"type", "reasoning.encrypted"}, {"data", "gAAA"}, {"index", 1}});
  out.message["reasoning_details"].as_array().push_back(last[1]);
  out.deltas.push_back({{"reasoning_details", last}});
}

void write_calls(ChatWritten& out, std::size_t count, bool ids, int gap) {
  std::vector<Pieces> left;
  json::array all;
  for (std::size_t i = 0; i < count; ++i) {
    left.push_back(draw_pieces(4));
    json::object call{{"type", "function"}};
    if (ids) call["id"] = fmt::format("call_{}", i);
    call["function"] = json::object{{"name", fmt::format("tool{}", i % 2)}, {"arguments", joined(left.back())}};
    all.push_back(call);
    call["function"].as_object()["arguments"] = "";
    call["index"] = static_cast<std::int64_t>(i) * gap;
    json::array begun;
    begun.push_back(call);
    out.deltas.push_back({{"tool_calls", begun}});
  }
  if (count > 0) out.message["tool_calls"] = all;
  // Side by side, in any order.
  while (!std::ranges::all_of(left, &Pieces::empty)) {
    const auto which = *rc::gen::inRange<std::size_t>(0, count);
    if (left[which].empty()) continue;
    json::array more;
    more.push_back(json::object{{"index", static_cast<std::int64_t>(which) * gap},
                                {"function", json::object{{"arguments", left[which].front()}}}});
    out.deltas.push_back({{"tool_calls", more}});
    left[which].erase(left[which].begin());
  }
}

struct Sent {
  std::string whole, stream;
};

Sent draw_reply() {
  ChatWritten out;
  out.deltas.push_back({{"role", "assistant"}, {"content", ""}});
  write_thoughts(out, draw_pieces(5), *rc::gen::inRange(0, 4));
  const auto words = draw_pieces(8);
  if (const json::object text{{"type", "text"}, {"text", joined(words)}}; out.message.contains("content"))
    out.message["content"].as_array().push_back(text);
  else if (!words.empty())
    out.message["content"] = joined(words);
  for (const auto& piece : words) out.deltas.push_back({{"content", piece}});
  if (*rc::gen::inRange(0, 4) == 0) {
    out.message["refusal"] = "No.";
    out.deltas.push_back({{"refusal", "No."}});
  }
  write_calls(out, *rc::gen::inRange<std::size_t>(0, 4), *rc::gen::arbitrary<bool>(), *rc::gen::inRange(1, 3));
  const auto reason = *rc::gen::element<std::string>("stop", "length", "tool_calls", "content_filter");
  const json::object usage{{"prompt_tokens", *rc::gen::inRange(1, 99)},
                           {"completion_tokens", *rc::gen::inRange(0, 99)}};

  const auto whole_choice = json::object{{"index", 0}, {"message", out.message}, {"finish_reason", reason}};
  json::array choices;
  choices.push_back(whole_choice);
  Sent sent{.whole = json::write(json::object{{"id", "c1"}, {"choices", choices}, {"usage", usage}}), .stream = ""};

  const auto end = *rc::gen::element<std::string>("\n", "\r\n", "\r");
  const auto send = [&](const json::value& data) {
    if (*rc::gen::inRange(0, 5) == 0) sent.stream += ": keep-alive" + end + end;
    sent.stream += "data: " + json::write(data) + end + end;
  };
  const auto chunk = [&](const json::object& delta, const json::value& why, const json::value& counted) {
    json::array list;
    list.push_back(json::object{{"index", 0}, {"delta", delta}, {"finish_reason", why}});
    send(json::object{{"id", "c1"}, {"choices", list}, {"usage", counted}});
  };
  for (const auto& delta : out.deltas) chunk(delta, nullptr, nullptr);
  const bool apart = *rc::gen::arbitrary<bool>();
  chunk({}, json::value(reason), apart ? json::value() : json::value(usage));
  if (apart) send(json::object{{"id", "c1"}, {"choices", json::array()}, {"usage", usage}});
  if (*rc::gen::arbitrary<bool>()) sent.stream += "data: [DONE]" + end + end;
  return sent;
}

// All that an event says, to be compared.
std::string shown(const TextEvent& event) {
  return std::visit(
      [](const auto& each) -> std::string {
        using Event = std::decay_t<decltype(each)>;
        if constexpr (std::same_as<Event, TextDelta>)
          return "text " + each.text;
        else if constexpr (std::same_as<Event, ReasoningDelta>)
          return fmt::format("thought {}|{}|{}|{}", each.text, each.signature, each.redacted, each.begins);
        else if constexpr (std::same_as<Event, ToolCallBegin>)
          return fmt::format("call {} {} {}", each.index, each.id, each.name);
        else if constexpr (std::same_as<Event, ToolCallDelta>)
          return fmt::format("arguments {} {}", each.index, each.arguments);
        else if constexpr (std::same_as<Event, Continued>)
          return "continued by " + each.model;
        else
          return fmt::format("end {} {} {} {}", static_cast<int>(each.finish), each.id, each.usage.input_tokens,
                             each.usage.output_tokens);
      },
      event);
}
Pieces shown(const TextEvents& events) {
  Pieces all;
  for (const auto& event : events) all.push_back(shown(event));
  return all;
}

TextEvents read_chat(std::string_view wire, const std::vector<std::size_t>& sizes) {
  const auto translator = OpenAiChat().translator("p");
  TextEvents events;
  for (std::size_t turn = 0; !wire.empty(); ++turn) {
    const auto slice = wire.substr(0, sizes[turn % sizes.size()]);
    translator->take(slice, events);
    wire.remove_prefix(slice.size());
  }
  translator->end(events);
  return events;
}

std::vector<std::size_t> draw_sizes() {
  return *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 60)));
}

RC_GTEST_PROP(OpenAiChatProperty, ReadsAnySlicingAlike, ()) {
  const auto sent = draw_reply();
  const auto at_once = read_chat(sent.stream, {sent.stream.size()});
  RC_ASSERT(shown(read_chat(sent.stream, draw_sizes())) == shown(at_once));
  for (const auto& event : at_once) {
    const auto* delta = std::get_if<TextDelta>(&event);
    const bool whole = delta == nullptr || (!delta->text.empty() && text::is_utf8(delta->text));
    RC_ASSERT(whole);
  }
}

RC_GTEST_PROP(OpenAiChatProperty, ReadsAStreamAsTheWhole, ()) {
  const auto sent = draw_reply();
  ReplyBuilder builder;
  for (const auto& event : read_chat(sent.stream, draw_sizes())) builder.take(event);
  const auto streamed = std::move(builder).finish();
  const auto whole = OpenAiChat().read(sent.whole, "p");
  RC_ASSERT(streamed.message == whole.message);
  RC_ASSERT(shown(Finished{streamed.finish, streamed.usage, streamed.id}) ==
            shown(Finished{whole.finish, whole.usage, whole.id}));
}

// Said again to who said it: signed thoughts, calls and their ids come back as they were.
RC_GTEST_PROP(OpenAiChatProperty, SaysAgainWhatItRead, ()) {
  const auto sent = draw_reply();
  const auto reply = OpenAiChat().read(sent.whole, "p");
  const auto wire = OpenAiChat(openai_flavours::kOpenRouter)
                        .write({.task = "t", .messages = {reply.message}}, {.id = "m", .thinks = true}, false);
  const auto said = json::parse(wire.body).at("messages").at(0).as_object();
  const auto was = json::parse(sent.whole).at("choices").at(0).at("message").as_object();
  const auto member = [](const json::object& from, const char* name) {
    const auto* found = from.if_contains(name);
    return found != nullptr ? *found : json::value();
  };
  RC_ASSERT(member(said, "reasoning_details") == member(was, "reasoning_details"));
  RC_ASSERT(member(said, "tool_calls").is_array() == member(was, "tool_calls").is_array());
  if (!member(said, "tool_calls").is_array()) return;
  for (std::size_t i = 0; i < was.at("tool_calls").as_array().size(); ++i) {
    const auto& mine = said.at("tool_calls").at(i).as_object();
    const auto& theirs = was.at("tool_calls").at(i).as_object();
    RC_ASSERT(mine.at("function").at("name") == theirs.at("function").at("name"));
    const auto arguments = theirs.at("function").at("arguments").as_string();
    RC_ASSERT(mine.at("function").at("arguments") == json::value(arguments.empty() ? "{}" : arguments));
    const bool same_id = !theirs.contains("id") || mine.at("id") == theirs.at("id");
    RC_ASSERT(same_id);
  }
}

// Whatever comes: one end, at the end, or an error.
RC_GTEST_PROP(OpenAiChatProperty, SurvivesDamage, ()) {
  auto sent = draw_reply();
  const int faults = *rc::gen::inRange(1, 6);
  for (int i = 0; i < faults; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, sent.stream.size());
    sent.stream[at] = static_cast<char>(*rc::gen::inRange(0, 256));
  }
  sent.stream.resize(*rc::gen::inRange<std::size_t>(1, sent.stream.size() + 1));
  TextEvents events;
  try {
    events = read_chat(sent.stream, draw_sizes());
  } catch (const Error& error) {
    RC_ASSERT(error.fault != Fault::internal);
    return;
  }
  const bool ended = !events.empty() && std::holds_alternative<Finished>(events.back());
  RC_ASSERT(ended);
  RC_ASSERT(std::ranges::count_if(events, [](const auto& event) { return std::holds_alternative<Finished>(event); }) ==
            1);
}

}  // namespace
}  // namespace odeon::ai
