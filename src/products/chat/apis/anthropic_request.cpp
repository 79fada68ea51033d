#include "products/chat/apis/anthropic_api.hpp"
#include "products/chat/parts.hpp"

namespace odeon::chat {
namespace {

using ai::ToolChoice;

// How much thinking a budget of tokens is.
constexpr std::int64_t kLowBudget = 4'096, kMediumBudget = 16'384;

ai::Effort effort_of(const AnthropicThinking& thinking) {
  switch (thinking.type) {
    case AnthropicThinkingKind::disabled:
      return ai::Effort::none;
    case AnthropicThinkingKind::enabled: {
      const auto budget = thinking.budget_tokens.value_or(kMediumBudget);
      return budget <= kLowBudget ? ai::Effort::low : budget <= kMediumBudget ? ai::Effort::medium : ai::Effort::high;
    }
    default:
      return ai::Effort::high;  // theirs, where none is said
  }
}

ai::Effort effort_of(AnthropicEffort effort) {
  switch (effort) {
    case AnthropicEffort::low:
      return ai::Effort::low;
    case AnthropicEffort::medium:
      return ai::Effort::medium;
    default:
      return ai::Effort::high;
  }
}

ToolChoice::Mode mode_of(AnthropicChoice choice) {
  switch (choice) {
    case AnthropicChoice::auto_:
      return ToolChoice::Mode::automatic;
    case AnthropicChoice::any:
      return ToolChoice::Mode::required;
    case AnthropicChoice::tool:
      return ToolChoice::Mode::named;
    case AnthropicChoice::none:
      return ToolChoice::Mode::none;
  }
  return ToolChoice::Mode::automatic;
}

class Reading {
 public:
  Reading(AnthropicRequest asked, AnthropicVersion version, AnthropicPurpose purpose)
      : asked_(std::move(asked)), version_(version), purpose_(purpose) {}

  Question question() {
    question_.model = std::move(asked_.model);
    question_.streamed = asked_.stream.value_or(false);
    sampling();
    thinking();
    tools();
    if (!asked_.system.is_null()) add(ai::MessageRole::system, texts(asked_.system, "system"));
    for (std::size_t i = 0; i < asked_.messages.size(); ++i)
      message(asked_.messages[i], fmt::format("messages[{}].content", i));
    if (request().messages.empty()) faults_.add("messages", "required", "There is nothing in these.");
    check_tools(question_.request, "name", "tool_choice", faults_);
    faults_.raise();
    return std::move(question_);
  }

 private:
  ai::TextRequest& request() { return question_.request; }
  void fault(std::string path, std::string message) { faults_.add(std::move(path), "not_allowed", std::move(message)); }

  void sampling() {
    question_.limit_at = "max_tokens";
    question_.limited = asked_.max_tokens.has_value();
    if (asked_.max_tokens)
      request().max_tokens = static_cast<int>(asked_.max_tokens->value);
    else if (purpose_ == AnthropicPurpose::answer)
      faults_.add("max_tokens", "required", "This field is required.");
    if (version_ == AnthropicVersion::v2026_10_21) {
      for (const auto& [name, there] :
           {std::pair("temperature", asked_.temperature.has_value()), std::pair("top_p", asked_.top_p.has_value()),
            std::pair("top_k", asked_.top_k.has_value())})
        if (there) fault(name, "Version 2026-10-21 of the API has no such field.");
    }
    request().temperature = asked_.temperature;
    request().top_p = asked_.top_p;
    for (const auto& [name, value] : {std::pair("temperature", asked_.temperature), std::pair("top_p", asked_.top_p)})
      if (value && !(*value >= 0 && *value <= 1)) faults_.add(name, "range", "This must be between 0 and 1.");
    if (asked_.stop_sequences) request().stop = std::move(*asked_.stop_sequences);
    std::erase(request().stop, "");
  }

