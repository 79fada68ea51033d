#include "products/stories/file_store.hpp"

namespace odeon::stories::store {

Task<void> add(database::Executor& executor, FileRow row) {
  co_await executor.execute(
      "INSERT INTO stories_files (id, user_id, file_name, file_size, mime_type, upload_key, storage_key, category, "
      "expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      row.id, row.user_id, row.file_name, row.file_size, row.mime_type, row.upload_key, row.storage_key, row.category,
      row.expires_at, row.created_at);
}

Task<std::optional<FileRow>> file(database::Executor& executor, std::string user_id, std::string id) {
  return executor.find<FileRow>("SELECT * FROM stories_files WHERE id = $1 AND user_id = $2", id, user_id);
}

Task<std::int64_t> unconfirmed_files(database::Executor& executor, std::string user_id) {
  const auto count = co_await executor.find<std::int64_t>(
      "SELECT COUNT(*) FROM stories_files WHERE user_id = $1 AND confirmed_at IS NULL", user_id);
  co_return count.value_or(0);
}

Task<bool> confirm_file(database::Executor& executor, FileRow row, Instant now) {
  co_return co_await executor.execute(
      "UPDATE stories_files SET entity_id = $2, file_size = $3, mime_type = $4, storage_key = $5, confirmed_at = $6, "
      "expires_at = CASE WHEN CAST($2 AS TEXT) IS NULL THEN NULL ELSE expires_at END "
      "WHERE id = $1 AND confirmed_at IS NULL",
      row.id, row.entity_id, row.file_size, row.mime_type, row.storage_key, now) > 0;
}

Task<std::vector<FileRow>> expired_files(database::Executor& executor, Instant now, std::int64_t limit) {
  return executor.query<FileRow>("SELECT * FROM stories_files WHERE expires_at < $1 ORDER BY expires_at LIMIT $2", now,
                                 limit);
}

Task<std::vector<FileRow>> files_of(database::Executor& executor, std::string user_id, std::string after,
                                    std::int64_t limit) {
  return executor.query<FileRow>(
      "SELECT * FROM stories_files WHERE user_id = $1 AND entity_id IS NULL AND id > $2 ORDER BY id LIMIT $3", user_id,
      after, limit);
}

Task<bool> remove_file(database::Executor& executor, std::string id) {
  co_return co_await executor.execute("DELETE FROM stories_files WHERE id = $1", id) > 0;
}

}  // namespace odeon::stories::store
