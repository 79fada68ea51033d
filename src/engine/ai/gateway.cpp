#include "engine/ai/gateway.hpp"

#include "base/text.hpp"
#include "engine/ai/answer_stream.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kLongestSpeech = 4096;

template <class Model>
struct Candidate {
  Candidate(std::unique_ptr<Model> wanted, const Catalogue& catalogue)
      : model(std::move(wanted)), line(model->name(), price_in(catalogue, model->name())) {}
  static Price price_in(const Catalogue& catalogue, const std::string& name) {
    const Offer* offer = catalogue.offer(name);
    return offer != nullptr ? offer->price : Price{};
  }
  std::unique_ptr<Model> model;
  Line line;
};
using Texts = std::vector<std::unique_ptr<Candidate<TextModel>>>;

Usage of_text(const TextReply& reply) {
  return reply.usage;
}

Error declined() {
  return Error(Fault::upstream, kDeclined, "The AI model declined to answer this.");
}

// Those that a request asks for, in its order: by their own name, or as what the catalogue sells under it.
std::vector<Candidate<TextModel>*> wanted(const TextRequest& request, const Texts& texts, const Catalogue& catalogue) {
  std::vector<Candidate<TextModel>*> all;
  const auto add = [&](const std::string& name) {
    for (const auto& candidate : texts)
      if (candidate->line.name() == name && std::ranges::find(all, candidate.get()) == all.end())
        all.push_back(candidate.get());
  };
  for (const auto& name : request.models) {
    add(name);
    const ModelCard* card = catalogue.find(name);
    for (const auto& offer : card != nullptr ? card->offers : std::vector<Offer>()) add(offer.name());
  }
  if (request.models.empty())
    for (const auto& candidate : texts) all.push_back(candidate.get());
  return all;
}

bool may_compose(const TextRequest& request) {
  return request.offline &&
         (request.models.empty() || std::ranges::find(request.models, kOfflineModel) != request.models.end());
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
  // A caller who insisted on one learns what was wrong with it.
  [[noreturn]] void raise(const std::vector<std::string>& models) const {
    const bool insisted = models.size() == 1;
    if (insisted && last_) {
      // Our key, not the caller's: they have nothing to log in to.
      Error error = *last_;
      if (error.fault == Fault::unauthenticated) error.fault = Fault::upstream;
      throw error;
    }
    if (insisted)
      throw fault_of("model", "not_allowed", "There is no model " + text::to_valid_utf8(models.front()) + " here.");
    throw Error(Fault::unavailable, "AI_UNAVAILABLE", "No AI model can answer at the moment. Please try again later.")
        .with_retry_after(soonest_.value_or(std::chrono::seconds(30)));
  }

 private:
  std::optional<Error> last_;
  std::optional<std::chrono::seconds> soonest_;
};

}  // namespace

struct Gateway::State {
  State(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, GatewayOptions given)
      : clock(clock),
        options(std::move(given)),
        books(log, meter, options.budgets),
        desk{clock, log, metrics, books, options.spans != nullptr ? *options.spans : no_spans},
        closing([&log](const std::string& name, std::exception_ptr failure) {
          log.error("ai.closing_failed", {{"task", name}, {"detail", describe(failure)}});
        }) {}

  // A deterministic answer made from the request's own data.
  Task<TextReply> compose(TextRequest request) {
    const Instant started = clock.now();
    TextReply reply = TextReply::of(request.offline(), std::string(kOfflineModel));
    desk.count(reply.model, request.task, "ok", started);
    co_await books.record(std::make_shared<Bill>(Bill{.payer = std::move(request.payer)}),
                          {.task = std::move(request.task), .model = reply.model});
    co_return reply;
  }

  // Asks one after the other until `ask(candidate, errand)` brings something.
  template <class Got, class Ask>
  Task<std::optional<Got>> first_of(std::vector<Candidate<TextModel>*> candidates, Errand errand, Failures& failures,
                                    const Ask& ask) {
    for (auto* candidate : candidates) {
      auto got = co_await ask(*candidate, errand);
      if (got) co_return std::move(*got);
      failures.add(std::move(got.error()));
    }
    co_return std::nullopt;
  }

  // What `task` brings; its bill is closed when there is nothing more to come.
  template <class Got>
  Task<std::optional<Got>> billed(Task<std::optional<Got>> task, std::shared_ptr<Bill> bill, bool more_to_come) {
    auto got = co_await settle(std::move(task));
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    if (!got || !*got || !more_to_come) co_await books.close(std::move(bill));
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (!got) std::rethrow_exception(got.error());
    co_return std::move(*got);
  }

  Task<std::shared_ptr<Bill>> open_bill(const TextRequest& request,
                                        const std::vector<Candidate<TextModel>*>& candidates) {
    return books.open(request.payer, candidates.empty() ? 0 : most_of(request, candidates.front()->line.price()));
  }

  Task<std::expected<TextReply, Error>> complete(Candidate<TextModel>& candidate, Errand errand, TextRequest request) {
    const auto call = [&](TraceContext place) {
      request.trace = place;
      return answer_of(*candidate.model, request);
    };
    auto reply = co_await attempt<TextReply>(desk, candidate.line, std::move(errand), call, of_text);
    if (reply) reply->model = candidate.line.name();
    co_return reply;
  }
  static Task<TextReply> answer_of(TextModel& model, TextRequest request) {
    const bool refusal_is_answer = request.refusal_is_answer;
    TextReply reply = co_await model.complete(std::move(request));
    if (reply.finish == Finish::declined && !refusal_is_answer) throw FailedAfterUse(declined(), reply.usage);
    co_return reply;
  }

