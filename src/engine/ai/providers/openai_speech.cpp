#include "engine/ai/providers/openai_speech.hpp"

#include <cmath>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/ai/complexity.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/openai_usage.hpp"
#include "engine/ai/providers/wav.hpp"
#include "engine/ai/providers/wire_json.hpp"
#include "engine/http/sse_reader.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMaxAnswer = 128 << 20;
constexpr int kRate = 24'000;  // of response_format pcm

std::string body_of(const SpeechRequest& request, const std::string& model, const std::string& voice, bool events) {
  bj::object body{{"model", model},
                  {"input", request.text},
                  {"voice", voice},
                  {"response_format", "pcm"},
                  {"speed", request.speed}};
  if (events) body["stream_format"] = "sse";
  return bj::serialize(body);
}

std::string type_of(const ProviderAnswer& answer) {
  const std::string_view given = answer.content_type;
  return text::to_lower(text::trim(given.substr(0, given.find(';'))));
}

struct Sound {
  std::string bytes;
  Usage used;  // nothing where the provider does not tell
};

// speech.audio.delta has sound, and speech.audio.done what it counts.
Sound read_events(std::string_view body, const std::string& provider) {
  Sound all;
  http::EventStreamParser parser(kMaxAnswer);
  while (const auto event = parser.next(body)) {
    const auto data = wire::object_of(event->data, provider);
    if (const auto* error = wire::member(data, "error")) throw error_in_answer(*error, provider);
    const auto type = wire::text_of(wire::member(data, "type"));
    if (type == "speech.audio.delta") {
      const auto bytes = crypto::from_base64(wire::text_of(wire::member(data, "audio")));
      if (!bytes) throw unusable("BAD_SOUND", provider, "no base64");
      all.bytes += *bytes;
    } else if (type == "speech.audio.done") {
      all.used = openai_usage(wire::member(data, "usage"));
      all.used.output_audio_tokens = all.used.output_tokens;
      return all;
    }
  }
  throw unusable("CUT_OFF", provider, "events without an end");
}

// By how long it is.
Usage tokens_of(const Pcm& audio, const std::string& text) {
  const auto spoken = static_cast<std::int64_t>(std::ceil(audio.seconds() * kTokensSpokenASecond));
  return {.input_tokens = estimate_tokens(text), .output_tokens = spoken, .output_audio_tokens = spoken};
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
                           std::vector<VoiceInfo> voices, PaidBy paid_by)
    : client_(client),
      clock_(clock),
      options_(std::move(options)),
      model_(std::move(model)),
      voices_(std::move(voices)),
      paid_by_(paid_by) {
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
  const bool by_token = paid_by_ == PaidBy::token;
  call.body = body_of(request, model_, voice, by_token);
  call.max_answer = kMaxAnswer;
  call.at_risk.characters = static_cast<std::int64_t>(text::length(request.text));
  if (by_token) call.at_risk = most_of(request);
  Usage used = call.at_risk;
  ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
  const std::string type = type_of(answer);
  if (type.ends_with("json")) openai_object(answer, options_.provider);  // an error is not charged
  try {
    const bool events = type == "text/event-stream";
    const Sound sound = events ? read_events(answer.body, options_.provider) : Sound{std::move(answer.body), {}};
    const bool told = sound.used.counted();
    if (told) used = sound.used;
    Speech speech{sound_of(sound.bytes, events ? "audio/pcm" : type, options_.provider), name(), voice};
    if (by_token) speech.usage = told ? used : tokens_of(speech.audio, request.text);
    co_return speech;
  } catch (const Error& error) {
    throw FailedAfterUse(error, used);
  }
}

}  // namespace odeon::ai
