// OpenAI's chat completions as their clients speak them: pure translation, the mirror image of the dialect that the
// gateway speaks to OpenAI. Checked against the types of the official SDK (openai 6.49).
//
// What others have added to the protocol is spoken too, so that nothing is lost on the way: thoughts as
// `reasoning_content` (DeepSeek's name) and, with their signatures, `reasoning_details` (OpenRouter's); the signature
// of a call as `extra_content.google.thought_signature` (Google's). A client that sends an assistant's message back as
// it came keeps all of it.
#pragma once

#include "base/fields.hpp"
#include "engine/ai/text_stream.hpp"
#include "engine/http/format.hpp"
#include "products/chat/apis/question.hpp"
#include "products/chat/told.hpp"

namespace odeon::chat {

struct OpenAiFunctionCall {
  std::string name;
  std::string arguments;
};
BOOST_DESCRIBE_STRUCT(OpenAiFunctionCall, (), (name, arguments))

struct OpenAiToolCall {
  Text<1, 512> id;
  OpenAiFunctionCall function;
  json::value extra_content;
};
BOOST_DESCRIBE_STRUCT(OpenAiToolCall, (), (id, function, extra_content))

enum class OpenAiRole { system, developer, user, assistant, tool };
BOOST_DESCRIBE_ENUM(OpenAiRole, system, developer, user, assistant, tool)

struct OpenAiMessage {
  OpenAiRole role = OpenAiRole::user;
  json::value content;  // text, or a list of parts
  std::optional<std::string> refusal;
  std::optional<std::vector<OpenAiToolCall>> tool_calls;
  std::optional<Text<1, 512>> tool_call_id;
  std::optional<std::string> reasoning_content;
  std::optional<std::vector<json::value>> reasoning_details;
};
BOOST_DESCRIBE_STRUCT(OpenAiMessage, (),
                      (role, content, refusal, tool_calls, tool_call_id, reasoning_content, reasoning_details))

struct OpenAiFunction {
  std::string name;
  std::optional<std::string> description;
  std::optional<json::object> parameters;
  std::optional<bool> strict;
};
BOOST_DESCRIBE_STRUCT(OpenAiFunction, (), (name, description, parameters, strict))

enum class OpenAiToolKind { function };
BOOST_DESCRIBE_ENUM(OpenAiToolKind, function)

struct OpenAiTool {
  OpenAiToolKind type = OpenAiToolKind::function;
  OpenAiFunction function;
};
BOOST_DESCRIBE_STRUCT(OpenAiTool, (), (type, function))

struct OpenAiStreamOptions {
  std::optional<bool> include_usage;
};
BOOST_DESCRIBE_STRUCT(OpenAiStreamOptions, (), (include_usage))

struct OpenAiSchema {
  Text<1, 64> name;
  std::optional<Text<0, 10'000>> description;
  json::object schema;
  std::optional<bool> strict;
};
BOOST_DESCRIBE_STRUCT(OpenAiSchema, (), (name, description, schema, strict))

enum class OpenAiFormKind { text, json_object, json_schema };
BOOST_DESCRIBE_ENUM(OpenAiFormKind, text, json_object, json_schema)

struct OpenAiForm {
  OpenAiFormKind type = OpenAiFormKind::text;
  std::optional<OpenAiSchema> json_schema;
};
BOOST_DESCRIBE_STRUCT(OpenAiForm, (), (type, json_schema))

enum class OpenAiEffort { none, minimal, low, medium, high, xhigh, max };
BOOST_DESCRIBE_ENUM(OpenAiEffort, none, minimal, low, medium, high, xhigh, max)

struct ChatCompletionRequest {
  Text<1, 200> model;
  List<OpenAiMessage, 1, 10'000> messages;
  std::optional<Int<1, 100'000'000>> max_tokens, max_completion_tokens;
  std::optional<double> temperature, top_p;
  json::value stop;  // text, or a list of up to four
  std::optional<bool> stream;
  std::optional<OpenAiStreamOptions> stream_options;
  std::optional<List<OpenAiTool, 0, 128>> tools;
  json::value tool_choice;  // none, auto, required, or a function by its name
  std::optional<bool> parallel_tool_calls;
  std::optional<OpenAiForm> response_format;
  std::optional<OpenAiEffort> reasoning_effort;
  // What would change the answer, and is not offered: only what means nothing is taken.
  std::optional<std::int64_t> n, top_logprobs;
  std::optional<bool> logprobs;
  json::value modalities, audio, functions, function_call, web_search_options;
};
BOOST_DESCRIBE_STRUCT(ChatCompletionRequest, (),
                      (model, messages, max_tokens, max_completion_tokens, temperature, top_p, stop, stream,
                       stream_options, tools, tool_choice, parallel_tool_calls, response_format, reasoning_effort, n,
                       top_logprobs, logprobs, modalities, audio, functions, function_call, web_search_options))

// Throws Error{invalid} with every fault by its field.
Question openai_question(ChatCompletionRequest asked);

// The answer at once: a chat.completion.
std::string openai_completion(const ai::TextReply& reply, const AnswerLabel& label);
// The answer as it comes: chat.completion.chunks, and [DONE] at the end of what is whole.
std::unique_ptr<AnswerTeller> openai_teller(AnswerLabel label, bool counted);

// {"error": {message, type, param, code}}, and the limits under OpenAI's names.
class OpenAiFormat final : public http::Format {
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
