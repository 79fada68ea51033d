#include "engine/ai/openai.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/provider_errors.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxTextAnswer = 8 << 20;
constexpr std::size_t kMaxSpeechAnswer = 128 << 20;
constexpr std::size_t kMaxErrorAnswer = 64 << 10;

std::string address(const OpenAiOptions& options, std::string_view path) {
  std::string base = options.base_url;
  while (base.ends_with('/')) base.pop_back();
  if (!base.ends_with("/v1")) base += "/v1";
  return base.append(path);
}

struct Answer {
  std::string body;
  std::string content_type;
};

Error cut_off(std::exception_ptr failure, const std::string& provider) {
  Error error = unusable("CUT_OFF", provider, describe(failure));
  try {
    std::rethrow_exception(failure);
  } catch (const Error& known) {
    error.fault = known.fault;
  } catch (const std::exception&) {
    // Cancelled: whoever cancelled knows.
  }
  return error;
}

// `at_risk` is charged once the provider has said that it will answer.
Task<Answer> post(http::Client& client, const Clock& clock, OpenAiOptions options, std::string path, std::string body,
                  std::size_t limit, Usage at_risk) {
  http::ClientRequest request{.method = http::Method::post, .url = address(options, path), .body = std::move(body)};
  request.headers.set("Content-Type", "application/json");
  if (!options.key.empty()) request.headers.set("Authorization", "Bearer " + options.key);
  const auto until = std::chrono::steady_clock::now() + options.limit;
  auto response = co_await with_timeout(options.limit, client.send(std::move(request)));
  const bool fine = response.status >= 200 && response.status < 300;
  auto reading = read_all(*response.body, fine ? limit : kMaxErrorAnswer);
  auto content = co_await settle(with_timeout(until - std::chrono::steady_clock::now(), std::move(reading)));
  if (!fine)
    throw error_of_status(response.status, response.headers, content.value_or(""), options.provider, clock.now());
  if (!content) throw FailedAfterUse(cut_off(content.error(), options.provider), at_risk);
  co_return Answer{std::move(*content), std::string(response.headers.get("Content-Type"))};
}

}  // namespace

OpenAiText::OpenAiText(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
                       ChatDialect dialect)
    : client_(client), clock_(clock), options_(std::move(options)), model_(std::move(model)), dialect_(dialect) {}

std::string OpenAiText::name() const {
  return options_.provider + "/" + model_;
}

Task<TextReply> OpenAiText::complete(TextRequest request) {
  const Answer answer = co_await post(client_, clock_, options_, "/chat/completions",
                                      chat_request(request, model_, dialect_), kMaxTextAnswer, {});
  TextReply reply = read_chat_answer(answer.body, request, options_.provider);
  reply.model = name();
  co_return reply;
}

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

const VoiceInfo* OpenAiSpeech::choose(const SpeechRequest& request) const {
  for (const auto& voice : voices_) {
    const bool language =
        voice.language.empty() || primary_language(voice.language) == primary_language(request.language);
    if (language && (request.voice.empty() || request.voice == voice.name)) return &voice;
  }
  return nullptr;
}

bool OpenAiSpeech::speaks(const SpeechRequest& request) const {
  return choose(request) != nullptr;
}

Task<Speech> OpenAiSpeech::speak(SpeechRequest request) {
  const VoiceInfo* chosen = choose(request);
  if (chosen == nullptr) throw Error(Fault::invalid, "UNKNOWN_VOICE", "This voice or language is not on offer.");
  const std::string voice = chosen->name;
  const Usage used{.characters = static_cast<std::int64_t>(text::length(request.text))};
  const Answer answer = co_await post(client_, clock_, options_, "/audio/speech",
                                      speech_request(request, model_, voice), kMaxSpeechAnswer, used);
  co_return Speech{read_speech_answer(answer.body, answer.content_type, options_.provider), name(), voice};
}

}  // namespace odeon::ai
