#include "products/podcasts/sound/processing.hpp"

#include "products/podcasts/podcasts.hpp"
#include "products/podcasts/sound/sound_tags.hpp"

namespace odeon::podcasts {
namespace {

constexpr int kMadeAtOnce = 2;  // of one person's

Error source_lost() {
  return Error(Fault::invalid, "SOUND_LOST", "The recording is lost. Please send it again.");
}

}  // namespace

void Processing::install(jobs::Worker& worker) {
  worker.handle<ProcessSound>([this](ProcessSound job, jobs::Job& handle) { return run(std::move(job), handle); });
  worker.on_failure<ProcessSound>([this](ProcessSound job, Transaction& tx, std::string error) {
    return failed(std::move(job), tx, std::move(error));
  });
}

Task<void> Processing::begin(Transaction& tx, Arrived of) {
  const auto job = co_await rooms_.queue.enqueue(tx, ProcessSound{of.episode_id, of.source_id},
                                                 {.lane = of.user_id, .lane_limit = kMadeAtOnce, .trace = of.trace});
  co_await store::begin_processing(tx, of.episode_id, of.user_id, job.id, rooms_.clock.now());
}

Task<void> Processing::run(ProcessSound job, jobs::Job& handle) {
  const auto source = co_await store::audio(rooms_.database, job.source_id);
  if (!source) co_return;
  if (co_await store::is_wanted(rooms_.database, job.episode_id, job.source_id, handle.id()) &&
      co_await rooms_.audio.working(job.source_id, ProcessingStatus::editing))
    co_await work_on(std::move(job), *source, handle);
  co_await rooms_.work.forget(source->storage_key);
}

Task<void> Processing::work_on(ProcessSound job, AudioRow source, jobs::Job& handle) {
  std::optional<MadeMp3> made;
  if (const auto before = co_await store::made(rooms_.database, job.episode_id, handle.id()))
    made = json::from<MadeMp3>(*before);
  else
    made = co_await make(job, std::move(source), handle);
  if (!made) co_return;
  co_await handle.progress(kMadePercent, std::string(kKeeping.name), std::string(kKeeping.message));
  const std::string key = made->storage_key;
  // Where it is not known whether it was finished, its row at least says that it was to be.
  if (co_await finish(job, std::move(*made), handle)) co_return;
  co_await store::forget_made(rooms_.database, job.episode_id, handle.id());
  co_await rooms_.storage.remove(key);
  if (co_await store::is_wanted(rooms_.database, job.episode_id, job.source_id, handle.id()))
    throw Error(Fault::unavailable, "SOUND_SWEPT", "The finished sound was swept away too early.");
}

Task<std::optional<MadeMp3>> Processing::make(ProcessSound job, AudioRow source, jobs::Job& handle) {
  const auto sound = co_await make_sound(job, std::move(source), handle);
  if (!sound) co_return std::nullopt;
  const auto key = co_await rooms_.audio.make(job.source_id);
  if (!key) co_return std::nullopt;
  const auto bytes = rooms_.work.bytes_of(*sound->mp3);
  co_await rooms_.storage.put(*key, *bytes, {.content_type = "audio/mpeg"});
  const auto& about = sound->about;
  const auto measurements = measurements_of(about);
  MadeMp3 made{.storage_key = *key,
               .bytes = about.bytes,
               .seconds = about.duration,
               .recorded_seconds = measurements.recorded_seconds,
               .measurements = json::write(measurements),
               .edits = cuts_json({about.edits, about.pauses}),
               .waveform = json::write(about.waveform)};
  co_await store::keep_made(rooms_.database, job.episode_id, handle.id(), json::write(made));
  co_return made;
}

Task<std::optional<MadeSound>> Processing::make_sound(ProcessSound job, AudioRow source, jobs::Job& handle) {
  auto object = co_await rooms_.storage.get(source.storage_key);
  if (object == nullptr) throw source_lost();
  auto tell = [this, &job, &handle](this auto, int percent, SoundStage stage) -> Task<bool> {
    co_await handle.progress(percent, std::string(stage.name), std::string(stage.message));
    co_return co_await store::is_wanted(rooms_.database, job.episode_id, job.source_id, handle.id());
  };
  auto options = co_await options_for(job.episode_id);
  co_return co_await rooms_.work.make(source.storage_key, std::move(object), std::move(options), std::move(tell));
}

Task<media::RecordingOptions> Processing::options_for(std::string episode_id) {
  const auto wanted = co_await store::options_of(rooms_.database, episode_id);
  auto options = recording_options(wanted);
  const auto episode = co_await store::episode(rooms_.database, std::move(episode_id));
  if (!episode) co_return options;
  if (const auto show = co_await store::show(rooms_.database, episode->podcast_id))
    options.tags = tags_of(*episode, *show, language_of(wanted, *show));
  options.tags.artwork = co_await rooms_.artwork.cover_of(episode->id, episode->podcast_id);
  co_return options;
}

Task<bool> Processing::finish(ProcessSound job, MadeMp3 made, jobs::Job& handle) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  // This holds the episode, and only then what is known of its processing, as whoever begins another does.
  const Finished finished{.storage_key = made.storage_key, .bytes = made.bytes, .seconds = made.seconds};
  if (!co_await rooms_.audio.finish(*tx, job.source_id, finished)) co_return false;
  if (!co_await store::hold_processing(*tx, job.episode_id, handle.id())) co_return false;
  co_await rooms_.audio.measured(*tx, job.source_id, made.recorded_seconds);
  co_await store::keep_measured(*tx, job.episode_id,
                                {.source_id = job.source_id,
                                 .measurements = std::move(made.measurements),
                                 .edits = made.edits,
                                 .waveform = std::move(made.waveform)});
  bool more = false;
  if (on_processed_) {
    auto episode = co_await processed(*tx, job, cuts_from(made.edits));
    episode.seconds = made.seconds;
    episode.audio_key = std::move(made.storage_key);
    episode.job_id = handle.id();
    episode.trace = handle.trace();
    more = co_await on_processed_(*tx, std::move(episode));
  }
  if (more)
    co_await store::set_processing(*tx, job.episode_id, job.source_id, ProcessingStatus::transcribing, std::nullopt,
                                   rooms_.clock.now());
  else
    co_await rooms_.announcements.done(*tx, job.episode_id);
  co_await handle.complete(*tx);
  co_await tx->commit();
  co_return true;
}

