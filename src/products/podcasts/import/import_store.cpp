#include "products/podcasts/import/import_store.hpp"

namespace odeon::podcasts::store {

Task<void> add(Transaction& tx, ImportRow row) {
  co_await tx.execute(
      "INSERT INTO podcasts_imports (id, user_id, feed_url, base_url, podcast_id, job_id, state, error, "
      "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      row.id, row.user_id, row.feed_url, row.base_url, row.podcast_id, row.job_id, row.state, row.error,
      row.created_at);
}

Task<std::optional<ImportRow>> import_of(Executor& executor, std::string id) {
  return executor.find<ImportRow>("SELECT * FROM podcasts_imports WHERE id = $1", id);
}

Task<std::optional<ImportRow>> import_of(Executor& executor, std::string user_id, std::string id) {
  return executor.find<ImportRow>("SELECT * FROM podcasts_imports WHERE id = $1 AND user_id = $2", id, user_id);
}

Task<std::vector<ImportRow>> imports_of(Executor& executor, std::string user_id) {
  return executor.query<ImportRow>("SELECT * FROM podcasts_imports WHERE user_id = $1 ORDER BY id", user_id);
}

Task<void> set_import_job(Transaction& tx, std::string id, std::string job_id) {
  co_await tx.execute("UPDATE podcasts_imports SET job_id = $2 WHERE id = $1", id, job_id);
}

Task<bool> begin_fetching(Transaction& tx, std::string id, std::string podcast_id) {
  co_return co_await tx.execute(
      "UPDATE podcasts_imports SET state = 'fetching', podcast_id = $2 WHERE id = $1 AND podcast_id IS NULL", id,
      podcast_id) > 0;
}

Task<void> end_import(Transaction& tx, std::string id, ImportState state, std::optional<std::string> error) {
  co_await tx.execute("UPDATE podcasts_imports SET state = $2, error = $3 WHERE id = $1", id, state, error);
}

Task<std::optional<std::string>> podcast_from(Executor& executor, std::string user_id, std::string feed_url) {
  return executor.find<std::string>(
      "SELECT s.id FROM podcasts_imports i JOIN podcasts_shows s ON s.id = i.podcast_id AND s.user_id = i.user_id "
      "WHERE i.user_id = $1 AND i.feed_url = $2 AND i.feed_url <> '' ORDER BY i.id DESC LIMIT 1",
      user_id, feed_url);
}

Task<std::optional<std::string>> podcast_known_as(Executor& executor, std::string user_id, std::string guid) {
  return executor.find<std::string>("SELECT id FROM podcasts_shows WHERE user_id = $1 AND guid = $2", user_id, guid);
}

Task<bool> hold_podcast(Transaction& tx, std::string podcast_id) {
  co_return co_await tx.execute("UPDATE podcasts_shows SET title = title WHERE id = $1", podcast_id) > 0;
}

Task<std::vector<KnownEpisode>> known_episodes(Executor& executor, std::string podcast_id) {
  return executor.query<KnownEpisode>(
      "SELECT id, guid, source_id, audio_id FROM podcasts_episodes WHERE podcast_id = $1", podcast_id);
}

Task<void> add(Transaction& tx, ImportedRow row) {
  co_await tx.execute(
      "INSERT INTO podcasts_imported (import_id, number, episode_id, title, audio_url, state, reason) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      row.import_id, row.number, row.episode_id, row.title, row.audio_url, row.state, row.reason);
}

Task<std::optional<ImportedRow>> imported(Executor& executor, std::string import_id, std::int64_t number) {
  return executor.find<ImportedRow>("SELECT * FROM podcasts_imported WHERE import_id = $1 AND number = $2", import_id,
                                    number);
}

Task<std::vector<ImportedRow>> imported_of(Executor& executor, std::string import_id) {
  return executor.query<ImportedRow>("SELECT * FROM podcasts_imported WHERE import_id = $1 ORDER BY number", import_id);
}

Task<std::vector<std::int64_t>> waiting_of(Executor& executor, std::string import_id) {
  return executor.query<std::int64_t>(
      "SELECT number FROM podcasts_imported WHERE import_id = $1 AND state = 'waiting' ORDER BY number", import_id);
}

Task<bool> end_imported(Transaction& tx, std::string import_id, std::int64_t number, ImportedState state,
                        std::optional<std::string> reason) {
  co_return co_await tx.execute(
      "UPDATE podcasts_imported SET state = $3, reason = $4 "
      "WHERE import_id = $1 AND number = $2 AND state = 'waiting'",
      import_id, number, state, reason) > 0;
}

}  // namespace odeon::podcasts::store
