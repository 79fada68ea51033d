#include "engine/ai/providers/openai.hpp"

#include "base/text.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/provider_call.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxTextAnswer = 8 << 20;
constexpr std::size_t kMaxSpeechAnswer = 128 << 20;

std::string address(const OpenAiOptions& options, std::string_view path) {
  std::string base = options.base_url;
  while (base.ends_with('/')) base.pop_back();
  if (!base.ends_with("/v1")) base += "/v1";
  return base.append(path);
}

ProviderCall call_of(const OpenAiOptions& options, std::string_view path, std::string body, TraceContext trace) {
  ProviderCall call{.provider = options.provider,
                    .url = address(options, path),
                    .body = std::move(body),
                    .limit = options.limit,
                    .trace = trace};
  if (!options.key.empty()) call.headers.set("Authorization", "Bearer " + options.key);
  return call;
}

}  // namespace

OpenAiText::OpenAiText(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
                       ChatDialect dialect)
    : client_(client), clock_(clock), options_(std::move(options)), model_(std::move(model)), dialect_(dialect) {}

std::string OpenAiText::name() const {
  return options_.provider + "/" + model_;
}

Task<TextReply> OpenAiText::complete(TextRequest request) {
  ProviderCall call = call_of(options_, "/chat/completions", chat_request(request, model_, dialect_), request.trace);
  call.max_answer = kMaxTextAnswer;
  const ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
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

bool OpenAiSpeech::speaks(const SpeechRequest& request) const {
  return voice_for(request, voices_) != nullptr;
}

Task<Speech> OpenAiSpeech::speak(SpeechRequest request) {
  const VoiceInfo* chosen = voice_for(request, voices_);
  if (chosen == nullptr) throw Error(Fault::invalid, "UNKNOWN_VOICE", "This voice or language is not on offer.");
  const std::string voice = chosen->name;
  ProviderCall call = call_of(options_, "/audio/speech", speech_request(request, model_, voice), request.trace);
  call.max_answer = kMaxSpeechAnswer;
  call.at_risk.characters = static_cast<std::int64_t>(text::length(request.text));
  const ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
  co_return Speech{read_speech_answer(answer.body, answer.content_type, options_.provider), name(), voice};
}

}  // namespace odeon::ai
