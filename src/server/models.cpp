#include "server/models.hpp"

#include <fstream>

#include "engine/ai/providers/cartesia.hpp"
#include "engine/ai/providers/elevenlabs.hpp"
#include "engine/ai/providers/espeak.hpp"
#include "engine/ai/providers/flite.hpp"
#include "engine/ai/providers/google_credentials.hpp"
#include "engine/ai/providers/openai_speech.hpp"
#include "engine/ai/providers/remote_text.hpp"

namespace odeon::server {
namespace {

std::vector<ai::VoiceInfo> voices(std::initializer_list<const char*> names, const char* language,
                                  const std::string& model) {
  std::vector<ai::VoiceInfo> out;
  for (const char* name : names) out.push_back({name, language, model});
  return out;
}

// The paths of these dialects have a version of their own; people write it at the end of the address as well.
std::string without_version(std::string_view address) {
  for (const std::string_view version : {"/v1", "/v1beta"})
    if (address.ends_with(version)) address.remove_suffix(version.size());
  return std::string(address);
}

using TextProviders = std::map<std::string, std::shared_ptr<const ai::Provider>, std::less<>>;

TextProviders text_providers(const Dialects& dialects, http::Client& client, const Clock& clock,
                             const Settings& settings) {
  TextProviders all;
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
    if (const auto found = settings.providers.find(name); found != settings.providers.end())
      add(name, ai::openai_base(found->second.base_url), dialect, ai::bearer(found->second.key));
  };
  const auto by_field = [&](const char* name, const ai::TextDialect& dialect, const char* field) {
    if (const auto found = settings.providers.find(name); found != settings.providers.end())
      add(name, without_version(found->second.base_url), dialect,
          std::make_shared<ai::HeaderKey>(field, "", found->second.key));
  };
  as_openai("openai", dialects.openai);
  by_field("anthropic", dialects.anthropic, "x-api-key");
  by_field("gemini", dialects.gemini, "x-goog-api-key");
  as_openai("xai", dialects.xai);
  as_openai("deepseek", dialects.deepseek);
  as_openai("mistral", dialects.mistral);
  as_openai("openrouter", dialects.openrouter);
  if (settings.vertex)
    add("vertex", settings.vertex->base_url, *dialects.vertex,
        std::make_shared<ai::GoogleCredentials>(client, clock, settings.vertex->account));
  if (settings.bedrock)
    add("bedrock", settings.bedrock->base_url, dialects.bedrock,
        std::make_shared<ai::AwsCredentials>(settings.bedrock->keys, clock));
  return all;
}

struct Sold {
  const ai::ModelCard* card;
  const ai::Offer* offer;
  std::shared_ptr<const ai::Provider> provider;
  std::size_t place;  // in the catalogue
};

// What is set up: offers of `first`, then the cheaper answer ahead.
std::vector<Sold> sold(const ai::Catalogue& catalogue, const TextProviders& providers, const ai::ModelCard* first) {
  std::vector<Sold> all;
  for (const auto& card : catalogue.models())
    for (const auto& offer : card.offers)
      if (const auto found = providers.find(offer.provider);
          card.kind == ai::ModelKind::text && found != providers.end())
        all.push_back({&card, &offer, found->second, all.size()});
  std::ranges::sort(all, {}, [first](const Sold& one) {
    return std::tuple(one.card != first, one.card == first ? 0 : one.offer->price.output, one.place);
  });
  return all;
}

ai::ModelTraits traits_of(const ai::ModelCard& card, const ai::Offer& offer) {
  return {.id = offer.id, .thinks = card.thinks, .classic_limit = card.classic_limit, .max_output = card.max_output};
}

void add_texts(ai::Gateway& gateway, const Dialects& dialects, http::Client& client, const Clock& clock,
               const Settings& settings) {
  const auto providers = text_providers(dialects, client, clock, settings);
  const ai::ModelCard* first = gateway.catalogue().find(settings.text_model);
  const auto own = providers.find("openai");
  // A model that nobody here has heard of, on a server that speaks OpenAI's API.
  if (first == nullptr && own != providers.end()) {
    auto server = std::make_shared<ai::Provider>(*own->second);
    server->dialect = &dialects.compatible;
    gateway.add(
        std::make_unique<ai::RemoteText>(client, clock, std::move(server), ai::ModelTraits{.id = settings.text_model}));
  }
  for (const auto& one : sold(gateway.catalogue(), providers, first))
    gateway.add(std::make_unique<ai::RemoteText>(client, clock, one.provider, traits_of(*one.card, *one.offer)));
}

void add_voices(ai::Gateway& gateway, http::Client& client, const Clock& clock, const Settings& settings) {
  const auto set_up = [&](const char* name) {
    const auto found = settings.providers.find(name);
    return found != settings.providers.end() && !settings.speech_models.at(name).empty() ? &found->second : nullptr;
  };
  const auto add_openai = [&](const char* name, const ProviderSettings& provider,
                              std::initializer_list<const char*> names, const char* language) {
    const std::string& model = settings.speech_models.at(name);
    const ai::OpenAiOptions options{.provider = name, .base_url = provider.base_url, .key = provider.key};
    gateway.add(std::make_unique<ai::OpenAiSpeech>(client, clock, options, model,
                                                   voices(names, language, fmt::format("{}/{}", name, model))));
  };
  if (const auto* kokoro = set_up("kokoro"))
    add_openai("kokoro", *kokoro, {"af_heart", "af_bella", "am_michael", "bf_emma", "bm_george"}, "en");
  if (const auto* openai = set_up("openai"))
    add_openai("openai", *openai, {"alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"}, "");
  if (const auto* cartesia = set_up("cartesia"))
    gateway.add(std::make_unique<ai::CartesiaSpeech>(
        client, clock,
        ai::CartesiaOptions{
            .base_url = cartesia->base_url, .key = cartesia->key, .model = settings.speech_models.at("cartesia")}));
  if (const auto* elevenlabs = set_up("elevenlabs"))
    gateway.add(std::make_unique<ai::ElevenLabsSpeech>(
        client, clock,
        ai::ElevenLabsOptions{.base_url = elevenlabs->base_url,
                              .key = elevenlabs->key,
                              .model = settings.speech_models.at("elevenlabs")}));
}

}  // namespace

Dialects::Dialects(const Settings& settings) {
  if (settings.vertex) vertex = ai::Gemini::vertex(settings.vertex->project, settings.vertex->location);
}

std::string models_document(const Settings& settings) {
  if (settings.models_file.empty()) return std::string(ai::Catalogue::standard_document());
  std::ifstream file(settings.models_file);
  std::string document{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(Fault::invalid, "CONFIG", "ODEON_MODELS names a file that cannot be read.");
  return document;
}

void add_models(ai::Gateway& gateway, const Dialects& dialects, http::Client& client, const Clock& clock,
                ThreadPool& heavy, const Settings& settings) {
  add_texts(gateway, dialects, client, clock, settings);
  add_voices(gateway, client, clock, settings);
  gateway.add(std::make_unique<ai::FliteSpeech>(heavy));
  gateway.add(std::make_unique<ai::EspeakSpeech>(heavy));
}

}  // namespace odeon::server
