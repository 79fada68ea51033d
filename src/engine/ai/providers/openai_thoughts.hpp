// What a model thought, as OpenAI's imitators write it beside what it said: `reasoning_content` (DeepSeek, xAI, vLLM),
// `reasoning` (OpenRouter, newer vLLM), thinking among the parts of the content (Mistral), and `reasoning_details`
// (OpenRouter). What the owner of a thought wants to see again as it came, all of it but its text, is kept as JSON in
// the signature.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "engine/ai/providers/json_view.hpp"
#include "engine/ai/text_stream.hpp"

namespace odeon::ai {

class ThoughtReader {
 public:
  // A message, or a piece of one.
  void take(wire::View message, TextEvents& events);
  // A part of the content; does nothing with one that is no thinking.
  void thinking(wire::View part, TextEvents& events);
  // Something else begins, or the message ends: now the signature is complete.
  void close(TextEvents& events);

 private:
  void text(std::string_view text, TextEvents& events);
  void detail(const boost::json::object& detail, TextEvents& events);

  enum class Open { nothing, text, detail } open_ = Open::nothing;
  bool begins_ = false;          // nothing was passed on of what is open
  boost::json::object details_;  // of the open detail, but for its text
};

// Of all thoughts of a message.
std::string thought_text(const Message& message);
// As they came from OpenRouter; thoughts from elsewhere are left out.
boost::json::array thought_details(const Message& message);
// As Mistral has them, signed if they are its own.
boost::json::array thinking_parts(const Message& message);

}  // namespace odeon::ai
