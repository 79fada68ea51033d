#include "products/podcasts/episode_store.hpp"

namespace odeon::podcasts::store {

Task<void> add(Transaction& tx, EpisodeRow row) {
  co_await tx.execute(
      "INSERT INTO podcasts_episodes (id, podcast_id, user_id, guid, title, description, episode_number, "
      "season_number, type, artwork_url, status, processing_status, published_at, scheduled_for, created_at, "
      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
      row.id, row.podcast_id, row.user_id, row.guid, row.title, row.description, row.episode_number, row.season_number,
      row.type, row.artwork_url, row.status, row.processing_status, row.published_at, row.scheduled_for, row.created_at,
      row.updated_at);
}

Task<std::optional<EpisodeRow>> episode(Executor& executor, std::string user_id, std::string id) {
  return executor.find<EpisodeRow>("SELECT * FROM podcasts_episodes_heard WHERE id = $1 AND user_id = $2", id, user_id);
}

Task<std::optional<EpisodeRow>> episode(Executor& executor, std::string id) {
  return executor.find<EpisodeRow>("SELECT * FROM podcasts_episodes_heard WHERE id = $1", id);
}

Task<EpisodeTexts> texts_of(Executor& executor, std::string episode_id) {
  auto texts = co_await executor.find<EpisodeTexts>(
      "SELECT transcript, transcript_json, show_notes, show_notes_json FROM podcasts_episodes WHERE id = $1",
      episode_id);
  co_return texts ? std::move(*texts) : EpisodeTexts();
}

Task<std::vector<EpisodeRow>> episodes(Executor& executor, std::string podcast_id, std::string status,
                                       std::string before, std::int64_t limit) {
  return executor.query<EpisodeRow>(
      "SELECT * FROM podcasts_episodes_heard WHERE podcast_id = $1 AND ($2 = '' OR status = $2) "
      "AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4",
      podcast_id, status, before, limit);
}

Task<bool> change(Transaction& tx, EpisodeRow row, std::optional<std::string> show_notes) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET title = $2, description = $3, episode_number = $4, season_number = $5, type = $6, "
      "artwork_url = $7, show_notes = COALESCE($8, show_notes), updated_at = $9 WHERE id = $1",
      row.id, row.title, row.description, row.episode_number, row.season_number, row.type, row.artwork_url, show_notes,
      row.updated_at) > 0;
}

Task<bool> remove_episode(Transaction& tx, std::string user_id, std::string id) {
  co_return co_await tx.execute("DELETE FROM podcasts_episodes WHERE id = $1 AND user_id = $2", id, user_id) > 0;
}

Task<std::vector<EpisodeRow>> heard_episodes(Executor& executor, std::string podcast_id, std::int64_t limit) {
  return executor.query<EpisodeRow>(
      "SELECT * FROM podcasts_episodes_heard WHERE podcast_id = $1 AND status = 'published' AND audio_key IS NOT NULL "
      "ORDER BY published_at DESC, id DESC LIMIT $2",
      podcast_id, limit);
}

Task<std::vector<NotesInFeed>> notes_in_feed(Executor& executor, std::string podcast_id, std::int64_t limit) {
  return executor.query<NotesInFeed>(
      "SELECT id AS episode_id, show_notes FROM podcasts_episodes WHERE podcast_id = $1 AND status = 'published' "
      "AND show_notes <> '' ORDER BY published_at DESC, id DESC LIMIT $2",
      podcast_id, limit);
}

Task<void> number(Transaction& tx, std::string id) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET episode_number = 1 + COALESCE((SELECT MAX(other.episode_number) "
      "FROM podcasts_episodes other WHERE other.podcast_id = podcasts_episodes.podcast_id "
      "AND COALESCE(other.season_number, 0) = COALESCE(podcasts_episodes.season_number, 0)), 0) "
      "WHERE id = $1 AND episode_number IS NULL",
      id);
}

Task<void> publish(Transaction& tx, std::string id, Instant at, Instant now) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET status = 'published', published_at = COALESCE(published_at, $2), "
      "scheduled_for = NULL, updated_at = $3 WHERE id = $1",
      id, at, now);
}

Task<void> schedule(Transaction& tx, std::string id, Instant at, Instant now) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET status = 'scheduled', scheduled_for = $2, updated_at = $3 WHERE id = $1", id, at,
      now);
}

Task<void> unpublish(Transaction& tx, std::string id, Instant now) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET status = 'draft', scheduled_for = NULL, updated_at = $2 WHERE id = $1", id, now);
}

Task<std::optional<PublishedRow>> publish_scheduled(Transaction& tx, std::string id, Instant at, Instant now) {
  return tx.find<PublishedRow>(
      "UPDATE podcasts_episodes SET status = 'published', published_at = COALESCE(published_at, scheduled_for), "
      "scheduled_for = NULL, updated_at = $3 WHERE id = $1 AND status = 'scheduled' AND scheduled_for = $2 "
      "AND EXISTS (SELECT 1 FROM podcasts_shows s WHERE s.id = podcasts_episodes.podcast_id AND s.status <> "
      "'archived') "
      "RETURNING podcast_id, user_id, published_at",
      id, at, now);
}

Task<void> give_up_schedule(Transaction& tx, std::string id, Instant at, Instant now) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET status = 'draft', scheduled_for = NULL, updated_at = $3 "
      "WHERE id = $1 AND status = 'scheduled' AND scheduled_for = $2",
      id, at, now);
}

Task<std::vector<std::string>> episodes_showing(Executor& executor, std::string subject_id) {
  return executor.query<std::string>(
      "SELECT id FROM podcasts_episodes WHERE source_id IS NOT NULL AND published_at IS NULL AND (id = $1 OR "
      "(podcast_id = $1 AND artwork_url IS NULL)) ORDER BY id",
      subject_id);
}

Task<std::vector<std::string>> episode_ids_of(Executor& executor, std::string podcast_id) {
  return executor.query<std::string>("SELECT id FROM podcasts_episodes WHERE podcast_id = $1 ORDER BY id", podcast_id);
}

}  // namespace odeon::podcasts::store
