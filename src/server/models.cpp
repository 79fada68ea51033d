#include "server/models.hpp"

#include "engine/ai/providers/cartesia.hpp"
#include "engine/ai/providers/espeak.hpp"
#include "engine/ai/providers/flite.hpp"
#include "engine/ai/providers/openai.hpp"

namespace odeon::server {
namespace {

std::vector<ai::VoiceInfo> voices(std::initializer_list<const char*> names, const char* language,
                                  const std::string& model) {
  std::vector<ai::VoiceInfo> out;
  for (const char* name : names) out.push_back({name, language, model});
  return out;
}

}  // namespace

void add_models(ai::Gateway& gateway, http::Client& client, const Clock& clock, ThreadPool& heavy,
                const Settings& settings) {
  const auto& openai = settings.openai;
  const ai::OpenAiOptions openai_options{.base_url = openai.base_url, .key = openai.key};
  if (openai.enabled) gateway.add(std::make_unique<ai::OpenAiText>(client, clock, openai_options, openai.text_model));
  if (settings.kokoro.enabled) {
    const ai::OpenAiOptions options{.provider = "kokoro", .base_url = settings.kokoro.base_url};
    const std::string& model = settings.kokoro.speech_model;
    gateway.add(std::make_unique<ai::OpenAiSpeech>(
        client, clock, options, model,
        voices({"af_heart", "af_bella", "am_michael", "bf_emma", "bm_george"}, "en", "kokoro/" + model)));
  }
  if (openai.enabled && !openai.speech_model.empty()) {
    const std::string& model = openai.speech_model;
    gateway.add(std::make_unique<ai::OpenAiSpeech>(
        client, clock, openai_options, model,
        voices({"alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"}, "", "openai/" + model)));
  }
  if (settings.cartesia.enabled)
    gateway.add(std::make_unique<ai::CartesiaSpeech>(client, clock,
                                                     ai::CartesiaOptions{.base_url = settings.cartesia.base_url,
                                                                         .key = settings.cartesia.key,
                                                                         .model = settings.cartesia.speech_model}));
  gateway.add(std::make_unique<ai::FliteSpeech>(heavy));
  gateway.add(std::make_unique<ai::EspeakSpeech>(heavy));
}

}  // namespace odeon::server
