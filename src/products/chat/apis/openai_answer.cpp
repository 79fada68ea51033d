#include "engine/http/router.hpp"
#include "products/chat/apis/openai_api.hpp"
#include "products/chat/apis/openai_thoughts.hpp"

namespace odeon::chat {
namespace {

// A refusal in its own member is an answer; else a filter stands for it.
std::string_view reason_of(ai::Finish finish, bool refused) {
  if (refused) return "stop";
  switch (finish) {
    case ai::Finish::stop:
      return "stop";
    case ai::Finish::length:
      return "length";
    case ai::Finish::tool_calls:
      return "tool_calls";
    case ai::Finish::declined:
      return "content_filter";
  }
  return "stop";
}

struct PromptDetails {
  std::int64_t cached_tokens = 0, cache_write_tokens = 0, audio_tokens = 0;
};
BOOST_DESCRIBE_STRUCT(PromptDetails, (), (cached_tokens, cache_write_tokens, audio_tokens))

struct CompletionDetails {
  std::int64_t reasoning_tokens = 0, audio_tokens = 0, accepted_prediction_tokens = 0, rejected_prediction_tokens = 0;
};
BOOST_DESCRIBE_STRUCT(CompletionDetails, (),
                      (reasoning_tokens, audio_tokens, accepted_prediction_tokens, rejected_prediction_tokens))

struct CompletionUsage {
  std::int64_t prompt_tokens = 0, completion_tokens = 0, total_tokens = 0;
  PromptDetails prompt_tokens_details;
  CompletionDetails completion_tokens_details;
};
BOOST_DESCRIBE_STRUCT(CompletionUsage, (),
                      (prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details,
                       completion_tokens_details))

struct CompletionMessage {
  std::string_view role = "assistant";
  Nullable<std::string> content, refusal;
  std::vector<std::string> annotations;
  std::optional<json::array> tool_calls;
  std::optional<std::string> reasoning_content;
  std::optional<json::array> reasoning_details;
};
BOOST_DESCRIBE_STRUCT(CompletionMessage, (),
                      (role, content, refusal, annotations, tool_calls, reasoning_content, reasoning_details))

struct CompletionChoice {
  int index = 0;
  CompletionMessage message;
  Nullable<std::string> logprobs;
  std::string_view finish_reason;
};
BOOST_DESCRIBE_STRUCT(CompletionChoice, (), (index, message, logprobs, finish_reason))

struct CompletionShown {
  std::string_view id;
  std::string_view object = "chat.completion";
  std::int64_t created = 0;
  std::string_view model;
  std::vector<CompletionChoice> choices;
  CompletionUsage usage;
  std::string_view service_tier = "default";
  Nullable<std::string> system_fingerprint;
};
BOOST_DESCRIBE_STRUCT(CompletionShown, (),
                      (id, object, created, model, choices, usage, service_tier, system_fingerprint))

CompletionUsage usage_of(const ai::Usage& used) {
  return {.prompt_tokens = used.input_tokens,
          .completion_tokens = used.output_tokens,
          .total_tokens = used.input_tokens + used.output_tokens,
          .prompt_tokens_details = {.cached_tokens = used.cached_tokens,
                                    .cache_write_tokens = used.cache_written_tokens + used.cache_written_1h_tokens,
                                    .audio_tokens = used.input_audio_tokens},
          .completion_tokens_details = {.reasoning_tokens = used.reasoning_tokens,
                                        .audio_tokens = used.output_audio_tokens}};
}

json::object google_signature(std::string_view signature) {
  return {{"google", json::object{{"thought_signature", signature}}}};
}

json::object call_of(const ai::ToolCall& call) {
  json::object out{{"id", call.id},
                   {"type", "function"},
                   {"function", json::object{{"name", call.name}, {"arguments", call.arguments}}}};
  if (!call.signature.empty()) out["extra_content"] = google_signature(call.signature);
  return out;
}

CompletionMessage message_of(const ai::TextReply& reply) {
  CompletionMessage message;
  json::array calls, details;
  std::string thought;
  for (const auto& part : reply.message.parts) {
    if (const auto* call = std::get_if<ai::ToolCall>(&part)) calls.push_back(call_of(*call));
    if (const auto* piece = std::get_if<ai::Reasoning>(&part)) {
      thought += piece->text;
      details.push_back(openai_detail(piece->text, piece->signature, piece->redacted, details.size()));
    }
  }
  std::string text, refusal;
  for (const auto& part : reply.message.parts)
    if (const auto* piece = std::get_if<ai::TextPart>(&part)) (piece->refusal ? refusal : text) += piece->text;
  if (!text.empty() || (calls.empty() && refusal.empty())) message.content = std::move(text);
  if (!refusal.empty()) message.refusal = std::move(refusal);
  if (!calls.empty()) message.tool_calls = std::move(calls);
  if (!thought.empty()) message.reasoning_content = std::move(thought);
  if (!details.empty()) message.reasoning_details = std::move(details);
  return message;
}

// Frames are put together from what is the same in all of them: a stream has thousands.
class Chunks final : public AnswerTeller {
 public:
  Chunks(AnswerLabel label, bool counted) : counted_(counted) {
    head_ = "data: {\"id\":" + json::write(label.id) +
            ",\"object\":\"chat.completion.chunk\",\"created\":" + json::write(unix_time(label.created_at)) +
            ",\"model\":" + json::write(label.model) +
            ",\"service_tier\":\"default\",\"system_fingerprint\":null,\"choices\":[";
    tail_ = counted ? "],\"usage\":null}\n\n" : "]}\n\n";
  }

