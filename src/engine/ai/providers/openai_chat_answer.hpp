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
  void whole(const boost::json::object& answer, TextEvents& events);

 private:
  void event(const http::ServerSentEvent& event, TextEvents& events) override;
  bool ends_by_closing() const override;

  // `holds` is where a choice has what was said: "delta", or "message" of a whole answer.
  void piece(const boost::json::object& answer, std::string_view holds, TextEvents& events);
  void choice(const boost::json::object& choice, std::string_view holds, TextEvents& events);
  void message(const boost::json::object& message, TextEvents& events);
  void text(std::string_view text, TextEvents& events);
  void call(const boost::json::value& call, TextEvents& events);
  void count(const boost::json::value* usage);
  void conclude(TextEvents& events);
  Finish outcome() const;

  ThoughtReader thoughts_;
  ToolCallReader calls_;
  std::string reason_;  // finish_reason, once it was said
  bool answered_ = false, refused_ = false, counted_ = false;
};

}  // namespace odeon::ai
