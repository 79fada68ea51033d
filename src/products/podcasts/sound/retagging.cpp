#include "products/podcasts/sound/retagging.hpp"

namespace odeon::podcasts {
namespace {

constexpr int kTaggedAtOnce = 1;  // of one person's
constexpr std::chrono::minutes kTriedAgain{1};

bool is_worked_on(const EpisodeRow& episode) {
  return episode.processing_status == ProcessingStatus::editing ||
         episode.processing_status == ProcessingStatus::transcribing;
}

}  // namespace

Task<void> retag_sound_of(Transaction& tx, jobs::Queue& queue, std::string user_id, std::string episode_id,
                          TraceContext trace) {
  co_await queue.enqueue(tx, RetagSound{std::move(episode_id)},
                         {.lane = std::move(user_id), .lane_limit = kTaggedAtOnce, .trace = trace});
}

Task<void> retag_sounds_showing(Transaction& tx, jobs::Queue& queue, std::string user_id, std::string subject_id,
                                TraceContext trace) {
  for (auto& id : co_await store::episodes_showing(tx, std::move(subject_id)))
    co_await retag_sound_of(tx, queue, user_id, std::move(id), trace);
}

void Retagging::install(jobs::Worker& worker) {
  worker.handle<RetagSound>([this](RetagSound job, jobs::Job& handle) { return run(std::move(job), handle); });
}

Task<void> Retagging::run(RetagSound job, jobs::Job& handle) {
  const auto episode = co_await store::episode(database_, job.episode_id);
  if (!episode) co_return;
  if (is_worked_on(*episode)) {
    co_await try_later(std::move(job), handle);
    co_return;
  }
  // What is going to be worked on finds the picture then.
  if (episode->processing_status != ProcessingStatus::complete || !episode->audio_key || !episode->source_id) co_return;
  const auto texts = co_await store::texts_of(database_, job.episode_id);
  const auto tagged = co_await tagged_.tag(*episode, chapters_of(texts.show_notes_json));
  if (!tagged || co_await finish(*episode, *tagged, handle)) co_return;
  co_await tagged_.drop(tagged->storage_key);
  co_await try_later(std::move(job), handle);
}

Task<bool> Retagging::finish(EpisodeRow episode, Finished tagged, jobs::Job& handle) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (!co_await store::hold_episode(*tx, episode.id, *episode.source_id)) co_return false;
  // What it says while it is held is true.
  const auto now = co_await store::episode(*tx, episode.id);
  if (now->audio_id != episode.audio_id || now->processing_status != ProcessingStatus::complete) co_return false;
  if (!co_await tagged_.finish(*tx, *episode.source_id, std::move(tagged))) co_return false;
  co_await handle.complete(*tx);
  co_await tx->commit();
  co_return true;
}

Task<void> Retagging::try_later(RetagSound job, jobs::Job& handle) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  const auto episode = co_await store::episode(*tx, job.episode_id);
  if (episode)
    co_await queue_.enqueue(*tx, std::move(job),
                            {.lane = episode->user_id,
                             .lane_limit = kTaggedAtOnce,
                             .run_at = clock_.now() + kTriedAgain,
                             .trace = handle.trace()});
  co_await handle.complete(*tx);
  co_await tx->commit();
}

}  // namespace odeon::podcasts
