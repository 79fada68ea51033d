#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts::store {

Task<void> keep_heard(Executor& executor, HeardRow row) {
  co_await executor.execute(
      "INSERT INTO podcasts_heard_pieces (audio_id, number, episode_id, start_seconds, end_seconds, words, "
      "asked_language, language, model) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
      "ON CONFLICT (audio_id, number) DO UPDATE SET start_seconds = EXCLUDED.start_seconds, "
      "end_seconds = EXCLUDED.end_seconds, words = EXCLUDED.words, asked_language = EXCLUDED.asked_language, "
      "language = EXCLUDED.language, model = EXCLUDED.model",
      row.audio_id, row.number, row.episode_id, row.start_seconds, row.end_seconds, row.words, row.asked_language,
      row.language, row.model);
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
      "timed_source_id = (SELECT p.source_id FROM podcasts_processing p WHERE p.episode_id = podcasts_episodes.id), "
      "timed_cuts = (SELECT p.edits FROM podcasts_processing p WHERE p.episode_id = podcasts_episodes.id), "
      "transcript_heard_in = $6, updated_at = $7 WHERE id = $1 AND source_id = $2",
      episode_id, source_id, transcript.text, transcript.json, transcript.revision, transcript.heard_in, now) > 0;
}

Task<void> correct_transcript(Transaction& tx, std::string episode_id, TranscriptKept transcript, Instant now) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET transcript = $2, transcript_json = $3, transcript_revision = $4, "
      "transcript_heard_in = NULL, updated_at = $5 WHERE id = $1",
      episode_id, transcript.text, transcript.json, transcript.revision, now);
}

Task<TimedBy> timed_by(Executor& executor, std::string episode_id) {
  auto timed = co_await executor.find<TimedBy>(
      "SELECT timed_source_id AS source_id, timed_cuts AS cuts, transcript_heard_in AS heard_in "
      "FROM podcasts_episodes WHERE id = $1",
      episode_id);
  co_return timed ? std::move(*timed) : TimedBy();
}

Task<bool> is_as_heard(Executor& executor, std::string episode_id, std::string language) {
  const auto found = co_await executor.find<std::string>(
      "SELECT e.id FROM podcasts_episodes e JOIN podcasts_processing p ON p.episode_id = e.id "
      "WHERE e.id = $1 AND e.transcript_heard_in = $2 AND e.timed_source_id = p.source_id AND e.timed_cuts = p.edits",
      episode_id, language);
  co_return found.has_value();
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

Task<void> say_of_texts(Transaction& tx, std::string episode_id, std::string note) {
  co_await tx.execute("UPDATE podcasts_episodes SET processing_error = $2 WHERE id = $1", episode_id, note);
}

Task<void> forget_timed_texts(Transaction& tx, std::string episode_id, bool keep_notes_text) {
  co_await tx.execute(
      "UPDATE podcasts_episodes SET transcript = NULL, transcript_json = NULL, transcript_revision = NULL, "
      "show_notes = CASE WHEN $2 THEN show_notes END, show_notes_json = NULL, chapters_revision = NULL WHERE id = $1",
      episode_id, keep_notes_text);
  co_await forget_heard(tx, episode_id);
}

}  // namespace odeon::podcasts::store
