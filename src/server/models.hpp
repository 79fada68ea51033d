// Which providers there are, and in what order they are asked.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/bedrock.hpp"
#include "engine/ai/providers/gemini.hpp"
#include "engine/ai/providers/openai_chat.hpp"
#include "engine/http/client.hpp"
#include "server/settings.hpp"

namespace odeon::server {

// What the providers of text speak.
struct Dialects {
  explicit Dialects(const Settings& settings);
  ai::OpenAiChat openai{ai::openai_flavours::kOpenAi}, compatible, deepseek{ai::openai_flavours::kDeepSeek},
      xai{ai::openai_flavours::kXai}, mistral{ai::openai_flavours::kMistral},
      openrouter{ai::openai_flavours::kOpenRouter};
  ai::Anthropic anthropic;
  ai::Gemini gemini = ai::Gemini::studio();
  std::optional<ai::Gemini> vertex;
  ai::Bedrock bedrock;
};

// The operator's, or the one that Odeon comes with. As long as the settings.
std::string_view models_document(const Settings& settings);

// Whoever is set up: of text first the model that the settings name, then the cheaper ones first; of everything else
// the model that the settings name, then the catalogue's in its order. What is embedded comes last and always answers:
// voices, and vectors of texts. All arguments outlive the gateway.
void add_models(ai::Gateway& gateway, const Dialects& dialects, http::Client& client, Clock& clock, ThreadPool& heavy,
                const Settings& settings);

}  // namespace odeon::server
