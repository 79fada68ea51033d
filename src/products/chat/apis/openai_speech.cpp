#include "products/chat/apis/openai_speech.hpp"

#include "base/crypto.hpp"
#include "engine/http/events.hpp"
#include "engine/media/encode.hpp"
#include "engine/media/resample.hpp"
#include "engine/media/speech_file.hpp"
#include "engine/media/wav.hpp"
#include "products/chat/apis/question.hpp"

namespace odeon::chat {
namespace {

constexpr double kSlowest = 0.25, kFastest = 4, kModelsSlowest = 0.5, kModelsFastest = 2;
constexpr int kRate = 24'000, kBitrate = 96'000;
constexpr std::size_t kLongestVoice = 200, kBytesAnEvent = 24 * 1024;

std::string voice_in(const json::value& from, json::Faults& faults) {
  const auto* given = &from;
  if (const auto* object = from.if_object()) given = object->if_contains("id");
  if (given == nullptr || given->is_null())
    faults.add("voice", "required", "This field is required.");
  else if (!given->is_string())
    faults.add("voice", "type", "This must be the name of a voice.");
  else if (given->get_string().empty() || given->get_string().size() > kLongestVoice)
    faults.add("voice", "not_allowed", "This must be the name of a voice.");
  else
    return std::string(given->get_string());
  return "";
}

std::string mp3_of(Pcm audio) {
  const auto least = static_cast<std::size_t>(media::min_mp3_seconds * audio.rate);
  if (audio.samples.size() < least) audio.samples.resize(least);
  return media::wrap_mp3(media::encode_mp3(audio, kBitrate, 1));
}

}  // namespace

ai::SpeechRequest openai_words(OpenAiSpeechRequest asked) {
  json::Faults faults;
  ai::SpeechRequest words{.task = "chat.api"};
  words.voice = voice_in(asked.voice, faults);
  const double speed = asked.speed.value_or(1);
  if (!(speed >= kSlowest && speed <= kFastest)) faults.add("speed", "range", "This must be between 0.25 and 4.");
  words.speed = std::clamp(speed, kModelsSlowest, kModelsFastest);
  if (text::trim(asked.input).empty()) faults.add("input", "too_short", "There is nothing to say in it.");
  faults.raise();
  words.text = std::move(asked.input);
  words.model = std::move(asked.model);
  return words;
}

void fit(ai::SpeechRequest& words, const ai::ModelCard& model, const std::vector<ai::VoiceInfo>& voices) {
  std::vector<std::string> names;
  for (const auto& voice : voices) {
    if (std::ranges::find(model.offers, voice.model, &ai::Offer::name) == model.offers.end()) continue;
    if (voice.name == words.voice) {
      if (!voice.language.empty()) words.language = voice.language;
      return;
    }
    if (std::ranges::find(names, voice.name) == names.end()) names.push_back(voice.name);
  }
  if (names.empty()) return;
  throw fault_at("voice", "invalid_value", "The voice must be one of: " + text::join(names, ", ") + ".");
}

std::string encoded(Pcm audio, OpenAiSound form) {
  Pcm sound = media::conform(std::move(audio), kRate, 1);
  switch (form) {
    case OpenAiSound::wav:
      return media::wav_of(sound);
    case OpenAiSound::pcm:
      return media::s16_of(sound);
    case OpenAiSound::opus:
      return media::speech_file(sound, media::SpeechFile::opus);
    case OpenAiSound::aac:
      return media::speech_file(sound, media::SpeechFile::aac);
    case OpenAiSound::flac:
      return media::speech_file(sound, media::SpeechFile::flac);
    case OpenAiSound::mp3:
      break;
  }
  return mp3_of(std::move(sound));
}

std::string_view media_type_of(OpenAiSound form) {
  switch (form) {
    case OpenAiSound::wav:
      return "audio/wav";
    case OpenAiSound::pcm:
      return "audio/pcm";
    case OpenAiSound::opus:
      return "audio/ogg";
    case OpenAiSound::aac:
      return "audio/aac";
    case OpenAiSound::flac:
      return "audio/flac";
    case OpenAiSound::mp3:
      break;
  }
  return "audio/mpeg";
}

std::string openai_speech_events(std::string_view bytes, const ai::Usage& used) {
  std::string out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kBytesAnEvent)))
    out += http::encode_event("",
                              json::write(json::object{{"type", "speech.audio.delta"},
                                                       {"audio", crypto::to_base64(bytes.substr(0, kBytesAnEvent))}}),
                              "");
  const json::object usage{{"input_tokens", used.input_tokens},
                           {"output_tokens", used.output_tokens},
                           {"total_tokens", used.input_tokens + used.output_tokens}};
  return out + http::encode_event("", json::write(json::object{{"type", "speech.audio.done"}, {"usage", usage}}), "");
}

}  // namespace odeon::chat
