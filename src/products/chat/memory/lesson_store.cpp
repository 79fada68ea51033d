#include "products/chat/memory/lesson_store.hpp"

namespace odeon::chat::store {

Task<void> add_lesson(Transaction& tx, std::string user_id, std::string question_id, Instant now) {
  co_await tx.execute(
      "INSERT INTO chat_lessons (question_id, user_id, batch, place, shown, created_at) "
      "VALUES ($1, $2, '', 0, '[]', $3) ON CONFLICT (question_id) DO NOTHING",
      question_id, user_id, now);
}

Task<std::vector<LessonRow>> lessons(Executor& executor, std::string batch, std::int64_t limit) {
  return executor.query<LessonRow>(
      "SELECT question_id, user_id, place, shown FROM chat_lessons WHERE batch = $1 ORDER BY place, created_at "
      "LIMIT $2",
      batch, limit);
}

Task<std::vector<LessonWaiting>> lessons_of(Executor& executor, std::string user_id) {
  return executor.query<LessonWaiting>(
      "SELECT question_id, created_at FROM chat_lessons WHERE user_id = $1 ORDER BY created_at, question_id", user_id);
}

Task<void> put_into_batch(Executor& executor, std::string batch, LessonRow row) {
  co_await executor.execute("UPDATE chat_lessons SET batch = $2, place = $3, shown = $4 WHERE question_id = $1",
                            row.question_id, batch, row.place, row.shown);
}

Task<void> remove_lesson(Executor& executor, std::string question_id) {
  co_await executor.execute("DELETE FROM chat_lessons WHERE question_id = $1", question_id);
}

}  // namespace odeon::chat::store
