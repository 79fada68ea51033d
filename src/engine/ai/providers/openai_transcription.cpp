#include "engine/ai/providers/openai_transcription.hpp"

#include <array>

#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/multipart_form.hpp"
#include "engine/ai/providers/openai_usage.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;
using wire::text_of;

// The name's end is what OpenAI tells the kind of a file by.
std::string file_name(std::string_view media_type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kEnds{{{"audio/mpeg", "mp3"},
                                                                                {"audio/mp4", "m4a"},
                                                                                {"audio/x-m4a", "m4a"},
                                                                                {"audio/wav", "wav"},
                                                                                {"audio/x-wav", "wav"},
                                                                                {"audio/webm", "webm"},
                                                                                {"audio/ogg", "ogg"},
                                                                                {"audio/flac", "flac"}}};
  const auto found = std::ranges::find(kEnds, media_type, &std::pair<std::string_view, std::string_view>::first);
  return "audio." + std::string(found != kEnds.end() ? found->second : "mp3");
}

// Whisper names languages in English.
std::string language_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kNames{
      {{"english", "en"},   {"spanish", "es"},    {"french", "fr"},    {"german", "de"}, {"italian", "it"},
       {"turkish", "tr"},   {"portuguese", "pt"}, {"dutch", "nl"},     {"polish", "pl"}, {"russian", "ru"},
       {"ukrainian", "uk"}, {"japanese", "ja"},   {"chinese", "zh"},   {"korean", "ko"}, {"arabic", "ar"},
       {"hindi", "hi"},     {"swedish", "sv"},    {"norwegian", "no"}, {"danish", "da"}, {"finnish", "fi"}}};
  const auto lower = text::to_lower(name);
  const auto found =
      std::ranges::find(kNames, std::string_view(lower), &std::pair<std::string_view, std::string_view>::first);
  if (found != kNames.end()) return std::string(found->second);
  return lower.size() <= 3 ? lower : "";  // servers that give a code
}

double seconds_in(const bj::value* value) {
  // OpenAI's older answers have the duration as text.
  const auto number = value != nullptr ? json::as_number(*value, json::Source::text) : std::nullopt;
  return std::clamp(number.value_or(0), 0.0, 1e6);
}

std::vector<Spoken> spoken(const bj::value* list, std::string_view text_name) {
  std::vector<Spoken> out;
  for (const auto& each : wire::list_of(list)) {
    const auto said = text::trim(text_of(member(&each, text_name)));
    const double start = seconds_in(member(&each, "start"));
    if (!said.empty()) out.push_back({std::string(said), start, std::max(start, seconds_in(member(&each, "end")))});
  }
  return out;
}

// Seconds where it counts no tokens.
Usage usage_of(const bj::object& answer, double seconds) {
  Usage used = openai_usage(member(answer, "usage"));
  if (const auto* input = member(member(answer, "usage"), "input_token_details"))
    used.input_audio_tokens = std::min(wire::count_of(member(input, "audio_tokens")), used.input_tokens);
  const double counted = seconds_in(member(member(answer, "usage"), "seconds"));
  if (used.input_tokens == 0) used.seconds = counted > 0 ? counted : seconds;
  return used;
}

}  // namespace

OpenAiTranscription::OpenAiTranscription(http::Client& client, const Clock& clock, OpenAiOptions options,
                                         std::string model, Detail detail)
    : client_(client), clock_(clock), options_(std::move(options)), model_(std::move(model)), detail_(detail) {}

std::string OpenAiTranscription::name() const {
  return options_.provider + "/" + model_;
}

Task<Transcript> OpenAiTranscription::transcribe(TranscriptionRequest request) {
  MultipartForm form;
  form.field("model", model_);
  form.field("response_format", detail_ == Detail::times ? "verbose_json" : "json");
  if (detail_ == Detail::times)
    for (const char* granularity : {"segment", "word"}) form.field("timestamp_granularities[]", granularity);
  if (!request.language.empty()) form.field("language", primary_language(request.language));
  if (!request.prompt.empty()) form.field("prompt", request.prompt);
  form.file("file", file_name(request.media_type), request.media_type, request.audio);

  ProviderCall call = openai_call(options_, "/audio/transcriptions", request.trace);
  call.content_type = form.content_type();
  call.body = std::move(form).finish();
  call.at_risk = most_of(request);
  const Usage most = call.at_risk;
  const auto answer = openai_object(co_await call_provider(client_, clock_, std::move(call)), options_.provider);

  const double seconds = seconds_in(member(answer, "duration"));
  Transcript found{
      .text = std::string(text::trim(text_of(member(answer, "text")))),
      .language = request.language.empty() ? language_of(text_of(member(answer, "language"))) : request.language,
      .seconds = seconds > 0 ? seconds : request.seconds,
      .segments = spoken(member(answer, "segments"), "text"),
      .words = spoken(member(answer, "words"), "word"),
      .model = name(),
      .usage = {}};
  found.usage = usage_of(answer, found.seconds);
  // Those that tell the text alone are paid by the token.
  if (detail_ == Detail::text && found.usage.input_tokens == 0) found.usage = most;
  // Silence is an empty text; no text at all is not an answer.
  if (member(answer, "text") == nullptr)
    throw FailedAfterUse(unusable("BAD_ANSWER", options_.provider, "no text"), found.usage);
  co_return found;
}

}  // namespace odeon::ai
