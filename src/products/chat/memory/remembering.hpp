// Learning from what people say: after each exchange a job reads the question and keeps what it says of the person.
#pragma once

#include "products/chat/asking.hpp"
#include "products/chat/memory/memory_prompts.hpp"
#include "products/chat/memory/recall.hpp"

namespace odeon::chat {

// What is remembered of one person at most; a new fact takes the place of the one that was said longest ago.
inline constexpr std::int64_t kMostMemories = 500;

struct Remember {
  static constexpr std::string_view kind = "chat.remember";
  std::string user_id;
  std::string question_id;
};
BOOST_DESCRIBE_STRUCT(Remember, (), (user_id, question_id))

// Thread-safe; what it is given outlives it.
class Remembering {
 public:
  struct Rooms {
    database::Database& database;
    Asking& asking;
    ai::Gateway& gateway;
    const ModelChoice& choice;
    MemoryIndex& index;
    jobs::Queue& queue;
    const Clock& clock;
  };
  explicit Remembering(Rooms rooms) : rooms_(rooms) {}

  // In the transaction that stores an answer; once for a question, however many answer it. Not for a question that
  // says nothing of the person.
  Task<void> enqueue(database::Transaction& tx, std::string user_id, std::string question_id, std::string text,
                     TraceContext trace);
  void install(jobs::Worker& worker);

 private:
  struct Exchange;
  Task<void> learn(Remember job, jobs::Job& handle);
  Task<std::optional<Exchange>> find(Remember job);
  Task<std::vector<Fact>> read(Exchange exchange, Remember job, TraceContext trace);
  Task<void> keep(Exchange exchange, Remember job, std::vector<Fact> facts, jobs::Job& handle);

  Rooms rooms_;
};

}  // namespace odeon::chat
