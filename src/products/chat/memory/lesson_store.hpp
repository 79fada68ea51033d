// SQL of what is learnt later.
#pragma once

#include "products/chat/store.hpp"

namespace odeon::chat {

// A question that is to be learnt from.
struct LessonRow {
  std::string question_id;
  std::string user_id;
  std::int64_t place = 0;          // in its batch
  std::vector<std::string> shown;  // ids of the memories that the model was shown, by their numbers
};
BOOST_DESCRIBE_STRUCT(LessonRow, (), (question_id, user_id, place, shown))

// One that waits, as its owner is told of it.
struct LessonWaiting {
  std::string question_id;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(LessonWaiting, (), (question_id, created_at))

namespace store {

// Once for a question.
Task<void> add_lesson(Transaction& tx, std::string user_id, std::string question_id, Instant now);
// Of a batch, in their order; of none (empty), the oldest first.
Task<std::vector<LessonRow>> lessons(Executor& executor, std::string batch, std::int64_t limit);
// Of a person, the oldest first.
Task<std::vector<LessonWaiting>> lessons_of(Executor& executor, std::string user_id);
Task<void> put_into_batch(Executor& executor, std::string batch, LessonRow row);
Task<void> remove_lesson(Executor& executor, std::string question_id);

}  // namespace store
}  // namespace odeon::chat
