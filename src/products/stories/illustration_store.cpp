#include "products/stories/illustration_store.hpp"

#include "products/stories/leftover_store.hpp"

namespace odeon::stories::store {

Task<void> add_each(Executor& executor, std::vector<IllustrationRow> rows) {
  for (const auto& row : rows)
    co_await executor.execute(
        "INSERT INTO stories_illustrations (id, story_id, user_id, prompt, scene, is_timed, starts_at, seconds, "
        "display_order, status, retry_count, created_at, updated_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)",
        row.id, row.story_id, row.user_id, row.prompt, row.scene, row.is_timed, row.starts_at, row.seconds,
        row.display_order, row.status, row.created_at, row.updated_at);
}

Task<void> add_between(Executor& executor, IllustrationRow row) {
  co_await executor.execute(
      "UPDATE stories_illustrations SET display_order = display_order + 1 WHERE story_id = $1 AND display_order >= $2",
      row.story_id, row.display_order);
  co_await executor.execute(
      "INSERT INTO stories_illustrations (id, story_id, user_id, image_key, prompt, scene, is_timed, starts_at, "
      "display_order, status, retry_count, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $11)",
      row.id, row.story_id, row.user_id, row.image_key, row.prompt, row.scene, row.is_timed, row.starts_at,
      row.display_order, row.status, row.created_at);
}

Task<std::vector<IllustrationRow>> illustrations(Executor& executor, std::string story_id) {
  return executor.query<IllustrationRow>(
      "SELECT * FROM stories_illustrations WHERE story_id = $1 ORDER BY display_order, id", story_id);
}

Task<std::optional<IllustrationRow>> illustration(Executor& executor, std::string user_id, std::string id) {
  return executor.find<IllustrationRow>("SELECT * FROM stories_illustrations WHERE id = $1 AND user_id = $2", id,
                                        user_id);
}

Task<void> plan(Executor& executor, IllustrationRow picture) {
  co_await executor.execute("UPDATE stories_illustrations SET scene = $2, starts_at = $3, seconds = $4 WHERE id = $1",
                            picture.id, picture.scene, picture.starts_at, picture.seconds);
}

Task<void> mark_drawing(Executor& executor, std::string id, Instant now) {
  co_await executor.execute(
      "UPDATE stories_illustrations SET retry_count = retry_count + CASE WHEN status = 'pending' THEN 0 ELSE 1 END, "
      "status = 'generating', error = NULL, updated_at = $2 WHERE id = $1",
      id, now);
}

Task<bool> mark_drawn(Executor& executor, IllustrationRow drawn, Instant now) {
  co_return co_await executor.execute(
      "UPDATE stories_illustrations SET image_key = $2, prompt = $3, model = $4, generation_id = $5, "
      "previous_generation_id = $6, status = 'completed', error = NULL, updated_at = $7 WHERE id = $1",
      drawn.id, drawn.image_key, drawn.prompt, drawn.model, drawn.generation_id, drawn.previous_generation_id, now) > 0;
}

Task<void> mark_undrawn(Executor& executor, std::string id, std::string error, Instant now) {
  co_await executor.execute(
      "UPDATE stories_illustrations SET status = 'failed', error = $2, updated_at = $3 WHERE id = $1", id, error, now);
}

Task<void> mark_rest_undrawn(Executor& executor, std::vector<std::string> ids, std::string error, Instant now) {
  std::vector<std::tuple<std::string, std::string, Instant>> rows;
  for (auto& id : ids) rows.emplace_back(std::move(id), error, now);
  if (rows.empty()) co_return;
  co_await executor.execute_each(
      "UPDATE stories_illustrations SET status = 'failed', error = $2, updated_at = $3 "
      "WHERE id = $1 AND status <> 'completed'",
      std::move(rows));
}

Task<void> show_at(Executor& executor, std::vector<Showing> showings) {
  std::vector<std::tuple<std::string, double, double>> rows;
  for (auto& showing : showings) rows.emplace_back(std::move(showing.id), showing.starts_at, showing.seconds);
  if (rows.empty()) co_return;
  co_await executor.execute_each("UPDATE stories_illustrations SET starts_at = $2, seconds = $3 WHERE id = $1",
                                 std::move(rows));
}

Task<bool> remove_illustration(Executor& executor, IllustrationRow row) {
  if (row.image_key) co_await let_go(executor, row.user_id, *row.image_key);
  if (co_await executor.execute("DELETE FROM stories_illustrations WHERE id = $1", row.id) == 0) co_return false;
  co_await executor.execute(
      "UPDATE stories_illustrations SET display_order = display_order - 1 WHERE story_id = $1 AND display_order > $2",
      row.story_id, row.display_order);
  co_return true;
}

Task<void> remove_illustrations(Executor& executor, std::string story_id) {
  co_await executor.execute(
      "INSERT INTO stories_leftovers (storage_key, user_id, due_at) SELECT image_key, user_id, 0 FROM "
      "stories_illustrations "
      "WHERE story_id = $1 AND image_key IS NOT NULL ON CONFLICT (storage_key) DO NOTHING",
      story_id);
  co_await executor.execute("DELETE FROM stories_illustrations WHERE story_id = $1", story_id);
}

}  // namespace odeon::stories::store