Task<ProcessedEpisode> Processing::processed(Transaction& tx, ProcessSound job, Cuts cuts) {
  const auto episode = co_await store::episode(tx, job.episode_id);
  const auto show = co_await store::show(tx, episode.value().podcast_id);
  const auto plan = (co_await rooms_.subscriptions.entitlement(tx, episode->user_id, std::string(kProduct))).plan;
  ProcessedEpisode now{.user_id = episode->user_id,
                       .podcast_id = episode->podcast_id,
                       .episode_id = std::move(job.episode_id),
                       .source_id = std::move(job.source_id),
                       .cuts = std::move(cuts),
                       .options = co_await store::options_of(tx, episode->id)};
  now.language = language_of(now.options, show.value());
  now.options.show_notes = *now.options.show_notes && plan->has("ai_show_notes");
  co_return now;
}

// What was sent stays, and what is heard.
Task<void> Processing::failed(ProcessSound job, Transaction& tx, std::string error) {
  const auto processing = co_await store::processing(tx, job.episode_id);
  if (!processing) co_return;
  co_await rooms_.audio.unmake(tx, job.episode_id);
  if (co_await rooms_.audio.fail(tx, job.source_id, error))
    co_await rooms_.announcements.failed(tx, std::move(job.episode_id), std::move(error));
}

}  // namespace odeon::podcasts
