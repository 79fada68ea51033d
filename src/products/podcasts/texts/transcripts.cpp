#include "products/podcasts/texts/transcripts.hpp"

#include <cmath>

#include "base/ids.hpp"
#include "engine/ai/languages.hpp"
#include "engine/http/binding.hpp"
#include "products/podcasts/podcasts.hpp"
#include "products/podcasts/sound/adopted_sound.hpp"
#include "products/podcasts/sound/retagging.hpp"
#include "products/podcasts/sound/sound_tags.hpp"
#include "products/podcasts/texts/captions.hpp"

namespace odeon::podcasts {
namespace {

constexpr int kHeardForOne = 2;  // of one person's episodes at once
constexpr int kHeardPercent = 90;
constexpr std::string_view kNotMade = "The transcript could not be made.";
constexpr std::string_view kNotAnew = "The transcript stays as it was, in another language.";
constexpr std::string_view kNoMinutesLeft =
    "Your plan's minutes of transcription are used up. Take a larger plan, or wait until they begin anew.";

Error no_transcript() {
  return Error(Fault::not_found, "TRANSCRIPT_NOT_FOUND", "Nobody has written down yet what is said in this episode.");
}

http::Content transcript_as(const TimedTranscript& transcript, TranscriptFormat format) {
  switch (format) {
    case TranscriptFormat::json:
      return {"application/json", json::write(kept_transcript(transcript)), {}};
    case TranscriptFormat::vtt:
      return {"text/vtt; charset=utf-8", write_vtt(transcript), {}};
    case TranscriptFormat::srt:
      return {"application/x-subrip; charset=utf-8", write_srt(transcript), {}};
    case TranscriptFormat::txt:
      break;
  }
  return {"text/plain; charset=utf-8", transcript.text() + "\n", {}};
}

}  // namespace

Error upgrade_required(std::string_view what, std::string upgrade_url) {
  return Error(Fault::payment_required, "upgrade_required", fmt::format("{} are part of a larger plan.", what))
      .with_upgrade_url(std::move(upgrade_url));
}

Task<std::variant<EpisodeRow, TextWork>> hold_finished(Transaction& tx, std::string user_id, std::string id,
                                                       const Clock& clock) {
  const Error not_ready(Fault::conflict, "AUDIO_NOT_READY", "The sound of this episode is not finished yet.");
  const auto source = co_await source_to_work_on(tx, co_await own_episode(tx, user_id, id), clock);
  if (!source || !co_await store::hold_episode(tx, id, *source)) throw not_ready;
  // What it says while it is held is true.
  auto episode = co_await own_episode(tx, std::move(user_id), id);
  if (episode.processing_status == ProcessingStatus::transcribing) {
    const auto under_way = co_await store::processing(tx, id);
    co_return TextWork{.episode_id = id, .job_id = under_way ? under_way->job_id.value_or("") : ""};
  }
  const bool is_finished =
      episode.processing_status == ProcessingStatus::complete || episode.processing_status == ProcessingStatus::error;
  if (!is_finished || !episode.audio_id) throw not_ready;
  co_return std::move(episode);
}

void Transcripts::mount(http::Api& api) {
  http::mount(api, transcribe_episode, &Transcripts::transcribe, *this);
  http::mount(api, read_transcript_of, &Transcripts::read, *this);
  http::mount(api, rewrite_transcript, &Transcripts::rewrite, *this);
}

void Transcripts::install(jobs::Worker& worker) {
  worker.handle<TranscribeEpisode>(
      [this](TranscribeEpisode job, jobs::Job& handle) { return run(std::move(job), handle); });
  worker.on_failure<TranscribeEpisode>([this](TranscribeEpisode job, Transaction& tx, std::string error) {
    return failed(std::move(job), tx, std::move(error));
  });
}

Task<http::Accepted<TextWork>> Transcripts::transcribe(http::Caller caller, TranscribeRequest request) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto held = co_await hold_finished(*tx, caller.user_id, request.id, rooms_.clock);
  if (const auto* under_way = std::get_if<TextWork>(&held)) co_return http::Accepted<TextWork>{*under_way};
  const auto& episode = std::get<EpisodeRow>(held);
  const auto entitled = co_await rooms_.subscriptions.entitlement(*tx, caller.user_id, std::string(kProduct));
  if (!entitled.plan->has("ai_transcription"))
    throw upgrade_required("Transcripts", rooms_.subscriptions.plans_of(kProduct).upgrade_url);
  ProcessingOptions given;
  if (request.language) given.language = *request.language;
  check_options(given);
  const auto options = co_await store::choose(*tx, episode.id, caller.user_id, given);
  const auto show = co_await store::show(*tx, episode.podcast_id);
  const auto language = language_of(options, show.value());
  TextWork work{.episode_id = episode.id};
  if (co_await is_written(*tx, episode.id, language)) {
    const auto last = co_await store::processing(*tx, episode.id);
    work.processing_status = ProcessingStatus::complete;
    work.job_id = last->job_id.value_or("");
  } else {
    auto begun = co_await begin(*tx, {.language = language}, episode, caller.trace);
    if (!begun) throw begun.error().error("TRANSCRIPTION_LIMIT_REACHED", std::string(kNoMinutesLeft));
    work.job_id = std::move(*begun);
    const Instant now = rooms_.clock.now();
    co_await store::begin_processing(*tx, episode.id, caller.user_id, work.job_id, now);
    co_await store::set_processing(*tx, episode.id, *episode.source_id, ProcessingStatus::transcribing, std::nullopt,
                                   now);
  }
  co_await tx->commit();
  co_return http::Accepted<TextWork>{std::move(work)};
}

