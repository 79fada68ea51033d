#include "products/podcasts/artwork/artwork_store.hpp"

namespace odeon::podcasts::store {

Task<void> add(Executor& executor, ArtworkRow row) {
  co_await executor.execute(
      "INSERT INTO podcasts_artwork (id, user_id, subject_id, media_type, side, bytes, kept_until, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      row.id, row.user_id, row.subject_id, row.media_type, row.side, row.bytes, row.kept_until, row.created_at);
}

Task<std::optional<ArtworkRow>> artwork(Executor& executor, std::string id, Instant now) {
  return executor.find<ArtworkRow>(
      "SELECT * FROM podcasts_artwork WHERE id = $1 AND subject_id IS NOT NULL "
      "AND (kept_until IS NULL OR kept_until > $2)",
      id, now);
}

Task<std::optional<ArtworkRow>> artwork_of(Executor& executor, std::string subject_id) {
  return executor.find<ArtworkRow>("SELECT * FROM podcasts_artwork WHERE subject_id = $1 AND kept_until IS NULL",
                                   subject_id);
}

Task<std::vector<ArtworkRow>> artwork_of_person(Executor& executor, std::string user_id, std::string after,
                                                std::int64_t limit) {
  return executor.query<ArtworkRow>(
      "SELECT * FROM podcasts_artwork WHERE user_id = $1 AND id > $2 AND kept_until IS NULL ORDER BY id LIMIT $3",
      user_id, after, limit);
}

Task<bool> adopt_artwork(Transaction& tx, std::string id, std::string subject_id, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_artwork SET subject_id = $2, kept_until = NULL WHERE id = $1 AND kept_until > $3", id,
      subject_id, now) > 0;
}

Task<bool> give_up_artwork(Executor& executor, std::string id, Instant now) {
  co_return co_await executor.execute(
      "UPDATE podcasts_artwork SET kept_until = $2 WHERE id = $1 AND subject_id IS NULL", id, now) > 0;
}

Task<std::optional<ArtworkRow>> let_go_artwork(Transaction& tx, std::string subject_id, Instant kept_until,
                                               Instant now) {
  co_await tx.execute("UPDATE podcasts_artwork SET kept_until = $2 WHERE subject_id = $1 AND kept_until > $2",
                      subject_id, now);
  co_return co_await tx.find<ArtworkRow>(
      "UPDATE podcasts_artwork SET kept_until = $2 WHERE subject_id = $1 AND kept_until IS NULL "
      "RETURNING id, user_id, subject_id, media_type, side, bytes, kept_until, created_at",
      subject_id, kept_until);
}

Task<std::vector<std::string>> artwork_past(Executor& executor, Instant now, std::int64_t limit) {
  return executor.query<std::string>(
      "SELECT id FROM podcasts_artwork WHERE kept_until <= $1 ORDER BY kept_until LIMIT $2", now, limit);
}

Task<void> remove_artwork(Executor& executor, std::string id) {
  co_await executor.execute("DELETE FROM podcasts_artwork WHERE id = $1 AND kept_until IS NOT NULL", id);
}

Task<std::vector<std::string>> artwork_ids_of(Executor& executor, std::string user_id) {
  return executor.query<std::string>("SELECT id FROM podcasts_artwork WHERE user_id = $1 ORDER BY id", user_id);
}

Task<bool> set_show_artwork(Transaction& tx, std::string user_id, std::string id,
                            std::optional<std::string> artwork_url, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_shows SET artwork_url = $3, updated_at = $4 WHERE id = $1 AND user_id = $2", id, user_id,
      artwork_url, now) > 0;
}

Task<bool> set_episode_artwork(Transaction& tx, std::string user_id, std::string id,
                               std::optional<std::string> artwork_url, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET artwork_url = $3, updated_at = $4 WHERE id = $1 AND user_id = $2", id, user_id,
      artwork_url, now) > 0;
}

}  // namespace odeon::podcasts::store
