// Anthropic's Messages API as its clients speak it: pure translation, the mirror image of the dialect that the gateway
// speaks to Anthropic. Checked against the types of the official SDK (@anthropic-ai/sdk 1.14) and
// platform.claude.com/docs/en/api/versioning.
#pragma once

#include "base/fields.hpp"
#include "engine/ai/text_stream.hpp"
#include "engine/http/format.hpp"
#include "products/chat/apis/question.hpp"
#include "products/chat/told.hpp"

namespace odeon::chat {

enum class AnthropicVersion {
  v2023_06_01,
  v2026_10_21,  // has no temperature, top_p and top_k any more, nor citations in what a user says
};
// By the header anthropic-version; the first where it is empty. Throws Error{invalid}.
AnthropicVersion anthropic_version(std::string_view header);

enum class AnthropicRole { user, assistant, system };
BOOST_DESCRIBE_ENUM(AnthropicRole, user, assistant, system)

struct AnthropicMessage {
  AnthropicRole role = AnthropicRole::user;
  json::value content;  // text, or a list of blocks
};
BOOST_DESCRIBE_STRUCT(AnthropicMessage, (), (role, content))

struct AnthropicTool {
  std::optional<std::string> type;  // custom; others are tools of Anthropic's own
  std::string name;
  std::optional<std::string> description;
  json::value input_schema;
  std::optional<bool> strict;
};
BOOST_DESCRIBE_STRUCT(AnthropicTool, (), (type, name, description, input_schema, strict))

enum class AnthropicChoice { auto_, any, tool, none };
BOOST_DESCRIBE_ENUM(AnthropicChoice, auto_, any, tool, none)

struct AnthropicToolChoice {
  AnthropicChoice type = AnthropicChoice::auto_;
  std::optional<std::string> name;
  std::optional<bool> disable_parallel_tool_use;
};
BOOST_DESCRIBE_STRUCT(AnthropicToolChoice, (), (type, name, disable_parallel_tool_use))

enum class AnthropicThinkingKind { enabled, disabled, adaptive, between_tools };
BOOST_DESCRIBE_ENUM(AnthropicThinkingKind, enabled, disabled, adaptive, between_tools)

struct AnthropicThinking {
  AnthropicThinkingKind type = AnthropicThinkingKind::disabled;
  std::optional<std::int64_t> budget_tokens;
};
BOOST_DESCRIBE_STRUCT(AnthropicThinking, (), (type, budget_tokens))

enum class AnthropicEffort { low, medium, high, xhigh, max };
BOOST_DESCRIBE_ENUM(AnthropicEffort, low, medium, high, xhigh, max)

enum class AnthropicFormKind { json_schema };
BOOST_DESCRIBE_ENUM(AnthropicFormKind, json_schema)

struct AnthropicForm {
  AnthropicFormKind type = AnthropicFormKind::json_schema;
  json::object schema;
};
BOOST_DESCRIBE_STRUCT(AnthropicForm, (), (type, schema))

struct AnthropicOutput {
  std::optional<AnthropicEffort> effort;
  std::optional<AnthropicForm> format;
};
BOOST_DESCRIBE_STRUCT(AnthropicOutput, (), (effort, format))

struct AnthropicRequest {
  Text<1, 200> model;
  List<AnthropicMessage, 1, 10'000> messages;
  std::optional<Int<1, 100'000'000>> max_tokens;
  json::value system;  // text, or a list of blocks
  std::optional<double> temperature, top_p;
  std::optional<std::int64_t> top_k;
  std::optional<List<std::string, 0, 4>> stop_sequences;
  std::optional<bool> stream;
  std::optional<List<AnthropicTool, 0, 128>> tools;
  std::optional<AnthropicToolChoice> tool_choice;
  std::optional<AnthropicThinking> thinking;
  std::optional<AnthropicOutput> output_config;
};
BOOST_DESCRIBE_STRUCT(AnthropicRequest, (),
                      (model, messages, max_tokens, system, temperature, top_p, top_k, stop_sequences, stream, tools,
                       tool_choice, thinking, output_config))

enum class AnthropicPurpose { answer, count };  // who counts needs no limit

// Throws Error{invalid} with every fault by its field.
Question anthropic_question(AnthropicRequest asked, AnthropicVersion version, AnthropicPurpose purpose);

// The answer at once: a message.
std::string anthropic_message(const ai::TextReply& reply, const AnswerLabel& label);
// The answer as it comes: message_start to message_stop.
std::unique_ptr<AnswerTeller> anthropic_teller(AnswerLabel label);
// What keeps a quiet stream alive.
inline constexpr const char* kAnthropicPing = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

// {"type": "error", "error": {type, message}, "request_id"}
class AnthropicFormat final : public http::Format {
 public:
  void open(std::string&, const http::FormatContext&) const override {}
  void close(std::string&, const http::FormatContext&) const override {}
  std::string failure(const Error& error, const http::FormatContext& context) const override;
  void add_headers(http::Headers& headers, const http::FormatContext& context,
                   const http::RateVerdict& rate) const override;
  json::object success_schema(json::object data) const override { return data; }
  json::object failure_schema() const override;
};

}  // namespace odeon::chat
