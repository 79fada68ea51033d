#include "products/stories/feed_store.hpp"

namespace odeon::stories::store {

Task<std::string> keep_feed(Executor& executor, std::string user_id, std::string salt, std::string token_hash,
                            Instant now) {
  co_await executor.execute(
      "INSERT INTO stories_private_feeds (user_id, salt, token_hash, made_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (user_id) DO NOTHING",
      user_id, salt, token_hash, now);
  auto kept = co_await executor.find<std::string>("SELECT salt FROM stories_private_feeds WHERE user_id = $1", user_id);
  co_return kept.value_or(salt);
}

Task<void> replace_feed(Executor& executor, std::string user_id, std::string salt, std::string token_hash,
                        Instant now) {
  co_await executor.execute(
      "INSERT INTO stories_private_feeds (user_id, salt, token_hash, made_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (user_id) DO UPDATE SET salt = excluded.salt, token_hash = excluded.token_hash, "
      "made_at = excluded.made_at",
      user_id, salt, token_hash, now);
}

Task<std::optional<std::string>> owner_of_feed(Executor& executor, std::string token_hash) {
  return executor.find<std::string>("SELECT user_id FROM stories_private_feeds WHERE token_hash = $1", token_hash);
}

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
