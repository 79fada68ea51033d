// What stands behind the gateway's door: every model there is, and the way a request takes past them.
#pragma once

#include "engine/ai/answer_stream.hpp"
#include "engine/ai/candidates.hpp"
#include "engine/ai/gateway.hpp"
#include "engine/ai/hedge.hpp"

namespace odeon::ai {

struct Gateway::State {
  State(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, GatewayOptions given);

  // Asks one after the other until `ask(candidate)` brings something; two side by side where one takes long. After the
  // candidates, those that `others(fault)` names by how the last of them failed.
  template <class Got, class Model, class Ask, class Others>
  static Task<std::optional<Got>> first_of(std::vector<Candidate<Model>*> candidates, Failures& failures, Ask ask,
                                           Others others) {
    bool asked_others = false;
    for (std::size_t next = 0;;) {
      if (next == candidates.size() && !std::exchange(asked_others, true)) {
        candidates = others(failures.last_fault());
        next = 0;
      }
      if (next == candidates.size()) co_return std::nullopt;
      auto& candidate = *candidates[next++];
      Hedged<std::expected<Got, Error>> outcome;
      if (candidate.hedge_after > Micros{} && next < candidates.size()) {
        const auto spare = [&] { return ask(*candidates[next]); };
        outcome = co_await hedged(candidate.hedge_after, ask(candidate), spare);
        if (outcome.second) ++next;
      } else {
        outcome.first.emplace(co_await ask(candidate));
      }
      std::optional<Got> got;
      for (auto* one : {&outcome.first, &outcome.second}) {
        if (!*one) continue;
        if (!**one)
          failures.add(std::move((*one)->error()));
        else if (!got)
          got = std::move(***one);
        else
          co_await leave(std::move(***one));
      }
      if (got) co_return std::move(*got);
    }
  }
  // Of those and nobody else.
  template <class Got, class Model, class Ask>
  static Task<std::optional<Got>> first_of(std::vector<Candidate<Model>*> candidates, Failures& failures, Ask ask) {
    const auto nobody = [](Fault) { return std::vector<Candidate<Model>*>(); };
    return first_of<Got>(std::move(candidates), failures, std::move(ask), nobody);
  }
  // An answer that came when another was there already.
  template <class Got>
  static Task<void> leave(Got) {
    co_return;
  }

  // What `task` brings; its bill is closed when there is nothing more to come.
  template <class Got>
  Task<std::optional<Got>> billed(Task<std::optional<Got>> task, std::shared_ptr<Bill> bill, bool more_to_come) {
    std::optional<Got> got;
    std::exception_ptr failure;
    try {
      got = co_await std::move(task);
    } catch (...) {
      failure = std::current_exception();
    }
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    const bool over = !got || !more_to_come;
    if (over && !books.close_now(*bill)) co_await books.close(std::move(bill));
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (failure) std::rethrow_exception(failure);
    co_return got;
  }

  // Holds what the first of them costs at most, at whoever sells it dearest.
  template <class Model>
  Task<std::shared_ptr<Bill>> open_bill(Payer payer, const Usage& most,
                                        const std::vector<Candidate<Model>*>& candidates) {
    NanoUsd dearest = 0;
    for (const auto* one : candidates)
      if (one->card == candidates.front()->card) dearest = std::max(dearest, cost_of(most, one->line.price()));
    return books.open(std::move(payer), dearest);
  }

  // A request of any capability whose answer comes whole, from the first of the candidates that has one.
  template <class Reply, class Model, class Request, class Call>
  Task<std::optional<Reply>> whole(std::vector<Candidate<Model>*> candidates, Request request,
                                   std::string_view operation, Usage most, Call call, Failures& failures) {
    const Errand errand{request.task, operation, request.trace, co_await open_bill(request.payer, most, candidates)};
    const auto ask = [&](Candidate<Model>& candidate) { return one<Reply>(candidate, errand, request, call); };
    co_return co_await billed(first_of<Reply>(std::move(candidates), failures, ask), errand.bill, false);
  }
  // The same, for one who may insist on a model: throws where there is none that `does` it, and where none answers.
  template <class Reply, class Model, class Request, class Call>
  Task<Reply> answer(std::vector<Candidate<Model>*> candidates, Request request, std::string_view does,
                     std::string_view operation, Usage most, Call call) {
    const std::string insisted = request.model;
    if (candidates.empty() && insisted.empty()) throw not_here(does);
    Failures failures;
    co_return failures.unless(
        co_await whole<Reply>(std::move(candidates), std::move(request), operation, most, call, failures), insisted);
  }
  // `call(model, request, place)` gives a Task<Reply>. What is given outlives it.
  template <class Reply, class Model, class Request, class Call>
  Task<std::expected<Reply, Error>> one(Candidate<Model>& candidate, const Errand& errand, const Request& request,
                                        const Call& call) {
    const auto placed = [&](TraceContext place) { return call(*candidate.model, request, place); };
    const auto used = [](const Reply& reply) { return reply.usage; };
    return attempt<Reply>(desk, candidate.line, errand, placed, +used);
  }

  // In as many calls side by side as the pictures take. Where some fail, what the others drew is the answer. What is
  // given outlives it.
  Task<std::expected<Images, Error>> drawn(Candidate<ImageModel>& painter, const Errand& errand,
                                           const ImageRequest& request);

  Task<Embeddings> embed(EmbeddingRequest request);
  Task<std::vector<std::vector<float>>> known_vectors(const EmbeddingRequest& request, std::string model);

  using Bills = std::vector<std::shared_ptr<Bill>>;
  Task<BatchTicket> submit(std::vector<TextRequest> requests, Candidates<BatchModel>::Found candidates, Bills& bills);
  // Adds a bill; the payer with what was reserved, or broke.
  Task<BatchPayer> hold(BatchPayer payer, NanoUsd most, Bills& bills);
  Candidate<BatchModel>& batcher(const std::string& name) const;
  Task<void> pay(BatchTicket ticket, std::vector<BatchAnswer>& answers, const Line& line);

  // What was kept under a key, if any; counted as a hit or a miss of `kind`.
  Task<std::optional<std::string>> find(std::string key, const char* kind);
  Task<std::optional<KeptAnswer>> kept_answer(std::string key);
  // Without waiting for it.
  void keep(asio::any_io_executor loop, std::string key, std::string value, std::chrono::seconds lifetime);

  const Clock& clock;
  const GatewayOptions options;
  Books books;
  Spans no_spans;
  Desk desk;
  Counters lookups;        // of the cache: kind, result
  Counters batch_answers;  // task, model, outcome
  Candidates<TextModel> texts;
  Candidates<SpeechModel> voices;
  Candidates<EmbeddingModel> embedders;
  Candidates<TranscriptionModel> transcribers;
  Candidates<ImageModel> painters;
  Candidates<VideoModel> filmers;
  Candidates<BatchModel> batchers;
  TaskGroup closing;
};

}  // namespace odeon::ai
