#include "products/podcasts/texts/notes_work.hpp"

#include "base/ids.hpp"
#include "products/podcasts/podcasts.hpp"
#include "products/podcasts/sound/retagging.hpp"
#include "products/podcasts/texts/notes_composer.hpp"

namespace odeon::podcasts {
namespace {

constexpr int kTextsAtOnce = 2;  // of one person's

}  // namespace

bool is_their_own(const EpisodeTexts& texts) {
  if (!texts.show_notes || texts.show_notes->empty()) return false;
  if (texts.show_notes_json.is_null()) return true;
  return notes_text(json::from<ShowNotes>(json::write(texts.show_notes_json))) != *texts.show_notes;
}

void NotesWork::install(jobs::Worker& worker) {
  worker.handle<WriteShowNotes>([this](WriteShowNotes job, jobs::Job& handle) { return run(std::move(job), handle); });
  worker.on_failure<WriteShowNotes>([this](WriteShowNotes job, Transaction& tx, std::string error) {
    return failed(std::move(job), tx, std::move(error));
  });
}

Task<std::string> NotesWork::begin(Transaction& tx, WriteShowNotes job, std::string user_id, TraceContext trace) {
  const auto enqueued = co_await rooms_.queue.enqueue(
      tx, std::move(job), {.lane = std::move(user_id), .lane_limit = kTextsAtOnce, .trace = trace});
  co_return enqueued.id;
}

Task<void> NotesWork::run(WriteShowNotes job, jobs::Job& handle) {
  if (!co_await store::is_wanted(rooms_.database, job.episode_id, job.source_id, handle.id())) co_return;
  co_await handle.progress(5, "writing_notes", "Writing the show notes");
  const auto episode = co_await store::episode(rooms_.database, job.episode_id);
  const auto texts = co_await store::texts_of(rooms_.database, job.episode_id);
  if (!episode || texts.transcript_json.is_null()) co_return;
  ShowNotes notes;
  if (const auto before = co_await store::made(rooms_.database, job.episode_id, handle.id())) {
    notes = json::from<ShowNotes>(*before);
  } else {
    notes = co_await written(*episode, read_transcript(texts.transcript_json), handle.trace());
    // A model is asked once, however often what follows has to be tried.
    co_await store::keep_made(rooms_.database, job.episode_id, handle.id(), json::write(notes));
  }
  co_await handle.progress(80, "tagging", "Writing the chapters into the sound");
  co_await keep(std::move(job), std::move(notes), handle);
}

Task<ShowNotes> NotesWork::written(EpisodeRow episode, TimedTranscript transcript, TraceContext trace) {
  const auto show = co_await store::show(rooms_.database, episode.podcast_id);
  const auto entitled = co_await rooms_.subscriptions.recent(episode.user_id, std::string(kProduct));
  const NotesSubject subject{
      .podcast = show ? show->title : "", .title = episode.title, .language = transcript.language};
  auto composed = co_await run_blocking(rooms_.heavy, [&] { return compose_notes(transcript); });
  auto request = co_await run_blocking(rooms_.heavy, [&] { return notes_request(subject, transcript); });
  request.offline = [] { return std::string(); };
  request.payer = {.user_id = episode.user_id, .product = std::string(kProduct), .tier = entitled.plan->name};
  request.trace = trace;
  const auto reply = co_await rooms_.gateway.text(std::move(request));
  if (reply.model == ai::kOfflineModel) co_return composed;
  auto notes = co_await run_blocking(rooms_.heavy, [&] { return read_notes(reply.text(), transcript); });
  // Whatever the model wrote had nothing to do with what was said.
  if (!notes) co_return composed;
  if (notes->summary.empty()) notes->summary = composed.summary;
  notes->model = reply.model;
  co_return std::move(*notes);
}

Task<void> NotesWork::keep(WriteShowNotes job, ShowNotes notes, jobs::Job& handle) {
  const auto episode = co_await store::episode(rooms_.database, job.episode_id);
  const auto texts = co_await store::texts_of(rooms_.database, job.episode_id);
  if (!episode || !co_await store::is_wanted(rooms_.database, job.episode_id, job.source_id, handle.id())) co_return;
  // Of none, too: those that it had before are not true any more.
  const bool retag = !notes.chapters.empty() || !chapters_of(texts.show_notes_json).empty();
  std::optional<Finished> tagged;
  if (retag) tagged = co_await rooms_.tagged.tag(*episode, notes.chapters);
  NotesKept kept{.json = json::write(notes), .by_model = notes.model != ai::kOfflineModel};
  if (!notes.chapters.empty()) kept.chapters_revision = new_uuid(rooms_.clock);
  if (!job.keep_own || !is_their_own(texts)) kept.text = notes_text(notes);
  if (co_await finish(job, std::move(kept), tagged, handle)) co_return;
  if (tagged) co_await rooms_.tagged.drop(tagged->storage_key);
  if (co_await store::is_wanted(rooms_.database, job.episode_id, job.source_id, handle.id()))
    throw Error(Fault::unavailable, "SOUND_SWEPT", "The sound with its new tag was swept away too early.");
}

Task<bool> NotesWork::finish(WriteShowNotes job, NotesKept kept, std::optional<Finished> tagged, jobs::Job& handle) {
  const Instant now = rooms_.clock.now();
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!co_await store::keep_notes(*tx, job.episode_id, job.source_id, std::move(kept), now)) co_return false;
  if (tagged && !co_await rooms_.tagged.finish(*tx, job.source_id, std::move(*tagged))) co_return false;
  if (!co_await store::hold_processing(*tx, job.episode_id, handle.id())) co_return false;
  co_await store::end_texts(*tx, job.episode_id, job.source_id, std::nullopt, now);
  const auto episode = co_await store::episode(*tx, job.episode_id);
  if (episode->status == EpisodeStatus::published) co_await store::feed_changed(*tx, episode->podcast_id, now);
  co_await rooms_.announcements.done(*tx, job.episode_id);
  co_await handle.complete(*tx);
  co_await tx->commit();
  co_return true;
}

// What is heard and what was said stay.
Task<void> NotesWork::failed(WriteShowNotes job, Transaction& tx, std::string error) {
  if (!co_await store::end_texts(tx, job.episode_id, job.source_id, "The show notes could not be written. " + error,
                                 rooms_.clock.now()))
    co_return;
  // Chapters of before, which moved along with the sound, are not in its tag yet.
  const auto texts = co_await store::texts_of(tx, job.episode_id);
  const auto episode = co_await store::episode(tx, job.episode_id);
  if (episode && !chapters_of(texts.show_notes_json).empty())
    co_await retag_sound_of(tx, rooms_.queue, episode->user_id, job.episode_id, {});
  co_await rooms_.announcements.done(tx, job.episode_id);
}

}  // namespace odeon::podcasts
