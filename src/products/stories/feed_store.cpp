#include "products/stories/feed_store.hpp"

namespace odeon::stories::store {

Task<std::vector<HeardTale>> heard_tales(Executor& executor, std::string user_id, std::int64_t limit) {
  return executor.query<HeardTale>(
      "SELECT t.id, t.title, t.content, t.audio_key, COALESCE(t.audio_seconds, 0) AS audio_seconds, t.audio_bytes, "
      "(SELECT i.image_key FROM stories_illustrations i WHERE i.story_id = t.id AND i.image_key IS NOT NULL "
      "ORDER BY i.display_order LIMIT 1) AS picture_key, t.created_at, t.updated_at FROM stories_tales t "
      "WHERE t.user_id = $1 AND t.status = 'ready' AND t.audio_key IS NOT NULL "
      "ORDER BY t.created_at DESC, t.id DESC LIMIT $2",
      user_id, limit);
}

}  // namespace odeon::stories::store
