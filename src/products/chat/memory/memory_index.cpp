#include "products/chat/memory/memory_index.hpp"

#include "products/chat/chat.hpp"
#include "products/chat/memory/vectors.hpp"
#include "products/chat/replies.hpp"
#include "products/chat/terms.hpp"

namespace odeon::chat {
namespace {

constexpr int kDimensions = 256, kAttempts = 3, kMostRounds = 8;
constexpr std::int64_t kIndexedAtOnce = 128;
// Whoever asks waits for it before a model is even asked.
constexpr std::chrono::milliseconds kPatience{1'500};

// A cancellation passes too: the job is handed on.
bool may_pass(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.may_pass();
  } catch (...) {
    return true;
  }
}

}  // namespace

Task<ai::Embeddings> MemoryIndex::embed(ai::Payer payer, std::vector<std::string> texts, std::string model,
                                        TraceContext trace) {
  const auto count = texts.size();
  auto made = co_await gateway_.embed({.texts = std::move(texts),
                                       .dimensions = kDimensions,
                                       .model = std::move(model),
                                       .trace = trace,
                                       .task = "chat.memory",
                                       .payer = std::move(payer)});
  if (made.vectors.size() != count) throw Error(Fault::upstream, "NO_VECTORS", "A vector for each text is missing.");
  co_return made;
}

Task<std::optional<Likenesses>> MemoryIndex::likenesses(ai::Payer payer, std::string text, std::vector<std::string> of,
                                                        TraceContext trace) {
  if (!has_model()) co_return std::nullopt;
  const std::string user_id = payer.user_id;
  std::vector<std::string> texts{std::move(text)};
  const auto made = co_await settle(with_timeout(kPatience, embed(std::move(payer), std::move(texts), "", trace)));
  if (!made) {
    if (is_cancellation(made.error())) std::rethrow_exception(made.error());
    co_return std::nullopt;
  }
  const auto asked = packed(made->vectors.front());
  Likenesses likenesses;
  for (const auto& row : co_await store::vectors(database_, user_id, made->model))
    if (std::ranges::find(of, row.id) != of.end()) likenesses.emplace(row.id, similarity(asked, row.vector));
  if (likenesses.size() < of.size()) co_await ask_for_missing(user_id, made->model, trace);
  co_return likenesses;
}

Task<void> MemoryIndex::ask_for_missing(std::string user_id, std::string model, TraceContext trace) {
  // A job that has not helped is not asked for again on the same day.
  const auto day = to_iso8601(clock_.now()).substr(0, 10);
  auto tx = co_await database_.begin();
  co_await queue_.enqueue(*tx, IndexMemories{user_id, model},
                          {.lane = user_id,
                           .max_attempts = kAttempts,
                           .idempotency_key = user_id + " " + model + " " + day,
                           .trace = trace});
  co_await tx->commit();
}

Task<void> MemoryIndex::enqueue(database::Transaction& tx, std::string user_id, TraceContext trace) {
  if (!has_model()) co_return;
  co_await queue_.enqueue(tx, IndexMemories{user_id, ""}, {.lane = user_id, .max_attempts = kAttempts, .trace = trace});
}

void MemoryIndex::install(jobs::Worker& worker) {
  worker.handle<IndexMemories>([this](IndexMemories job, jobs::Job& handle) { return make(std::move(job), handle); });
}

Task<void> MemoryIndex::make(IndexMemories job, jobs::Job& handle) {
  for (int round = 0; round < kMostRounds; ++round) {
    auto model = co_await settle(make_some(job, handle.trace()));
    if (!model) {
      // Memories without a vector are found by their words: nobody has to look at what stays undone.
      if (handle.attempt() < kAttempts && may_pass(model.error())) std::rethrow_exception(model.error());
      co_return;
    }
    if (model->empty()) co_return;
    job.model = std::move(*model);
  }
}

// The model that made some of them; empty if nothing was left to do, or may be done.
Task<std::string> MemoryIndex::make_some(IndexMemories job, TraceContext trace) {
  const auto missing = co_await store::without_vector(database_, job.user_id, job.model, kIndexedAtOnce);
  if (missing.empty() || co_await terms_refused(database_, clock_, job.user_id)) co_return "";
  const auto plan = (co_await subscriptions_.entitlement(job.user_id, std::string(kProduct))).plan;
  std::vector<std::string> texts;
  for (const auto& memory : missing) texts.push_back(memory.text);
  const auto made = co_await embed({.user_id = job.user_id, .product = std::string(kProduct), .tier = plan->name},
                                   std::move(texts), job.model, trace);
  for (std::size_t i = 0; i < missing.size(); ++i)
    co_await store::keep_vector(database_, missing[i], made.model, packed(made.vectors[i]));
  co_return made.model;
}

}  // namespace odeon::chat
