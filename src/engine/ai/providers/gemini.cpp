#include "engine/ai/providers/gemini.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/ai/providers/gemini_answer.hpp"
#include "engine/ai/providers/gemini_call.hpp"
#include "engine/ai/providers/gemini_contents.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/sse_translator.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

// ---- asking ----------------------------------------------------------------------------------------

// Since Gemini 3, thinking has levels instead of a budget, calls of tools must be signed, and a temperature makes
// models repeat themselves.
int budget_of(Effort effort, std::string_view id) {
  switch (effort) {
    case Effort::none:
      return id.find("-pro") != std::string_view::npos ? 128 : 0;  // as little as that one can
    case Effort::low:
      return 1024;
    case Effort::high:
      return 24'576;
    case Effort::unset:
    case Effort::medium:
      break;
  }
  return 8192;
}

bj::object thinking_of(Effort effort, std::string_view id) {
  bj::object thinking;
  if (!is_gemini_3(id))
    thinking["thinkingBudget"] = budget_of(effort, id);
  else  // not to think at all, or "minimal", is what only some can
    thinking["thinkingLevel"] = effort == Effort::high ? "HIGH" : effort == Effort::medium ? "MEDIUM" : "LOW";
  if (effort != Effort::none) thinking["includeThoughts"] = true;
  return thinking;
}

// Google knows no `const`: the one value there is to choose from says the same.
void adapt(bj::value& schema) {
  auto* object = schema.if_object();
  if (object == nullptr) return;
  const auto each = [](bj::value* list) {
    if (list != nullptr && list->is_array())
      for (auto& one : list->get_array()) adapt(one);
    if (list != nullptr && list->is_object())
      for (auto& one : list->get_object()) adapt(one.value());
  };
  if (auto* only = object->if_contains("const")) {
    bj::array choice{std::move(*only)};
    object->erase("const");
    (*object)["enum"] = std::move(choice);
  }
  for (const auto* name : {"properties", "$defs", "definitions", "anyOf", "oneOf", "allOf", "prefixItems"})
    each(object->if_contains(name));
  for (const auto* name : {"items", "additionalProperties"})
    if (auto* inner = object->if_contains(name)) adapt(*inner);
}

bj::value schema_of(std::string_view text) {
  bj::value schema = wire::object_or_empty(text);
  adapt(schema);
  return schema;
}

bj::object generation_of(const TextRequest& request, const ModelTraits& model, int room_to_think) {
  std::int64_t most = std::int64_t{request.max_tokens} + room_to_think;
  if (model.max_output > 0) most = std::min(most, model.max_output);
  bj::object config{{"maxOutputTokens", most}};
  if (request.temperature && !(model.thinks && is_gemini_3(model.id))) config["temperature"] = *request.temperature;
  if (request.top_p) config["topP"] = *request.top_p;
  if (!request.stop.empty()) config["stopSequences"] = bj::value_from(request.stop);
  if (request.form.kind != AnswerForm::Kind::text) config["responseMimeType"] = "application/json";
  if (request.form.kind == AnswerForm::Kind::schema) config["responseJsonSchema"] = schema_of(request.form.schema);
  if (model.thinks && request.effort != Effort::unset) config["thinkingConfig"] = thinking_of(request.effort, model.id);
  return config;
}

bj::object declaration_of(const Tool& tool) {
  bj::object declared{{"name", tool.name}};
  if (!tool.description.empty()) declared["description"] = tool.description;
  if (!tool.parameters.empty()) declared["parametersJsonSchema"] = schema_of(tool.parameters);
  return declared;
}

bj::object calling_of(const TextRequest& request) {
  const ToolChoice& choice = request.tool_choice;
  switch (choice.mode) {
    case ToolChoice::Mode::none:
      return {{"mode", "NONE"}};
    case ToolChoice::Mode::required:
      return {{"mode", "ANY"}};
    case ToolChoice::Mode::named:
      return {{"mode", "ANY"}, {"allowedFunctionNames", bj::array{choice.name}}};
    case ToolChoice::Mode::automatic:
      break;
  }
  return {{"mode", std::ranges::any_of(request.tools, &Tool::strict) ? "VALIDATED" : "AUTO"}};
}

void put_tools(bj::object& body, const TextRequest& request) {
  if (request.tools.empty()) return;
  if (request.tool_choice.one_at_a_time && request.tool_choice.mode != ToolChoice::Mode::none)
    throw Error(Fault::invalid, kUnsupported, "This model cannot be kept from calling tools side by side.");
  bj::array declared;
  for (const auto& tool : request.tools) declared.push_back(declaration_of(tool));
  body["tools"] = bj::array{bj::object{{"functionDeclarations", std::move(declared)}}};
  body["toolConfig"] = bj::object{{"functionCallingConfig", calling_of(request)}};
}

// ---- answers ---------------------------------------------------------------------------------------

// An answer, be it one object or a stream of them, each with further parts.
class Answer {
 public:
  void take(const bj::object& response, TextEvents& events) {
    counts_.take(wire::member(response, "usageMetadata"));
    if (const auto id = wire::text_of(wire::member(response, "responseId")); !id.empty()) id_ = id;
    if (is_blocked(response)) finish_ = Finish::declined;
    for (const auto& candidate : wire::list_of(wire::member(response, "candidates"))) {
      if (wire::count_of(wire::member(&candidate, "index")) != 0) continue;
      for (const auto& part : wire::list_of(wire::member(&candidate, "content", "parts"))) take_part(part, events);
      take_reason(wire::text_of(wire::member(&candidate, "finishReason")));
    }
  }

