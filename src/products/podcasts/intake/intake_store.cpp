#include "products/podcasts/intake/intake_store.hpp"

namespace odeon::podcasts::store {

Task<void> add(Transaction& tx, IntakeRow row) {
  co_await tx.execute(
      "INSERT INTO podcasts_intakes (id, user_id, podcast_id, episode_id, title, kind, state, media_type, name, "
      "metadata, expected, received, joins, reservation, held_seconds, job_id, created_at, touched_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
      row.id, row.user_id, row.podcast_id, row.episode_id, row.title, row.kind, row.state, row.media_type, row.name,
      row.metadata, row.expected, row.received, row.joins, row.reservation, row.held_seconds, row.job_id,
      row.created_at, row.touched_at);
}

Task<std::optional<IntakeRow>> intake(Executor& executor, std::string user_id, IntakeKind kind, std::string id) {
  return executor.find<IntakeRow>(
      "SELECT * FROM podcasts_intakes WHERE id = $1 AND user_id = $2 AND kind = $3 AND state <> 'dropped'", id, user_id,
      kind);
}

Task<std::optional<IntakeRow>> intake(Executor& executor, std::string id) {
  return executor.find<IntakeRow>("SELECT * FROM podcasts_intakes WHERE id = $1", id);
}

Task<std::vector<IntakeRow>> open_intakes(Executor& executor, std::string user_id, IntakeKind kind,
                                          std::int64_t limit) {
  return executor.query<IntakeRow>(
      "SELECT * FROM podcasts_intakes WHERE user_id = $1 AND kind = $2 AND state = 'open' ORDER BY id DESC LIMIT $3",
      user_id, kind, limit);
}

Task<std::optional<IntakeRow>> newest_intake(Executor& executor, std::string user_id, IntakeKind kind,
                                             Instant ended_after) {
  return executor.find<IntakeRow>(
      "SELECT * FROM podcasts_intakes WHERE user_id = $1 AND kind = $2 AND (state = 'open' "
      "OR (state IN ('joining', 'done') AND touched_at > $3)) ORDER BY id DESC LIMIT 1",
      user_id, kind, ended_after);
}

Task<std::vector<IntakeRow>> intakes_of(Executor& executor, std::string user_id) {
  return executor.query<IntakeRow>("SELECT * FROM podcasts_intakes WHERE user_id = $1 ORDER BY id", user_id);
}

Task<bool> grow(Transaction& tx, std::string id, std::int64_t bytes, std::int64_t most, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_intakes SET received = received + $2, touched_at = $4 "
      "WHERE id = $1 AND state = 'open' AND received + $2 <= $3",
      id, bytes, most, now) > 0;
}

Task<bool> append(Transaction& tx, std::string id, std::int64_t offset, std::int64_t bytes, std::int64_t most,
                  Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_intakes SET received = received + $3, touched_at = $5 "
      "WHERE id = $1 AND state = 'open' AND received = $2 AND received + $3 <= COALESCE(expected, $4)",
      id, offset, bytes, most, now) > 0;
}

Task<bool> expect(Transaction& tx, std::string id, std::int64_t expected, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_intakes SET expected = $2, touched_at = $3 "
      "WHERE id = $1 AND state = 'open' AND expected IS NULL AND received <= $2",
      id, expected, now) > 0;
}

Task<void> add(Transaction& tx, PieceRow row) {
  co_await tx.execute(
      "INSERT INTO podcasts_pieces (intake_id, number, bytes, sha256, storage_key) VALUES ($1, $2, $3, $4, $5)",
      row.intake_id, row.number, row.bytes, row.sha256, row.storage_key);
}

Task<std::optional<PieceRow>> piece(Executor& executor, std::string intake_id, std::int64_t number) {
  return executor.find<PieceRow>("SELECT * FROM podcasts_pieces WHERE intake_id = $1 AND number = $2", intake_id,
                                 number);
}

Task<std::optional<PieceRow>> last_piece(Executor& executor, std::string intake_id) {
  return executor.find<PieceRow>("SELECT * FROM podcasts_pieces WHERE intake_id = $1 ORDER BY number DESC LIMIT 1",
                                 intake_id);
}

Task<std::vector<PieceRow>> pieces(Executor& executor, std::string intake_id) {
  return executor.query<PieceRow>("SELECT * FROM podcasts_pieces WHERE intake_id = $1 ORDER BY number", intake_id);
}

Task<bool> close_intake(Transaction& tx, std::string id, std::string episode_id, std::int64_t joins, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_intakes SET state = 'joining', episode_id = $2, joins = $3, touched_at = $4 "
      "WHERE id = $1 AND state = 'open'",
      id, episode_id, joins, now) > 0;
}

