// OpenAI's chat completions, as OpenAI and its many imitators speak them: DeepSeek, xAI, Mistral, OpenRouter, and
// servers on the machine (llama.cpp, vLLM, Ollama, …).
//   POST {base}/chat/completions, where {base} ends in a version: openai_base (openai_flavour.hpp)
// Source: the types of OpenAI's and OpenRouter's own clients, DeepSeek's and Mistral's reference.
#pragma once

#include "engine/ai/providers/dialect.hpp"
#include "engine/ai/providers/openai_flavour.hpp"

namespace odeon::ai {

// A picture is said by a user only: anybody else's is Error{invalid}. An answer that stops for another reason than its
// end, and says so with an error of DeepSeek's or OpenRouter's, is that error.
class OpenAiChat final : public TextDialect {
 public:
  explicit OpenAiChat(OpenAiFlavour flavour = openai_flavours::kCompatible) : flavour_(flavour) {}
  WireRequest write(const TextRequest& request, const ModelTraits& model, bool streamed) const override;
  TextReply read(std::string_view body, const std::string& provider) const override;
  std::unique_ptr<StreamTranslator> translator(const std::string& provider) const override;

 private:
  OpenAiFlavour flavour_;
};

}  // namespace odeon::ai
