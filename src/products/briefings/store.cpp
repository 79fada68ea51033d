#include "products/briefings/store.hpp"

namespace odeon::briefings {

namespace embedded {
extern const std::string_view schema_sql;
}

Task<bool> Store::add_edition(database::Transaction& transaction, std::string id, Instant slot, Instant expires_at,
                              std::string job_id, Instant now) {
  co_return co_await transaction.execute(
      "INSERT INTO briefings_editions (id, slot, status, job_id, created_at, expires_at) "
      "VALUES ($1, $2, 'queued', $3, $4, $5) ON CONFLICT (slot) DO NOTHING",
      id, slot, job_id, now, expires_at) == 1;
}

Task<std::optional<EditionRow>> Store::edition(std::string id) {
  return database_.find<EditionRow>("SELECT * FROM briefings_editions WHERE id = $1", id);
}

Task<std::optional<EditionRow>> Store::edition_of_slot(Instant slot) {
  return database_.find<EditionRow>("SELECT * FROM briefings_editions WHERE slot = $1", slot);
}

Task<std::optional<EditionRow>> Store::newest() {
  return database_.find<EditionRow>("SELECT * FROM briefings_editions ORDER BY slot DESC LIMIT 1");
}

Task<std::optional<EditionRow>> Store::newest_ready() {
  return database_.find<EditionRow>(
      "SELECT * FROM briefings_editions WHERE status = 'ready' ORDER BY generated_at DESC LIMIT 1");
}

Task<std::vector<EditionRow>> Store::ready_since(Instant since, std::int64_t limit, std::int64_t offset) {
  return database_.query<EditionRow>(
      "SELECT * FROM briefings_editions WHERE status = 'ready' AND generated_at >= $1 "
      "ORDER BY generated_at DESC LIMIT $2 OFFSET $3",
      since, limit, offset);
}

Task<void> Store::mark_processing(std::string id) {
  co_await database_.execute(
      "UPDATE briefings_editions SET status = 'processing', error = '' WHERE id = $1 AND status <> 'ready'", id);
}

Task<void> Store::mark_ready(database::Transaction& transaction, EditionRow e) {
  co_await transaction.execute(
      "UPDATE briefings_editions SET status = 'ready', title = $2, audio_key = $3, audio_bytes = $4, duration = $5, "
      "transcript = $6, captions = $7, sources = $8, ad_markers = $9, chapters = $10, script_model = $11, "
      "speech_model = $12, loudness = $13, true_peak = $14, error = '', generated_at = $15 WHERE id = $1",
      e.id, e.title, e.audio_key, e.audio_bytes, e.duration, e.transcript, e.captions, e.sources, e.ad_markers,
      e.chapters, e.script_model, e.speech_model, e.loudness, e.true_peak, e.generated_at);
}

Task<void> Store::mark_failed(database::Transaction& transaction, std::string id, Failure failure) {
  co_await transaction.execute("UPDATE briefings_editions SET status = 'failed', error = $2 WHERE id = $1", id,
                               failure);
}

Task<std::vector<std::string>> Store::remove_editions(Instant before) {
  return database_.query<std::string>("DELETE FROM briefings_editions WHERE expires_at < $1 RETURNING audio_key",
                                      before);
}

Task<std::optional<std::string>> Store::feed_state(std::string address) {
  return database_.find<std::string>("SELECT state FROM briefings_feeds WHERE address = $1", address);
}

Task<void> Store::keep_feed_state(std::string address, std::string state, Instant now) {
  co_await database_.execute(
      "INSERT INTO briefings_feeds (address, state, fetched_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (address) DO UPDATE SET state = excluded.state, fetched_at = excluded.fetched_at",
      address, state, now);
}

std::vector<database::Migration> migrations() {
  return {{"briefings", 1, embedded::schema_sql}};
}

}  // namespace odeon::briefings
