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

void add_openai_voices(const ModelMaker& make, const char* name, std::initializer_list<const char*> names,
                       const char* language) {
  auto options = make.openai(name);
  if (!options) return;
  const std::string& model = make.settings.speech_models.at(name);
  if (model.empty()) return;
  std::vector<ai::VoiceInfo> voices;
  for (const char* voice : names) voices.push_back({voice, language, ""});
  make.gateway.add(std::make_unique<ai::OpenAiSpeech>(make.client, make.clock, std::move(*options), model, voices));
}

void add_library(const ModelMaker& make, ai::VoiceLibrary library) {
  const auto* provider = make.provider(library.provider);
  if (provider == nullptr) return;
  ai::LibraryOptions options = library.usual;
  options.model = make.settings.speech_models.at(library.provider);
  if (options.model.empty()) return;
  options.base_url = provider->base_url;
  options.key = provider->key;
  make.gateway.add(
      std::make_unique<ai::LibrarySpeech>(make.client, make.clock, std::move(library), std::move(options)));
}

}  // namespace

void add_voices(const ModelMaker& make) {
  add_openai_voices(make, "kokoro", {"af_heart", "af_bella", "am_michael", "bf_emma", "bm_george"}, "en");
  add_openai_voices(make, "openai", {"alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"}, "");
  add_library(make, ai::cartesia());
  add_library(make, ai::elevenlabs());
  if (const auto& google = make.settings.google)
    make.gateway.add(
        std::make_unique<ai::GoogleSpeech>(make.client, make.clock,
                                           ai::GoogleSpeechOptions{.base_url = google->speech_base_url,
                                                                   .credentials = google_credentials(make, *google)}));
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
