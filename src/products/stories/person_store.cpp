#include "products/stories/person_store.hpp"

namespace odeon::stories::store {

Task<std::vector<HeroRow>> heroes_of(Executor& executor, std::string user_id, std::string after, std::int64_t limit) {
  return executor.query<HeroRow>("SELECT * FROM stories_heroes WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                                 user_id, after, limit);
}

Task<std::vector<EventRow>> events_of(Executor& executor, std::string user_id, std::string after, std::int64_t limit) {
  return executor.query<EventRow>(
      "SELECT * FROM stories_custom_events WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3", user_id, after, limit);
}

Task<std::vector<std::string>> objects_of(Executor& executor, std::string user_id) {
  return executor.query<std::string>(
      "SELECT avatar_key FROM stories_heroes WHERE user_id = $1 AND avatar_key IS NOT NULL "
      "UNION SELECT pictogram_key FROM stories_custom_events WHERE user_id = $1 AND pictogram_key IS NOT NULL "
      "UNION SELECT audio_key FROM stories_tales WHERE user_id = $1 AND audio_key IS NOT NULL "
      "UNION SELECT image_key FROM stories_illustrations WHERE user_id = $1 AND image_key IS NOT NULL "
      "UNION SELECT storage_key FROM stories_files WHERE user_id = $1 "
      "UNION SELECT upload_key FROM stories_files WHERE user_id = $1 AND confirmed_at IS NULL "
      "UNION SELECT storage_key FROM stories_leftovers WHERE user_id = $1",
      user_id);
}

Task<std::int64_t> forget_stories(Executor& executor, std::string user_id) {
  std::int64_t rows = 0;
  rows += co_await executor.execute("DELETE FROM stories_illustrations WHERE user_id = $1", user_id);
  rows += co_await executor.execute("DELETE FROM stories_tales WHERE user_id = $1", user_id);
  rows += co_await executor.execute("DELETE FROM stories_custom_events WHERE user_id = $1", user_id);
  rows += co_await executor.execute("DELETE FROM stories_heroes WHERE user_id = $1", user_id);
  co_await executor.execute(
      "INSERT INTO stories_leftovers (storage_key, user_id, due_at) SELECT upload_key, '', expires_at FROM "
      "stories_files "
      "WHERE user_id = $1 AND confirmed_at IS NULL AND expires_at IS NOT NULL ON CONFLICT (storage_key) DO NOTHING",
      user_id);
  rows += co_await executor.execute("DELETE FROM stories_files WHERE user_id = $1", user_id);
  rows += co_await executor.execute("DELETE FROM stories_leftovers WHERE user_id = $1 AND due_at = 0", user_id);
  rows += co_await executor.execute("UPDATE stories_leftovers SET user_id = '' WHERE user_id = $1", user_id);
  co_return rows;
}

}  // namespace odeon::stories::store
