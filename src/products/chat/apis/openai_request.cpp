#include "products/chat/apis/openai_api.hpp"
#include "products/chat/apis/openai_thoughts.hpp"
#include "products/chat/parts.hpp"

namespace odeon::chat {
namespace {

using ai::ToolChoice;

constexpr std::size_t kMostStops = 4;

bool means_nothing(const json::value& value) {
  return value.is_null() || (value.is_array() && value.get_array().empty());
}

class Reading {
 public:
  // Both outlive it.
  Reading(ChatCompletionRequest& asked, Question& question) : asked_(asked), question_(question) {}

  void read() {
    question_.model = std::move(asked_.model);
    question_.streamed = asked_.stream.value_or(false);
    question_.counted = asked_.stream_options && asked_.stream_options->include_usage.value_or(false);
    refuse_what_is_not_offered();
    sampling();
    stops();
    form();
    tools();
    tool_choice();
    for (std::size_t i = 0; i < asked_.messages.size(); ++i)
      message(asked_.messages[i], "messages[" + std::to_string(i) + "]");
    if (request().messages.empty()) faults_.add("messages", "required", "There is nothing in these.");
    check_tools(question_.request, "function.name", "tool_choice", faults_);
    faults_.raise();
  }

 private:
  ai::TextRequest& request() { return question_.request; }
  void fault(std::string path, std::string message) { faults_.add(std::move(path), "not_allowed", std::move(message)); }

  void refuse_what_is_not_offered() {
    if (asked_.n.value_or(1) != 1) fault("n", "Only one choice is offered.");
    if (asked_.logprobs.value_or(false)) fault("logprobs", "Log probabilities are not offered.");
    if (asked_.top_logprobs.value_or(0) != 0) fault("top_logprobs", "Log probabilities are not offered.");
    if (!means_nothing(asked_.modalities) && asked_.modalities != json::array{"text"})
      fault("modalities", "Only text is offered.");
    if (!means_nothing(asked_.audio)) fault("audio", "Only text is offered.");
    if (!means_nothing(asked_.functions)) fault("functions", "Use tools instead.");
    if (!means_nothing(asked_.function_call)) fault("function_call", "Use tool_choice instead.");
    if (!means_nothing(asked_.web_search_options)) fault("web_search_options", "Searching the web is not offered.");
  }

  void sampling() {
    request().temperature = asked_.temperature;
    request().top_p = asked_.top_p;
    if (const auto t = asked_.temperature; t && !(*t >= 0 && *t <= 2))
      faults_.add("temperature", "range", "This must be between 0 and 2.");
    if (const auto p = asked_.top_p; p && !(*p >= 0 && *p <= 1))
      faults_.add("top_p", "range", "This must be between 0 and 1.");
    const auto& limit = asked_.max_completion_tokens ? asked_.max_completion_tokens : asked_.max_tokens;
    question_.limit_at = asked_.max_completion_tokens ? "max_completion_tokens" : "max_tokens";
    question_.limited = limit.has_value();
    if (limit) request().max_tokens = static_cast<int>(limit->value);
    if (asked_.reasoning_effort) request().effort = effort_of(*asked_.reasoning_effort);
  }
  static ai::Effort effort_of(OpenAiEffort effort) {
    switch (effort) {
      case OpenAiEffort::none:
        return ai::Effort::none;
      case OpenAiEffort::minimal:
      case OpenAiEffort::low:
        return ai::Effort::low;
      case OpenAiEffort::medium:
        return ai::Effort::medium;
      default:
        return ai::Effort::high;
    }
  }

  void stops() {
    if (asked_.stop.is_null()) return;
    const json::array list = asked_.stop.is_array() ? asked_.stop.get_array() : json::array{asked_.stop};
    json::read(request().stop, list, "stop", json::Source::body, faults_);
    if (request().stop.size() > kMostStops) faults_.add("stop", "too_many", "This must have at most 4 entries.");
    std::erase(request().stop, "");
  }

  void form() {
    const auto& form = asked_.response_format;
    if (!form || form->type == OpenAiFormKind::text) return;
    question_.form_at = "response_format";
    request().form.kind = ai::AnswerForm::Kind::json;
    if (form->type == OpenAiFormKind::json_object) return;
    const auto& asked = form->json_schema;
    if (!asked) return faults_.add("response_format.json_schema", "required", "This field is required.");
    request().form = {.kind = ai::AnswerForm::Kind::schema,
                      .name = asked->name,
                      .description = std::string(asked->description.value_or("")),
                      .schema = json::write(asked->schema),
                      .strict = asked->strict.value_or(false)};
  }

  void tools() {
    if (!asked_.tools) return;
    for (auto& tool : *asked_.tools) {
      auto& function = tool.function;
      request().tools.push_back({.name = std::move(function.name),
                                 .description = std::move(function.description).value_or(""),
                                 .parameters = function.parameters ? json::write(*function.parameters) : "",
                                 .strict = function.strict.value_or(false)});
    }
  }

