// What is remembered of somebody and has to do with what they ask, picked before a model is asked.
#pragma once

#include "products/chat/memory/memory_index.hpp"
#include "products/chat/model_choice.hpp"

namespace odeon::chat {

// Plans whose conversations share a memory.
inline constexpr const char* kSharedMemory = "shared_memory";

struct Recalled {
  MemoryPolicy policy = MemoryPolicy::off;  // of this exchange
  std::vector<std::string> ids;             // of what the answer is given
  std::vector<std::string> facts;           // the same
};

// What holds in a conversation: what its owner has chosen for it, or for all, whichever reaches less far.
MemoryPolicy policy_of(const PoliciesRow& chosen, const billing::Plan& plan);

// Thread-safe; what it is given outlives it.
class Recall {
 public:
  Recall(database::Database& database, MemoryIndex& index) : database_(database), index_(index) {}

  struct Question {
    std::string user_id;
    std::string conversation_id;  // empty: it begins one
    std::string text;
    bool wanted = true;  // else this exchange neither uses memory nor adds to it
    TraceContext trace;
  };
  // Pinned ones first, then what matters to every answer, then what is most alike to the question, as far as there is
  // room. By words where no model compares vectors.
  Task<Recalled> recall(Question question, Asker asker);

 private:
  Task<std::vector<double>> weigh(Question question, Asker asker, std::vector<MemoryRow> rows);

  database::Database& database_;
  MemoryIndex& index_;
};

}  // namespace odeon::chat
