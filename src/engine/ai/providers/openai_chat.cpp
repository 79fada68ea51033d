#include "engine/ai/providers/openai_chat.hpp"

#include "engine/ai/providers/openai_chat_answer.hpp"
#include "engine/ai/providers/openai_chat_messages.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

std::string_view effort_name(Effort effort) {
  switch (effort) {
    case Effort::low:
      return "low";
    case Effort::medium:
      return "medium";
    case Effort::high:
      return "high";
    case Effort::none:
    case Effort::unset:
      break;
  }
  return "none";
}

void write_effort(bj::object& body, Effort effort, OpenAiFlavour::EffortField field) {
  const std::string_view name = effort_name(effort);
  switch (field) {
    case OpenAiFlavour::EffortField::none:
      return;
    case OpenAiFlavour::EffortField::reasoning_effort:
      body["reasoning_effort"] = name;
      return;
    case OpenAiFlavour::EffortField::reasoning:
      body["reasoning"] = bj::object{{"effort", name}};
      return;
    case OpenAiFlavour::EffortField::thinking:
      body["thinking"] = bj::object{{"type", effort == Effort::none ? "disabled" : "enabled"}};
      if (effort != Effort::none) body["reasoning_effort"] = name;
  }
}

bj::array tools_of(const std::vector<Tool>& tools) {
  bj::array list;
  for (const auto& tool : tools) {
    bj::object parameters = wire::object_or_empty(tool.parameters);
    // Some ask for a schema also where there is nothing to say.
    if (parameters.empty()) parameters = {{"type", "object"}, {"properties", bj::object()}};
    bj::object function{{"name", tool.name}, {"parameters", std::move(parameters)}};
    if (!tool.description.empty()) function["description"] = tool.description;
    if (tool.strict) function["strict"] = true;
    list.push_back(bj::object{{"type", "function"}, {"function", std::move(function)}});
  }
  return list;
}

void write_choice(bj::object& body, const ToolChoice& choice) {
  switch (choice.mode) {
    case ToolChoice::Mode::automatic:
      break;
    case ToolChoice::Mode::none:
      body["tool_choice"] = "none";
      break;
    case ToolChoice::Mode::required:
      body["tool_choice"] = "required";
      break;
    case ToolChoice::Mode::named:
      body["tool_choice"] = bj::object{{"type", "function"}, {"function", bj::object{{"name", choice.name}}}};
  }
  if (choice.one_at_a_time) body["parallel_tool_calls"] = false;
}

void write_form(bj::object& body, const AnswerForm& form, const OpenAiFlavour& flavour) {
  if (form.kind == AnswerForm::Kind::text) return;
  if (form.kind == AnswerForm::Kind::schema && flavour.schemas) {
    body["response_format"] = bj::object{{"type", "json_schema"},
                                         {"json_schema", bj::object{{"name", form.name.empty() ? "answer" : form.name},
                                                                    {"schema", wire::object_or_empty(form.schema)},
                                                                    {"strict", true}}}};
    return;
  }
  body["response_format"] = bj::object{{"type", "json_object"}};
  if (form.kind == AnswerForm::Kind::schema)
    body["messages"].as_array().push_back(
        bj::object{{"role", "system"}, {"content", "Answer with JSON that matches this JSON Schema: " + form.schema}});
}

}  // namespace

WireRequest OpenAiChat::write(const TextRequest& request, const ModelTraits& model, bool streamed) const {
  bj::object body{{"model", model.id}, {"stream", streamed}};
  body["messages"] = openai_messages(request.messages, flavour_, model);
  const bool new_limit = flavour_.max_completion_tokens && !model.classic_limit;
  const std::int64_t most = model.max_output > 0 ? model.max_output : request.max_tokens;
  body[new_limit ? "max_completion_tokens" : "max_tokens"] = std::min<std::int64_t>(request.max_tokens, most);
  if (!model.thinks) {
    if (request.temperature) body["temperature"] = *request.temperature;
    if (request.top_p) body["top_p"] = *request.top_p;
  } else if (request.effort != Effort::unset) {
    write_effort(body, request.effort, flavour_.effort);
  }
  if (!request.stop.empty()) body["stop"] = bj::array(request.stop.begin(), request.stop.end());
  if (!request.tools.empty()) {
    body["tools"] = tools_of(request.tools);
    write_choice(body, request.tool_choice);
  }
  write_form(body, request.form, flavour_);
  if (streamed && flavour_.stream_options) body["stream_options"] = bj::object{{"include_usage", true}};
  return {.path = "/chat/completions", .headers = {}, .body = bj::serialize(body)};
}

TextReply OpenAiChat::read(std::string_view body, const std::string& provider) const {
  TextEvents events;
  wire::Scratch memory;
  OpenAiChatAnswer(provider).whole(wire::object_of(body, provider, memory), events);
  ReplyBuilder builder;
  for (const auto& event : events) builder.take(event);
  return std::move(builder).finish();
}

std::unique_ptr<StreamTranslator> OpenAiChat::translator(const std::string& provider) const {
  return std::make_unique<OpenAiChatAnswer>(provider);
}

}  // namespace odeon::ai
