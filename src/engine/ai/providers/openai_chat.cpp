#include "engine/ai/providers/openai_chat.hpp"

#include "base/text.hpp"
#include "engine/ai/providers/openai_chat_answer.hpp"
#include "engine/ai/providers/openai_chat_messages.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

constexpr std::size_t kUsualBody = 512, kUsualEvents = 2;

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

void write_effort(wire::ObjectWriter& body, Effort effort, OpenAiFlavour::EffortField field) {
  const std::string_view name = effort_name(effort);
  switch (field) {
    case OpenAiFlavour::EffortField::none:
      return;
    case OpenAiFlavour::EffortField::reasoning_effort:
      body.add("reasoning_effort", name);
      return;
    case OpenAiFlavour::EffortField::reasoning:
      body.add("reasoning", bj::object{{"effort", name}});
      return;
    case OpenAiFlavour::EffortField::thinking:
      body.add("thinking", bj::object{{"type", effort == Effort::none ? "disabled" : "enabled"}});
      if (effort != Effort::none) body.add("reasoning_effort", name);
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

void write_choice(wire::ObjectWriter& body, const ToolChoice& choice) {
  switch (choice.mode) {
    case ToolChoice::Mode::automatic:
      break;
    case ToolChoice::Mode::none:
      body.add("tool_choice", "none");
      break;
    case ToolChoice::Mode::required:
      body.add("tool_choice", "required");
      break;
    case ToolChoice::Mode::named:
      body.add("tool_choice", bj::object{{"type", "function"}, {"function", bj::object{{"name", choice.name}}}});
  }
  if (choice.one_at_a_time) body.add("parallel_tool_calls", false);
}

// Whether the schema can only be told in words.
bool tells_schema(const AnswerForm& form, const OpenAiFlavour& flavour) {
  return form.kind == AnswerForm::Kind::schema && !flavour.schemas;
}

void write_form(wire::ObjectWriter& body, const AnswerForm& form, const OpenAiFlavour& flavour) {
  if (form.kind == AnswerForm::Kind::text) return;
  if (form.kind == AnswerForm::Kind::json || tells_schema(form, flavour))
    return body.add("response_format", bj::object{{"type", "json_object"}});
  bj::object schema{{"name", form.name.empty() ? "answer" : form.name}, {"schema", wire::object_or_empty(form.schema)}};
  if (!form.description.empty()) schema["description"] = form.description;
  if (form.strict) schema["strict"] = true;
  body.add("response_format", bj::object{{"type", "json_schema"}, {"json_schema", std::move(schema)}});
}

}  // namespace

WireRequest OpenAiChat::write(const TextRequest& request, const ModelTraits& model, bool streamed) const {
  WireRequest written{.path = "/chat/completions", .headers = {}, .body = {}};
  written.body.reserve(kUsualBody);
  wire::ObjectWriter body(written.body);
  body.add("model", model.id);
  body.add("stream", streamed);
  if (tells_schema(request.form, flavour_)) {
    auto messages = request.messages;
    messages.emplace_back(MessageRole::system,
                          "Answer with JSON that matches this JSON Schema: " + request.form.schema);
    write_openai_messages(body.member("messages"), messages, flavour_, model);
  } else {
    write_openai_messages(body.member("messages"), request.messages, flavour_, model);
  }
  const bool new_limit = flavour_.max_completion_tokens && !model.classic_limit;
  const std::int64_t most = model.max_output > 0 ? model.max_output : request.max_tokens;
  body.add(new_limit ? "max_completion_tokens" : "max_tokens", std::min<std::int64_t>(request.max_tokens, most));
  if (!model.thinks) {
    if (request.temperature) body.add("temperature", *request.temperature);
    if (request.top_p) body.add("top_p", *request.top_p);
  } else if (request.effort != Effort::unset) {
    write_effort(body, request.effort, flavour_.effort);
  }
  if (!request.stop.empty()) body.add("stop", request.stop);
  if (!request.tools.empty()) {
    body.add("tools", tools_of(request.tools));
    write_choice(body, request.tool_choice);
  }
  write_form(body, request.form, flavour_);
  if (streamed && flavour_.stream_options) body.add("stream_options", bj::object{{"include_usage", true}});
  body.close();
  return written;
}

TextReply OpenAiChat::read(std::string_view body, const std::string& provider) const {
  const wire::Document document(text::trim(body));
  if (!document.root().is_object())
    throw unusable("BAD_ANSWER", provider, body.empty() ? "empty" : "not a JSON object");
  TextEvents events;
  events.reserve(kUsualEvents);
  OpenAiChatAnswer(provider).whole(document.root(), events);
  ReplyBuilder builder;
  for (auto& event : events) builder.take(std::move(event));
  return std::move(builder).finish();
}

std::unique_ptr<StreamTranslator> OpenAiChat::translator(const std::string& provider) const {
  return std::make_unique<OpenAiChatAnswer>(provider);
}

}  // namespace odeon::ai
