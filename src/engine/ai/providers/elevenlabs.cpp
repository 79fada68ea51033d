#include "engine/ai/providers/elevenlabs.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/provider_call.hpp"
#include "engine/ai/providers/wav.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxAnswer = 128 << 20;
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

}  // namespace

ElevenLabsSpeech::ElevenLabsSpeech(http::Client& client, const Clock& clock, ElevenLabsOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {
  for (const auto& voice : options_.voices) voices_.push_back({voice.name, "", name()});
}

Task<Speech> ElevenLabsSpeech::speak(SpeechRequest request) {
  const VoiceInfo* chosen = voice_for(request, voices_);
  if (chosen == nullptr) throw Error(Fault::invalid, "UNKNOWN_VOICE", "This voice is not on offer.");
  const std::string& voice = options_.voices[static_cast<std::size_t>(chosen - voices_.data())].id;
  SpeechOrder order{.text = request.text, .model_id = options_.model};
  if (is_told_the_language(options_.model)) order.language_code = primary_language(request.language);
  if (request.speed != 1) order.voice_settings = VoiceSettings{std::clamp(request.speed, kSlowest, kFastest)};
  ProviderCall call{.provider = "elevenlabs",
                    .url = fmt::format("{}/v1/text-to-speech/{}?output_format=pcm_{}", options_.base_url,
                                       text::percent_encode(voice), kRate),
                    .body = json::write(order),
                    .limit = options_.limit,
                    .max_answer = kMaxAnswer,
                    .trace = request.trace};
  call.headers.set("xi-api-key", options_.key);
  call.at_risk.characters = static_cast<std::int64_t>(text::length(request.text));
  const Usage used = call.at_risk;
  const ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
  if (answer.content_type.starts_with("application/json") || answer.content_type.starts_with("text/") ||
      answer.body.size() < 2)
    throw FailedAfterUse(unusable("NOT_SPEECH", "elevenlabs", "an answer of type " + answer.content_type), used);
  co_return Speech{pcm_from_s16(answer.body, kRate, 1), name(), chosen->name};
}

}  // namespace odeon::ai