// By the model that would be asked first: one that is better by now is.
Task<bool> Transcripts::is_written(Transaction& tx, std::string episode_id, std::string language) {
  if (!co_await store::is_as_heard(tx, episode_id, std::move(language))) co_return false;
  const auto texts = co_await store::texts_of(tx, std::move(episode_id));
  if (texts.transcript_json.is_null()) co_return false;
  co_return read_transcript(texts.transcript_json).model == rooms_.pieces.preferred_model();
}

Task<std::expected<std::string, billing::Refusal>> Transcripts::begin(Transaction& tx, TranscribeEpisode job,
                                                                      EpisodeRow episode, TraceContext trace) {
  const auto seconds = static_cast<std::int64_t>(std::ceil(std::max(episode.audio_seconds.value_or(0), 1.0)));
  auto held = co_await rooms_.allowances.reserve(tx, episode.user_id, std::string(kProduct), "transcription", seconds);
  if (!held) co_return std::unexpected(std::move(held.error()));
  job.episode_id = episode.id;
  job.source_id = episode.source_id.value();
  job.audio_id = episode.audio_id.value();
  job.reservation = std::move(*held);
  const auto enqueued = co_await rooms_.queue.enqueue(
      tx, std::move(job), {.lane = episode.user_id, .lane_limit = kHeardForOne, .trace = trace});
  co_return enqueued.id;
}

Task<bool> Transcripts::processed(Transaction& tx, ProcessedEpisode episode) {
  const auto before = co_await move_along(tx, episode);
  if (before == Moved::all && *episode.options.transcribe && *episode.options.show_notes) {
    const auto notes =
        co_await rooms_.notes.begin(tx, {episode.episode_id, episode.source_id}, episode.user_id, episode.trace);
    co_return co_await store::hand_on_processing(tx, episode.episode_id, episode.job_id, notes);
  }
  if (before == Moved::nothing) {
    const auto texts = co_await store::texts_of(tx, episode.episode_id);
    co_await store::forget_timed_texts(tx, episode.episode_id, is_their_own(texts));
  } else {
    // Of notes that stay, the chapters are not in the new sound's tag yet.
    co_await retag_sound_of(tx, rooms_.queue, episode.user_id, episode.episode_id, episode.trace);
  }
  if (before == Moved::all || !*episode.options.transcribe) co_return false;
  co_return co_await write_down(tx, std::move(episode), before);
}

Task<bool> Transcripts::write_down(Transaction& tx, ProcessedEpisode episode, Moved before) {
  const auto entitled = co_await rooms_.subscriptions.entitlement(tx, episode.user_id, std::string(kProduct));
  const auto row = co_await store::episode(tx, episode.episode_id);
  if (!entitled.plan->has("ai_transcription") || !row || !row->audio_id) co_return false;
  const auto begun = co_await begin(tx, {.language = episode.language, .show_notes = *episode.options.show_notes}, *row,
                                    episode.trace);
  if (begun) co_return co_await store::hand_on_processing(tx, episode.episode_id, episode.job_id, *begun);
  const auto what = before == Moved::nothing ? kNotMade : kNotAnew;
  co_await store::say_of_texts(tx, episode.episode_id, fmt::format("{} {}", what, kNoMinutesLeft));
  co_return false;
}

