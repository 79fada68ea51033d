// SQL of what is on its way in.
#pragma once

#include "products/podcasts/sound/audio_store.hpp"

namespace odeon::podcasts {

enum class IntakeKind { recording, upload };
BOOST_DESCRIBE_ENUM(IntakeKind, recording, upload)
// `open` takes pieces; `joining` waits for its job; `done` is a source of its episode; `dropped` is nobody's.
enum class IntakeState { open, joining, done, dropped };
BOOST_DESCRIBE_ENUM(IntakeState, open, joining, done, dropped)

struct IntakeRow {
  std::string id;
  std::string user_id;
  std::string podcast_id;
  std::optional<std::string> episode_id;
  std::string title;  // of the episode that is begun for it, where it has none
  IntakeKind kind = IntakeKind::recording;
  IntakeState state = IntakeState::open;
  std::string media_type;
  std::string name;
  std::string metadata;
  std::optional<std::int64_t> expected;
  std::int64_t received = 0;
  std::int64_t joins = 0;
  std::optional<std::string> reservation;
  std::int64_t held_seconds = 0;
  std::optional<std::string> job_id;
  Instant created_at, touched_at;
};
BOOST_DESCRIBE_STRUCT(IntakeRow, (),
                      (id, user_id, podcast_id, episode_id, title, kind, state, media_type, name, metadata, expected,
                       received, joins, reservation, held_seconds, job_id, created_at, touched_at))

struct PieceRow {
  std::string intake_id;
  std::int64_t number = 0;
  std::int64_t bytes = 0;
  std::string sha256;  // hexadecimal
  std::string storage_key;
};
BOOST_DESCRIBE_STRUCT(PieceRow, (), (intake_id, number, bytes, sha256, storage_key))

namespace store {

Task<void> add(Transaction& tx, IntakeRow row);
// Dropped ones are none.
Task<std::optional<IntakeRow>> intake(Executor& executor, std::string user_id, IntakeKind kind, std::string id);
// Whosever it is, in whatever state.
Task<std::optional<IntakeRow>> intake(Executor& executor, std::string id);
// Open ones, the newest first.
Task<std::vector<IntakeRow>> open_intakes(Executor& executor, std::string user_id, IntakeKind kind, std::int64_t limit);
// The newest that is open, or ended after then.
Task<std::optional<IntakeRow>> newest_intake(Executor& executor, std::string user_id, IntakeKind kind,
                                             Instant ended_after);
// All of a person's.
Task<std::vector<IntakeRow>> intakes_of(Executor& executor, std::string user_id);

// So many bytes more. False, and nothing changed, where it takes no more: it is not open, or would pass `most` or what
// was expected.
Task<bool> grow(Transaction& tx, std::string id, std::int64_t bytes, std::int64_t most, Instant now);
// The same for pieces that come one behind the other: also false where `offset` is not where it ends.
Task<bool> append(Transaction& tx, std::string id, std::int64_t offset, std::int64_t bytes, std::int64_t most,
                  Instant now);
// How long it is going to be. False where that was said before.
Task<bool> expect(Transaction& tx, std::string id, std::int64_t expected, Instant now);
Task<void> add(Transaction& tx, PieceRow row);
Task<std::optional<PieceRow>> piece(Executor& executor, std::string intake_id, std::int64_t number);
// That of the greatest number.
Task<std::optional<PieceRow>> last_piece(Executor& executor, std::string intake_id);
// By number.
Task<std::vector<PieceRow>> pieces(Executor& executor, std::string intake_id);

// Takes no more from now on. False if it was not open.
Task<bool> close_intake(Transaction& tx, std::string id, std::string episode_id, std::int64_t joins, Instant now);
// The same where its whole came otherwise, of so many bytes: it is done. False if it was not open.
Task<bool> close_whole(Transaction& tx, std::string id, std::string episode_id, std::int64_t bytes, Instant now);
Task<void> set_job(Transaction& tx, std::string id, std::string job_id);
// False if it was not being joined.
Task<bool> mark_done(Transaction& tx, std::string id, Instant now);
// It was being joined, and takes pieces again.
Task<void> reopen(Transaction& tx, std::string id, Instant now);
// Nobody's from now on; the row as it was. Nothing if it is done or was dropped before.
Task<std::optional<IntakeRow>> drop_intake(Transaction& tx, std::string id);
// Ids of those that may still be dropped: of a podcast, of an episode, untouched since then.
Task<std::vector<std::string>> intakes_into(Executor& executor, std::string podcast_id);
Task<std::vector<std::string>> intakes_into_episode(Executor& executor, std::string episode_id);
Task<std::vector<std::string>> intakes_left(Executor& executor, Instant before, std::int64_t limit);

// Open ones that hold minutes, and that nobody has touched since then.
Task<std::vector<IntakeRow>> idle_holders(Executor& executor, Instant before, std::int64_t limit);
// False if it has another hold, or is open no more. What it held is still known.
Task<bool> give_up_hold(Transaction& tx, std::string id, std::string reservation);
// `row` has a new one. The transaction holds the intake.
Task<void> keep_hold(Transaction& tx, IntakeRow row);
// Pieces that have nothing to wait for any more.
Task<std::vector<PieceRow>> pieces_left(Executor& executor, std::int64_t limit);
Task<void> remove_piece(Executor& executor, std::string intake_id, std::int64_t number);
// Those that ended before then and have no pieces.
Task<std::vector<IntakeRow>> ended_intakes(Executor& executor, Instant before, std::int64_t limit);
Task<void> remove_intake(Executor& executor, std::string id);

}  // namespace store
}  // namespace odeon::podcasts
