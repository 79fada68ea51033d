// OpenAI's transcriptions as their clients speak them: pure translation. Checked against the official SDK
// (openai 6.49).
#pragma once

#include "base/fields.hpp"
#include "engine/ai/transcription.hpp"
#include "engine/http/endpoint.hpp"

namespace odeon::chat {

enum class OpenAiTranscriptForm { json, text, srt, verbose_json, vtt };
BOOST_DESCRIBE_ENUM(OpenAiTranscriptForm, json, text, srt, verbose_json, vtt)

enum class OpenAiGranularity { segment, word };
BOOST_DESCRIBE_ENUM(OpenAiGranularity, segment, word)

struct OpenAiTranscriptionRequest {
  http::Upload file;
  Text<1, 200> model;
  std::optional<Text<0, 35>> language;
  std::optional<Text<0, 4000>> prompt;
  std::optional<OpenAiTranscriptForm> response_format;
  std::optional<double> temperature;  // 0–1; changes nothing
  std::optional<List<OpenAiGranularity, 0, 2>> timestamp_granularities;
  std::optional<bool> stream;
};
BOOST_DESCRIBE_STRUCT(OpenAiTranscriptionRequest, (),
                      (file, model, language, prompt, response_format, temperature, timestamp_granularities, stream))

// How the client wants to have it.
struct TranscriptWish {
  OpenAiTranscriptForm form = OpenAiTranscriptForm::json;
  bool segments = true, words = false;  // in verbose_json
  bool captions = false;                // srt or vtt: nothing without times
  bool streamed = false;
};

// That there can be no captions: of a model that does not tell when something was said.
Error no_captions();

// Each throws Error{invalid}, with every fault by its field.
TranscriptWish openai_wish(const OpenAiTranscriptionRequest& asked);
ai::TranscriptionRequest openai_recording(OpenAiTranscriptionRequest asked, std::string audio);

// What kind of sound this is, by its first bytes: flac, mp3, mp4, ogg, wav, webm. Empty for anything else.
std::string_view audio_type_of(std::string_view bytes);

struct Written {
  std::string body, content_type;
};
// Throws Error{invalid} for captions of what the model cannot tell when it was said.
Written openai_transcript(const ai::Transcript& heard, const TranscriptWish& wish);

}  // namespace odeon::chat
