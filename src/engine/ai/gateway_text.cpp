// Text: at once, and while it is being written.
#include "engine/ai/gateway_state.hpp"

namespace odeon::ai {
namespace {

using Texts = Candidates<TextModel>::Found;
using Text = Candidate<TextModel>;

Error declined() {
  return Error(Fault::upstream, kDeclined, "The AI model declined to answer this.");
}

// Without those that cannot hold it, where there are others: of these, each says so itself.
Texts roomy(Texts found, const TextRequest& request) {
  const std::int64_t wanted = request.input_tokens + request.max_tokens;
  const auto holds = [&](const Text* one) {
    return one->card == nullptr || one->card->window == 0 || one->card->window >= wanted;
  };
  if (std::ranges::any_of(found, holds)) std::erase_if(found, std::not_fn(holds));
  return found;
}

Texts wanted(const TextRequest& request, const Candidates<TextModel>& texts, const Catalogue& catalogue) {
  return roomy(request.models.empty() ? texts.all() : texts.of(request.models, catalogue, ModelKind::text), request);
}

// Those who were not asked yet.
Texts others_than(const Texts& asked, Fault failed, const TextRequest& request, const Candidates<TextModel>& texts,
                  const Catalogue& catalogue) {
  if (!request.otherwise) return {};
  Texts found = texts.of(request.otherwise(failed), catalogue, ModelKind::text);
  std::erase_if(found, [&](const Text* one) { return std::ranges::find(asked, one) != asked.end(); });
  return roomy(std::move(found), request);
}

// By whoever is asked first, with what it thinks.
Usage most_of_first(const TextRequest& request, const Texts& candidates) {
  Usage most = most_of(request);
  if (!candidates.empty()) most.output_tokens += candidates.front()->model->room_to_think(request);
  return most;
}

bool may_compose(const TextRequest& request) {
  return request.offline &&
         (request.models.empty() || std::ranges::find(request.models, kOfflineModel) != request.models.end());
}

std::string insisted_on(const TextRequest& request) {
  return request.models.size() == 1 && !request.otherwise ? request.models.front() : "";
}

Task<TextReply> whole_answer(TextModel& model, const TextRequest& request, TraceContext place) {
  TextReply reply = co_await model.complete(request, place);
  if (!reply.usage.counted()) {
    std::int64_t bytes = 0;
    for (const auto& event : events_of(reply)) bytes += bytes_of(event);
    reply.usage = completed({}, request.input_tokens, bytes);
  }
  if (reply.finish == Finish::declined && !request.refusal_is_answer) throw FailedAfterUse(declined(), reply.usage);
  co_return reply;
}

// Who is not waited for any longer had the question all the same.
[[noreturn]] void fail_unheard(std::exception_ptr failure, Usage used, std::int64_t input_tokens) {
  if (used.input_tokens == 0) used.input_tokens = input_tokens;
  if (is_cancellation(failure))
    throw FailedAfterUse(Error(Fault::unavailable, "CANCELLED", "Nobody waits for this any more."), used);
  try {
    std::rethrow_exception(failure);
  } catch (const FailedAfterUse&) {
    throw;
  } catch (const Error& error) {
    if (error.fault == Fault::timeout) throw FailedAfterUse(error, used);
    throw;
  }
}

struct Opened {
  std::unique_ptr<TextStream> stream;
  TextEvents first;
};
Task<Opened> open(TextModel& model, const TextRequest& request, TraceContext place) {
  Opened opened{co_await model.stream(request, place), {}};
  auto first = co_await settle(opened.stream->next());
  if (!first) fail_unheard(first.error(), opened.stream->used(), request.input_tokens);
  opened.first = std::move(*first);
  const auto* end = opened.first.empty() ? nullptr : std::get_if<Finished>(&opened.first.back());
  if (end == nullptr) co_return opened;
  if (end->finish == Finish::declined && !request.refusal_is_answer) throw FailedAfterUse(declined(), end->usage);
  if (std::ranges::none_of(opened.first, says_something))
    if (const auto fault = fault_of_silence(wanted_of(request), end->finish)) throw FailedAfterUse(*fault, end->usage);
  co_return opened;
}

// Another model may be asked until the first events are here.
Task<std::expected<AnswerParts, Error>> begin(Desk& desk, Text& candidate, const Errand& errand,
                                              const TextRequest& request) {
  auto begun = Attempt::begin(desk, candidate.line, errand);
  if (!begun) co_return std::unexpected(std::move(begun.error()));
  auto opened = co_await settle(open(*candidate.model, request, begun->place()));
  if (!opened) {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto verdict = co_await begun->failed(opened.error());
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (verdict.final) std::rethrow_exception(verdict.final);
    co_return std::unexpected(std::move(verdict.error));
  }
  begun->began();
  co_return AnswerParts{.attempt = std::move(*begun),
                        .upstream = std::move(opened->stream),
                        .first = std::move(opened->first),
                        .input_tokens = request.input_tokens,
                        .wanted = wanted_of(request)};
}

}  // namespace

template <>
Task<void> Gateway::State::leave(AnswerParts parts) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  Usage used = parts.upstream->used();
  if (!used.anything()) used.input_tokens = parts.input_tokens;
  parts.upstream.reset();
  co_await parts.attempt.abandoned(used);
  co_await asio::this_coro::throw_if_cancelled(throws);
}