  void tool_choice() {
    auto& choice = request().tool_choice;
    choice.one_at_a_time = !asked_.parallel_tool_calls.value_or(true);
    const auto& wanted = asked_.tool_choice;
    if (wanted.is_null() || wanted == "auto") return;
    if (wanted == "none") {
      choice.mode = ToolChoice::Mode::none;
    } else if (wanted == "required") {
      choice.mode = ToolChoice::Mode::required;
    } else if (text_of(member(&wanted, "type")) == "function") {
      choice.mode = ToolChoice::Mode::named;
      choice.name = text_of(member(&wanted, "function", "name"));
    } else {
      fault("tool_choice", "This must be none, auto, required or a function by its name.");
    }
  }

  void message(OpenAiMessage& message, const std::string& path) {
    switch (message.role) {
      case OpenAiRole::system:
      case OpenAiRole::developer:
        return add(ai::MessageRole::system, content(message.content, path, "text"));
      case OpenAiRole::user:
        return add(ai::MessageRole::user, content(message.content, path, "text or image_url"));
      case OpenAiRole::assistant:
        return assistant(message, path);
      case OpenAiRole::tool:
        return tool_result(message, path);
    }
  }
  void add(ai::MessageRole role, std::vector<ai::Part> parts) {
    request().messages.emplace_back(role, std::move(parts));
  }

  void assistant(OpenAiMessage& message, const std::string& path) {
    auto parts = openai_thoughts(message);
    if (!message.content.is_null())
      for (auto& part : content(message.content, path, "text or refusal")) parts.push_back(std::move(part));
    if (message.refusal && !message.refusal->empty()) parts.emplace_back(ai::TextPart{std::move(*message.refusal)});
    if (message.tool_calls)
      for (auto& call : *message.tool_calls) {
        calls_[call.id] = call.function.name;
        parts.emplace_back(ai::ToolCall{
            .id = call.id,
            .name = std::move(call.function.name),
            .arguments = std::move(call.function.arguments),
            .signature = std::string(text_of(member(&call.extra_content, "google", "thought_signature")))});
      }
    if (parts.empty()) return faults_.add(path + ".content", "required", "This field is required.");
    // Answers may have had no words; a message without anything is none.
    std::erase_if(parts, [](const ai::Part& part) {
      const auto* text = std::get_if<ai::TextPart>(&part);
      return text != nullptr && text->text.empty();
    });
    if (!parts.empty()) add(ai::MessageRole::assistant, std::move(parts));
  }

  // Those that follow each other answer the calls of one message.
  void tool_result(OpenAiMessage& message, const std::string& path) {
    const auto call = message.tool_call_id ? calls_.find(*message.tool_call_id) : calls_.end();
    if (call == calls_.end())
      return fault(path + ".tool_call_id", "This must be the id of a call in a message before.");
    ai::ToolResult result{.id = call->first, .name = call->second};
    for (const auto& part : content(message.content, path, "text"))
      if (const auto* text = std::get_if<ai::TextPart>(&part)) result.content += text->text;
    auto& messages = request().messages;
    if (messages.empty() || messages.back().role != ai::MessageRole::tool) add(ai::MessageRole::tool, {});
    messages.back().parts.emplace_back(std::move(result));
  }

  std::vector<ai::Part> content(const json::value& content, const std::string& message, std::string_view takes) {
    std::vector<ai::Part> parts;
    if (content.is_string()) {
      parts.emplace_back(ai::TextPart{std::string(content.get_string())});
    } else if (const auto* list = content.if_array(); list != nullptr && !list->empty()) {
      for (std::size_t i = 0; i < list->size(); ++i)
        part((*list)[i], fmt::format("{}.content[{}]", message, i), takes, parts);
    } else {
      faults_.add(message + ".content", content.is_null() ? "required" : "type",
                  "This must be text or a list of parts.");
    }
    return parts;
  }

  void part(const json::value& part, const std::string& path, std::string_view takes, std::vector<ai::Part>& parts) {
    const std::string_view type = text_of(member(&part, "type"));
    if (type.empty() || !takes.contains(type)) return fault(path + ".type", fmt::format("This must be {}.", takes));
    if (type == "image_url") return picture(part, path + ".image_url", parts);
    const auto* text = member(&part, type);
    if (text == nullptr || !text->is_string())
      return faults_.add(path + "." + std::string(type), "type", "This must be text.");
    parts.emplace_back(ai::TextPart{std::string(text->get_string())});
  }

  void picture(const json::value& part, const std::string& path, std::vector<ai::Part>& parts) {
    auto picture = picture_at_url(text_of(member(&part, "image_url", "url")));
    if (!picture)
      return fault(path + ".url", "This must be an https address or a data: URL of a PNG, JPEG, WebP or GIF picture.");
    if (const auto* detail = member(&part, "image_url", "detail")) {
      if (*detail != "auto" && *detail != "low" && *detail != "high")
        return fault(path + ".detail", "This must be auto, low or high.");
      if (*detail != "auto") picture->detail = *detail == "low" ? ai::PictureDetail::low : ai::PictureDetail::high;
    }
    if (question_.picture_at.empty()) question_.picture_at = path + ".url";
    parts.emplace_back(std::move(*picture));
  }

  ChatCompletionRequest& asked_;
  Question& question_;
  json::Faults faults_;
  std::map<std::string, std::string> calls_;  // names of tools, by the id of a call
};

}  // namespace

Question openai_question(ChatCompletionRequest asked) {
  Question question;
  Reading(asked, question).read();
  return question;
}

}  // namespace odeon::chat
