// What stands behind the gateway's door: every model there is, and the way a request takes past them.
#pragma once

#include "engine/ai/answer_stream.hpp"
#include "engine/ai/candidates.hpp"
#include "engine/ai/gateway.hpp"

namespace odeon::ai {

struct Gateway::State {
  State(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, GatewayOptions given);

  // Asks one after the other until `ask(candidate, errand)` brings something.
  template <class Got, class Model, class Ask>
  static Task<std::optional<Got>> first_of(std::vector<Candidate<Model>*> candidates, Errand errand, Failures& failures,
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

  // Holds what the first of them costs at most.
  template <class Model>
  Task<std::shared_ptr<Bill>> open_bill(Payer payer, const Usage& most,
                                        const std::vector<Candidate<Model>*>& candidates) {
    return books.open(std::move(payer), candidates.empty() ? 0 : cost_of(most, candidates.front()->line.price()));
  }

  // A request of any capability whose answer comes whole, from the first of the candidates that has one.
  template <class Reply, class Model, class Request, class Call>
  Task<std::optional<Reply>> whole(std::vector<Candidate<Model>*> candidates, Request request,
                                   std::string_view operation, Usage most, Call call, Failures& failures) {
    const Errand errand{request.task, operation, request.trace,
                        co_await open_bill(std::move(request.payer), most, candidates)};
    const auto ask = [&](Candidate<Model>& candidate, Errand errand) {
      return one<Reply>(candidate, std::move(errand), request, call);
    };
    co_return co_await billed(first_of<Reply>(std::move(candidates), errand, failures, ask), errand.bill, false);
  }
  // `call(model, request)` gives a Task<Reply>.
  template <class Reply, class Model, class Request, class Call>
  Task<std::expected<Reply, Error>> one(Candidate<Model>& candidate, Errand errand, Request request, Call call) {
    const auto placed = [&](TraceContext place) {
      request.trace = place;
      return call(*candidate.model, request);
    };
    const auto used = [](const Reply& reply) { return reply.usage; };
    auto reply = co_await attempt<Reply>(desk, candidate.line, std::move(errand), placed, +used);
    if (reply) reply->model = candidate.line.name();
    co_return reply;
  }

  Task<Embeddings> embed(EmbeddingRequest request);
  Task<std::vector<std::vector<float>>> known_vectors(const EmbeddingRequest& request, std::string model);

  // What was kept under a key, if any; counted as a hit or a miss of `kind`.
  Task<std::optional<std::string>> find(std::string key, const char* kind);
  Task<std::optional<KeptAnswer>> kept_answer(std::string key);
  // Without waiting for it.
  void keep(asio::any_io_executor loop, std::string key, std::string value, std::chrono::seconds lifetime);

  const Clock& clock;
  const GatewayOptions options;
  Books books;
  Spans no_spans;
  const Desk desk;
  Candidates<TextModel> texts;
  Candidates<SpeechModel> voices;
  Candidates<EmbeddingModel> embedders;
  Candidates<TranscriptionModel> transcribers;
  Candidates<ImageModel> painters;
  Candidates<VideoModel> filmers;
  TaskGroup closing;
};

}  // namespace odeon::ai