Task<bool> close_whole(Transaction& tx, std::string id, std::string episode_id, std::int64_t bytes, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_intakes SET state = 'done', episode_id = $2, received = $3, reservation = NULL, touched_at = $4 "
      "WHERE id = $1 AND state = 'open'",
      id, episode_id, bytes, now) > 0;
}

Task<void> set_job(Transaction& tx, std::string id, std::string job_id) {
  co_await tx.execute("UPDATE podcasts_intakes SET job_id = $2 WHERE id = $1", id, job_id);
}

Task<bool> mark_done(Transaction& tx, std::string id, Instant now) {
  co_return co_await tx.execute(
      "UPDATE podcasts_intakes SET state = 'done', reservation = NULL, touched_at = $2 "
      "WHERE id = $1 AND state = 'joining'",
      id, now) > 0;
}

Task<void> reopen(Transaction& tx, std::string id, Instant now) {
  co_await tx.execute("UPDATE podcasts_intakes SET state = 'open', touched_at = $2 WHERE id = $1 AND state = 'joining'",
                      id, now);
}

Task<std::optional<IntakeRow>> drop_intake(Transaction& tx, std::string id) {
  return tx.find<IntakeRow>(
      "UPDATE podcasts_intakes SET state = 'dropped' WHERE id = $1 AND state IN ('open', 'joining') "
      "RETURNING id, user_id, podcast_id, episode_id, title, kind, state, media_type, name, metadata, expected, "
      "received, joins, reservation, held_seconds, job_id, created_at, touched_at",
      id);
}

Task<std::vector<std::string>> intakes_into(Executor& executor, std::string podcast_id) {
  return executor.query<std::string>(
      "SELECT id FROM podcasts_intakes WHERE podcast_id = $1 AND state IN ('open', 'joining')", podcast_id);
}

Task<std::vector<std::string>> intakes_into_episode(Executor& executor, std::string episode_id) {
  return executor.query<std::string>(
      "SELECT id FROM podcasts_intakes WHERE episode_id = $1 AND state IN ('open', 'joining')", episode_id);
}

Task<std::vector<std::string>> intakes_left(Executor& executor, Instant before, std::int64_t limit) {
  return executor.query<std::string>(
      "SELECT id FROM podcasts_intakes WHERE state IN ('open', 'joining') AND touched_at < $1 ORDER BY touched_at "
      "LIMIT $2",
      before, limit);
}

Task<std::vector<IntakeRow>> idle_holders(Executor& executor, Instant before, std::int64_t limit) {
  return executor.query<IntakeRow>(
      "SELECT * FROM podcasts_intakes WHERE state = 'open' AND touched_at < $1 AND reservation IS NOT NULL "
      "ORDER BY touched_at LIMIT $2",
      before, limit);
}

Task<bool> give_up_hold(Transaction& tx, std::string id, std::string reservation) {
  co_return co_await tx.execute(
      "UPDATE podcasts_intakes SET reservation = NULL WHERE id = $1 AND state = 'open' AND reservation = $2", id,
      reservation) > 0;
}

Task<void> keep_hold(Transaction& tx, IntakeRow row) {
  co_await tx.execute("UPDATE podcasts_intakes SET reservation = $2, held_seconds = $3 WHERE id = $1", row.id,
                      row.reservation, row.held_seconds);
}

Task<std::vector<PieceRow>> pieces_left(Executor& executor, std::int64_t limit) {
  return executor.query<PieceRow>(
      "SELECT p.intake_id, p.number, p.bytes, p.sha256, p.storage_key FROM podcasts_intakes i "
      "JOIN podcasts_pieces p ON p.intake_id = i.id WHERE i.state IN ('done', 'dropped') LIMIT $1",
      limit);
}

Task<void> remove_piece(Executor& executor, std::string intake_id, std::int64_t number) {
  co_await executor.execute("DELETE FROM podcasts_pieces WHERE intake_id = $1 AND number = $2", intake_id, number);
}

Task<std::vector<IntakeRow>> ended_intakes(Executor& executor, Instant before, std::int64_t limit) {
  return executor.query<IntakeRow>(
      "SELECT * FROM podcasts_intakes i WHERE state IN ('done', 'dropped') AND touched_at < $1 "
      "AND NOT EXISTS (SELECT 1 FROM podcasts_pieces p WHERE p.intake_id = i.id) ORDER BY touched_at LIMIT $2",
      before, limit);
}

Task<void> remove_intake(Executor& executor, std::string id) {
  co_await executor.execute("DELETE FROM podcasts_intakes WHERE id = $1", id);
}

}  // namespace odeon::podcasts::store
