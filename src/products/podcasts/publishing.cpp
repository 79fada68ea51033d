#include "products/podcasts/publishing.hpp"

#include "engine/http/binding.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/sound/retagging.hpp"

namespace odeon::podcasts {
namespace {

constexpr int kUrgent = 2;

Error not_ready(const EpisodeRow& row) {
  const bool failed = row.processing_status == ProcessingStatus::error;
  const bool begun = row.processing_status.has_value() && !failed;
  return Error(Fault::conflict, "AUDIO_NOT_READY",
               failed  ? "The sound of this episode could not be finished. Send it again, or process it again."
               : begun ? "The sound of this episode is not finished yet. Publish it once it is."
                       : "This episode has no sound yet. Record or upload it first.");
}

}  // namespace

void Publishing::mount(http::Api& api) {
  http::mount(api, publish_episode, &Publishing::publish, *this);
  http::mount(api, unpublish_episode, &Publishing::unpublish, *this);
}

void Publishing::install(jobs::Worker& worker) {
  worker.handle<PublishScheduled>(
      [this](PublishScheduled job, jobs::Job& handle) { return run(std::move(job), handle); });
}

Task<Episode> Publishing::publish(http::Caller caller, PublishEpisode request) {
  auto tx = co_await rooms_.database.begin();
  const auto row = co_await own_episode(*tx, caller.user_id, request.id);
  const auto show = co_await own_show(*tx, caller.user_id, row.podcast_id);
  if (show.status == ShowStatus::archived)
    throw Error(Fault::conflict, "PODCAST_ARCHIVED", "This podcast is archived. Change its status to publish more.");
  if (!row.audio_key) throw not_ready(row);
  // Directories want numbers in what is to be heard in order.
  if (show.type == ShowType::serial && row.type == EpisodeType::full && row.status != EpisodeStatus::published)
    co_await store::number(*tx, row.id);
  if (request.scheduled_for)
    co_await schedule(*tx, row, *request.scheduled_for, caller.trace);
  else
    co_await publish_now(*tx, row, caller.trace);
  co_await tx->commit();
  auto now = co_await own_episode(rooms_.database, caller.user_id, row.id);
  co_return co_await rooms_.episodes.described(std::move(now), std::move(caller));
}

Task<void> Publishing::publish_now(Transaction& tx, EpisodeRow row, TraceContext trace) {
  if (row.status == EpisodeStatus::published) co_return;
  const Instant now = rooms_.clock.now();
  co_await store::publish(tx, row.id, now, now);
  co_await store::open_show(tx, row.podcast_id, now);
  co_await store::feed_changed(tx, row.podcast_id, now);
  if (!row.published_at) co_await retag_sound_of(tx, rooms_.queue, row.user_id, row.id, trace);
}

Task<void> Publishing::schedule(Transaction& tx, EpisodeRow row, Instant at, TraceContext trace) {
  const Instant now = rooms_.clock.now();
  if (at <= now) throw fault_at("scheduled_for", "This must be a moment to come. Leave it out to publish now.");
  if (row.status == EpisodeStatus::published)
    throw Error(Fault::conflict, "ALREADY_PUBLISHED", "This episode is published. Take it out of the feed first.");
  co_await store::schedule(tx, row.id, at, now);
  co_await rooms_.queue.enqueue(tx, PublishScheduled{row.id, at},
                                {.priority = kUrgent, .lane = row.user_id, .run_at = at, .trace = trace});
  if (!row.published_at) co_await retag_sound_of(tx, rooms_.queue, row.user_id, row.id, trace);
}

Task<Episode> Publishing::unpublish(http::Caller caller, EpisodeRequest request) {
  auto tx = co_await rooms_.database.begin();
  const auto row = co_await own_episode(*tx, caller.user_id, request.id);
  const Instant now = rooms_.clock.now();
  if (row.status != EpisodeStatus::draft) co_await store::unpublish(*tx, row.id, now);
  if (row.status == EpisodeStatus::published) co_await store::feed_changed(*tx, row.podcast_id, now);
  co_await tx->commit();
  auto as_it_is = co_await own_episode(rooms_.database, caller.user_id, row.id);
  co_return co_await rooms_.episodes.described(std::move(as_it_is), std::move(caller));
}

Task<void> Publishing::run(PublishScheduled job, jobs::Job& handle) {
  const Instant now = rooms_.clock.now();
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (const auto published = co_await store::publish_scheduled(*tx, job.id, job.at, now)) {
    co_await store::open_show(*tx, published->podcast_id, now);
    co_await store::feed_changed(*tx, published->podcast_id, now);
    if (published->published_at == job.at)
      co_await retag_sound_of(*tx, rooms_.queue, published->user_id, job.id, handle.trace());
  } else {
    co_await store::give_up_schedule(*tx, job.id, job.at, now);
  }
  co_await handle.complete(*tx);
  co_await tx->commit();
}

}  // namespace odeon::podcasts
