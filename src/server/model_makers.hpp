// The parts of add_models (models.hpp), by what the models make: models_text.cpp, models_sound.cpp,
// models_pictures.cpp.
#pragma once

#include "engine/ai/providers/gemini_call.hpp"
#include "engine/ai/providers/openai_call.hpp"
#include "server/models.hpp"

namespace odeon::server {

// The paths of some dialects have a version of their own; people write it at the end of the address as well.
std::string without_version(std::string_view address);

// What models are made with, and for whom.
struct ModelMaker {
  ai::Gateway& gateway;
  const Dialects& dialects;
  http::Client& client;
  Clock& clock;
  ThreadPool& heavy;
  const Settings& settings;

  // Null unless it is set up.
  const ProviderSettings* provider(std::string_view name) const;
  // Nothing unless it is set up: `name` is one of those that speak as OpenAI does.
  std::optional<ai::OpenAiOptions> openai(const std::string& name) const;
  // Nothing unless it is set up: "gemini" or "vertex".
  std::optional<ai::GeminiOptions> google(const std::string& name) const;

  // Offers of the catalogue in its order, but those of the model called `first` ahead.
  struct Sold {
    const ai::ModelCard* card;
    const ai::Offer* offer;
    std::size_t place;  // in the catalogue
  };
  std::vector<Sold> sold(ai::ModelKind kind, const std::string& first) const;
  // The options of one's own server, if `model` is set and nothing that the catalogue knows.
  std::optional<ai::OpenAiOptions> own_server(ai::ModelKind kind, const std::string& model) const;
};

void add_texts(const ModelMaker& make);
void add_embeddings(const ModelMaker& make);
void add_voices(const ModelMaker& make);
void add_ears(const ModelMaker& make);
void add_pictures(const ModelMaker& make);
void add_video(const ModelMaker& make);

}  // namespace odeon::server
