#include "products/stories/tale_store.hpp"

namespace odeon::stories::store {

Task<bool> add(Executor& executor, TaleRow row) {
  co_return co_await executor.execute(
      "INSERT INTO stories_tales (id, user_id, hero_id, hero_name, title, content, language, event_type, "
      "custom_event_id, custom_event_prompt, status, wish, tier, reservation, request_key, job_id, scenes, text_model, "
      "voice, listen_count, last_listened_at, is_favorite, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "
      "$23, $24) "
      "ON CONFLICT (user_id, request_key) DO NOTHING",
      row.id, row.user_id, row.hero_id, row.hero_name, row.title, row.content, row.language, row.event_type,
      row.custom_event_id, row.custom_event_prompt, row.status, row.wish, row.tier, row.reservation, row.request_key,
      row.job_id, row.scenes, row.text_model, row.voice, row.listen_count, row.last_listened_at, row.is_favorite,
      row.created_at, row.updated_at) > 0;
}

Task<std::optional<TaleRow>> tale(Executor& executor, std::string user_id, std::string id) {
  return executor.find<TaleRow>("SELECT * FROM stories_tales WHERE id = $1 AND user_id = $2", id, user_id);
}

Task<std::optional<TaleRow>> tale(Executor& executor, std::string id) {
  return executor.find<TaleRow>("SELECT * FROM stories_tales WHERE id = $1", id);
}

Task<std::optional<TaleRow>> tale_of_request(Executor& executor, std::string user_id, std::string request_key) {
  return executor.find<TaleRow>("SELECT * FROM stories_tales WHERE user_id = $1 AND request_key = $2", user_id,
                                request_key);
}

Task<std::vector<TaleListed>> tales(Executor& executor, TalesWanted wanted) {
  return executor.query<TaleListed>(
      "SELECT t.*, (SELECT COUNT(*) FROM stories_illustrations i WHERE i.story_id = t.id AND i.status = 'completed') "
      "AS illustration_count FROM stories_tales t "
      "WHERE t.user_id = $1 AND t.status = 'ready' AND ($2 = '' OR t.hero_id = $2) "
      "AND ($3 = '' OR t.event_type = $3) AND ($4 = '' OR t.language = $4) "
      "AND (CAST($5 AS BOOLEAN) IS NULL OR t.is_favorite = $5) "
      "ORDER BY CASE WHEN $6 = 'listenCount' AND $7 = 'asc' THEN t.listen_count END ASC, "
      "CASE WHEN $6 = 'listenCount' AND $7 = 'desc' THEN t.listen_count END DESC, "
      "CASE WHEN $7 = 'asc' THEN t.created_at END ASC, CASE WHEN $7 = 'desc' THEN t.created_at END DESC, t.id "
      "LIMIT $8 OFFSET $9",
      wanted.user_id, wanted.hero_id, wanted.event_type, wanted.language, wanted.is_favorite, wanted.by, wanted.order,
      wanted.limit, wanted.offset);
}

Task<std::int64_t> tale_count(Executor& executor, TalesWanted wanted) {
  const auto count = co_await executor.find<std::int64_t>(
      "SELECT COUNT(*) FROM stories_tales WHERE user_id = $1 AND status = 'ready' AND ($2 = '' OR hero_id = $2) "
      "AND ($3 = '' OR event_type = $3) AND ($4 = '' OR language = $4) "
      "AND (CAST($5 AS BOOLEAN) IS NULL OR is_favorite = $5)",
      wanted.user_id, wanted.hero_id, wanted.event_type, wanted.language, wanted.is_favorite);
  co_return count.value_or(0);
}

Task<std::vector<TaleRow>> tales_of(Executor& executor, std::string user_id, std::string after, std::int64_t limit) {
  return executor.query<TaleRow>("SELECT * FROM stories_tales WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                                 user_id, after, limit);
}

Task<std::int64_t> tales_before(Executor& executor, std::string hero_id, std::string id) {
  const auto count = co_await executor.find<std::int64_t>(
      "SELECT COUNT(*) FROM stories_tales WHERE hero_id = $1 AND id < $2", hero_id, id);
  co_return count.value_or(0);
}

Task<std::int64_t> part_from_hero(Executor& executor, std::string hero_id, Instant now) {
  return executor.execute("UPDATE stories_tales SET hero_id = NULL, updated_at = $2 WHERE hero_id = $1", hero_id, now);
}

Task<void> part_from_event(Executor& executor, std::string event_id) {
  co_await executor.execute("UPDATE stories_tales SET custom_event_id = NULL WHERE custom_event_id = $1", event_id);
}

Task<bool> mark_written(Executor& executor, std::string id, Written written, Instant now) {
  co_return co_await executor.execute(
      "UPDATE stories_tales SET title = $2, content = $3, scenes = $4, text_model = $5, status = 'ready', "
      "updated_at = $6 WHERE id = $1 AND status = 'writing'",
      id, written.title, written.content, written.scenes, written.model, now) > 0;
}

Task<bool> mark_unwritten(Executor& executor, std::string id, std::string error, Instant now) {
  co_return co_await executor.execute(
      "UPDATE stories_tales SET status = 'failed', error = $2, request_key = NULL, updated_at = $3 "
      "WHERE id = $1 AND status = 'writing'",
      id, error, now) > 0;
}

Task<std::optional<TaleRow>> tale_to_change(Executor& executor, std::string user_id, std::string id, Instant now) {
  return executor.find<TaleRow>(
      "UPDATE stories_tales SET updated_at = $3 WHERE id = $1 AND user_id = $2 AND status = 'ready' RETURNING *", id,
      user_id, now);
}

Task<bool> change(Executor& executor, TaleRow row) {
  co_return co_await executor.execute(
      "UPDATE stories_tales SET title = $3, content = $4, scenes = $5, is_favorite = $6, updated_at = $7 "
      "WHERE id = $1 AND user_id = $2",
      row.id, row.user_id, row.title, row.content, row.scenes, row.is_favorite, row.updated_at) > 0;
}

Task<std::optional<Listened>> listen(Executor& executor, std::string user_id, std::string id, Instant now) {
  return executor.find<Listened>(
      "UPDATE stories_tales SET listen_count = listen_count + 1, last_listened_at = $3 "
      "WHERE id = $1 AND user_id = $2 RETURNING listen_count, last_listened_at",
      id, user_id, now);
}

Task<bool> remove_tale(Executor& executor, std::string user_id, std::string id) {
  co_return co_await executor.execute("DELETE FROM stories_tales WHERE id = $1 AND user_id = $2", id, user_id) > 0;
}

Task<void> expect_audio(Executor& executor, std::string id, std::string job_id) {
  co_await executor.execute("UPDATE stories_tales SET audio_job_id = $2 WHERE id = $1", id, job_id);
}

Task<bool> keep_audio(Executor& executor, TaleRow read, std::string job_id, NarratedTale audio, Instant now) {
  co_await executor.execute(
      "INSERT INTO stories_leftovers (storage_key, user_id, due_at) SELECT audio_key, user_id, 0 FROM stories_tales "
      "WHERE id = $1 AND audio_job_id = $2 AND title = $3 AND content = $4 AND audio_key IS NOT NULL "
      "ON CONFLICT (storage_key) DO NOTHING",
      read.id, job_id, read.title, read.content);
  co_return co_await executor.execute(
      "UPDATE stories_tales SET audio_key = $5, audio_seconds = $6, voice = $7, audio_model = $8, narrated = $9, "
      "audio_at = $10, updated_at = $10, audio_bytes = $11 "
      "WHERE id = $1 AND audio_job_id = $2 AND title = $3 AND content = $4",
      read.id, job_id, read.title, read.content, audio.storage_key, audio.seconds, audio.voice, audio.model,
      audio.sentences, now, audio.bytes) > 0;
}

Task<void> take_audio(Executor& executor, std::string id, BroughtSound sound, Instant now) {
  co_await drop_audio(executor, id);
  co_await executor.execute(
      "UPDATE stories_tales SET audio_key = $2, audio_seconds = $3, audio_bytes = $4, audio_at = $5, updated_at = $5, "
      "voice = NULL, audio_job_id = NULL WHERE id = $1",
      id, sound.storage_key, sound.seconds, sound.bytes, now);
}

Task<void> drop_audio(Executor& executor, std::string id) {
  co_await executor.execute(
      "INSERT INTO stories_leftovers (storage_key, user_id, due_at) SELECT audio_key, user_id, 0 FROM stories_tales "
      "WHERE id = $1 AND audio_key IS NOT NULL ON CONFLICT (storage_key) DO NOTHING",
      id);
  co_await executor.execute(
      "UPDATE stories_tales SET audio_key = NULL, audio_seconds = NULL, audio_at = NULL, audio_model = NULL, "
      "narrated = NULL WHERE id = $1",
      id);
}

Task<void> expect_illustrations(Executor& executor, std::string id, std::string job_id) {
  co_await executor.execute("UPDATE stories_tales SET illustrations_job_id = $2 WHERE id = $1", id, job_id);
}

}  // namespace odeon::stories::store
