#include "products/stories/leftover_store.hpp"

namespace odeon::stories::store {

Task<void> let_go(database::Executor& executor, std::string user_id, std::string storage_key) {
  co_await executor.execute(
      "INSERT INTO stories_leftovers (storage_key, user_id, due_at) VALUES ($1, $2, 0) "
      "ON CONFLICT (storage_key) DO NOTHING",
      storage_key, user_id);
}

Task<void> expect_object(database::Executor& executor, std::string user_id, std::string storage_key, Instant due_at) {
  co_await executor.execute("INSERT INTO stories_leftovers (storage_key, user_id, due_at) VALUES ($1, $2, $3)",
                            storage_key, user_id, due_at);
}

Task<bool> keep_object(database::Executor& executor, std::string storage_key) {
  co_return co_await executor.execute("DELETE FROM stories_leftovers WHERE storage_key = $1", storage_key) > 0;
}

Task<std::vector<std::string>> leftovers(database::Executor& executor, Instant now, std::int64_t limit) {
  return executor.query<std::string>(
      "SELECT storage_key FROM stories_leftovers WHERE due_at <= $1 ORDER BY storage_key LIMIT $2", now, limit);
}

Task<void> remove_leftover(database::Executor& executor, std::string storage_key) {
  co_await executor.execute("DELETE FROM stories_leftovers WHERE storage_key = $1", storage_key);
}

}  // namespace odeon::stories::store
