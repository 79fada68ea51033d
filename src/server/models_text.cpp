// Who writes, and who makes vectors of what is written.
#include "engine/ai/providers/anthropic_batch.hpp"
#include "engine/ai/providers/gemini_embeddings.hpp"
#include "engine/ai/providers/google_credentials.hpp"
#include "engine/ai/providers/hashed_embeddings.hpp"
#include "engine/ai/providers/openai_batch.hpp"
#include "engine/ai/providers/openai_embeddings.hpp"
#include "engine/ai/providers/remote_text.hpp"
#include "server/model_makers.hpp"

namespace odeon::server {
namespace {

using Providers = std::map<std::string, std::shared_ptr<const ai::Provider>, std::less<>>;

Providers providers_of(const ModelMaker& make) {
  const Dialects& dialects = make.dialects;
  const Settings& settings = make.settings;
  Providers all;
  const auto add = [&](std::string name, std::string base_url, const ai::TextDialect& dialect,
                       std::shared_ptr<ai::Credentials> credentials) {
    auto provider = std::make_shared<ai::Provider>();
    provider->name = name;
    provider->base_url = std::move(base_url);
    provider->dialect = &dialect;
    provider->credentials = std::move(credentials);
    all.emplace(std::move(name), std::move(provider));
  };
  const auto as_openai = [&](const char* name, const ai::TextDialect& dialect) {
    if (const auto* found = make.provider(name))
      add(name, ai::openai_base(found->base_url), dialect, ai::bearer(found->key));
  };
  as_openai("openai", dialects.openai);
  if (const auto* anthropic = make.provider("anthropic"))
    add("anthropic", without_version(anthropic->base_url), dialects.anthropic,
        std::make_shared<ai::HeaderKey>("x-api-key", "", anthropic->key));
  if (const auto gemini = make.google("gemini")) add("gemini", gemini->base_url, dialects.gemini, gemini->credentials);
  as_openai("xai", dialects.xai);
  as_openai("deepseek", dialects.deepseek);
  as_openai("mistral", dialects.mistral);
  as_openai("openrouter", dialects.openrouter);
  if (const auto vertex = make.google("vertex")) add("vertex", vertex->base_url, *dialects.vertex, vertex->credentials);
  if (settings.bedrock)
    add("bedrock", settings.bedrock->base_url, dialects.bedrock,
        std::make_shared<ai::AwsCredentials>(settings.bedrock->keys, make.clock));
  return all;
}

// The model that is asked first, then the cheaper answer ahead.
std::vector<ModelMaker::Sold> by_price(const ModelMaker& make) {
  auto all = make.sold(ai::ModelKind::text, "");
  const auto* first = make.gateway.catalogue().find(make.settings.text_model);
  std::ranges::sort(all, {}, [first](const ModelMaker::Sold& one) {
    return std::tuple(one.card != first, one.card == first ? 0 : one.offer->price.output, one.place);
  });
  return all;
}

ai::ModelTraits traits_of(const ai::ModelCard& card, const ai::Offer& offer) {
  return {.id = offer.id, .thinks = card.thinks, .classic_limit = card.classic_limit, .max_output = card.max_output};
}

// What can wait.
void add_batches(const ModelMaker& make, const ai::Offer& offer, const std::shared_ptr<const ai::Provider>& provider,
                 const ai::ModelTraits& traits) {
  if (offer.provider == "openai")
    make.gateway.add(std::make_unique<ai::OpenAiBatch>(make.client, make.clock, provider, traits));
  if (offer.provider == "anthropic")
    make.gateway.add(std::make_unique<ai::AnthropicBatch>(make.client, make.clock, provider, traits));
}

}  // namespace

void add_texts(const ModelMaker& make) {
  const Providers providers = providers_of(make);
  const auto own = providers.find("openai");
  // A model that nobody here has heard of, on a server that speaks OpenAI's API.
  if (make.gateway.catalogue().find(make.settings.text_model) == nullptr && own != providers.end()) {
    auto server = std::make_shared<ai::Provider>(*own->second);
    server->dialect = &make.dialects.compatible;
    make.gateway.add(std::make_unique<ai::RemoteText>(make.client, make.clock, std::move(server),
                                                      ai::ModelTraits{.id = make.settings.text_model}));
  }
  for (const auto& [card, offer, place] : by_price(make)) {
    const auto found = providers.find(offer->provider);
    if (found == providers.end()) continue;
    const ai::ModelTraits traits = traits_of(*card, *offer);
    make.gateway.add(std::make_unique<ai::RemoteText>(make.client, make.clock, found->second, traits));
    if (offer->batch > 0) add_batches(make, *offer, found->second, traits);
  }
}

void add_embeddings(const ModelMaker& make) {
  using Dimensions = ai::OpenAiEmbeddings::Dimensions;
  const std::string& first = make.settings.embedding_model;
  const auto add_openai = [&](ai::OpenAiOptions options, const std::string& id, Dimensions dimensions) {
    make.gateway.add(
        std::make_unique<ai::OpenAiEmbeddings>(make.client, make.clock, std::move(options), id, dimensions));
  };
  if (auto own = make.own_server(ai::ModelKind::embedding, first)) add_openai(*own, first, Dimensions::fixed);
  for (const auto& [card, offer, place] : make.sold(ai::ModelKind::embedding, first)) {
    if (auto google = make.google(offer->provider))
      make.gateway.add(std::make_unique<ai::GeminiEmbeddings>(
          make.client, make.clock, std::move(*google), offer->id,
          offer->provider == "vertex" ? ai::GeminiEmbeddings::Api::vertex : ai::GeminiEmbeddings::Api::studio));
    else if (auto openai = make.openai(offer->provider))
      add_openai(std::move(*openai), offer->id,
                 offer->id.contains("text-embedding-3") ? Dimensions::may_be_fewer : Dimensions::fixed);
  }
  make.gateway.add(std::make_unique<ai::HashedEmbeddings>(make.heavy));
}

}  // namespace odeon::server
