// OpenAI's embeddings as their clients speak them: pure translation. Checked against the official SDK (openai 6.49),
// which asks for base64 unless it is told otherwise.
#pragma once

#include "base/fields.hpp"
#include "base/json.hpp"
#include "engine/ai/catalogue.hpp"
#include "engine/ai/embedding.hpp"

namespace odeon::chat {

enum class OpenAiVectorForm { float_, base64 };
BOOST_DESCRIBE_ENUM(OpenAiVectorForm, float_, base64)

struct OpenAiEmbeddingsRequest {
  Text<1, 200> model;
  json::value input;  // text, or a list of texts
  std::optional<Int<1, 8192>> dimensions;
  std::optional<OpenAiVectorForm> encoding_format;
};
BOOST_DESCRIBE_STRUCT(OpenAiEmbeddingsRequest, (), (model, input, dimensions, encoding_format))

// 1 to 2048 texts, none empty. Throws Error{invalid}.
std::vector<std::string> openai_texts(const json::value& input);
// Throws Error{invalid} where one is surely longer than the model reads.
void fit(const std::vector<std::string>& texts, const ai::ModelCard& model);

// `model` by its name in the catalogue.
std::string openai_embeddings(const ai::Embeddings& found, OpenAiVectorForm form, std::string_view model);

}  // namespace odeon::chat