// Nothing where there is none, or it is not known how.
Task<Transcripts::Moved> Transcripts::move_along(Transaction& tx, ProcessedEpisode episode) {
  const auto timed = co_await store::timed_by(tx, episode.episode_id);
  const auto texts = co_await store::texts_of(tx, episode.episode_id);
  if (timed.source_id != episode.source_id || !timed.cuts || texts.transcript_json.is_null()) co_return Moved::nothing;
  const auto before = read_transcript(texts.transcript_json);
  const bool same_language = before.language.empty() || timed.heard_in == episode.language ||
                             ai::primary_language(before.language) == ai::primary_language(episode.language);
  const auto was = cuts_from(*timed.cuts).edits;
  const auto when = [&](double seconds) { return episode.cuts.edits.output_seconds(was.input_seconds(seconds)); };
  const auto after = moved(before, when);
  const Instant now = rooms_.clock.now();
  if (!texts.show_notes_json.is_null()) {
    auto notes = json::from<ShowNotes>(json::write(texts.show_notes_json));
    for (auto& chapter : notes.chapters) chapter.startTime = when(chapter.startTime);
    for (auto& quote : notes.quotes) quote.startTime = when(quote.startTime);
    if (!notes.chapters.empty()) notes.chapters.front().startTime = 0;
    NotesKept kept{.json = json::write(notes), .by_model = notes.model != ai::kOfflineModel};
    if (!notes.chapters.empty()) kept.chapters_revision = new_uuid(rooms_.clock);
    if (!is_their_own(texts)) kept.text = notes_text(notes);
    co_await store::keep_notes(tx, episode.episode_id, episode.source_id, std::move(kept), now);
  }
  co_await store::keep_transcript(tx, episode.episode_id, episode.source_id,
                                  {.text = after.text(),
                                   .json = json::write(kept_transcript(after)),
                                   .revision = new_uuid(rooms_.clock),
                                   .heard_in = timed.heard_in},
                                  now);
  co_return *episode.options.transcribe && !same_language ? Moved::in_another_language : Moved::all;
}

Task<void> Transcripts::run(TranscribeEpisode job, jobs::Job& handle) {
  const auto episode = co_await store::episode(rooms_.database, job.episode_id);
  if (!episode || episode->audio_id != job.audio_id ||
      !co_await store::is_wanted(rooms_.database, job.episode_id, job.source_id, handle.id())) {
    co_await count(std::move(job), Heard::nothing);
    co_return;
  }
  auto transcript = co_await hear(job, *episode, handle);
  if (transcript && co_await finish(job, std::move(*transcript), handle)) co_return;
  // That nobody wants it any more does not make it cheaper.
  co_await count(std::move(job), Heard::all);
}

Task<std::optional<TimedTranscript>> Transcripts::hear(TranscribeEpisode job, EpisodeRow episode, jobs::Job& handle) {
  const auto entitled = co_await rooms_.subscriptions.recent(episode.user_id, std::string(kProduct));
  HearingOrder order{
      .episode_id = job.episode_id,
      .audio_id = job.audio_id,
      .storage_key = episode.audio_key.value_or(""),
      .seconds = episode.audio_seconds.value_or(0),
      .language = job.language,
      .payer = {.user_id = episode.user_id, .product = std::string(kProduct), .tier = entitled.plan->name},
      .trace = handle.trace()};
  auto tell = [this, &job, &handle](this auto, double done) -> Task<bool> {
    co_await handle.progress(static_cast<int>(done * kHeardPercent), "transcribing", "Writing down what is said");
    co_return co_await store::is_wanted(rooms_.database, job.episode_id, job.source_id, handle.id());
  };
  co_return co_await rooms_.pieces.hear(std::move(order), std::move(tell));
}

Task<void> Transcripts::count(Transaction& tx, TranscribeEpisode job, Heard heard) {
  if (!job.reservation) co_return;
  if (heard == Heard::all)
    co_await rooms_.allowances.settle(tx, *job.reservation);
  else
    co_await rooms_.allowances.release(tx, *job.reservation);
}

