// Answers for the tests of the public APIs: arbitrary ones, and their frames read back.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "engine/ai/text_stream.hpp"
#include "engine/http/sse_reader.hpp"
#include "products/chat/told.hpp"

namespace odeon::chat {

inline const AnswerLabel kLabel{
    .id = "answer-1", .model = "small", .created_at = Instant(std::chrono::seconds(1795159800)), .request_id = "r1"};

inline std::vector<http::ServerSentEvent> frames_of(std::string_view bytes) {
  http::EventStreamParser parser(1 << 20);
  std::vector<http::ServerSentEvent> frames;
  while (auto frame = parser.next(bytes)) frames.push_back(std::move(*frame));
  return frames;
}

// What a teller says of `events`, that many to a read.
inline std::string told(AnswerTeller& teller, const ai::TextEvents& events, std::size_t at_once) {
  std::string out;
  for (std::size_t at = 0; at < events.size(); at += at_once) {
    const auto end = events.begin() + static_cast<std::ptrdiff_t>(std::min(at + at_once, events.size()));
    teller.take(ai::TextEvents(events.begin() + static_cast<std::ptrdiff_t>(at), end), out);
  }
  return out;
}

inline ai::TextReply reply_of(const ai::TextEvents& events) {
  ai::ReplyBuilder builder;
  for (const auto& event : events) builder.take(event);
  return std::move(builder).finish();
}

inline std::string some_text() {
  static const std::vector<std::string> pieces{"word ", "ü",      "\n",       "\"", "\\",
                                               "😀",    "data: ", "\r\n\r\n", "{",  "<|end|>"};
  std::string text;
  for (const auto& piece : *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))))
    text += piece;
  return text;
}

// An answer as a model may give it: thoughts, text and calls of tools in any order, the arguments of calls cut between
// any two characters and side by side.
inline ai::TextEvents some_answer() {
  ai::TextEvents events;
  struct Open {
    std::size_t index;
    std::string rest;
  };
  std::vector<Open> open;
  std::size_t calls = 0;
  const auto cut = [&](Open& call, std::size_t size) {
    size = text::prefix(call.rest, size).size();
    if (size > 0) events.emplace_back(ai::ToolCallDelta{call.index, call.rest.substr(0, size)});
    call.rest.erase(0, size);
  };
  for (const int kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6))) {
    if (kind == 0) events.emplace_back(ai::TextDelta{some_text()});
    if (kind == 1) {
      const int pieces = *rc::gen::inRange(1, 4);
      for (int i = 0; i < pieces; ++i) events.emplace_back(ai::ReasoningDelta{.text = some_text(), .begins = i == 0});
      if (*rc::gen::arbitrary<bool>()) events.emplace_back(ai::ReasoningDelta{.text = "", .signature = "c2ln+/=="});
    }
    if (kind == 2)
      events.emplace_back(ai::ReasoningDelta{.text = "", .signature = "hidden", .redacted = true, .begins = true});
    if (kind == 3) {
      const auto id = "call_" + std::to_string(calls);
      events.emplace_back(ai::ToolCallBegin{calls, id, "look_up", *rc::gen::element<std::string>("", "thought")});
      open.push_back({calls++, json::write(json::object{{"q", some_text()}, {"n", 1}})});
    }
    if (kind >= 4 && !open.empty()) cut(open[*rc::gen::inRange<std::size_t>(0, open.size())], *rc::gen::inRange(1, 12));
  }
  for (auto& call : open) cut(call, call.rest.size());
  events.emplace_back(ai::Finished{
      .finish = *rc::gen::element(ai::Finish::stop, ai::Finish::length, ai::Finish::tool_calls, ai::Finish::declined),
      .usage = {.input_tokens = 100,
                .cached_tokens = 30,
                .cache_written_tokens = 20,
                .cache_written_1h_tokens = 7,
                .output_tokens = 50,
                .reasoning_tokens = 11}});
  return events;
}

}  // namespace odeon::chat
