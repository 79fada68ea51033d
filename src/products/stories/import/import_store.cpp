#include "products/stories/import/import_store.hpp"

#include "products/stories/leftover_store.hpp"

namespace odeon::stories::store {

Task<void> add(Executor& executor, ImportRow row) {
  co_await executor.execute(
      "INSERT INTO stories_imports (id, user_id, upload_key, job_id, state, skipped, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      row.id, row.user_id, row.upload_key, row.job_id, row.state, row.skipped, row.created_at);
}

Task<std::optional<ImportRow>> import_of(Executor& executor, std::string id) {
  return executor.find<ImportRow>("SELECT * FROM stories_imports WHERE id = $1", id);
}

Task<std::optional<ImportRow>> import_of(Executor& executor, std::string user_id, std::string id) {
  return executor.find<ImportRow>("SELECT * FROM stories_imports WHERE id = $1 AND user_id = $2", id, user_id);
}

Task<bool> end_import(Executor& executor, ImportRow row, Instant now) {
  if (co_await executor.execute("UPDATE stories_imports SET state = $2, skipped = $3, error = $4, ended_at = $5 "
                                "WHERE id = $1 AND ended_at IS NULL",
                                row.id, row.state, row.skipped, row.error, now) == 0)
    co_return false;
  co_await let_go(executor, row.user_id, row.upload_key);
  co_return true;
}

Task<std::optional<std::string>> imported_as(Executor& executor, Imported what) {
  return executor.find<std::string>(
      "SELECT entity_id FROM stories_imported WHERE user_id = $1 AND kind = $2 AND source_id = $3", what.user_id,
      what.kind, what.source_id);
}

Task<void> note_imported(Executor& executor, Imported what) {
  co_await executor.execute(
      "INSERT INTO stories_imported (user_id, kind, source_id, entity_id, import_id) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (user_id, kind, source_id) DO UPDATE SET entity_id = excluded.entity_id, "
      "import_id = excluded.import_id",
      what.user_id, what.kind, what.source_id, what.entity_id, what.import_id);
}

Task<std::vector<ImportedCount>> imported_with(Executor& executor, std::string import_id) {
  return executor.query<ImportedCount>(
      "SELECT kind, COUNT(*) AS count FROM stories_imported WHERE import_id = $1 GROUP BY kind", import_id);
}

Task<std::vector<ImportRow>> imports_of(Executor& executor, std::string user_id, std::string after,
                                        std::int64_t limit) {
  return executor.query<ImportRow>("SELECT * FROM stories_imports WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                                   user_id, after, limit);
}

Task<std::vector<std::string>> import_objects_of(Executor& executor, std::string user_id) {
  return executor.query<std::string>("SELECT upload_key FROM stories_imports WHERE user_id = $1 AND ended_at IS NULL",
                                     user_id);
}

Task<std::int64_t> forget_imports(Executor& executor, std::string user_id) {
  const auto imported = co_await executor.execute("DELETE FROM stories_imported WHERE user_id = $1", user_id);
  co_return imported + co_await executor.execute("DELETE FROM stories_imports WHERE user_id = $1", user_id);
}

}  // namespace odeon::stories::store
