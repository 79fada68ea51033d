// Learning that can wait: what people say is gathered for an hour and read in a batch (engine/ai/batch.hpp), for half
// the price, and is remembered once the provider has come to it, within a day. What cannot be read so (nobody sells
// batches here, or none was answered) is read at once after all.
#pragma once

#include "products/chat/memory/lesson_store.hpp"
#include "products/chat/memory/remembering.hpp"

namespace odeon::chat {

struct GatherLessons {
  static constexpr std::string_view kind = "chat.gather_lessons";
};
BOOST_DESCRIBE_STRUCT(GatherLessons, (), ())

struct CollectLessons {
  static constexpr std::string_view kind = "chat.collect_lessons";
  ai::BatchTicket ticket;
};
BOOST_DESCRIBE_STRUCT(CollectLessons, (), (ticket))

// Thread-safe; what it is given outlives it.
class LearningLater {
 public:
  struct Rooms {
    database::Database& database;
    ai::Gateway& gateway;
    Remembering& remembering;
    jobs::Queue& queue;
    const Clock& clock;
  };
  explicit LearningLater(Rooms rooms) : rooms_(rooms) {}

  void install(jobs::Worker& worker);

 private:
  struct Gathered;
  Task<void> gather(jobs::Job& handle);
  Task<Gathered> waiting();
  Task<void> collect(CollectLessons job, jobs::Job& handle);
  Task<void> give_up(ai::BatchTicket ticket);
  Task<void> come_back(CollectLessons job, jobs::Job& handle);
  Task<void> learn(LessonRow row, ai::BatchAnswer answer, TraceContext trace);

  Rooms rooms_;
};

}  // namespace odeon::chat
