#include "products/chat/apis/question.hpp"

#include "base/crypto.hpp"
#include "engine/ai/books.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kLongestUrl = 8192, kLongestToolName = 64, kUnknownNameShown = 100;
// Of an answer, where the client sets no limit: as much is held of the budget until it is there.
constexpr std::int64_t kLargestUsualOutput = 32'768;

bool is_picture_part(std::string_view media_type) {
  constexpr std::string_view known[] = {"image/png", "image/jpeg", "image/webp", "image/gif"};
  return std::ranges::find(known, media_type) != std::end(known);
}

bool is_tool_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestToolName && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// The card of a model that the catalogue does not know: "provider/id".
ai::ModelCard uncatalogued(const std::string& name, ai::ModelKind kind) {
  const auto slash = name.find('/');
  ai::ModelCard card{.name = name, .kind = kind};
  card.offers.push_back(
      {.provider = name.substr(0, slash), .id = slash == std::string::npos ? "" : name.substr(slash + 1), .price = {}});
  return card;
}

}  // namespace

std::optional<ai::Picture> picture_of(std::string_view media_type, std::string_view base64) {
  std::string type = text::to_lower(media_type);
  if (type == "image/jpg") type = "image/jpeg";
  if (!is_picture_part(type)) return std::nullopt;
  auto bytes = crypto::from_base64(base64);
  if (!bytes || bytes->empty()) return std::nullopt;
  return ai::Picture{.media_type = std::move(type), .bytes = std::move(*bytes), .url = ""};
}

std::optional<ai::Picture> picture_at_url(std::string_view url) {
  constexpr std::string_view data = "data:", base64 = ";base64";
  if (url.starts_with("https://") && url.size() <= kLongestUrl)
    return ai::Picture{.media_type = "", .bytes = "", .url = std::string(url)};
  const auto comma = url.find(',');
  if (!url.starts_with(data) || comma == std::string_view::npos) return std::nullopt;
  std::string_view type = url.substr(data.size(), comma - data.size());
  if (!type.ends_with(base64)) return std::nullopt;
  type.remove_suffix(base64.size());
  return picture_of(type.substr(0, type.find(';')), url.substr(comma + 1));
}

void check_tools(const ai::TextRequest& request, std::string_view name_at, std::string_view choice_at,
                 json::Faults& faults) {
  std::vector<std::string_view> names;
  for (const auto& tool : request.tools) {
    const std::string path = fmt::format("tools[{}].{}", names.size(), name_at);
    if (!is_tool_name(tool.name))
      faults.add(path, "not_allowed", "This must be 1 to 64 letters, digits, _ and -.");
    else if (std::ranges::find(names, tool.name) != names.end())
      faults.add(path, "not_allowed", "Two tools have this name.");
    names.push_back(tool.name);
  }
  const auto& choice = request.tool_choice;
  const bool named = choice.mode == ai::ToolChoice::Mode::named;
  if ((named || choice.mode == ai::ToolChoice::Mode::required) && names.empty())
    faults.add(std::string(choice_at), "not_allowed", "There are no tools to choose from.");
  else if (named && std::ranges::find(names, choice.name) == names.end())
    faults.add(std::string(choice_at), "not_allowed", "This is none of the tools.");
}

Error fault_at(std::string path, std::string code, std::string message) {
  return Error(Fault::invalid, code, message).with_fields({{std::move(path), code, message}});
}

OfferedModels::OfferedModels(const ai::Gateway& gateway, ai::ModelKind kind) {
  for (const auto* card : gateway.models(kind)) cards_.push_back(*card);
  // Of text the catalogue has to say what a model can; of the others their name is enough.
  if (kind != ai::ModelKind::text)
    for (const auto& name : gateway.names(kind))
      if (gateway.catalogue().offer(name) == nullptr) cards_.push_back(uncatalogued(name, kind));
  for (std::size_t i = 0; i < cards_.size(); ++i) by_name_.emplace(cards_[i].name, i);
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    for (const auto& alias : cards_[i].aliases) by_name_.emplace(alias, i);
    for (const auto& offer : cards_[i].offers) by_name_.emplace(offer.name(), i);
  }
}

const ai::ModelCard* OfferedModels::look_up(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found != by_name_.end() ? &cards_[found->second] : nullptr;
}

const ai::ModelCard& OfferedModels::find(std::string_view name) const {
  if (const auto* card = look_up(name)) return *card;
  throw Error(Fault::not_found, "model_not_found",
              fmt::format("The model `{}` does not exist or you do not have access to it.",
                          text::prefix(name, kUnknownNameShown)));
}

void fit(Question& question, const ai::ModelCard& model) {
  auto& request = question.request;
  if (!request.tools.empty() && !model.tools)
    throw fault_at("tools", "unsupported_parameter", "This model has no tools.");
  if (!question.picture_at.empty() && !model.pictures)
    throw fault_at(question.picture_at, "unsupported_value", "This model cannot see pictures.");
  if (request.form.kind != ai::AnswerForm::Kind::text && !model.json)
    throw fault_at(question.form_at, "unsupported_parameter", "This model has no way to answer in this form.");
  if (!question.limited)
    request.max_tokens =
        static_cast<int>(model.max_output > 0 ? std::min(model.max_output, kLargestUsualOutput) : kLargestUsualOutput);
  else if (model.max_output > 0 && request.max_tokens > model.max_output)
    throw fault_at(question.limit_at, "invalid_value",
                   fmt::format("max_tokens is too large: {}. This model supports at most {} completion tokens.",
                               request.max_tokens, model.max_output));
  // Ours is a guess: what it finds a little too long, the provider is to judge.
  request.input_tokens = ai::input_of(request);
  question.tokens = request.input_tokens;
  if (model.window > 0 && question.tokens > model.window + model.window / 4)
    throw fault_at("messages", "context_length_exceeded",
                   fmt::format("This model's maximum context length is {} tokens. However, your messages come to "
                               "about {}. Please reduce their length.",
                               model.window, question.tokens));
}

}  // namespace odeon::chat
