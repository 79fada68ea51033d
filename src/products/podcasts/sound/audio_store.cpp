#include "products/podcasts/sound/audio_store.hpp"

namespace odeon::podcasts::store {

Task<void> add(Transaction& tx, AudioRow row) {
  co_await tx.execute(
      "INSERT INTO podcasts_audio (id, user_id, episode_id, role, storage_key, media_type, name, bytes, counted, "
      "seconds, reservation, removed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, FALSE, $12)",
      row.id, row.user_id, row.episode_id, row.role, row.storage_key, row.media_type, row.name, row.bytes, row.counted,
      row.seconds, row.reservation, row.created_at);
}

Task<std::optional<AudioRow>> audio(Executor& executor, std::string id) {
  return executor.find<AudioRow>("SELECT * FROM podcasts_audio WHERE id = $1 AND NOT removed", id);
}

Task<std::vector<AudioRow>> audio_of(Executor& executor, std::string episode_id) {
  return executor.query<AudioRow>("SELECT * FROM podcasts_audio WHERE episode_id = $1 AND NOT removed ORDER BY id",
                                  episode_id);
}

Task<std::vector<AudioRow>> audio_of_person(Executor& executor, std::string user_id, std::string after,
                                            std::int64_t limit) {
  return executor.query<AudioRow>(
      "SELECT * FROM podcasts_audio WHERE user_id = $1 AND id > $2 AND NOT removed AND role <> 'making' "
      "ORDER BY id LIMIT $3",
      user_id, after, limit);
}

Task<void> keep_seconds(Transaction& tx, std::string id, double seconds) {
  co_await tx.execute("UPDATE podcasts_audio SET seconds = $2, reservation = NULL WHERE id = $1", id, seconds);
}

Task<std::optional<AudioRow>> let_go_audio(Transaction& tx, std::string id, std::optional<Instant> replaced_at) {
  return tx.find<AudioRow>(
      "UPDATE podcasts_audio SET removed = TRUE, replaced_at = $2 WHERE id = $1 AND NOT removed "
      "RETURNING id, user_id, episode_id, role, storage_key, media_type, name, bytes, counted, seconds, reservation, "
      "created_at",
      id, replaced_at);
}

Task<bool> hand_on_count(Transaction& tx, AudioRow gone) {
  co_return co_await tx.execute(
      "UPDATE podcasts_audio SET counted = counted + $3 WHERE episode_id = $1 AND storage_key = $2 AND NOT removed",
      gone.episode_id, gone.storage_key, gone.counted) > 0;
}

Task<bool> end_making(Transaction& tx, std::string episode_id, std::string storage_key) {
  co_return co_await tx.execute(
      "DELETE FROM podcasts_audio WHERE episode_id = $1 AND storage_key = $2 AND role = 'making' AND NOT removed",
      episode_id, storage_key) > 0;
}

Task<void> forget_replaced(Transaction& tx, std::string episode_id) {
  co_await tx.execute("UPDATE podcasts_audio SET replaced_at = NULL WHERE episode_id = $1 AND removed", episode_id);
}

Task<std::vector<Leftover>> let_go_audio(Executor& executor, Instant replaced_before, std::int64_t limit) {
  return executor.query<Leftover>(
      "SELECT a.id, a.storage_key FROM podcasts_audio a "
      "WHERE a.removed AND (a.replaced_at IS NULL OR a.replaced_at < $1) AND NOT EXISTS ("
      "SELECT 1 FROM podcasts_audio other WHERE other.episode_id = a.episode_id AND other.storage_key = a.storage_key "
      "AND (NOT other.removed OR other.replaced_at >= $1)) ORDER BY a.id LIMIT $2",
      replaced_before, limit);
}

Task<std::optional<AudioRow>> heard_audio(Executor& executor, std::string episode_id, std::string id) {
  return executor.find<AudioRow>(
      "SELECT * FROM podcasts_audio WHERE id = $1 AND episode_id = $2 AND role = 'finished' "
      "AND (NOT removed OR replaced_at IS NOT NULL)",
      id, episode_id);
}

Task<void> remove_audio(Executor& executor, std::string id) {
  co_await executor.execute("DELETE FROM podcasts_audio WHERE id = $1 AND removed", id);
}

Task<std::vector<Leftover>> audio_objects_of(Executor& executor, std::string user_id) {
  return executor.query<Leftover>("SELECT id, storage_key FROM podcasts_audio WHERE user_id = $1 ORDER BY id", user_id);
}

Task<bool> hold_episode(Transaction& tx, std::string episode_id, std::string source_id) {
  co_return co_await tx.execute("UPDATE podcasts_episodes SET source_id = source_id WHERE id = $1 AND source_id = $2",
                                episode_id, source_id) > 0;
}

Task<bool> hold_silent(Transaction& tx, std::string episode_id) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET title = title WHERE id = $1 AND source_id IS NULL AND audio_id IS NULL",
      episode_id) > 0;
}

Task<bool> set_adopted(Transaction& tx, std::string episode_id, std::string audio_id, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET audio_id = $2, processing_status = 'complete', updated_at = $3 "
      "WHERE id = $1 AND source_id IS NULL AND audio_id IS NULL",
      episode_id, audio_id, now) > 0;
}

Task<bool> set_source_of_adopted(Transaction& tx, std::string episode_id, std::string audio_id, std::string source_id) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET source_id = $3 WHERE id = $1 AND source_id IS NULL AND audio_id = $2", episode_id,
      audio_id, source_id) > 0;
}

Task<bool> set_source(Transaction& tx, std::string episode_id, std::string audio_id, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET source_id = $2, processing_status = 'uploaded', processing_error = NULL, "
      "status = CASE WHEN status = 'processing' THEN 'draft' ELSE status END, updated_at = $3 WHERE id = $1",
      episode_id, audio_id, now) > 0;
}

Task<bool> set_processing(Executor& executor, std::string episode_id, std::string source_id, ProcessingStatus status,
                          std::optional<std::string> error, Instant now) {
  const bool works = status != ProcessingStatus::error;
  co_return co_await executor.execute(
      "UPDATE podcasts_episodes SET processing_status = $3, processing_error = $4, updated_at = $5, "
      "status = CASE WHEN status = 'draft' AND $6 THEN 'processing' "
      "WHEN status = 'processing' AND NOT $6 THEN 'draft' ELSE status END "
      "WHERE id = $1 AND source_id = $2",
      episode_id, source_id, status, error, now, works) > 0;
}

// Where it was finished before, what its owner was told of its texts stays true.
Task<bool> set_finished(Transaction& tx, std::string episode_id, std::string source_id, std::string audio_id,
                        Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET audio_id = $3, processing_status = 'complete', "
      "processing_error = CASE WHEN processing_status = 'complete' THEN processing_error END, "
      "status = CASE WHEN status = 'processing' THEN 'draft' ELSE status END, updated_at = $4 "
      "WHERE id = $1 AND source_id = $2",
      episode_id, source_id, audio_id, now) > 0;
}

Task<void> set_uploading(Transaction& tx, std::string episode_id, Instant now) {
  co_await tx.execute("UPDATE podcasts_episodes SET processing_status = 'uploading', updated_at = $2 WHERE id = $1",
                      episode_id, now);
}

Task<void> set_lost(Transaction& tx, std::string episode_id, std::string error, Instant now) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET processing_status = 'error', processing_error = $2, updated_at = $3 WHERE id = $1",
      episode_id, error, now);
}

}  // namespace odeon::podcasts::store
