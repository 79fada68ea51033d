#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts::store {

Task<void> keep_heard(Executor& executor, HeardRow row) {
  co_await executor.execute(
      "INSERT INTO podcasts_heard_pieces (audio_id, number, episode_id, start_seconds, end_seconds, words, language, "
      "model) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (audio_id, number) DO UPDATE SET start_seconds = EXCLUDED.start_seconds, "
      "end_seconds = EXCLUDED.end_seconds, words = EXCLUDED.words, language = EXCLUDED.language, "
      "model = EXCLUDED.model",
      row.audio_id, row.number, row.episode_id, row.start_seconds, row.end_seconds, row.words, row.language, row.model);
}

Task<std::vector<HeardRow>> heard(Executor& executor, std::string audio_id) {
  return executor.query<HeardRow>("SELECT * FROM podcasts_heard_pieces WHERE audio_id = $1 ORDER BY number", audio_id);
}

Task<void> forget_heard(Executor& executor, std::string episode_id) {
  co_await executor.execute("DELETE FROM podcasts_heard_pieces WHERE episode_id = $1", episode_id);
}

Task<OfferedTexts> offered_texts(Executor& executor, std::string episode_id) {
  auto texts = co_await executor.find<OfferedTexts>(
      "SELECT id AS episode_id, transcript_revision, chapters_revision, notes_by_model FROM podcasts_episodes "
      "WHERE id = $1",
      episode_id);
  co_return texts ? std::move(*texts) : OfferedTexts();
}

Task<std::map<std::string, OfferedTexts>> all_offered_texts(Executor& executor, std::string podcast_id) {
  std::map<std::string, OfferedTexts> all;
  for (auto& texts : co_await executor.query<OfferedTexts>(
           "SELECT id AS episode_id, transcript_revision, chapters_revision, notes_by_model FROM podcasts_episodes "
           "WHERE podcast_id = $1 AND (transcript_revision IS NOT NULL OR chapters_revision IS NOT NULL "
           "OR notes_by_model)",
           podcast_id))
    all.emplace(texts.episode_id, std::move(texts));
  co_return all;
}

Task<bool> keep_transcript(Transaction& tx, std::string episode_id, std::string source_id, TranscriptKept transcript,
                           Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET transcript = $3, transcript_json = $4, transcript_revision = $5, "
      "timed_source_id = source_id, timed_cuts = $6, updated_at = $7 WHERE id = $1 AND source_id = $2",
      episode_id, source_id, transcript.text, transcript.json, transcript.revision, transcript.cuts, now) > 0;
}

Task<TimedBy> timed_by(Executor& executor, std::string episode_id) {
  auto timed = co_await executor.find<TimedBy>(
      "SELECT timed_source_id AS source_id, timed_cuts AS cuts FROM podcasts_episodes WHERE id = $1", episode_id);
  co_return timed ? std::move(*timed) : TimedBy();
}

Task<bool> keep_notes(Transaction& tx, std::string episode_id, std::string source_id, NotesKept notes, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET show_notes = COALESCE($3, show_notes), show_notes_json = $4, "
      "chapters_revision = $5, notes_by_model = $6, updated_at = $7 WHERE id = $1 AND source_id = $2",
      episode_id, source_id, notes.text, notes.json, notes.chapters_revision, notes.by_model, now) > 0;
}

Task<bool> end_texts(Transaction& tx, std::string episode_id, std::string source_id, std::optional<std::string> note,
                     Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_episodes SET processing_status = 'complete', processing_error = $3, updated_at = $4, "
      "status = CASE WHEN status = 'processing' THEN 'draft' ELSE status END "
      "WHERE id = $1 AND source_id = $2 AND processing_status = 'transcribing'",
      episode_id, source_id, note, now) > 0;
}

Task<void> forget_timed_texts(Transaction& tx, std::string episode_id) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET transcript = NULL, transcript_json = NULL, transcript_revision = NULL, "
      "show_notes_json = NULL, chapters_revision = NULL WHERE id = $1",
      episode_id);
  co_await forget_heard(tx, episode_id);
}

}  // namespace odeon::podcasts::store
