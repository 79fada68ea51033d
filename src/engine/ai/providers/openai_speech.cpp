#include "engine/ai/providers/openai_speech.hpp"

#include "base/text.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/wav.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMaxAnswer = 128 << 20;
constexpr int kRate = 24'000;  // of response_format pcm

std::string body_of(const SpeechRequest& request, const std::string& model, const std::string& voice) {
  return bj::serialize(bj::object{{"model", model},
                                  {"input", request.text},
                                  {"voice", voice},
                                  {"response_format", "pcm"},
                                  {"speed", request.speed}});
}

std::string type_of(const ProviderAnswer& answer) {
  const std::string_view given = answer.content_type;
  return text::to_lower(text::trim(given.substr(0, given.find(';'))));
}

// The type decides between raw samples and WAVE; bytes that say they are WAVE are believed.
Pcm sound_of(const std::string& bytes, const std::string& type, const std::string& provider) {
  if (type.ends_with("json")) throw unusable("BAD_ANSWER", provider, "JSON instead of sound");
  Pcm audio;
  if (is_wav(bytes)) {
    auto parsed = parse_wav(bytes);
    if (!parsed) throw unusable("BAD_SOUND", provider, "a WAVE of an unknown kind");
    audio = std::move(*parsed);
  } else if (type == "audio/pcm" || type == "audio/l16" || type == "application/octet-stream" || type.empty()) {
    if (bytes.size() % 2 != 0) throw unusable("BAD_SOUND", provider, "half a sample");
    audio = pcm_from_s16(bytes, kRate, 1);
  } else {
    throw unusable("BAD_SOUND", provider, "neither pcm nor wav");
  }
  if (audio.samples.empty()) throw unusable("NO_SOUND", provider, "no sound");
  return audio;
}

}  // namespace

OpenAiSpeech::OpenAiSpeech(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
                           std::vector<VoiceInfo> voices)
    : client_(client),
      clock_(clock),
      options_(std::move(options)),
      model_(std::move(model)),
      voices_(std::move(voices)) {
  for (auto& voice : voices_) voice.model = name();
}

std::string OpenAiSpeech::name() const {
  return options_.provider + "/" + model_;
}

bool OpenAiSpeech::speaks(const SpeechRequest& request) const {
  return voice_for(request, voices_) != nullptr;
}

Task<Speech> OpenAiSpeech::speak(SpeechRequest request) {
  const VoiceInfo* chosen = voice_for(request, voices_);
  if (chosen == nullptr) throw Error(Fault::invalid, "UNKNOWN_VOICE", "This voice or language is not on offer.");
  const std::string voice = chosen->name;
  ProviderCall call = openai_call(options_, "/audio/speech", request.trace);
  call.body = body_of(request, model_, voice);
  call.max_answer = kMaxAnswer;
  call.at_risk.characters = static_cast<std::int64_t>(text::length(request.text));
  const Usage used = call.at_risk;
  const ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
  const std::string type = type_of(answer);
  if (type.ends_with("json")) openai_object(answer, options_.provider);  // an error is not charged
  try {
    co_return Speech{sound_of(answer.body, type, options_.provider), name(), voice};
  } catch (const Error& error) {
    throw FailedAfterUse(error, used);
  }
}

}  // namespace odeon::ai
