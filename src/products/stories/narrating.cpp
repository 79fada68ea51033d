#include "products/stories/narrating.hpp"

#include "engine/ai/read_aloud.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/made.hpp"
#include "products/stories/passages.hpp"
#include "products/stories/showing.hpp"

namespace odeon::stories {
namespace {

constexpr int kNarrationBitrate = 96'000;  // bit/s
constexpr double kAfterTitle = 1.2;        // seconds

media::Tags tags_of(const TaleRow& tale, Instant now) {
  return {.title = tale.title,
          .artist = "Odeon",
          .album = "Stories of " + tale.hero_name,
          .comment = "",
          .language = std::string(json::enum_name(tale.language)),
          .date = to_iso8601(now)};
}

double pause_after(const std::vector<Passage>& passages, std::size_t at) {
  if (at + 1 == passages.size() || !passages[at].ends_sentence) return 0;
  if (passages[at].is_title) return kAfterTitle;
  return media::natural_pause(passages[at + 1].opens_paragraph ? media::Boundary::paragraph
                                                               : media::Boundary::sentence);
}

// No voice says anything above half the rate that it speaks at, so for most the lower one holds all of it, and leaves
// more bits for each sample.
int rate_for(const std::vector<ai::Speech>& spoken) {
  constexpr int lower = 24'000, higher = 44'100;  // Hz
  return std::ranges::all_of(spoken, [](const ai::Speech& speech) { return speech.audio.rate <= lower; }) ? lower
                                                                                                          : higher;
}

// As the content has them; where each lies in the sound.
std::vector<SentenceSpoken> sentences_spoken(const TaleRow& tale, const std::vector<Passage>& passages,
                                             const media::Produced& sound) {
  std::vector<SentenceSpoken> sentences;
  for (const auto& span : sentences_of(tale.content, tale.language))
    sentences.push_back({tale.content.substr(span.offset, span.length), -1, 0});
  for (std::size_t i = 0; i < passages.size(); ++i) {
    if (passages[i].is_title) continue;
    const auto mark = std::ranges::find(sound.marks, fmt::format("s{}", i), &media::Mark::name);
    auto& sentence = sentences[passages[i].sentence];
    if (sentence.start < 0) sentence.start = mark->start;
    sentence.end = mark->start + mark->duration;
  }
  return sentences;
}

}  // namespace

void Narrating::install(jobs::Worker& worker) {
  worker.handle<NarrateStory>([this](NarrateStory job, jobs::Job& handle) { return narrate(std::move(job), handle); });
}

// A story that is edited meanwhile is read anew.
Task<void> Narrating::narrate(NarrateStory job, jobs::Job& handle) {
  for (;;) {
    const auto tale = co_await store::tale(rooms_.database, job.id);
    if (!tale || tale->audio_job_id != handle.id()) co_return;  // nobody waits for it any more
    auto recorded = co_await record(*tale, job, handle);
    co_await handle.progress(95, "storing", "Storing the sound.");
    co_await store_for({rooms_.database, rooms_.storage, rooms_.clock}, tale->user_id, recorded.told.storage_key,
                       std::move(recorded.sound.mp3), "audio/mpeg");
    const std::string key = recorded.told.storage_key;
    if (co_await keep(*tale, job, std::move(recorded.told), handle)) co_return;
    co_await discard({rooms_.database, rooms_.storage, rooms_.clock}, key);
  }
}

Task<Narrating::Recorded> Narrating::record(TaleRow tale, NarrateStory job, jobs::Job& handle) {
  const auto passages = passages_of(tale.title, tale.content, tale.language);
  std::vector<std::string> texts;
  texts.reserve(passages.size());
  for (const auto& passage : passages) texts.push_back(passage.text);
  co_await handle.progress(5, "speaking", "Reading the story aloud.");
  auto spoken = co_await ai::read_aloud(rooms_.gateway, std::move(texts),
                                        {.manner = {.text = "",
                                                    .language = std::string(json::enum_name(tale.language)),
                                                    .voice = job.voice,
                                                    .model = "",
                                                    .trace = handle.trace(),
                                                    .task = task_of(kAudioMade),
                                                    .payer = payer_of(tale.user_id, job.tier)}},
                                        [&handle](double share) {
                                          return handle.progress(5 + static_cast<int>(share * 80), "speaking",
                                                                 "Reading the story aloud.");
                                        });
  const media::ProduceOptions options{
      .tags = tags_of(tale, rooms_.clock.now()), .rate = rate_for(spoken.sentences), .bitrate = kNarrationBitrate};
  std::vector<media::Segment> segments;
  segments.reserve(passages.size());
  for (std::size_t i = 0; i < passages.size(); ++i)
    segments.push_back({.audio = std::move(spoken.sentences[i].audio),
                        .pause_after = pause_after(passages, i),
                        .chapter = "",
                        .mark = fmt::format("s{}", i)});
  co_await handle.progress(86, "mastering", "Levelling and encoding.");
  Recorded recorded;
  recorded.sound = co_await run_blocking(rooms_.pool, [segments = std::move(segments), &options]() mutable {
    return media::produce(std::move(segments), options);
  });
  recorded.told = {.storage_key = new_media_key("audio", "mp3"),
                   .bytes = std::ssize(recorded.sound.mp3),
                   .seconds = recorded.sound.duration,
                   .voice = job.voice,
                   .model = spoken.model,
                   .sentences = sentences_spoken(tale, passages, recorded.sound)};
  co_return recorded;
}

Task<bool> Narrating::keep(TaleRow tale, NarrateStory job, NarratedTale told, jobs::Job& handle) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!co_await store::keep_audio(*tx, tale, handle.id(), told, rooms_.clock.now())) co_return false;
  co_await store::keep_object(*tx, told.storage_key);
  tale.audio_seconds = told.seconds;
  tale.narrated = told.sentences;
  co_await store::show_at(*tx, showings(tale, co_await store::illustrations(*tx, tale.id)));
  co_await count_made(rooms_.ledger, *tx, payer_of(tale.user_id, job.tier), kAudioMade, told.model, handle.id());
  co_await rooms_.telling.audio_ready(*tx, tale, told);
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = handle.trace()});
  co_await handle.complete(*tx);
  co_await tx->commit();
  co_return true;
}

}  // namespace odeon::stories
