#include "products/podcasts/intake/recording.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "engine/storage/whole.hpp"
#include "products/podcasts/episodes.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/intake/chunks.hpp"
#include "products/podcasts/intake/media_types.hpp"
#include "products/podcasts/leftovers.hpp"
#include "products/podcasts/sound/processing_store.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::int64_t kUsualMinutes = 60, kMinuteSeconds = 60;
constexpr std::int64_t kListed = 100;
constexpr auto kMostBytes = static_cast<std::int64_t>(kLargestSource);
constexpr std::size_t kMissingShown = 1000, kMissingNamed = 20;

Error no_such_recording() {
  return Error(Fault::not_found, "RECORDING_NOT_FOUND", "There is no such recording.");
}

Error finished_before() {
  return Error(Fault::conflict, "RECORDING_FINISHED", "This recording is finished. It takes no more.");
}

Error too_long() {
  return Error(Fault::too_large, "RECORDING_TOO_LARGE",
               fmt::format("A recording may have {} GB. Finish this one and begin another.", kLargestSource >> 30));
}

Error missing_chunks(const ChunksCome& come) {
  std::vector<std::int64_t> named = come.missing;
  if (named.size() > kMissingNamed) named.resize(kMissingNamed);
  const auto more = come.missing_count - std::ssize(named);
  const std::string which = names_of(named) + (more > 0 ? fmt::format(", and {} more", more) : "");
  return Error(Fault::conflict, "CHUNKS_MISSING",
               fmt::format("These chunks have not come: {}. Send them, or salvage what came before them.", which))
      .with_fields({{"missing", "CHUNKS_MISSING", which}})
      .with_fallback_action("salvage");
}

std::vector<std::int64_t> numbers_of(const std::vector<PieceRow>& pieces) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(pieces.size());
  for (const auto& piece : pieces) numbers.push_back(piece.number);
  return numbers;
}

std::int64_t after_last(const std::vector<PieceRow>& pieces) {
  return pieces.empty() ? 0 : pieces.back().number + 1;
}

RecordingStatus recording_status(IntakeState state) {
  if (state == IntakeState::open) return RecordingStatus::recording;
  return state == IntakeState::joining ? RecordingStatus::joining : RecordingStatus::finished;
}

ChunksCome come_of(const FinishRecording& request, const std::vector<PieceRow>& pieces) {
  const std::int64_t last = after_last(pieces);
  const std::int64_t wanted = request.chunks ? std::max<std::int64_t>(*request.chunks, last) : last;
  return chunks_come(numbers_of(pieces), wanted, kMissingNamed + 1);
}

// Chunks without a number have no gaps: that one is missing, only the length tells.
bool lacks_some(const FinishRecording& request, const std::vector<PieceRow>& pieces, std::int64_t whole_bytes) {
  std::int64_t bytes = 0;
  for (const auto& piece : pieces) bytes += piece.bytes;
  return come_of(request, pieces).missing_count > 0 || bytes < whole_bytes;
}

// How many chunks make the recording. Throws where that cannot be.
std::int64_t joins_of(const FinishRecording& request, const std::vector<PieceRow>& pieces) {
  const auto come = come_of(request, pieces);
  if (come.missing_count > 0 && !request.salvage.value_or(false)) throw missing_chunks(come);
  if (come.contiguous == 0)
    throw Error(Fault::conflict, "NOTHING_RECORDED",
                "Nothing has come that can be heard: a recording cannot be played without its first chunk.");
  return come.contiguous;
}

}  // namespace

void Recording::mount(http::Api& api) {
  http::mount(api, start_recording, &Recording::start, *this);
  http::mount(api, upload_chunk, &Recording::upload, *this);
  http::mount(api, finish_recording, &Recording::finish, *this);
  http::mount(api, list_recordings, &Recording::list, *this);
  http::mount(api, read_recording, &Recording::read, *this);
  http::mount(api, delete_recording, &Recording::remove, *this);
}