namespace {

// A deterministic answer made from the request's own data.
Task<TextReply> compose(Desk& desk, TextRequest request) {
  const Instant started = desk.clock.now();
  TextReply reply = TextReply::of(request.offline(), std::string(kOfflineModel));
  desk.count(reply.model, request.task, "ok", started);
  co_await desk.books.record(std::make_shared<Bill>(Bill{.payer = std::move(request.payer)}),
                             {.task = std::move(request.task), .model = reply.model});
  co_return reply;
}

// The same question, with what there is of its answer.
TextRequest continuation(const TextRequest& asked, const std::string& said) {
  TextRequest rest = asked;
  if (text::trim(said).empty()) return rest;
  rest.messages.emplace_back(MessageRole::assistant, said);
  rest.messages.emplace_back(MessageRole::user,
                             "Your answer was cut off. Go on exactly where it ends: repeat nothing of it, and make no "
                             "remark about the interruption.");
  rest.max_tokens = std::max(1, asked.max_tokens - static_cast<int>(output_of(std::ssize(said))));
  rest.input_tokens = input_of(rest);
  return rest;
}

Task<std::optional<AnswerParts>> begin_rest(Desk& desk, Texts others, Errand errand, TextRequest rest) {
  for (auto* candidate : others) {
    auto begun = co_await settle(begin(desk, *candidate, errand, rest));
    if (begun && *begun) co_return std::move(**begun);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (!begun && state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(begun.error());
  }
  co_return std::nullopt;
}

// Whoever else was wanted goes on, where that is allowed and makes sense: half of a document is not finished by
// another.
GoOn by_others(Desk& desk, const TextRequest& request, Texts candidates, const Errand& errand) {
  if (!request.may_continue || request.form.kind != AnswerForm::Kind::text) return nullptr;
  return [&desk, request, others = std::move(candidates), errand](const std::string& said, const Line& broken) mutable {
    std::erase_if(others, [&](const Text* one) { return &one->line == &broken; });
    return begin_rest(desk, others, errand, continuation(request, said));
  };
}

// Empty: it is not to be looked up, nor kept.
std::string key_of(const TextRequest& request, const GatewayOptions& options) {
  return request.caching == Caching::none || options.cache == nullptr ? "" : cache_key(request);
}

}  // namespace

Task<TextReply> Gateway::text(TextRequest request) {
  State& state = *state_;
  const std::string key = key_of(request, state.options);
  if (!key.empty())
    if (const auto kept = co_await state.kept_answer(key)) co_return reply_of(*kept);

  if (request.input_tokens == 0) request.input_tokens = input_of(request);
  const auto candidates = wanted(request, state.texts, catalogue());
  const auto others = [&](Fault failed) { return others_than(candidates, failed, request, state.texts, catalogue()); };
  const Errand errand{request.task, "chat", request.trace,
                      co_await state.open_bill(request.payer, most_of_first(request, candidates), candidates)};
  Failures failures;
  const auto ask = [&](Text& candidate) { return state.one<TextReply>(candidate, errand, request, whole_answer); };
  auto reply = co_await state.billed(State::first_of<TextReply>(candidates, failures, ask, others), errand.bill, false);
  if (reply && !key.empty() && reply->finish != Finish::declined)
    state.keep(co_await asio::this_coro::executor, key, write(KeptAnswer{reply->model, {events_of(*reply)}}),
               kAnswersLast);
  if (reply) co_return std::move(*reply);
  if (may_compose(request)) co_return co_await compose(state.desk, std::move(request));
  failures.raise(insisted_on(request));
}

Task<StreamedReply> Gateway::stream(TextRequest request) {
  State& state = *state_;
  const std::string key = key_of(request, state.options);
  if (!key.empty())
    if (auto kept = co_await state.kept_answer(key))
      co_return StreamedReply{kept->model, replay(std::move(*kept)), true};

  if (request.input_tokens == 0) request.input_tokens = input_of(request);
  auto candidates = wanted(request, state.texts, catalogue());
  const auto others = [&](Fault failed) { return others_than(candidates, failed, request, state.texts, catalogue()); };
  const Errand errand{request.task, "chat", request.trace,
                      co_await state.open_bill(request.payer, most_of_first(request, candidates), candidates)};
  Failures failures;
  const auto ask = [&](Text& candidate) { return begin(state.desk, candidate, errand, request); };
  auto parts =
      co_await state.billed(State::first_of<AnswerParts>(candidates, failures, ask, others), errand.bill, true);
  if (parts) {
    const auto loop = co_await asio::this_coro::executor;
    std::string model = parts->attempt.line().name();
    if (request.may_continue) std::ranges::move(others(Fault::unavailable), std::back_inserter(candidates));
    StreamedReply reply{model,
                        std::make_unique<AnswerStream>(std::move(*parts), errand.bill, state.books, state.closing, loop,
                                                       by_others(state.desk, request, std::move(candidates), errand))};
    if (!key.empty())
      reply.events = overheard(
          std::move(reply.events), std::move(model),
          [&state, loop, key](const KeptAnswer& answer) { state.keep(loop, key, write(answer), kAnswersLast); });
    co_return reply;
  }
  if (!may_compose(request)) failures.raise(insisted_on(request));
  co_return StreamedReply{std::string(kOfflineModel), stream_of(co_await compose(state.desk, std::move(request)))};
}

}  // namespace odeon::ai
