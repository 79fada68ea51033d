// Which memories have to do with a text: by the vectors that a model makes of both. Vectors are made by a job, after
// the memory itself is there; those of another model are made anew when somebody needs them.
#pragma once

#include <map>

#include "engine/ai/gateway.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/jobs/worker.hpp"
#include "products/chat/memory/memory_store.hpp"

namespace odeon::chat {

// Makes what vectors are missing of a person's memories; with a model, also those that are another's.
struct IndexMemories {
  static constexpr std::string_view kind = "chat.index_memories";
  std::string user_id;
  std::string model;
};
BOOST_DESCRIBE_STRUCT(IndexMemories, (), (user_id, model))

// By the memory's id: the cosine, −1 to 1.
using Likenesses = std::map<std::string, double, std::less<>>;

// Thread-safe; what it is given outlives it.
class MemoryIndex {
 public:
  MemoryIndex(database::Database& database, ai::Gateway& gateway, billing::Subscriptions& subscriptions,
              jobs::Queue& queue, const Clock& clock)
      : database_(database), gateway_(gateway), subscriptions_(subscriptions), queue_(queue), clock_(clock) {}

  // Of the memories among `of` that have a vector; the others are left out, and get one by a job. Nothing where no
  // model answers in time.
  Task<std::optional<Likenesses>> likenesses(ai::Payer payer, std::string text, std::vector<std::string> of,
                                             TraceContext trace);
  // In the transaction that writes memories. Not where there is no model: who sets one up later has vectors made by the
  // first questions.
  Task<void> enqueue(database::Transaction& tx, std::string user_id, TraceContext trace);
  void install(jobs::Worker& worker);

 private:
  bool has_model() const { return !gateway_.names(ai::ModelKind::embedding).empty(); }
  Task<ai::Embeddings> embed(ai::Payer payer, std::vector<std::string> texts, std::string model, TraceContext trace);
  Task<void> make(IndexMemories job, jobs::Job& handle);
  Task<std::string> make_some(IndexMemories job, TraceContext trace);
  Task<void> ask_for_missing(std::string user_id, std::string model, TraceContext trace);

  database::Database& database_;
  ai::Gateway& gateway_;
  billing::Subscriptions& subscriptions_;
  jobs::Queue& queue_;
  const Clock& clock_;
};

}  // namespace odeon::chat
