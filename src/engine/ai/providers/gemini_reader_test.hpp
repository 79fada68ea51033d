// What we read of Gemini's answers, so that it can be compared.
#pragma once

#include <gtest/gtest.h>

#include "engine/ai/providers/gemini.hpp"

namespace odeon::ai {

// Events that can be compared: all but the last, which has counts.
using Event = std::variant<TextDelta, ReasoningDelta, ToolCallBegin, ToolCallDelta, Continued>;
struct Read {
  std::vector<Event> events;
  TextReply reply;
};
inline Read read_stream(const std::string& bytes, const std::vector<std::size_t>& cuts = {}) {
  const auto translator = Gemini::studio().translator("gemini");
  TextEvents events;
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    translator->take(std::string_view(bytes).substr(at, cut - at), events);
    at = cut;
  }
  translator->take(std::string_view(bytes).substr(at), events);
  translator->end(events);
  Read read;
  ReplyBuilder builder;
  for (const auto& event : events) {
    builder.take(event);
    std::visit(
        [&]<class Kind>(const Kind& seen) {
          if constexpr (!std::same_as<Kind, Finished> && !std::same_as<Kind, Continued>) read.events.emplace_back(seen);
        },
        event);
  }
  EXPECT_TRUE(std::holds_alternative<Finished>(events.back()));
  read.reply = std::move(builder).finish();
  return read;
}
inline auto fields(const Usage& usage) {
  return std::tie(usage.input_tokens, usage.cached_tokens, usage.input_audio_tokens, usage.output_tokens,
                  usage.reasoning_tokens, usage.output_audio_tokens, usage.output_image_tokens);
}
inline bool same(const TextReply& a, const TextReply& b) {
  return a.message == b.message && a.finish == b.finish && a.id == b.id && fields(a.usage) == fields(b.usage);
}

}  // namespace odeon::ai
