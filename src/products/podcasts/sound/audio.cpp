#include "products/podcasts/sound/audio.hpp"

#include <cmath>

#include "base/ids.hpp"
#include "products/podcasts/podcasts.hpp"
#include "products/podcasts/sound/processing_store.hpp"
#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts {
namespace {

// Who stops when they are told to does so a moment later.
constexpr std::int64_t kGraceSeconds = 60;

}  // namespace

std::string audio_key(std::string_view audio_id) {
  return "podcasts/audio/" + std::string(audio_id);
}

Task<bool> Audio::arrive(Transaction& tx, AudioRow source, TraceContext trace) {
  source.id = new_uuid(clock_);
  source.role = AudioRole::source;
  source.created_at = clock_.now();
  if (!co_await store::set_source(tx, source.episode_id, source.id, source.created_at)) co_return false;
  co_await store::add(tx, source);
  co_await let_go_others(tx, source, std::nullopt);
  if (on_arrival_) co_await on_arrival_(tx, {source.user_id, source.episode_id, source.id, trace});
  co_return true;
}

Task<bool> Audio::working(std::string source_id, ProcessingStatus status) {
  const auto source = co_await store::audio(database_, std::move(source_id));
  if (!source) co_return false;
  co_return co_await store::set_processing(database_, source->episode_id, source->id, status, std::nullopt,
                                           clock_.now());
}

// What it holds goes back; if it is worked on again, `measured` asks for all of it.
Task<bool> Audio::fail(Transaction& tx, std::string source_id, std::string message) {
  const auto source = co_await store::audio(tx, std::move(source_id));
  if (!source) co_return false;
  if (source->reservation) co_await allowances_.release(tx, *source->reservation);
  co_return co_await store::set_processing(tx, source->episode_id, source->id, ProcessingStatus::error,
                                           std::move(message), clock_.now());
}

Task<void> Audio::measured(Transaction& tx, std::string source_id, double seconds) {
  const auto source = co_await store::audio(tx, source_id);
  if (!source) co_return;
  if (source->reservation)
    co_await settle_minutes(tx, *source, static_cast<std::int64_t>(std::ceil(std::max(seconds, 0.0))));
  co_await store::keep_seconds(tx, source_id, seconds);
}

Task<void> Audio::settle_minutes(Transaction& tx, AudioRow source, std::int64_t recorded) {
  const auto held = co_await allowances_.held(tx, *source.reservation);
  if (recorded > held + (held > 0 ? kGraceSeconds : 0)) {
    const auto more =
        co_await allowances_.reserve(tx, source.user_id, std::string(kProduct), "recording", recorded - held);
    if (!more)
      throw more.error().error("RECORDING_LIMIT_REACHED",
                               "This recording is longer than your plan's minutes of recording allow. Take a larger "
                               "plan, or wait until its month begins anew, and process it again.");
    co_await allowances_.settle(tx, *more);
    recorded = held;
  }
  co_await allowances_.settle(tx, *source.reservation, recorded);
}

Task<std::optional<std::string>> Audio::make(std::string source_id) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  const auto source = co_await store::audio(*tx, source_id);
  if (!source || !co_await store::hold_episode(*tx, source->episode_id, source_id)) co_return std::nullopt;
  auto key = co_await place(*tx, {.user_id = source->user_id, .episode_id = source->episode_id, .name = source->name});
  co_await tx->commit();
  co_return key;
}

Task<std::optional<std::string>> Audio::make_for(std::string user_id, std::string episode_id) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (!co_await store::hold_silent(*tx, episode_id)) co_return std::nullopt;
  auto key = co_await place(*tx, {.user_id = std::move(user_id), .episode_id = std::move(episode_id)});
  co_await tx->commit();
  co_return key;
}

// What was placed before, and never finished, goes.
Task<std::string> Audio::place(Transaction& tx, AudioRow row) {
  co_await unmake(tx, row.episode_id);
  row.id = new_uuid(clock_);
  row.role = AudioRole::making;
  row.storage_key = audio_key(row.id);
  row.media_type = "audio/mpeg";
  row.created_at = clock_.now();
  co_await store::add(tx, row);
  co_return row.storage_key;
}

