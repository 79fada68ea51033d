#include <deque>

#include "engine/http/events.hpp"
#include "products/chat/apis/anthropic_api.hpp"

namespace odeon::chat {
namespace {

std::string_view reason_of(ai::Finish finish, const std::string& stop_word) {
  switch (finish) {
    case ai::Finish::stop:
      return stop_word.empty() ? "end_turn" : "stop_sequence";
    case ai::Finish::length:
      return "max_tokens";
    case ai::Finish::tool_calls:
      return "tool_use";
    case ai::Finish::declined:
      return "refusal";
  }
  return "end_turn";
}

json::value or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value details_of(ai::Finish finish) {
  if (finish != ai::Finish::declined) return nullptr;
  return json::object{{"type", "refusal"}, {"category", nullptr}, {"explanation", nullptr}};
}

// What was read from a cache or written to one is not among their input.
json::object usage_of(const ai::Usage& used) {
  const auto written = used.cache_written_tokens + used.cache_written_1h_tokens;
  return {{"input_tokens", std::max<std::int64_t>(used.input_tokens - used.cached_tokens - written, 0)},
          {"cache_creation_input_tokens", written},
          {"cache_creation", json::object{{"ephemeral_5m_input_tokens", used.cache_written_tokens},
                                          {"ephemeral_1h_input_tokens", used.cache_written_1h_tokens}}},
          {"cache_read_input_tokens", used.cached_tokens},
          {"output_tokens", used.output_tokens},
          {"output_tokens_details", json::object{{"thinking_tokens", used.reasoning_tokens}}},
          {"server_tool_use", nullptr},
          {"service_tier", "standard"},
          {"inference_geo", nullptr},
          {"speed", nullptr}};
}

// While it is being written.
json::object message_of(const AnswerLabel& label, json::array content, const ai::Usage& used) {
  return {{"id", label.id},
          {"type", "message"},
          {"role", "assistant"},
          {"model", label.model},
          {"content", std::move(content)},
          {"stop_reason", nullptr},
          {"stop_sequence", nullptr},
          {"stop_details", nullptr},
          {"container", nullptr},
          {"diagnostics", nullptr},
          {"usage", usage_of(used)}};
}

// Arguments that are no object cannot be shown where only one may stand.
json::object input_of(std::string_view arguments) {
  boost::system::error_code fault;
  auto input = boost::json::parse(arguments, fault);
  return fault || !input.is_object() ? json::object() : std::move(input.get_object());
}

json::object text_block(std::string_view text) {
  return {{"type", "text"}, {"text", text}, {"citations", nullptr}};
}
json::object thinking_block(std::string_view text, std::string_view signature) {
  return {{"type", "thinking"}, {"thinking", text}, {"signature", signature}};
}
json::object redacted_block(std::string_view data) {
  return {{"type", "redacted_thinking"}, {"data", data}};
}
json::object call_block(const ai::ToolCall& call) {
  json::object block{{"type", "tool_use"},
                     {"id", call.id},
                     {"name", call.name},
                     {"input", input_of(call.arguments)},
                     {"caller", json::object{{"type", "direct"}}}};
  if (!call.signature.empty()) block["signature"] = call.signature;
  return block;
}

void frame(std::string& out, std::string_view event, std::string_view data) {
  out.append("event: ").append(event).append("\ndata: ").append(data).append("\n\n");
}

// Their blocks come one after the other, each whole before the next begins, while calls of tools may reach us side by
// side: what belongs to a later block waits until those ahead of it are complete.
class Blocks final : public AnswerTeller {
 public:
  explicit Blocks(AnswerLabel label) : label_(std::move(label)) {}

  void take(const ai::TextEvents& events, std::string& out) override {
    if (!std::exchange(begun_, true)) {
      frame(out, "message_start",
            json::write(
                json::object{{"type", "message_start"},
                             {"message", message_of(label_, json::array(), {.input_tokens = label_.input_tokens})}}));
      out += kAnthropicPing;
    }
    const ai::Finished* end = nullptr;
    for (const auto& event : events) {
      std::visit([&](const auto& one) { add(one); }, event);
      end = std::get_if<ai::Finished>(&event);
    }
    advance(out, end != nullptr);
    if (end != nullptr) finish(*end, out);
  }

  void fail(const Error& error, std::string& out) override {
    frame(out, "error", AnthropicFormat().failure(error, {.request_id = label_.request_id}));
  }

 private:
  enum class Kind { text, thinking, redacted, call };
  struct Block {
    Kind kind = Kind::text;
    ai::ToolCall call;      // its arguments: all so far
    std::string unwritten;  // text, thinking, arguments
    std::string signature;
    bool begun = false;
  };

