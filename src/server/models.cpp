#include "server/models.hpp"

#include "engine/ai/providers/google_credentials.hpp"
#include "server/model_makers.hpp"

namespace odeon::server {

Dialects::Dialects(const Settings& settings) {
  if (settings.vertex) vertex = ai::Gemini::vertex(settings.vertex->project, settings.vertex->location);
}

std::string_view models_document(const Settings& settings) {
  return settings.models.empty() ? ai::Catalogue::standard_document() : settings.models;
}

std::string without_version(std::string_view address) {
  for (const std::string_view version : {"/v1", "/v1beta"})
    if (address.ends_with(version)) address.remove_suffix(version.size());
  return std::string(address);
}

const ProviderSettings* ModelMaker::provider(std::string_view name) const {
  const auto found = settings.providers.find(name);
  return found != settings.providers.end() ? &found->second : nullptr;
}

std::optional<ai::OpenAiOptions> ModelMaker::openai(const std::string& name) const {
  const auto* found = provider(name);
  if (found == nullptr) return std::nullopt;
  return ai::OpenAiOptions{.provider = name, .base_url = found->base_url, .key = found->key};
}

std::optional<ai::GeminiOptions> ModelMaker::google(const std::string& name) const {
  if (const auto* gemini = name == "gemini" ? provider(name) : nullptr)
    return ai::GeminiOptions{.provider = name,
                             .base_url = without_version(gemini->base_url),
                             .credentials = std::make_shared<ai::HeaderKey>("x-goog-api-key", "", gemini->key)};
  if (const auto& vertex = settings.vertex; name == "vertex" && vertex)
    return ai::GeminiOptions{.provider = name,
                             .base_url = vertex->base_url,
                             .models = ai::vertex_models(vertex->project, vertex->location),
                             .credentials = std::make_shared<ai::GoogleCredentials>(client, clock, vertex->account)};
  return std::nullopt;
}

std::vector<ModelMaker::Sold> ModelMaker::sold(ai::ModelKind kind, const std::string& first) const {
  std::vector<Sold> all;
  for (const auto& card : gateway.catalogue().models())
    for (const auto& offer : card.offers)
      if (card.kind == kind) all.push_back({&card, &offer, all.size()});
  const auto* ahead = first.empty() ? nullptr : gateway.catalogue().find(first, kind);
  std::ranges::sort(all, {}, [ahead](const Sold& one) { return std::pair(one.card != ahead, one.place); });
  return all;
}

std::optional<ai::OpenAiOptions> ModelMaker::own_server(ai::ModelKind kind, const std::string& model) const {
  if (model.empty() || gateway.catalogue().find(model, kind) != nullptr) return std::nullopt;
  return openai("openai");
}

void add_models(ai::Gateway& gateway, const Dialects& dialects, http::Client& client, Clock& clock, ThreadPool& heavy,
                const Settings& settings) {
  const ModelMaker make{gateway, dialects, client, clock, heavy, settings};
  add_texts(make);
  add_embeddings(make);
  add_voices(make);
  add_ears(make);
  add_pictures(make);
  add_video(make);
}

}  // namespace odeon::server
