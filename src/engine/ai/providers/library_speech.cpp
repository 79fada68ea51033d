#include "engine/ai/providers/library_speech.hpp"

#include "base/text.hpp"
#include "engine/ai/providers/wav.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxAnswer = 128 << 20;

}  // namespace

LibrarySpeech::LibrarySpeech(http::Client& client, const Clock& clock, VoiceLibrary library, LibraryOptions options)
    : client_(client), clock_(clock), library_(std::move(library)), options_(std::move(options)) {
  for (const auto& voice : options_.voices) voices_.push_back({voice.name, "", name()});
}

Task<Speech> LibrarySpeech::speak(SpeechRequest request) {
  const VoiceInfo* chosen = voice_for(request, voices_);
  if (chosen == nullptr) throw Error(Fault::invalid, "UNKNOWN_VOICE", "This voice is not on offer.");
  const std::string& id = options_.voices[static_cast<std::size_t>(chosen - voices_.data())].id;
  ProviderCall call = library_.order(request, id, options_);
  call.provider = library_.provider;
  call.limit = options_.limit;
  call.max_answer = kMaxAnswer;
  call.trace = request.trace;
  call.at_risk.characters = static_cast<std::int64_t>(text::length(request.text));
  const Usage used = call.at_risk;
  const ProviderAnswer answer = co_await call_provider(client_, clock_, std::move(call));
  if (answer.content_type.starts_with("application/json") || answer.content_type.starts_with("text/") ||
      answer.body.size() < 2)
    throw FailedAfterUse(unusable("NOT_SPEECH", library_.provider, "an answer of type " + answer.content_type), used);
  co_return Speech{pcm_from_s16(answer.body, library_.rate, 1), name(), chosen->name};
}

}  // namespace odeon::ai
