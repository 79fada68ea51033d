#include "engine/ai/providers/google_speech.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/ai/providers/google_languages.hpp"
#include "engine/ai/providers/provider_call.hpp"
#include "engine/ai/providers/wav.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxAnswer = 128 << 20;
constexpr std::size_t kMaxText = 5000;  // bytes
constexpr int kRate = 24'000;
constexpr double kSlowest = 0.5, kFastest = 2;

struct Input {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Input, (), (text))
struct VoiceOrder {
  std::string languageCode, name;
};
BOOST_DESCRIBE_STRUCT(VoiceOrder, (), (languageCode, name))
struct AudioOrder {
  std::string audioEncoding = "LINEAR16";
  int sampleRateHertz = kRate;
  std::optional<double> speakingRate;
};
BOOST_DESCRIBE_STRUCT(AudioOrder, (), (audioEncoding, sampleRateHertz, speakingRate))
struct SpeechOrder {
  Input input;
  VoiceOrder voice;
  AudioOrder audioConfig;
};
BOOST_DESCRIBE_STRUCT(SpeechOrder, (), (input, voice, audioConfig))

Pcm audio_of(const std::string& body) {
  const auto answer = wire::object_of(body, "google");
  if (const auto* error = wire::member(answer, "error")) throw error_in_answer(*error, "google");
  const auto bytes = crypto::from_base64(wire::text_of(wire::member(answer, "audioContent")));
  auto audio = bytes ? parse_wav(*bytes) : std::nullopt;
  if (!audio || audio->samples.empty()) throw unusable("NOT_SPEECH", "google", "no WAVE in the answer");
  return std::move(*audio);
}

}  // namespace

GoogleSpeech::GoogleSpeech(http::Client& client, const Clock& clock, GoogleSpeechOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {
  for (const auto& voice : options_.voices) voices_.push_back({text::to_lower(voice), "", name()});
}

std::string GoogleSpeech::name() const {
  return "google/" + text::to_lower(options_.family);
}

bool GoogleSpeech::speaks(const SpeechRequest& request) const {
  return request.text.size() <= kMaxText && !google_language(request.language).empty() &&
         voice_for(request, voices_) != nullptr;
}

Task<Speech> GoogleSpeech::speak(SpeechRequest request) {
  if (!speaks(request)) throw Error(Fault::invalid, "UNKNOWN_VOICE", "This voice or language is not on offer.");
  const VoiceInfo* chosen = voice_for(request, voices_);
  const std::string& voice = options_.voices[static_cast<std::size_t>(chosen - voices_.data())];
  const std::string language(google_language(request.language));
  SpeechOrder order{.input = {request.text}, .voice = {language, language + "-" + options_.family + "-" + voice}};
  if (request.speed != 1) order.audioConfig.speakingRate = std::clamp(request.speed, kSlowest, kFastest);
  ProviderCall call{.provider = "google",
                    .url = options_.base_url + "/v1/text:synthesize",
                    .credentials = options_.credentials,
                    .body = json::write(order),
                    .limit = options_.limit,
                    .max_answer = kMaxAnswer,
                    .trace = request.trace};
  call.at_risk.characters = static_cast<std::int64_t>(text::length(request.text));
  const Usage used = call.at_risk;
  const ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
  try {
    co_return Speech{audio_of(answer.body), name(), chosen->name};
  } catch (const Error& error) {
    throw FailedAfterUse(error, used);
  }
}

}  // namespace odeon::ai
