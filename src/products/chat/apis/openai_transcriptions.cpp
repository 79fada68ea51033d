#include "products/chat/apis/openai_transcriptions.hpp"

#include "engine/http/events.hpp"
#include "products/chat/apis/openai_captions.hpp"
#include "products/chat/apis/question.hpp"

namespace odeon::chat {
namespace {

constexpr const char* kPlain = "text/plain; charset=utf-8";

json::object usage_of(const ai::Transcript& heard) {
  const auto& used = heard.usage;
  if (used.input_tokens == 0)
    return {{"type", "duration"}, {"seconds", used.seconds > 0 ? used.seconds : heard.seconds}};
  return {{"type", "tokens"},
          {"input_tokens", used.input_tokens},
          {"output_tokens", used.output_tokens},
          {"total_tokens", used.input_tokens + used.output_tokens},
          {"input_token_details", json::object{{"audio_tokens", used.input_audio_tokens},
                                               {"text_tokens", used.input_tokens - used.input_audio_tokens}}}};
}

// The numbers that only Whisper knows have to be there, and are zero.
json::object segment(const ai::Spoken& said, std::size_t id) {
  return {{"id", id},           {"seek", 0},         {"start", said.start},
          {"end", said.end},    {"text", said.text}, {"tokens", json::array()},
          {"temperature", 0},   {"avg_logprob", 0},  {"compression_ratio", 0},
          {"no_speech_prob", 0}};
}

std::string verbose(const ai::Transcript& heard, const TranscriptWish& wish) {
  const auto timed = timed_segments(heard);
  json::object out{{"task", "transcribe"},
                   {"language", heard.language},
                   {"duration", timed.empty() ? heard.seconds : std::max(heard.seconds, timed.back().end)},
                   {"text", heard.text}};
  if (wish.segments) {
    json::array all;
    for (const auto& said : timed) all.push_back(segment(said, all.size()));
    out["segments"] = std::move(all);
  }
  if (wish.words) {
    json::array all;
    for (const auto& said : heard.words)
      all.push_back(json::object{{"word", said.text}, {"start", said.start}, {"end", said.end}});
    out["words"] = std::move(all);
  }
  out["usage"] = usage_of(heard);
  return json::write(out);
}

// Of what the model told no times, there are no captions.
std::vector<ai::Spoken> captions_of(const ai::Transcript& heard) {
  auto timed = timed_segments(heard);
  if (timed.empty() && !heard.text.empty()) throw no_captions();
  return timed;
}

// It is all there by then: a sentence is one event.
std::string events(const ai::Transcript& heard) {
  std::string out;
  const auto tell = [&out](json::object event) { out += http::encode_event("", json::write(event), ""); };
  std::string_view left = heard.text;
  for (const auto& said : heard.segments) {
    const auto at = left.find(said.text);
    if (at == std::string_view::npos) break;
    const auto length = at + said.text.size();
    tell({{"type", "transcript.text.delta"}, {"delta", left.substr(0, length)}});
    left.remove_prefix(length);
  }
  if (!left.empty()) tell({{"type", "transcript.text.delta"}, {"delta", left}});
  tell({{"type", "transcript.text.done"}, {"text", heard.text}, {"usage", usage_of(heard)}});
  return out;
}

}  // namespace

Error no_captions() {
  return fault_at("response_format", "unsupported_value",
                  "This model does not tell when something was said. Ask it for json or text.");
}

TranscriptWish openai_wish(const OpenAiTranscriptionRequest& asked) {
  json::Faults faults;
  TranscriptWish wish{.form = asked.response_format.value_or(OpenAiTranscriptForm::json),
                      .streamed = asked.stream.value_or(false)};
  wish.captions = wish.form == OpenAiTranscriptForm::srt || wish.form == OpenAiTranscriptForm::vtt;
  if (const auto t = asked.temperature; t && !(*t >= 0 && *t <= 1))
    faults.add("temperature", "range", "This must be between 0 and 1.");
  if (asked.timestamp_granularities && !asked.timestamp_granularities->empty()) {
    if (wish.form != OpenAiTranscriptForm::verbose_json)
      faults.add("timestamp_granularities", "not_allowed", "These need the response_format verbose_json.");
    const auto wants = [&](OpenAiGranularity which) {
      return std::ranges::find(*asked.timestamp_granularities, which) != asked.timestamp_granularities->end();
    };
    wish.segments = wants(OpenAiGranularity::segment);
    wish.words = wants(OpenAiGranularity::word);
  }
  if (wish.streamed && wish.form != OpenAiTranscriptForm::json && wish.form != OpenAiTranscriptForm::text)
    faults.add("response_format", "not_allowed", "A stream has text alone: this must be json or text.");
  faults.raise();
  return wish;
}

ai::TranscriptionRequest openai_recording(OpenAiTranscriptionRequest asked, std::string audio) {
  const auto type = audio_type_of(audio);
  if (type.empty())
    throw fault_at("file", "invalid_value",
                   "Invalid file format. Supported formats: flac, m4a, mp3, mp4, mpeg, mpga, oga, ogg, wav, webm.");
  return {.audio = std::move(audio),
          .media_type = std::string(type),
          .language = std::move(asked.language).value_or(""),
          .prompt = std::move(asked.prompt).value_or(""),
          .model = std::move(asked.model),
          .task = "chat.api"};
}

std::string_view audio_type_of(std::string_view bytes) {
  const auto at = [&](std::size_t place) {
    return place < bytes.size() ? static_cast<unsigned char>(bytes[place]) : 0;
  };
  if (bytes.starts_with("fLaC")) return "audio/flac";
  if (bytes.starts_with("OggS")) return "audio/ogg";
  if (bytes.starts_with("\x1A\x45\xDF\xA3")) return "audio/webm";
  if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WAVE") return "audio/wav";
  if (bytes.size() > 8 && bytes.substr(4, 4) == "ftyp") return "audio/mp4";
  // A frame of MPEG audio: eleven bits, a version and a layer that there are (AAC has layer 0).
  const bool is_frame = at(0) == 0xFF && (at(1) & 0xE0) == 0xE0 && (at(1) & 0x18) != 0x08 && (at(1) & 0x06) != 0;
  if (bytes.starts_with("ID3") || is_frame) return "audio/mpeg";
  return "";
}

Written openai_transcript(const ai::Transcript& heard, const TranscriptWish& wish) {
  if (wish.streamed) return {events(heard), "text/event-stream"};
  switch (wish.form) {
    case OpenAiTranscriptForm::text:
      return {heard.text + "\n", kPlain};
    case OpenAiTranscriptForm::srt:
      return {srt_of(captions_of(heard)), kPlain};
    case OpenAiTranscriptForm::vtt:
      return {vtt_of(captions_of(heard)), "text/vtt; charset=utf-8"};
    case OpenAiTranscriptForm::verbose_json:
      return {verbose(heard, wish), "application/json"};
    case OpenAiTranscriptForm::json:
      break;
  }
  return {json::write(json::object{{"text", heard.text}, {"usage", usage_of(heard)}}), "application/json"};
}

}  // namespace odeon::chat
