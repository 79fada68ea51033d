// Reads answers of OpenAI's chat completions, whole or in pieces: a whole one is read as a stream of one piece, so both
// come to the same.
#pragma once

#include "engine/ai/providers/openai_thoughts.hpp"
#include "engine/ai/providers/openai_tool_calls.hpp"
#include "engine/ai/providers/sse_translator.hpp"

namespace odeon::ai {

class OpenAiChatAnswer final : public SseTranslator {
 public:
  using SseTranslator::SseTranslator;
  // Appends all of it, Finished included.
  void whole(wire::View answer, TextEvents& events);

 private:
  void event(const http::ServerSentEvent& event, TextEvents& events) override;
  bool ends_by_closing() const override;

  // `holds` is where a choice has what was said: "delta", or "message" of a whole answer.
  void piece(wire::View answer, std::string_view holds, TextEvents& events);
  void choice(wire::View choice, std::string_view holds, TextEvents& events);
  void message(wire::View message, TextEvents& events);
  void text(std::string_view text, TextEvents& events, bool refusal = false);
  void count(wire::View usage);
  void conclude(TextEvents& events);
  Finish outcome() const;

  ThoughtReader thoughts_;
  ToolCallReader calls_;
  std::string reason_;  // finish_reason, once it was said
  bool answered_ = false, refused_ = false, counted_ = false;
};

}  // namespace odeon::ai