  void take(const ai::TextEvents& events, std::string& out) override {
    if (!std::exchange(begun_, true)) chunk(out, R"("role":"assistant","content":"","refusal":null)", "null");
    for (const auto& event : events) std::visit([&](const auto& one) { tell(one, out); }, event);
  }

  void fail(const Error& error, std::string& out) override {
    out += "data: " + OpenAiFormat().failure(error, {}) + "\n\n";
  }

 private:
  void chunk(std::string& out, std::string_view delta, std::string_view reason) {
    out.append(head_).append(R"({"index":0,"delta":{)").append(delta);
    out.append(R"(},"logprobs":null,"finish_reason":)").append(reason).append("}").append(tail_);
  }
  // A chunk of one member that is text.
  void text(std::string& out, std::string_view name, std::string_view text) {
    delta_.assign("\"").append(name).append("\":");
    json::append_quoted(delta_, text);
    chunk(out, delta_, "null");
  }

  void tell(const ai::TextDelta& delta, std::string& out) {
    refused_ = refused_ || delta.refusal;
    text(out, delta.refusal ? "refusal" : "content", delta.text);
  }

  void tell(const ai::ReasoningDelta& delta, std::string& out) {
    if (delta.begins || thoughts_ == 0) ++thoughts_;
    json::object members;
    if (!delta.text.empty()) members["reasoning_content"] = delta.text;
    members["reasoning_details"] =
        json::array{openai_detail(delta.text, delta.signature, delta.redacted, thoughts_ - 1)};
    const std::string object = json::write(members);
    chunk(out, std::string_view(object).substr(1, object.size() - 2), "null");
  }

  void tell(const ai::ToolCallBegin& begin, std::string& out) {
    json::object call = call_of({.id = begin.id, .name = begin.name, .arguments = "", .signature = begin.signature});
    call["index"] = begin.index;
    chunk(out, "\"tool_calls\":[" + json::write(call) + "]", "null");
  }

  void tell(const ai::ToolCallDelta& more, std::string& out) {
    delta_ = "\"tool_calls\":[{\"index\":" + std::to_string(more.index) + ",\"function\":{\"arguments\":";
    json::append_quoted(delta_, more.arguments);
    delta_ += "}}]";
    chunk(out, delta_, "null");
  }

  void tell(const ai::Continued&, std::string&) {}  // nobody here allows it
  void tell(const ai::Finished& end, std::string& out) {
    chunk(out, "", json::write(reason_of(end.finish, refused_)));
    if (counted_) out.append(head_).append("],\"usage\":").append(json::write(usage_of(end.usage))).append("}\n\n");
    out += "data: [DONE]\n\n";
  }

  const bool counted_;
  std::string head_, tail_;
  std::string delta_;  // kept for its memory
  bool begun_ = false, refused_ = false;
  std::size_t thoughts_ = 0;
};

}  // namespace

std::string openai_completion(const ai::TextReply& reply, const AnswerLabel& label) {
  CompletionShown shown{.id = label.id, .created = unix_time(label.created_at), .model = label.model};
  auto message = message_of(reply);
  const bool refused = message.refusal.has_value();
  shown.choices.push_back({.message = std::move(message), .finish_reason = reason_of(reply.finish, refused)});
  shown.usage = usage_of(reply.usage);
  constexpr std::size_t kUsual = 1024;
  std::string out;
  out.reserve(kUsual);
  json::append(out, shown);
  return out;
}

std::unique_ptr<AnswerTeller> openai_teller(AnswerLabel label, bool counted) {
  return std::make_unique<Chunks>(std::move(label), counted);
}

}  // namespace odeon::chat