Task<bool> Audio::adopt(Transaction& tx, AudioRow sound) {
  sound.id = new_uuid(clock_);
  sound.role = AudioRole::finished;
  sound.created_at = clock_.now();
  if (!co_await store::set_adopted(tx, sound.episode_id, sound.id, sound.created_at)) co_return false;
  if (!co_await store::end_making(tx, sound.episode_id, sound.storage_key)) co_return false;
  co_await store::add(tx, sound);
  const auto episode = co_await store::episode(tx, sound.episode_id);
  if (episode && episode->status == EpisodeStatus::published)
    co_await store::feed_changed(tx, episode->podcast_id, sound.created_at);
  co_return true;
}

Task<void> Audio::unmake(Transaction& tx, std::string episode_id) {
  for (const auto& row : co_await store::audio_of(tx, std::move(episode_id)))
    if (row.role == AudioRole::making) co_await let_go_one(tx, row.id);
}

// Work that is done counts in full, be it more than is left, unless nothing is.
Task<std::int64_t> Audio::count_storage(Transaction& tx, std::string user_id, std::int64_t bytes) {
  const auto held = co_await allowances_.reserve(tx, std::move(user_id), std::string(kProduct), "storage");
  if (!held) co_return 0;
  co_await allowances_.settle(tx, *held, bytes);
  co_return bytes;
}

Task<bool> Audio::finish(Transaction& tx, std::string source_id, Finished finished) {
  const auto source = co_await store::audio(tx, source_id);
  if (!source) co_return false;
  AudioRow row{.id = new_uuid(clock_),
               .user_id = source->user_id,
               .episode_id = source->episode_id,
               .role = AudioRole::finished,
               .storage_key = std::move(finished.storage_key),
               .media_type = std::move(finished.media_type),
               .name = source->name,
               .bytes = finished.bytes,
               .seconds = finished.seconds,
               .created_at = clock_.now()};
  if (!co_await store::set_finished(tx, row.episode_id, source_id, row.id, row.created_at)) co_return false;
  if (!co_await store::end_making(tx, row.episode_id, row.storage_key)) co_return false;
  row.counted = co_await count_storage(tx, row.user_id, row.bytes);
  co_await store::add(tx, row);
  const auto episode = co_await store::episode(tx, row.episode_id);
  const bool is_public = episode && episode->status == EpisodeStatus::published;
  co_await let_go_others(tx, row, is_public ? std::optional(row.created_at) : std::nullopt);
  if (is_public) co_await store::feed_changed(tx, episode->podcast_id, row.created_at);
  co_return true;
}

// Of the same role, in the same episode, whose row is held: of two that come at once, the later stays.
Task<void> Audio::let_go_others(Transaction& tx, AudioRow kept, std::optional<Instant> replaced_at) {
  for (const auto& row : co_await store::audio_of(tx, kept.episode_id))
    if (row.role == kept.role && row.id != kept.id) co_await let_go_one(tx, row.id, replaced_at);
}

Task<void> Audio::let_go_one(Transaction& tx, std::string audio_id, std::optional<Instant> replaced_at) {
  const auto gone = co_await store::let_go_audio(tx, std::move(audio_id), replaced_at);
  if (!gone) co_return;
  if (!co_await store::hand_on_count(tx, *gone))
    co_await allowances_.give_back(tx, gone->user_id, std::string(kProduct), "storage", gone->counted);
  if (gone->reservation) co_await allowances_.release(tx, *gone->reservation);
}

Task<void> Audio::let_go(Transaction& tx, std::string episode_id) {
  for (const auto& row : co_await store::audio_of(tx, episode_id)) co_await let_go_one(tx, row.id);
  co_await store::forget_replaced(tx, episode_id);
  co_await store::forget_heard(tx, episode_id);
  co_await store::forget_processing(tx, std::move(episode_id));
}

}  // namespace odeon::podcasts