  void thinking() {
    if (asked_.thinking) request().effort = effort_of(*asked_.thinking);
    const auto& output = asked_.output_config;
    if (!output) return;
    if (output->effort && request().effort != ai::Effort::none) request().effort = effort_of(*output->effort);
    if (!output->format) return;
    question_.form_at = "output_config.format";
    request().form = {.kind = ai::AnswerForm::Kind::schema,
                      .name = "answer",
                      .schema = json::write(output->format->schema),
                      .strict = true};
  }

  void tools() {
    if (asked_.tools)
      for (std::size_t i = 0; i < asked_.tools->size(); ++i) tool((*asked_.tools)[i], fmt::format("tools[{}]", i));
    if (!asked_.tool_choice) return;
    request().tool_choice = {.mode = mode_of(asked_.tool_choice->type),
                             .name = std::move(asked_.tool_choice->name).value_or(""),
                             .one_at_a_time = asked_.tool_choice->disable_parallel_tool_use.value_or(false)};
  }

  void tool(AnthropicTool& tool, const std::string& path) {
    if (tool.type && *tool.type != "custom") return fault(path + ".type", "Only tools of your own are offered.");
    if (!tool.input_schema.is_object()) return faults_.add(path + ".input_schema", "type", "This must be an object.");
    request().tools.push_back({.name = std::move(tool.name),
                               .description = std::move(tool.description).value_or(""),
                               .parameters = json::write(tool.input_schema),
                               .strict = tool.strict.value_or(false)});
  }

  void add(ai::MessageRole role, std::vector<ai::Part> parts) {
    if (!parts.empty()) request().messages.emplace_back(role, std::move(parts));
  }

  void message(const AnthropicMessage& message, const std::string& path) {
    if (message.role == AnthropicRole::system) return add(ai::MessageRole::system, texts(message.content, path));
    std::vector<ai::Part> parts, results;
    each_block(message.content, path, [&](const json::value& block, const std::string& at) {
      if (message.role == AnthropicRole::assistant)
        assistants(block, at, parts);
      else if (text_of(member(&block, "type")) == "tool_result")
        tool_result(block, at, parts, results);
      else
        users(block, at, parts);
    });
    add(ai::MessageRole::tool, std::move(results));
    add(message.role == AnthropicRole::user ? ai::MessageRole::user : ai::MessageRole::assistant, std::move(parts));
  }

  // Text alone is a block, too.
  template <class Take>
  void each_block(const json::value& content, const std::string& path, const Take& take) {
    if (content.is_string()) return take(json::object{{"type", "text"}, {"text", content}}, path);
    const auto* list = content.if_array();
    if (list == nullptr)
      return faults_.add(path, content.is_null() ? "required" : "type", "This must be text or a list of blocks.");
    for (std::size_t i = 0; i < list->size(); ++i) take((*list)[i], fmt::format("{}[{}]", path, i));
  }

  std::vector<ai::Part> texts(const json::value& content, const std::string& path) {
    std::vector<ai::Part> parts;
    each_block(content, path, [&](const json::value& block, const std::string& at) {
      if (text_of(member(&block, "type")) != "text") return fault(at + ".type", "This must be text.");
      text(block, at, parts);
    });
    return parts;
  }

  void text(const json::value& block, const std::string& path, std::vector<ai::Part>& parts) {
    std::string text = required(block, "text", path);
    if (!text.empty()) parts.emplace_back(ai::TextPart{std::move(text)});
  }