Task<void> Transcripts::count(TranscribeEpisode job, Heard heard) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await count(*tx, std::move(job), heard);
  co_await tx->commit();
}

Task<bool> Transcripts::finish(TranscribeEpisode job, TimedTranscript transcript, jobs::Job& handle) {
  const Instant now = rooms_.clock.now();
  TranscriptKept kept{.text = transcript.text(),
                      .json = json::write(kept_transcript(transcript)),
                      .revision = new_uuid(rooms_.clock),
                      .heard_in = job.language};
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!co_await store::keep_transcript(*tx, job.episode_id, job.source_id, kept, now)) co_return false;
  if (!co_await store::hold_processing(*tx, job.episode_id, handle.id())) co_return false;
  co_await count(*tx, job, Heard::all);
  co_await store::forget_heard(*tx, job.episode_id);
  const auto episode = co_await store::episode(*tx, job.episode_id);
  if (episode->status == EpisodeStatus::published) co_await store::feed_changed(*tx, episode->podcast_id, now);
  if (job.show_notes && !transcript.segments.empty()) {
    const auto notes =
        co_await rooms_.notes.begin(*tx, {job.episode_id, job.source_id}, episode->user_id, handle.trace());
    co_await store::hand_on_processing(*tx, job.episode_id, handle.id(), notes);
  } else {
    co_await store::end_texts(*tx, job.episode_id, job.source_id, std::nullopt, now);
    co_await rooms_.announcements.done(*tx, job.episode_id);
  }
  co_await handle.complete(*tx);
  co_await tx->commit();
  co_return true;
}

// What was heard of it is kept, for who tries again.
Task<void> Transcripts::failed(TranscribeEpisode job, Transaction& tx, std::string error) {
  const bool was_wanted = co_await store::end_texts(tx, job.episode_id, job.source_id,
                                                    fmt::format("{} {}", kNotMade, error), rooms_.clock.now());
  if (was_wanted) co_await rooms_.announcements.done(tx, job.episode_id);
  co_await count(tx, std::move(job), Heard::nothing);
}

Task<TimedTranscript> Transcripts::kept(Executor& executor, std::string episode_id) {
  const auto texts = co_await store::texts_of(executor, std::move(episode_id));
  if (texts.transcript_json.is_null()) throw no_transcript();
  co_return read_transcript(texts.transcript_json);
}

Task<http::Content> Transcripts::read(http::Caller caller, ReadTranscript request) {
  const auto episode = co_await own_episode(rooms_.database, caller.user_id, request.id);
  const auto transcript = co_await kept(rooms_.database, episode.id);
  co_return transcript_as(transcript, request.format.value_or(TranscriptFormat::json));
}

Task<http::Content> Transcripts::rewrite(http::Caller caller, RewriteTranscript request) {
  const auto episode = co_await own_episode(rooms_.database, caller.user_id, request.id);
  const auto corrected = co_await store::offered_texts(rooms_.database, episode.id);
  const auto before = co_await kept(rooms_.database, episode.id);
  const auto after =
      co_await run_blocking(rooms_.heavy, [&] { return rewritten(before, std::string_view(request.text)); });
  if (after.words() == before.words()) co_return transcript_as(before, TranscriptFormat::json);
  const Instant now = rooms_.clock.now();
  TranscriptKept written{
      .text = after.text(), .json = json::write(kept_transcript(after)), .revision = new_uuid(rooms_.clock)};
  const std::string source_id = episode.source_id.value_or("");
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const bool is_held = co_await store::hold_episode(*tx, episode.id, source_id);
  const auto offered = co_await store::offered_texts(*tx, episode.id);
  if (!is_held || offered.transcript_revision != corrected.transcript_revision)
    throw Error(Fault::conflict, "TRANSCRIPT_CHANGED",
                "The transcript has changed meanwhile. Please look at it again.");
  co_await store::correct_transcript(*tx, episode.id, std::move(written), now);
  if (episode.status == EpisodeStatus::published) co_await store::feed_changed(*tx, episode.podcast_id, now);
  co_await tx->commit();
  co_return transcript_as(after, TranscriptFormat::json);
}

}  // namespace odeon::podcasts
