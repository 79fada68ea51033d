// The rest of OpenAI's API, for whatever is not talk: embeddings, speech, transcriptions, pictures. Part of the plans
// with the feature api_access, as completions.hpp has it, which also shows the models.
#pragma once

#include "engine/http/router.hpp"
#include "engine/storage/storage.hpp"
#include "products/chat/apis/api_access.hpp"
#include "products/chat/apis/openai_embeddings.hpp"
#include "products/chat/apis/openai_images.hpp"
#include "products/chat/apis/openai_speech.hpp"
#include "products/chat/apis/openai_transcriptions.hpp"
#include "products/chat/apis/question.hpp"

namespace odeon::chat {

inline constexpr std::uint64_t kLargestTexts = 16 * 1024 * 1024, kLargestRecording = 25 * 1024 * 1024;

inline constexpr Endpoint<OpenAiEmbeddingsRequest, http::Response> create_embeddings{
    {.method = Method::post,
     .path = "/v1/embeddings",
     .summary = "OpenAI's embeddings",
     .description = "`input` is a text or a list of up to 2048; each becomes a vector, in order.",
     .auth = Auth::user,
     .rate = kCalling,
     .max_body = kLargestTexts}};
inline constexpr Endpoint<OpenAiSpeechRequest, http::Response> create_speech{
    {.method = Method::post,
     .path = "/v1/audio/speech",
     .summary = "OpenAI's speech",
     .description = "A file of sound, or with `stream_format: sse` its bytes as server-sent events.",
     .auth = Auth::user,
     .rate = kCalling}};
inline constexpr Endpoint<OpenAiTranscriptionRequest, http::Response> create_transcription{
    {.method = Method::post,
     .path = "/v1/audio/transcriptions",
     .summary = "OpenAI's transcriptions",
     .description = "A form with a `file` of up to 25 MB: flac, mp3, mp4, m4a, ogg, wav, webm. Answers as "
                    "`response_format` says, or with `stream` as server-sent events.",
     .auth = Auth::user,
     .rate = kCalling,
     .max_body = kLargestRecording}};
inline constexpr Endpoint<OpenAiImagesRequest, http::Response> create_images{
    {.method = Method::post,
     .path = "/v1/images/generations",
     .summary = "OpenAI's image generations",
     .description = "Pictures as base64, or with `response_format: url` as `data:` URLs.",
     .auth = Auth::user,
     .rate = kCalling}};

// Thread-safe; what it is given outlives it.
class OpenAiMedia {
 public:
  struct Rooms {
    ai::Gateway& gateway;  // has all its models
    database::Database& database;
    billing::Subscriptions& subscriptions;
    storage::Storage& storage;  // where uploads are
    ThreadPool& heavy;
    const Clock& clock;
  };
  explicit OpenAiMedia(Rooms rooms);

  Task<http::Response> embed(http::Caller caller, OpenAiEmbeddingsRequest asked);
  Task<http::Response> speak(http::Caller caller, OpenAiSpeechRequest asked);
  Task<http::Response> transcribe(http::Caller caller, OpenAiTranscriptionRequest asked);
  Task<http::Response> draw(http::Caller caller, OpenAiImagesRequest asked);

  // Failures have OpenAI's shape where Completions is mounted too.
  void mount(http::Api& api);

 private:
  const Rooms rooms_;
  ApiAccess access_;
  const OfferedModels embedders_, speakers_, transcribers_, painters_;
  const std::vector<ai::VoiceInfo> voices_;
};

}  // namespace odeon::chat