  void users(const json::value& block, const std::string& path, std::vector<ai::Part>& parts) {
    const auto type = text_of(member(&block, "type"));
    if (type == "text") {
      if (version_ == AnthropicVersion::v2026_10_21 && member(&block, "citations") != nullptr)
        fault(path + ".citations", "Version 2026-10-21 of the API has no such field in what a user says.");
      return text(block, path, parts);
    }
    if (type != "image") return fault(path + ".type", "This must be text, image or tool_result.");
    const auto* source = member(&block, "source");
    const auto kind = text_of(member(source, "type"));
    std::optional<ai::Picture> picture;
    if (kind == "base64") picture = picture_of(text_of(member(source, "media_type")), text_of(member(source, "data")));
    if (kind == "url" && text_of(member(source, "url")).starts_with("https://"))
      picture = picture_at_url(text_of(member(source, "url")));
    if (!picture)
      return fault(path + ".source", "This must be an https address or base64 of a PNG, JPEG, WebP or GIF picture.");
    if (question_.picture_at.empty()) question_.picture_at = path + ".source";
    parts.emplace_back(std::move(*picture));
  }

  void assistants(const json::value& block, const std::string& path, std::vector<ai::Part>& parts) {
    const auto type = text_of(member(&block, "type"));
    if (type == "text") return text(block, path, parts);
    if (type == "thinking") {
      parts.emplace_back(ai::Reasoning{.text = std::string(text_of(member(&block, "thinking"))),
                                       .signature = std::string(text_of(member(&block, "signature")))});
    } else if (type == "redacted_thinking") {
      parts.emplace_back(ai::Reasoning{.text = "", .signature = required(block, "data", path), .redacted = true});
    } else if (type == "tool_use") {
      const auto* input = member(&block, "input");
      if (input == nullptr || !input->is_object())
        return faults_.add(path + ".input", "type", "This must be an object.");
      ai::ToolCall call{.id = required(block, "id", path),
                        .name = required(block, "name", path),
                        .arguments = json::write(*input),
                        .signature = std::string(text_of(member(&block, "signature")))};
      calls_[call.id] = call.name;
      parts.emplace_back(std::move(call));
    } else {
      fault(path + ".type", "This must be text, thinking, redacted_thinking or tool_use.");
    }
  }

  // Pictures in a result follow it as the user's.
  void tool_result(const json::value& block, const std::string& path, std::vector<ai::Part>& pictures,
                   std::vector<ai::Part>& results) {
    const auto call = calls_.find(std::string(text_of(member(&block, "tool_use_id"))));
    if (call == calls_.end())
      return fault(path + ".tool_use_id", "This must be the id of a tool_use in a message before.");
    const auto* failed = member(&block, "is_error");
    ai::ToolResult result{
        .id = call->first, .name = call->second, .failed = failed != nullptr && *failed == json::value(true)};
    if (const auto* content = member(&block, "content"))
      each_block(*content, path + ".content", [&](const json::value& inner, const std::string& at) {
        std::vector<ai::Part> parts;
        users(inner, at, parts);
        for (auto& part : parts)
          if (const auto* said = std::get_if<ai::TextPart>(&part))
            result.content += said->text;
          else
            pictures.push_back(std::move(part));
      });
    results.emplace_back(std::move(result));
  }

  std::string required(const json::value& block, std::string_view name, const std::string& path) {
    const auto* found = member(&block, name);
    if (found == nullptr || !found->is_string())
      faults_.add(path + "." + std::string(name), found == nullptr ? "required" : "type", "This must be text.");
    return std::string(text_of(found));
  }

  AnthropicRequest asked_;
  const AnthropicVersion version_;
  const AnthropicPurpose purpose_;
  Question question_;
  json::Faults faults_;
  std::map<std::string, std::string> calls_;  // names of tools, by the id of a call
};

}  // namespace

AnthropicVersion anthropic_version(std::string_view header) {
  if (header.empty() || header == "2023-06-01") return AnthropicVersion::v2023_06_01;
  if (header == "2026-10-21") return AnthropicVersion::v2026_10_21;
  throw fault_at("anthropic-version", "not_allowed", "This must be 2023-06-01 or 2026-10-21.");
}

Question anthropic_question(AnthropicRequest asked, AnthropicVersion version, AnthropicPurpose purpose) {
  return Reading(std::move(asked), version, purpose).question();
}

}  // namespace odeon::chat
