#include "products/stories/event_store.hpp"

namespace odeon::stories::store {

Task<void> add(Executor& executor, EventRow row) {
  co_await executor.execute(
      "INSERT INTO stories_custom_events (id, user_id, title, description, prompt_seed, keywords, category, age_range, "
      "tone, language, pictogram_emoji, usage_count, is_favorite, ai_enhanced, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14, $15)",
      row.id, row.user_id, row.title, row.description, row.prompt_seed, row.keywords, row.category, row.age_range,
      row.tone, row.language, row.pictogram_emoji, row.is_favorite, row.ai_enhanced, row.created_at, row.updated_at);
}

Task<std::optional<EventRow>> event(Executor& executor, std::string user_id, std::string id) {
  return executor.find<EventRow>("SELECT * FROM stories_custom_events WHERE id = $1 AND user_id = $2", id, user_id);
}

Task<std::optional<EventRow>> event(Executor& executor, std::string id) {
  return executor.find<EventRow>("SELECT * FROM stories_custom_events WHERE id = $1", id);
}

Task<std::vector<EventRow>> events(Executor& executor, EventsWanted wanted) {
  return executor.query<EventRow>(
      "SELECT * FROM stories_custom_events WHERE user_id = $1 AND ($2 = '' OR category = $2) "
      "AND (CAST($3 AS BOOLEAN) IS NULL OR is_favorite = $3) "
      "ORDER BY CASE WHEN $4 = 'usageCount' AND $5 = 'asc' THEN usage_count END ASC, "
      "CASE WHEN $4 = 'usageCount' AND $5 = 'desc' THEN usage_count END DESC, "
      "CASE WHEN $5 = 'asc' THEN created_at END ASC, CASE WHEN $5 = 'desc' THEN created_at END DESC, id "
      "LIMIT $6 OFFSET $7",
      wanted.user_id, wanted.category, wanted.is_favorite, wanted.by, wanted.order, wanted.limit, wanted.offset);
}

Task<std::int64_t> event_count(Executor& executor, EventsWanted wanted) {
  const auto count = co_await executor.find<std::int64_t>(
      "SELECT COUNT(*) FROM stories_custom_events WHERE user_id = $1 AND ($2 = '' OR category = $2) "
      "AND (CAST($3 AS BOOLEAN) IS NULL OR is_favorite = $3)",
      wanted.user_id, wanted.category, wanted.is_favorite);
  co_return count.value_or(0);
}

Task<bool> change(Executor& executor, EventRow row) {
  co_return co_await executor.execute(
      "UPDATE stories_custom_events SET title = $3, description = $4, prompt_seed = $5, keywords = $6, category = $7, "
      "age_range = $8, tone = $9, language = $10, pictogram_emoji = $11, is_favorite = $12, updated_at = $13 "
      "WHERE id = $1 AND user_id = $2",
      row.id, row.user_id, row.title, row.description, row.prompt_seed, row.keywords, row.category, row.age_range,
      row.tone, row.language, row.pictogram_emoji, row.is_favorite, row.updated_at) > 0;
}

Task<bool> enhance(Executor& executor, std::string id, Enhancement made, Instant now) {
  co_return co_await executor.execute(
      "UPDATE stories_custom_events SET original_prompt = COALESCE(original_prompt, prompt_seed), description = $2, "
      "prompt_seed = $3, keywords = $4, model = $5, ai_enhanced = ai_enhanced OR $6, updated_at = $7 WHERE id = $1",
      id, made.description, made.prompt_seed, made.keywords, made.model, made.is_by_model, now) > 0;
}

Task<void> use_event(Executor& executor, std::string id, Instant now) {
  co_await executor.execute(
      "UPDATE stories_custom_events SET usage_count = usage_count + 1, last_used_at = $2 WHERE id = $1", id, now);
}

Task<bool> remove_event(Executor& executor, std::string user_id, std::string id) {
  co_return co_await executor.execute("DELETE FROM stories_custom_events WHERE id = $1 AND user_id = $2", id, user_id) >
      0;
}

Task<void> expect_enhancement(Executor& executor, std::string id, std::string job_id) {
  co_await executor.execute("UPDATE stories_custom_events SET enhance_job_id = $2 WHERE id = $1", id, job_id);
}

Task<void> expect_pictogram(Executor& executor, std::string id, std::string job_id) {
  co_await executor.execute("UPDATE stories_custom_events SET pictogram_job_id = $2 WHERE id = $1", id, job_id);
}

Task<bool> keep_pictogram(Executor& executor, std::string id, std::string storage_key, std::optional<std::string> model,
                          Instant now) {
  co_await executor.execute(
      "INSERT INTO stories_leftovers (storage_key, user_id, due_at) SELECT pictogram_key, user_id, 0 FROM "
      "stories_custom_events "
      "WHERE id = $1 AND pictogram_key IS NOT NULL ON CONFLICT (storage_key) DO NOTHING",
      id);
  co_return co_await executor.execute(
      "UPDATE stories_custom_events SET pictogram_key = $2, pictogram_model = $3, updated_at = $4 WHERE id = $1", id,
      storage_key, model, now) > 0;
}

}  // namespace odeon::stories::store
