#include "engine/ai/providers/elevenlabs.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "engine/ai/languages.hpp"

namespace odeon::ai {
namespace {

constexpr int kRate = 24'000;
constexpr double kSlowest = 0.7, kFastest = 1.2;

struct VoiceSettings {
  double speed = 1;
};
BOOST_DESCRIBE_STRUCT(VoiceSettings, (), (speed))
struct SpeechOrder {
  std::string text;
  std::string model_id;
  std::optional<std::string> language_code;
  std::optional<VoiceSettings> voice_settings;
};
BOOST_DESCRIBE_STRUCT(SpeechOrder, (), (text, model_id, language_code, voice_settings))

// The others hear it from the text, and refuse to be told.
bool is_told_the_language(std::string_view model) {
  return model.ends_with("_v2_5");
}

ProviderCall order_of(const SpeechRequest& request, const std::string& voice_id, const LibraryOptions& options) {
  SpeechOrder order{.text = request.text, .model_id = options.model};
  if (is_told_the_language(options.model)) order.language_code = primary_language(request.language);
  if (request.speed != 1) order.voice_settings = VoiceSettings{std::clamp(request.speed, kSlowest, kFastest)};
  ProviderCall call{.url = fmt::format("{}/v1/text-to-speech/{}?output_format=pcm_{}", options.base_url,
                                       text::percent_encode(voice_id), kRate),
                    .body = json::write(order)};
  call.headers.set("xi-api-key", options.key);
  return call;
}

}  // namespace

VoiceLibrary elevenlabs() {
  return {.provider = "elevenlabs",
          .rate = kRate,
          .usual = {.base_url = "",
                    .key = "",
                    .model = "eleven_multilingual_v2",
                    .voices = {{"sarah", "EXAVITQu4vr4xnSDxMaL"}, {"george", "JBFqnCBsd6RMkjVDRZzb"}}},
          .order = order_of};
}

}  // namespace odeon::ai