Task<IntakeRow> Recording::own(std::string user_id, std::string id) {
  auto row = co_await store::intake(rooms_.database, std::move(user_id), IntakeKind::recording, std::move(id));
  if (!row) throw no_such_recording();
  co_return std::move(*row);
}

Task<Created<RecordingShown>> Recording::start(http::Caller caller, StartRecording request) {
  IntakeRow row{.id = new_uuid(rooms_.clock), .user_id = caller.user_id, .episode_id = request.episode_id};
  row.media_type = request.mime_type.empty() ? "audio/webm" : media_type_of("mime_type", request.mime_type);
  row.title = text::trim(request.title);
  row.name = "recording" + std::string(extension_of(row.media_type));
  row.created_at = row.touched_at = rooms_.clock.now();
  if (request.episode_id) {
    row.podcast_id = (co_await own_episode(rooms_.database, caller.user_id, *request.episode_id)).podcast_id;
  } else {
    if (!request.podcast_id) throw fault_at("podcast_id", "Name the podcast or the episode that this is for.");
    row.podcast_id = (co_await own_show(rooms_.database, caller.user_id, *request.podcast_id)).id;
  }
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await rooms_.intakes.hold(*tx, row,
                               request.minutes.value_or(Int<1, kMostMinutes>(kUsualMinutes)) * kMinuteSeconds);
  co_await store::add(*tx, row);
  co_await tx->commit();
  co_return Created<RecordingShown>{co_await shown(std::move(row))};
}

Task<ChunkKept> Recording::upload(http::Caller caller, UploadChunk request) {
  // Whoever sent it may go away now: what is stored is either a chunk's or is removed.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const std::string key = request.chunk.key;
  auto kept = co_await settle(keep(std::move(caller), std::move(request)));
  if (!kept || kept->known) co_await rooms_.storage.remove(key);
  if (!kept) std::rethrow_exception(kept.error());
  co_return std::move(*kept);
}

Task<ChunkKept> Recording::keep(http::Caller caller, UploadChunk request) {
  std::string session =
      request.session_id ? std::string(*request.session_id) : co_await session_for(caller, request.chunk);
  const auto row = co_await own(caller.user_id, std::move(session));
  PieceRow piece{.intake_id = row.id,
                 .number = request.number.value_or(Int<0, kMostChunks - 1>(0)),
                 .bytes = request.chunk.size,
                 .sha256 = co_await storage::sha256_of(rooms_.storage, request.chunk.key),
                 .storage_key = request.chunk.key};
  const auto wanted = piece.number == 0 ? co_await store::options_of(rooms_.database, row.episode_id.value_or(""))
                                        : ProcessingOptions();
  ChunkKept kept{.session_id = row.id, .number = piece.number, .bytes = row.received};
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const bool grown = co_await store::grow(*tx, row.id, piece.bytes, kMostBytes, rooms_.clock.now());
  // Behind that, chunks of one recording come one by one.
  if (!request.number) {
    const auto last = co_await store::last_piece(*tx, row.id);
    if (last) piece.number = last->sha256 == piece.sha256 ? last->number : last->number + 1;
    kept.number = piece.number;
    if (piece.number >= kMostChunks) throw too_long();
  }
  if (const auto before = co_await store::piece(*tx, row.id, piece.number)) {
    if (before->sha256 != piece.sha256)
      throw Error(Fault::conflict, "CHUNK_DIFFERS",
                  fmt::format("Chunk {} is here already, with other bytes.", piece.number));
    kept.known = true;
    co_return kept;
  }
  if (!grown) {
    const auto now = co_await store::intake(*tx, row.id);
    if (!now || now->state == IntakeState::dropped) throw no_such_recording();
    throw now->state == IntakeState::open ? too_long() : finished_before();
  }
  co_await rooms_.intakes.add(*tx, caller.user_id, piece);
  co_await tx->commit();
  co_await rooms_.intakes.hear(piece, piece.number + 1, wanted);
  kept.bytes += piece.bytes;
  co_return kept;
}

