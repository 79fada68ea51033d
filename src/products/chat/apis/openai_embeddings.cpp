#include "products/chat/apis/openai_embeddings.hpp"

#include <bit>

#include "base/crypto.hpp"
#include "engine/ai/complexity.hpp"
#include "products/chat/apis/question.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kMostTexts = 2'048;

std::string text_at(const std::string& path, const json::value& from) {
  if (from.is_number() || from.is_array())
    throw fault_at(path, "invalid_type", "Tokens are not taken: send the text itself.");
  if (!from.is_string()) throw fault_at(path, "invalid_type", "This must be text.");
  std::string text(from.get_string());
  if (text.empty()) throw fault_at(path, "invalid_value", "There is nothing in it.");
  if (!text::is_utf8(text)) throw fault_at(path, "invalid_value", "This must be valid UTF-8.");
  return text;
}

// Four bytes for each number, little-endian.
std::string base64_of(const std::vector<float>& vector) {
  static_assert(std::endian::native == std::endian::little);
  return crypto::to_base64({reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)});
}

}  // namespace

std::vector<std::string> openai_texts(const json::value& input) {
  if (input.is_null()) throw fault_at("input", "missing_required_parameter", "This field is required.");
  const auto* list = input.if_array();
  if (list == nullptr) return {text_at("input", input)};
  if (list->empty() || list->size() > kMostTexts)
    throw fault_at("input", "invalid_value", fmt::format("There must be 1 to {} texts.", kMostTexts));
  std::vector<std::string> texts;
  for (const auto& each : *list) texts.push_back(text_at(fmt::format("input[{}]", texts.size()), each));
  return texts;
}

void fit(const std::vector<std::string>& texts, const ai::ModelCard& model) {
  if (model.window == 0) return;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto guess = ai::estimate_tokens(texts[i]);
    // What the guess finds a little too long, the provider is to judge.
    if (guess > model.window + model.window / 4)
      throw fault_at(texts.size() > 1 ? fmt::format("input[{}]", i) : "input", "context_length_exceeded",
                     fmt::format("This model's maximum context length is {} tokens, however you requested about {}. "
                                 "Please reduce the length of this text.",
                                 model.window, guess));
  }
}

std::string openai_embeddings(const ai::Embeddings& found, OpenAiVectorForm form, std::string_view model) {
  std::string out = R"({"object":"list","data":[)";
  for (std::size_t i = 0; i < found.vectors.size(); ++i) {
    fmt::format_to(std::back_inserter(out), R"({}{{"object":"embedding","index":{},"embedding":)", i > 0 ? "," : "", i);
    if (form == OpenAiVectorForm::base64)
      json::append_quoted(out, base64_of(found.vectors[i]));
    else
      json::append(out, found.vectors[i]);
    out += '}';
  }
  out += R"(],"model":)";
  json::append_quoted(out, model);
  const auto tokens = found.usage.input_tokens;
  return out + R"(,"usage":)" + json::write(json::object{{"prompt_tokens", tokens}, {"total_tokens", tokens}}) + "}";
}

}  // namespace odeon::chat
