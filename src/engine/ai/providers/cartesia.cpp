#include "engine/ai/providers/cartesia.hpp"

#include "base/json.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/provider_call.hpp"
#include "engine/ai/providers/wav.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxAnswer = 128 << 20;
constexpr int kRate = 44'100;
constexpr double kSlowest = 0.6, kFastest = 1.5;

struct VoiceOrder {
  std::string mode = "id";
  std::string id;
};
BOOST_DESCRIBE_STRUCT(VoiceOrder, (), (mode, id))
struct Format {
  std::string container = "raw";
  std::string encoding = "pcm_s16le";
  int sample_rate = kRate;
};
BOOST_DESCRIBE_STRUCT(Format, (), (container, encoding, sample_rate))
struct Generation {
  double speed = 1;
};
BOOST_DESCRIBE_STRUCT(Generation, (), (speed))
struct SpeechOrder {
  std::string model_id;
  std::string transcript;
  VoiceOrder voice;
  Format output_format;
  std::string language;
  std::optional<Generation> generation_config;
};
BOOST_DESCRIBE_STRUCT(SpeechOrder, (), (model_id, transcript, voice, output_format, language, generation_config))

}  // namespace

CartesiaSpeech::CartesiaSpeech(http::Client& client, const Clock& clock, CartesiaOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {
  for (const auto& voice : options_.voices) voices_.push_back({voice.name, "", name()});
}

Task<Speech> CartesiaSpeech::speak(SpeechRequest request) {
  const VoiceInfo* chosen = voice_for(request, voices_);
  if (chosen == nullptr) throw Error(Fault::invalid, "UNKNOWN_VOICE", "This voice is not on offer.");
  SpeechOrder order{.model_id = options_.model,
                    .transcript = request.text,
                    .voice = {.id = options_.voices[static_cast<std::size_t>(chosen - voices_.data())].id},
                    .language = std::string(primary_language(request.language))};
  if (request.speed != 1) order.generation_config = Generation{std::clamp(request.speed, kSlowest, kFastest)};
  ProviderCall call{.provider = "cartesia",
                    .url = options_.base_url + "/tts/bytes",
                    .body = json::write(order),
                    .limit = options_.limit,
                    .max_answer = kMaxAnswer,
                    .trace = request.trace};
  call.headers.set("Authorization", "Bearer " + options_.key);
  call.headers.set("Cartesia-Version", "2026-08-14");
  call.at_risk.characters = static_cast<std::int64_t>(text::length(request.text));
  const Usage used = call.at_risk;
  const ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
  if (answer.content_type.starts_with("application/json") || answer.content_type.starts_with("text/") ||
      answer.body.size() < 2)
    throw FailedAfterUse(unusable("NOT_SPEECH", "cartesia", "an answer of type " + answer.content_type), used);
  co_return Speech{pcm_from_s16(answer.body, kRate, 1), name(), chosen->name};
}

}  // namespace odeon::ai
