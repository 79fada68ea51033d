#include "engine/ai/gateway.hpp"

#include "base/text.hpp"
#include "engine/ai/attempts.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kLongestSpeech = 4096;

template <class Model>
struct Candidate {
  explicit Candidate(std::unique_ptr<Model> wanted) : model(std::move(wanted)), line(model->name()) {}
  std::unique_ptr<Model> model;
  Line line;
};

Usage of_text(const TextReply& reply) {
  return reply.usage;
}

Error fault_of(std::string path, std::string code, std::string message) {
  return Error(Fault::invalid, "VALIDATION_ERROR", path + ": " + message)
      .with_fields({{std::move(path), std::move(code), std::move(message)}});
}

void check(const SpeechRequest& request) {
  if (text::trim(request.text).empty()) throw fault_of("text", "required", "There is nothing to say.");
  if (!text::is_utf8(request.text)) throw fault_of("text", "utf8", "This must be valid UTF-8.");
  if (text::length(request.text) > kLongestSpeech)
    throw fault_of("text", "too_long", "This must have at most 4096 characters.");
  if (!(request.speed >= 0.5 && request.speed <= 2.0))
    throw fault_of("speed", "range", "This must be between 0.5 and 2.");
}

// Remembers how the candidates failed, to say when trying again makes sense.
class Failures {
 public:
  void add(Error error) {
    if (error.retry_after && (!soonest_ || *error.retry_after < *soonest_)) soonest_ = error.retry_after;
    last_ = std::move(error);
  }
  // A caller who insisted learns what was wrong with that one.
  [[noreturn]] void raise(bool insisted, const std::string& model) const {
    if (insisted && last_) {
      // Our key, not the caller's: they have nothing to log in to.
      Error error = *last_;
      if (error.fault == Fault::unauthenticated) error.fault = Fault::upstream;
      throw error;
    }
    if (insisted) throw fault_of("model", "not_allowed", "There is no model " + text::to_valid_utf8(model) + " here.");
    throw Error(Fault::unavailable, "AI_UNAVAILABLE", "No AI model can answer at the moment. Please try again later.")
        .with_retry_after(soonest_.value_or(std::chrono::seconds(30)));
  }

 private:
  std::optional<Error> last_;
  std::optional<std::chrono::seconds> soonest_;
};

}  // namespace

struct Gateway::State {
  State(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, Spans* spans)
      : clock(clock), attempts(clock, log, metrics, meter, spans) {}

  // A deterministic answer made from the request's own data.
  Task<TextReply> compose(TextRequest request) {
    const Instant started = clock.now();
    TextReply reply{.text = request.offline(), .model = std::string(kOfflineModel)};
    attempts.count(reply.model, request.task, "ok", started);
    co_await attempts.record({std::move(request.task), reply.model, {}, true});
    co_return reply;
  }

  // The first of the candidates that have this very voice and language and answer.
  Task<std::optional<Speech>> say(SpeechRequest request, std::vector<bool>& tried, Failures& failures) {
    const TraceContext asked = request.trace;
    for (std::size_t i = 0; i < voices.size(); ++i) {
      auto& candidate = *voices[i];
      if (!request.model.empty() && request.model != candidate.line.name()) continue;
      if (tried[i] || !candidate.model->speaks(request)) continue;
      tried[i] = true;
      const auto call = [&](TraceContext trace) {
        request.trace = trace;
        return metered(*candidate.model, request);
      };
      auto said = co_await attempts.run<Metering>(candidate.line, {"speech", "speak", asked}, call,
                                                  [](const Metering& done) { return done.usage; });
      if (said) {
        said->speech.model = candidate.line.name();
        co_return std::move(said->speech);
      }
      failures.add(std::move(said.error()));
    }
    co_return std::nullopt;
  }

  struct Metering {
    Speech speech;
    Usage usage;
  };
  static Task<Metering> metered(SpeechModel& model, SpeechRequest request) {
    Usage usage{.characters = static_cast<std::int64_t>(text::length(request.text))};
    Speech speech = co_await model.speak(std::move(request));
    usage.seconds = speech.audio.seconds();
    co_return Metering{std::move(speech), usage};
  }

  const Clock& clock;
  Attempts attempts;
  std::vector<std::unique_ptr<Candidate<TextModel>>> texts;
  std::vector<std::unique_ptr<Candidate<SpeechModel>>> voices;
};

Gateway::Gateway(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, Spans* spans)
    : state_(std::make_unique<State>(clock, log, metrics, meter, spans)) {}
Gateway::~Gateway() = default;

void Gateway::add(std::unique_ptr<TextModel> model) {
  state_->texts.push_back(std::make_unique<Candidate<TextModel>>(std::move(model)));
}

void Gateway::add(std::unique_ptr<SpeechModel> model) {
  state_->voices.push_back(std::make_unique<Candidate<SpeechModel>>(std::move(model)));
}

Task<TextReply> Gateway::text(TextRequest request) {
  const bool insisted = !request.model.empty();
  const TraceContext asked = request.trace;
  Failures failures;
  for (auto& candidate : state_->texts) {
    if (insisted && request.model != candidate->line.name()) continue;
    const auto call = [&](TraceContext trace) {
      request.trace = trace;
      return candidate->model->complete(request);
    };
    auto reply =
        co_await state_->attempts.run<TextReply>(candidate->line, {request.task, "chat", asked}, call, of_text);
    if (reply) {
      reply->model = candidate->line.name();
      co_return std::move(*reply);
    }
    failures.add(std::move(reply.error()));
  }
  if (request.offline && (!insisted || request.model == kOfflineModel))
    co_return co_await state_->compose(std::move(request));
  failures.raise(insisted, request.model);
}

Task<Speech> Gateway::speak(SpeechRequest request) {
  check(request);
  Failures failures;
  std::vector<bool> tried(state_->voices.size(), false);
  auto speech = co_await state_->say(request, tried, failures);
  if (!speech && !request.voice.empty() && request.model.empty()) {
    request.voice.clear();
    speech = co_await state_->say(request, tried, failures);
  }
  const bool insisted = !request.model.empty();
  if (!speech && !insisted && std::ranges::none_of(tried, std::identity()))
    throw fault_of("language", "not_allowed", "No voice here speaks this language.");
  if (!speech) failures.raise(insisted, request.model);
  co_return std::move(*speech);
}

std::vector<VoiceInfo> Gateway::voices() const {
  std::vector<VoiceInfo> all;
  for (auto& candidate : state_->voices)
    for (auto& voice : candidate->model->voices()) all.push_back(std::move(voice));
  return all;
}

std::vector<ModelHealth> Gateway::health() const {
  std::vector<ModelHealth> all;
  for (auto& candidate : state_->texts) all.push_back(candidate->line.health());
  for (auto& candidate : state_->voices) all.push_back(candidate->line.health());
  return all;
}

}  // namespace odeon::ai