  Usage usage() const { return counts_.usage(); }
  const std::string& id() const { return id_; }
  // Nothing until the model has said why it stopped.
  std::optional<Finish> finish() const {
    return finish_ == Finish::stop && calls_ > 0 ? std::optional(Finish::tool_calls) : finish_;
  }
  // The model's reason, where it is a fault.
  const std::string& fault() const { return fault_; }

 private:
  void take_part(const bj::value& part, TextEvents& events) {
    std::string signature(wire::text_of(wire::member(&part, "thoughtSignature")));
    if (!signature.empty()) signature.insert(0, kGoogleSigned);
    if (const auto* call = wire::member(&part, "functionCall")) {
      take_call(*call, std::move(signature), events);
      return;
    }
    const auto* said = wire::member(&part, "text");
    if (said == nullptr) return;
    std::string text(wire::text_of(said));
    if (const auto* thought = wire::member(&part, "thought"); thought != nullptr && *thought == bj::value(true)) {
      if (text.empty() && signature.empty()) return;
      const bool begins = !std::exchange(thinking_, signature.empty());
      events.emplace_back(ReasoningDelta{std::move(text), std::move(signature), false, begins});
      return;
    }
    if (text.empty() && signature.empty()) return;
    thinking_ = false;
    if (!text.empty()) events.emplace_back(TextDelta{std::move(text)});
    if (!signature.empty()) events.emplace_back(ReasoningDelta{"", std::move(signature), true, true});
  }

  void take_call(const bj::value& call, std::string signature, TextEvents& events) {
    const auto name = wire::text_of(wire::member(&call, "name"));
    if (name.empty()) return;
    thinking_ = false;
    std::string id(wire::text_of(wire::member(&call, "id")));
    if (id.empty()) id = id_.empty() ? fmt::format("call_{}", calls_) : fmt::format("call_{}_{}", id_, calls_);
    events.emplace_back(ToolCallBegin{calls_, std::move(id), std::string(name), std::move(signature)});
    const auto* arguments = wire::member(&call, "args");
    events.emplace_back(
        ToolCallDelta{calls_++, arguments != nullptr && arguments->is_object() ? bj::serialize(*arguments) : "{}"});
  }

  void take_reason(std::string_view reason) {
    if (reason.empty() || reason == "FINISH_REASON_UNSPECIFIED") return;
    if (reason == "STOP")
      finish_ = Finish::stop;
    else if (reason == "MAX_TOKENS" || reason == "CONTINUATION")
      finish_ = Finish::length;
    else if (is_withheld(reason))
      finish_ = Finish::declined;
    else
      fault_ = reason;
  }

  GeminiCounts counts_;
  std::string id_, fault_;
  std::optional<Finish> finish_;
  std::size_t calls_ = 0;
  bool thinking_ = false;  // the thought before has not ended
};

class GeminiStream final : public SseTranslator {
 public:
  using SseTranslator::SseTranslator;

 protected:
  void event(const http::ServerSentEvent& event, TextEvents& events) override {
    wire::Scratch memory;
    const auto response = object_in(event.data, memory);
    if (const auto* error = wire::member(response, "error")) fail(error_in_answer(*error, provider_));
    answer_.take(response, events);
    usage_ = answer_.usage();
    id_ = answer_.id();
    if (!answer_.fault().empty()) fail(stopped_early(answer_.fault(), provider_));
    finish_ = answer_.finish().value_or(Finish::stop);
  }
  // There is no other end: a reason to stop may be followed by counts, and some send it ahead of text.
  bool ends_by_closing() const override { return answer_.finish().has_value(); }

 private:
  Answer answer_;
};

}  // namespace

Gemini Gemini::studio() {
  return Gemini(kStudioModels, true);
}

Gemini Gemini::vertex(std::string_view project, std::string_view location) {
  return Gemini(vertex_models(project, location), false);
}

int Gemini::room_to_think(const TextRequest& request, const ModelTraits& model) const {
  if (!model.thinks) return 0;
  const bool always = request.effort == Effort::none && is_gemini_3(model.id);
  return budget_of(always ? Effort::low : request.effort, model.id);
}

WireRequest Gemini::write(const TextRequest& request, const ModelTraits& model, bool streamed) const {
  bj::object body;
  GeminiContents contents({.call_ids = call_ids_, .signed_calls = is_gemini_3(model.id)});
  for (const auto& message : request.messages) contents.add(message);
  std::move(contents).put_into(body);
  put_tools(body, request);
  body["generationConfig"] = generation_of(request, model, room_to_think(request, model));
  return {.path = models_ + text::percent_encode(model.id) +
                  (streamed ? ":streamGenerateContent?alt=sse" : ":generateContent"),
          .body = bj::serialize(body)};
}

TextReply Gemini::read(std::string_view body, const std::string& provider) const {
  const auto response = wire::object_of(body, provider);
  if (const auto* error = wire::member(response, "error")) throw error_in_answer(*error, provider);
  Answer answer;
  TextEvents events;
  answer.take(response, events);
  const auto fail = [&](Error error) {
    if (answer.usage().anything()) throw FailedAfterUse(std::move(error), answer.usage());
    throw error;
  };
  if (!answer.fault().empty()) fail(stopped_early(answer.fault(), provider));
  if (!answer.finish()) fail(unusable("BAD_ANSWER", provider, "no candidate that has ended"));
  events.emplace_back(Finished{*answer.finish(), answer.usage(), answer.id()});
  ReplyBuilder reply;
  for (const auto& event : events) reply.take(event);
  return std::move(reply).finish();
}

std::unique_ptr<StreamTranslator> Gemini::translator(const std::string& provider) const {
  return std::make_unique<GeminiStream>(provider);
}

}  // namespace odeon::ai