  Block& add_block(Kind kind) { return blocks_.emplace_back(Block{.kind = kind}); }
  void add(const ai::TextDelta& delta) {
    if (blocks_.empty() || blocks_.back().kind != Kind::text) add_block(Kind::text);
    blocks_.back().unwritten += delta.text;
  }
  void add(const ai::ReasoningDelta& delta) {
    const bool continues = !blocks_.empty() && !delta.begins &&
                           (blocks_.back().kind == Kind::thinking || blocks_.back().kind == Kind::redacted);
    if (!continues) add_block(Kind::thinking);
    auto& thought = blocks_.back();
    if (delta.redacted) thought.kind = Kind::redacted;
    thought.unwritten += delta.text;
    thought.signature += delta.signature;
  }
  void add(const ai::ToolCallBegin& begin) {
    calls_.push_back(written_ + blocks_.size());
    add_block(Kind::call).call = {.id = begin.id, .name = begin.name, .arguments = "", .signature = begin.signature};
  }
  void add(const ai::ToolCallDelta& more) {
    const std::size_t at = calls_.at(more.index);
    if (at < written_) return;  // it was complete: nothing that means anything can follow
    auto& block = blocks_.at(at - written_);
    block.unwritten += more.arguments;
    block.call.arguments += more.arguments;
  }
  void add(const ai::Continued&) {}  // nobody here allows it
  void add(const ai::Finished&) {}

  void advance(std::string& out, bool to_the_end) {
    while (!blocks_.empty()) {
      const bool last = blocks_.size() == 1 && !to_the_end;
      auto& block = blocks_.front();
      if (last && block.kind == Kind::redacted) return;  // it begins with all that it is
      write(block, out);
      if (last || (block.kind == Kind::call && !to_the_end && !is_object(block.call.arguments))) return;
      close(block, out);
      blocks_.pop_front();
      ++written_;
    }
  }
  static bool is_object(std::string_view text) {
    boost::system::error_code fault;
    const auto value = boost::json::parse(text, fault);
    return !fault && value.is_object();
  }

  void write(Block& block, std::string& out) {
    if (!std::exchange(block.begun, true))
      frame(out, "content_block_start",
            json::write(json::object{
                {"type", "content_block_start"}, {"index", written_}, {"content_block", beginning(block)}}));
    if (block.unwritten.empty() || block.kind == Kind::redacted) return;
    if (block.kind == Kind::text) delta(out, "text_delta", "text", block.unwritten);
    if (block.kind == Kind::thinking) delta(out, "thinking_delta", "thinking", block.unwritten);
    if (block.kind == Kind::call) delta(out, "input_json_delta", "partial_json", block.unwritten);
    block.unwritten.clear();
  }
  static json::object beginning(const Block& block) {
    switch (block.kind) {
      case Kind::text:
        return text_block("");
      case Kind::thinking:
        return thinking_block("", "");
      case Kind::redacted:
        return redacted_block(block.signature);
      case Kind::call:
        return call_block(
            {.id = block.call.id, .name = block.call.name, .arguments = "", .signature = block.call.signature});
    }
    return {};
  }
  void close(const Block& block, std::string& out) {
    if (block.kind == Kind::thinking && !block.signature.empty())
      delta(out, "signature_delta", "signature", block.signature);
    frame(out, "content_block_stop", R"({"type":"content_block_stop","index":)" + std::to_string(written_) + "}");
  }
  void delta(std::string& out, std::string_view type, std::string_view member, std::string_view text) {
    out.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
    out.append(std::to_string(written_)).append(",\"delta\":{\"type\":\"").append(type);
    out.append("\",\"").append(member).append("\":");
    json::append_quoted(out, text);
    out += "}}\n\n";
  }

  void finish(const ai::Finished& end, std::string& out) {
    frame(out, "message_delta",
          json::write(json::object{{"type", "message_delta"},
                                   {"delta", json::object{{"stop_reason", reason_of(end.finish, end.stop_word)},
                                                          {"stop_sequence", or_null(end.stop_word)},
                                                          {"stop_details", details_of(end.finish)},
                                                          {"container", nullptr}}},
                                   {"usage", usage_of(end.usage)}}));
    frame(out, "message_stop", R"({"type":"message_stop"})");
  }

  const AnswerLabel label_;
  bool begun_ = false;
  std::deque<Block> blocks_;        // of which the first is being written
  std::size_t written_ = 0;         // blocks before it
  std::vector<std::size_t> calls_;  // which block each call is
};

}  // namespace

std::string anthropic_message(const ai::TextReply& reply, const AnswerLabel& label) {
  json::array content;
  for (const auto& part : reply.message.parts) {
    if (const auto* text = std::get_if<ai::TextPart>(&part); text != nullptr && !text->text.empty())
      content.push_back(text_block(text->text));
    if (const auto* thought = std::get_if<ai::Reasoning>(&part))
      content.push_back(thought->redacted ? redacted_block(thought->signature)
                                          : thinking_block(thought->text, thought->signature));
    if (const auto* call = std::get_if<ai::ToolCall>(&part)) content.push_back(call_block(*call));
  }
  auto message = message_of(label, std::move(content), reply.usage);
  message["stop_reason"] = reason_of(reply.finish, reply.stop_word);
  message["stop_sequence"] = or_null(reply.stop_word);
  message["stop_details"] = details_of(reply.finish);
  return json::write(message);
}

std::unique_ptr<AnswerTeller> anthropic_teller(AnswerLabel label) {
  return std::make_unique<Blocks>(std::move(label));
}

}  // namespace odeon::chat