Task<http::Accepted<RecordingShown>> Recording::finish(http::Caller caller, FinishRecording request) {
  // As above.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const std::string key = request.audio ? request.audio->key : "";
  const auto ended = co_await settle(end(caller, std::move(request)));
  if (!key.empty() && (!ended || !ended->took_audio)) co_await rooms_.storage.remove(key);
  if (!ended) std::rethrow_exception(ended.error());
  auto row = co_await own(caller.user_id, ended->session);
  co_return http::Accepted<RecordingShown>{co_await shown(std::move(row))};
}

Task<Recording::Ended> Recording::end(http::Caller caller, FinishRecording request) {
  check_options(request);
  if (request.audio && request.audio->size == 0) request.audio.reset();
  Ended ended;
  if (request.session_id)
    ended.session = *request.session_id;
  else if (request.audio)
    ended.session = co_await session_of(caller, *request.audio);
  else
    ended.session = co_await newest_session(caller.user_id);
  const auto before = co_await own(caller.user_id, ended.session);
  if (before.state != IntakeState::open) co_return ended;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  // From here on no chunk comes.
  static_cast<void>(co_await store::grow(*tx, before.id, 0, kMostBytes, before.touched_at));
  co_await hold_again(*tx, before.id);
  const auto row = co_await store::intake(*tx, before.id);
  if (!row || row->state != IntakeState::open) co_return ended;
  const auto pieces = co_await store::pieces(*tx, row->id);
  ended.took_audio = request.audio && lacks_some(request, pieces, request.audio->size);
  const auto joins = ended.took_audio ? 0 : joins_of(request, pieces);
  std::string title(text::trim(request.title));
  if (title.empty()) title = row->title;
  auto episode = co_await episode_for(*tx, rooms_.clock, row->user_id, row->episode_id, row->podcast_id, title);
  if (ended.took_audio)
    co_await rooms_.intakes.take(*tx, *row, episode, *request.audio, caller.trace);
  else
    co_await rooms_.intakes.close(*tx, *row, episode, joins, caller.trace);
  co_await store::choose(*tx, std::move(episode), row->user_id, request);
  co_await tx->commit();
  co_return ended;
}

// Its minutes may have been given up while nobody recorded.
Task<void> Recording::hold_again(Transaction& tx, std::string id) {
  auto row = co_await store::intake(tx, std::move(id));
  if (!row || row->state != IntakeState::open || row->reservation) co_return;
  co_await rooms_.intakes.hold(tx, *row, row->held_seconds);
  co_await store::keep_hold(tx, std::move(*row));
}

Task<RecordingList> Recording::list(http::Caller caller) {
  RecordingList list;
  for (auto& row : co_await store::open_intakes(rooms_.database, caller.user_id, IntakeKind::recording, kListed))
    list.recordings.push_back(co_await shown(std::move(row)));
  co_return list;
}

Task<RecordingShown> Recording::read(http::Caller caller, RecordingRequest request) {
  auto row = co_await own(caller.user_id, request.id);
  co_return co_await shown(std::move(row));
}

Task<http::NoContent> Recording::remove(http::Caller caller, RecordingRequest request) {
  const auto row = co_await own(caller.user_id, request.id);
  if (row.state != IntakeState::open) throw finished_before();
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!co_await rooms_.intakes.drop(*tx, row.id)) throw no_such_recording();
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  co_return http::NoContent{};
}

Task<RecordingShown> Recording::shown(IntakeRow row) {
  const auto pieces = co_await store::pieces(rooms_.database, row.id);
  auto come = chunks_come(numbers_of(pieces), after_last(pieces), kMissingShown);
  co_return RecordingShown{.session_id = row.id,
                           .status = recording_status(row.state),
                           .podcast_id = row.podcast_id,
                           .episode_id = or_null(row.episode_id),
                           .job_id = or_null(row.job_id),
                           .chunks = std::ssize(pieces),
                           .salvageable = come.contiguous,
                           .missing = std::move(come.missing),
                           .bytes = row.received,
                           .limit_seconds = row.held_seconds,
                           .started_at = row.created_at,
                           .expires_at = row.touched_at + kUnfinishedKept};
}

}  // namespace odeon::podcasts
