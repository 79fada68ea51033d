#include "engine/ai/providers/google_transcription.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/ai/providers/google_languages.hpp"
#include "engine/ai/providers/provider_call.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

constexpr double kMaxSeconds = 60;
constexpr std::size_t kMaxAudio = 10'000'000;            // bytes, as base64
constexpr std::size_t kMaxPhrases = 500, kPhrase = 100;  // characters
constexpr double kLongestDay = 86'400;

Error unheard(const char* what) {
  return Error(Fault::invalid, kUnsupported, what);
}

// A WAVE and a FLAC say themselves what is in them.
bj::object config_for(std::string_view media_type) {
  const std::string type = text::to_lower(text::trim(media_type.substr(0, media_type.find(';'))));
  if (type == "audio/wav" || type == "audio/x-wav" || type == "audio/wave") return {};
  if (type == "audio/flac" || type == "audio/x-flac") return {{"encoding", "FLAC"}};
  if (type == "audio/ogg") return {{"encoding", "OGG_OPUS"}, {"sampleRateHertz", 48'000}};
  if (type == "audio/webm") return {{"encoding", "WEBM_OPUS"}, {"sampleRateHertz", 48'000}};
  throw unheard("Google does not transcribe files of this type.");
}

std::string_view language_of(const std::string& tag) {
  const std::string_view language = google_language(tag);
  if (language.empty()) throw unheard("Google has to be told which language is spoken, and to know it.");
  if (language == "cmn-CN") return "cmn-Hans-CN";
  return language == "ar-XA" ? "ar-EG" : language;  // here, no Arabic is everyone's
}

bj::array phrases_of(std::string_view prompt) {
  bj::array phrases;
  for (const auto line : text::split(prompt, '\n'))
    for (const auto phrase : text::split(line, ','))
      if (const auto words = text::trim(phrase); !words.empty() && phrases.size() < kMaxPhrases)
        phrases.emplace_back(text::prefix(words, kPhrase));
  return phrases;
}

std::string order_of(const TranscriptionRequest& request, const std::string& model) {
  bj::object config = config_for(request.media_type);
  config["languageCode"] = language_of(request.language);
  config["model"] = model;
  config["enableWordTimeOffsets"] = true;
  config["enableAutomaticPunctuation"] = true;
  if (auto phrases = phrases_of(request.prompt); !phrases.empty())
    config["speechContexts"] = bj::array{bj::object{{"phrases", std::move(phrases)}}};
  std::string audio = crypto::to_base64(request.audio);
  if (request.seconds > kMaxSeconds || audio.size() > kMaxAudio)
    throw Error(Fault::too_large, kUnsupported, "Google transcribes a minute at once, and no more.");
  return bj::serialize(bj::object{{"config", std::move(config)}, {"audio", bj::object{{"content", std::move(audio)}}}});
}

// "1.300s"; 0 for anything else.
double seconds_of(const bj::value* duration) {
  std::string_view text = wire::text_of(duration);
  if (!text.ends_with('s')) return 0;
  text.remove_suffix(1);
  double seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(seconds)) return 0;
  return std::clamp(seconds, 0.0, kLongestDay);
}

Transcript transcript_of(const bj::object& answer) {
  Transcript transcript;
  for (const auto& result : wire::list_of(wire::member(answer, "results"))) {
    const auto& alternatives = wire::list_of(wire::member(&result, "alternatives"));
    if (alternatives.empty()) continue;
    const auto* best = &alternatives.front();
    const auto said = wire::text_of(wire::member(best, "transcript"));
    Spoken segment{.text = std::string(text::trim(said)),
                   .start = transcript.seconds,
                   .end = seconds_of(wire::member(&result, "resultEndTime"))};
    const auto& words = wire::list_of(wire::member(best, "words"));
    for (const auto& word : words)
      transcript.words.push_back({std::string(wire::text_of(wire::member(&word, "word"))),
                                  seconds_of(wire::member(&word, "startTime")),
                                  seconds_of(wire::member(&word, "endTime"))});
    if (!words.empty()) segment.start = transcript.words[transcript.words.size() - words.size()].start;
    transcript.text += said;
    transcript.seconds = std::max(transcript.seconds, segment.end);
    if (transcript.language.empty()) transcript.language = wire::text_of(wire::member(&result, "languageCode"));
    if (!segment.text.empty()) transcript.segments.push_back(std::move(segment));
  }
  transcript.text = text::trim(transcript.text);
  transcript.usage.seconds = seconds_of(wire::member(answer, "totalBilledTime"));
  return transcript;
}

}  // namespace

GoogleTranscription::GoogleTranscription(http::Client& client, const Clock& clock, GoogleTranscriptionOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {}

Task<Transcript> GoogleTranscription::transcribe(TranscriptionRequest request) {
  ProviderCall call{.provider = "google",
                    .url = options_.base_url + "/v1/speech:recognize",
                    .credentials = options_.credentials,
                    .body = order_of(request, options_.model),
                    .limit = options_.limit,
                    .trace = request.trace};
  call.at_risk.seconds = most_of(request).seconds;
  const Usage at_risk = call.at_risk;
  const ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
  try {
    const auto read = wire::object_of(answer.body, "google");
    if (const auto* error = wire::member(read, "error")) throw error_in_answer(*error, "google");
    Transcript transcript = transcript_of(read);
    transcript.model = name();
    if (transcript.usage.seconds == 0) transcript.usage = at_risk;
    if (request.seconds > 0) transcript.seconds = request.seconds;
    co_return transcript;
  } catch (const Error& error) {
    throw FailedAfterUse(error, at_risk);
  }
}

}  // namespace odeon::ai
