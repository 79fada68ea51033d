// Any answer that Gemini may give, cut anywhere.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "engine/ai/providers/gemini_answers_test.hpp"
#include "engine/ai/providers/gemini_reader_test.hpp"

namespace odeon::ai {
namespace {

using gemini_answers::stream_of;
using json::array;
using json::object;

const std::vector<std::string> kPieces = {"a", " word", "\n", "ü", "→", "😀", "\"", "\\", "e\u0301"};

// A reply as a model writes it: parts as they come at once, and how a stream cuts them.
struct Reply {
  std::vector<object> parts;
  std::vector<std::vector<object>> frames;
  std::string reason;
};
std::string any_text() {
  std::string text;
  for (const auto piece : *rc::gen::nonEmpty(
           rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, kPieces.size()))))
    text += kPieces[piece];
  return text;
}
// The text in pieces of whole characters, and the signature on the last of them or on an empty one.
void stream_text(std::vector<std::vector<object>>& frames, const object& part) {
  const std::string text(part.at("text").as_string());
  const bool is_thought = part.contains("thought");
  auto piece = [&](std::string_view bytes) {
    object made{{"text", bytes}};
    if (is_thought) made["thought"] = true;
    return made;
  };
  const std::size_t length = text::length(text);
  std::string_view rest = text;
  for (std::size_t left = length; left > 0;) {
    const auto count = *rc::gen::inRange<std::size_t>(1, left + 1);
    const auto taken = text::prefix(rest, count);
    frames.push_back({piece(taken)});
    rest.remove_prefix(taken.size());
    left -= count;
  }
  if (!part.contains("thoughtSignature")) return;
  if (*rc::gen::arbitrary<bool>()) frames.push_back({piece("")});
  frames.back().back()["thoughtSignature"] = part.at("thoughtSignature");
}
Reply any_reply() {
  Reply reply;
  int last = -1;
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    const int kind = *rc::gen::inRange(0, 3);
    if (kind == last && kind < 2) continue;  // at once, what is alike comes as one
    last = kind;
    object part;
    if (kind == 0) part = {{"text", any_text()}, {"thought", true}};
    if (kind == 1) part = {{"text", any_text()}};
    if (kind == 2) {
      object call{{"name", "tool"}, {"args", object{{"value", any_text()}, {"list", array{1, 2.5, nullptr}}}}};
      if (*rc::gen::arbitrary<bool>()) call["id"] = fmt::format("id{}", i);
      part = {{"functionCall", std::move(call)}};
    }
    if (*rc::gen::arbitrary<bool>()) part["thoughtSignature"] = fmt::format("c2ln{}", i);
    reply.parts.push_back(part);
    if (kind < 2)
      stream_text(reply.frames, part);
    else if (!reply.frames.empty() && *rc::gen::arbitrary<bool>())
      reply.frames.back().push_back(part);
    else
      reply.frames.push_back({part});
  }
  reply.reason = *rc::gen::element<std::string>("STOP", "MAX_TOKENS", "SAFETY");
  return reply;
}
object response_of(const std::vector<object>& parts, std::int64_t tokens) {
  object candidate{{"content", object{{"role", "model"}, {"parts", array(parts.begin(), parts.end())}}}, {"index", 0}};
  return {{"candidates", array{std::move(candidate)}},
          {"usageMetadata", object{{"promptTokenCount", 7}, {"candidatesTokenCount", tokens}}},
          {"responseId", "r"}};
}
std::string gemini_whole(const Reply& reply) {
  auto response = response_of(reply.parts, static_cast<std::int64_t>(reply.frames.size()) + 1);
  response["candidates"].at(0).as_object()["finishReason"] = reply.reason;
  return json::write(response);
}
std::string gemini_streamed(const Reply& reply) {
  std::vector<std::string> frames;
  for (const auto& parts : reply.frames)
    frames.push_back(json::write(response_of(parts, static_cast<std::int64_t>(frames.size()) + 1)));
  auto last = response_of({}, static_cast<std::int64_t>(frames.size()) + 1);
  last["candidates"].at(0).as_object()["finishReason"] = reply.reason;
  frames.push_back(json::write(last));
  return stream_of(frames, *rc::gen::element<std::string>("\n", "\r\n"));
}

RC_GTEST_PROP(GeminiProperty, SlicesChangeNothing, ()) {
  const std::string bytes = gemini_streamed(any_reply());
  auto cuts = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  std::ranges::sort(cuts);
  const auto uncut = read_stream(bytes), cut = read_stream(bytes, cuts);
  RC_ASSERT(uncut.events == cut.events);
  RC_ASSERT(same(uncut.reply, cut.reply));
  for (const auto& event : uncut.events)
    if (const auto* delta = std::get_if<TextDelta>(&event)) RC_ASSERT(text::is_utf8(delta->text));
}

RC_GTEST_PROP(GeminiProperty, AStreamIsTheReplyThatComesAtOnce, ()) {
  const auto reply = any_reply();
  RC_ASSERT(same(read_stream(gemini_streamed(reply)).reply, Gemini::studio().read(gemini_whole(reply), "gemini")));
}

// Thoughts that Google did not sign are of no use to it; ids that were made up here are added.
RC_GTEST_PROP(GeminiProperty, WhatItSaidGoesBackAsItCame, ()) {
  const auto reply = any_reply();
  array expected;
  for (auto part : reply.parts) {
    if (part.contains("thought") && !part.contains("thoughtSignature")) continue;
    if (auto* call = part.if_contains("functionCall")) call->get_object().erase("id");
    expected.emplace_back(std::move(part));
  }
  TextRequest next{.messages = {read_stream(gemini_streamed(reply)).reply.message}};
  const auto body = Gemini::vertex("p", "l").write(next, {.id = "gemini-2.5-flash"}, false).body;
  const auto contents = json::parse(body).at("contents").as_array();
  RC_ASSERT(contents.size() == (expected.empty() ? 0U : 1U));
  if (!expected.empty()) RC_ASSERT(contents[0].at("parts") == json::value(expected));
}

RC_GTEST_PROP(GeminiProperty, NoDamageDoesHarm, (const std::string& noise)) {
  std::string bytes = gemini_streamed(any_reply());
  for (const char c : noise) bytes[static_cast<unsigned char>(c) % bytes.size()] = c;
  try {
    read_stream(bytes);
  } catch (const Error&) {
    // That is what it is there for.
  }
}

}  // namespace
}  // namespace odeon::ai
