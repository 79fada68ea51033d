// Learning from what people say: after each exchange a job reads the question and keeps what it says of the person; at
// once, or with what others said (learning_later.hpp).
#pragma once

#include "products/chat/asking.hpp"
#include "products/chat/memory/memory_prompts.hpp"
#include "products/chat/memory/recall.hpp"

namespace odeon::chat {

// What is remembered of one person at most; a new fact takes the place of the one that was said longest ago, but never
// of what they pinned or wrote.
inline constexpr std::int64_t kMostMemories = 500;

struct Remember {
  static constexpr std::string_view kind = "chat.remember";
  std::string user_id;
  std::string question_id;
};
BOOST_DESCRIBE_STRUCT(Remember, (), (user_id, question_id))

enum class LearningPace { at_once, later };

// A question to learn from, and whose it is.
struct Exchange {
  MessageRow question;
  Lesson lesson;
  std::string user_id;
  Asker asker;
  MemoryPolicy policy = MemoryPolicy::off;

  // For reading it.
  bool can_pay() const { return asker.left > 0; }
};

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
    LearningPace pace = LearningPace::at_once;
  };
  explicit Remembering(Rooms rooms) : rooms_(rooms) {}

  // In the transaction that stores an answer; once for a question, however many answer it. Not for a question that
  // says nothing of the person.
  Task<void> enqueue(database::Transaction& tx, std::string user_id, std::string question_id, std::string text,
                     TraceContext trace);
  void install(jobs::Worker& worker);

  // What there is to do, by whatever job.
  Task<void> enqueue_now(database::Transaction& tx, std::string user_id, std::string question_id, TraceContext trace);
  // Nothing if there is nothing to learn from it: it is gone or to be forgotten, or its owner does not want that, no
  // longer agrees to the terms or has no plan for it.
  Task<std::optional<Exchange>> find(Remember job);
  // What a model is asked; without an offline answer.
  ai::TextRequest request(const Exchange& exchange) const;
  // Unless its owner has deleted it meanwhile, had all forgotten, or chosen otherwise.
  Task<void> keep(database::Transaction& tx, Exchange exchange, std::vector<Fact> facts, TraceContext trace);

 private:
  Task<void> learn(Remember job, jobs::Job& handle);
  Task<std::vector<Fact>> read(Exchange exchange, TraceContext trace);

  Rooms rooms_;
};

}  // namespace odeon::chat
