// Who speaks, and who hears.
#include "engine/ai/providers/cartesia.hpp"
#include "engine/ai/providers/elevenlabs.hpp"
#include "engine/ai/providers/espeak.hpp"
#include "engine/ai/providers/flite.hpp"
#include "engine/ai/providers/google_credentials.hpp"
#include "engine/ai/providers/google_speech.hpp"
#include "engine/ai/providers/google_transcription.hpp"
#include "engine/ai/providers/openai_speech.hpp"
#include "engine/ai/providers/openai_transcription.hpp"
#include "engine/ai/providers/pocketsphinx.hpp"
#include "server/model_makers.hpp"

namespace odeon::server {
namespace {

std::shared_ptr<ai::Credentials> google_credentials(const ModelMaker& make, const GoogleSettings& google) {
  if (google.account) return std::make_shared<ai::GoogleCredentials>(make.client, make.clock, *google.account);
  return std::make_shared<ai::HeaderKey>("x-goog-api-key", "", google.key);
}

// The one that the settings name; none: empty.
std::string first_of(const ModelMaker& make, const std::string& provider) {
  const auto found = make.settings.speech_models.find(provider);
  return found != make.settings.speech_models.end() ? found->second : "";
}

// The catalogue's models of a provider beside the one that the settings name. None where that one is not the
// catalogue's: a server of one's own has what its owner says.
std::vector<std::string> others_of(const ModelMaker& make, const std::string& provider) {
  const std::string first = first_of(make, provider);
  std::vector<std::string> others;
  if (make.gateway.catalogue().offer(provider + "/" + first) == nullptr) return others;
  for (const auto& [card, offer, place] : make.sold(ai::ModelKind::speech, ""))
    if (offer->provider == provider && offer->id != first) others.push_back(offer->id);
  return others;
}

struct OpenAiVoices {
  const char* provider;
  std::vector<const char*> names;
  const char* language;
};

void add_openai(const ModelMaker& make, const OpenAiVoices& given, const std::string& model) {
  auto options = make.openai(given.provider);
  if (!options || model.empty()) return;
  std::vector<ai::VoiceInfo> voices;
  for (const char* voice : given.names) voices.push_back({voice, given.language, ""});
  const auto* offer = make.gateway.catalogue().offer(given.provider + ("/" + model));
  using PaidBy = ai::OpenAiSpeech::PaidBy;
  const PaidBy paid_by = offer != nullptr && offer->price.output > 0 ? PaidBy::token : PaidBy::character;
  make.gateway.add(
      std::make_unique<ai::OpenAiSpeech>(make.client, make.clock, std::move(*options), model, voices, paid_by));
}

void add_library(const ModelMaker& make, ai::VoiceLibrary library, const std::string& model) {
  const auto* provider = make.provider(library.provider);
  if (provider == nullptr || model.empty()) return;
  ai::LibraryOptions options = library.usual;
  options.model = model;
  options.base_url = provider->base_url;
  options.key = provider->key;
  make.gateway.add(
      std::make_unique<ai::LibrarySpeech>(make.client, make.clock, std::move(library), std::move(options)));
}

}  // namespace

void add_voices(const ModelMaker& make) {
  const OpenAiVoices openai_like[] = {
      {"kokoro", {"af_heart", "af_bella", "am_michael", "bf_emma", "bm_george"}, "en"},
      {"openai", {"alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"}, ""}};
  const ai::VoiceLibrary libraries[] = {ai::cartesia(), ai::elevenlabs()};
  for (const auto& voices : openai_like) add_openai(make, voices, first_of(make, voices.provider));
  for (const auto& library : libraries) add_library(make, library, first_of(make, library.provider));
  if (const auto& google = make.settings.google)
    make.gateway.add(
        std::make_unique<ai::GoogleSpeech>(make.client, make.clock,
                                           ai::GoogleSpeechOptions{.base_url = google->speech_base_url,
                                                                   .credentials = google_credentials(make, *google)}));
  // Whoever wants one of these says so; nobody else hears them but where all of the above fail.
  for (const auto& voices : openai_like)
    for (const auto& model : others_of(make, voices.provider)) add_openai(make, voices, model);
  for (const auto& library : libraries)
    for (const auto& model : others_of(make, library.provider)) add_library(make, library, model);
  make.gateway.add(std::make_unique<ai::FliteSpeech>(make.heavy));
  make.gateway.add(std::make_unique<ai::EspeakSpeech>(make.heavy));
}

void add_ears(const ModelMaker& make) {
  using Detail = ai::OpenAiTranscription::Detail;
  const std::string& first = make.settings.transcription_model;
  const auto add_openai = [&](ai::OpenAiOptions options, const std::string& id, Detail detail) {
    make.gateway.add(
        std::make_unique<ai::OpenAiTranscription>(make.client, make.clock, std::move(options), id, detail));
  };
  // Servers of one's own are Whisper under some name.
  if (auto own = make.own_server(ai::ModelKind::transcription, first)) add_openai(*own, first, Detail::times);
  const auto& google = make.settings.google;
  for (const auto& [card, offer, place] : make.sold(ai::ModelKind::transcription, first)) {
    if (auto openai = make.openai(offer->provider))
      add_openai(std::move(*openai), offer->id, offer->id.contains("whisper") ? Detail::times : Detail::text);
    else if (google && offer->provider == "google")
      make.gateway.add(std::make_unique<ai::GoogleTranscription>(
          make.client, make.clock,
          ai::GoogleTranscriptionOptions{.base_url = google->transcription_base_url,
                                         .credentials = google_credentials(make, *google),
                                         .model = offer->id}));
  }
  make.gateway.add(std::make_unique<ai::PocketsphinxTranscription>(make.heavy));
}

}  // namespace odeon::server