  // Another model may be asked until the first events are here.
  Task<std::expected<AnswerParts, Error>> begin(Candidate<TextModel>& candidate, Errand errand, TextRequest request) {
    auto begun = Attempt::begin(desk, candidate.line, std::move(errand));
    if (!begun) co_return std::unexpected(std::move(begun.error()));
    request.trace = begun->place();
    auto opened = co_await settle(open(*candidate.model, request));
    if (!opened) {
      const bool throws = co_await asio::this_coro::throw_if_cancelled();
      co_await asio::this_coro::throw_if_cancelled(false);
      auto verdict = co_await begun->failed(opened.error());
      co_await asio::this_coro::throw_if_cancelled(throws);
      if (verdict.final) std::rethrow_exception(verdict.final);
      co_return std::unexpected(std::move(verdict.error));
    }
    begun->began();
    co_return AnswerParts{std::move(*begun), std::move(opened->stream), std::move(opened->first), std::move(request)};
  }
  struct Opened {
    std::unique_ptr<TextStream> stream;
    TextEvents first;
  };
  static Task<Opened> open(TextModel& model, TextRequest request) {
    const bool refusal_is_answer = request.refusal_is_answer;
    Opened opened{co_await model.stream(std::move(request)), {}};
    opened.first = co_await opened.stream->next();
    const auto* end = opened.first.empty() ? nullptr : std::get_if<Finished>(&opened.first.back());
    if (end != nullptr && end->finish == Finish::declined && !refusal_is_answer)
      throw FailedAfterUse(declined(), end->usage);
    co_return opened;
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
      auto said = co_await attempt<Metering>(desk, candidate.line, {"speech", "speak", asked, std::make_shared<Bill>()},
                                             call, [](const Metering& done) { return done.usage; });
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
  const GatewayOptions options;
  Books books;
  Spans no_spans;
  const Desk desk;
  Texts texts;
  std::vector<std::unique_ptr<Candidate<SpeechModel>>> voices;
  TaskGroup closing;
};

Gateway::Gateway(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, GatewayOptions options)
    : state_(std::make_unique<State>(clock, log, metrics, meter, std::move(options))) {}
Gateway::~Gateway() = default;

void Gateway::add(std::unique_ptr<TextModel> model) {
  state_->texts.push_back(std::make_unique<Candidate<TextModel>>(std::move(model), state_->options.catalogue));
}

void Gateway::add(std::unique_ptr<SpeechModel> model) {
  state_->voices.push_back(std::make_unique<Candidate<SpeechModel>>(std::move(model), state_->options.catalogue));
}

Task<TextReply> Gateway::text(TextRequest request) {
  State& state = *state_;
  const auto candidates = wanted(request, state.texts, state.options.catalogue);
  const Errand errand{request.task, "chat", request.trace, co_await state.open_bill(request, candidates)};
  Failures failures;
  const auto ask = [&](Candidate<TextModel>& candidate, Errand errand) {
    return state.complete(candidate, std::move(errand), request);
  };
  auto reply = co_await state.billed(state.first_of<TextReply>(candidates, errand, failures, ask), errand.bill, false);
  if (reply) co_return std::move(*reply);
  if (may_compose(request)) co_return co_await state.compose(std::move(request));
  failures.raise(request.models);
}

Task<StreamedReply> Gateway::stream(TextRequest request) {
  State& state = *state_;
  const auto candidates = wanted(request, state.texts, state.options.catalogue);
  const Errand errand{request.task, "chat", request.trace, co_await state.open_bill(request, candidates)};
  Failures failures;
  const auto ask = [&](Candidate<TextModel>& candidate, Errand errand) {
    return state.begin(candidate, std::move(errand), request);
  };
  auto parts = co_await state.billed(state.first_of<AnswerParts>(candidates, errand, failures, ask), errand.bill, true);
  if (parts) {
    std::string model = parts->attempt.line().name();
    co_return StreamedReply{std::move(model),
                            std::make_unique<AnswerStream>(std::move(*parts), errand.bill, state.books, state.closing,
                                                           co_await asio::this_coro::executor)};
  }
  if (!may_compose(request)) failures.raise(request.models);
  co_return StreamedReply{std::string(kOfflineModel), stream_of(co_await state.compose(std::move(request)))};
}

Task<void> Gateway::stop() {
  return state_->closing.stop();
}

const Catalogue& Gateway::catalogue() const {
  return state_->options.catalogue;
}

std::vector<const ModelCard*> Gateway::models() const {
  std::vector<const ModelCard*> all;
  for (const auto& card : state_->options.catalogue.models())
    for (const auto& offer : card.offers)
      if (std::ranges::any_of(state_->texts, [&](const auto& text) { return text->line.name() == offer.name(); })) {
        all.push_back(&card);
        break;
      }
  return all;
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
  if (!speech) failures.raise(insisted ? std::vector{request.model} : std::vector<std::string>());
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
