#include "products/podcasts/import/import_work.hpp"

#include "products/podcasts/faults.hpp"
#include "products/podcasts/podcasts.hpp"
#include "products/podcasts/sound/processing_store.hpp"

namespace odeon::podcasts {
namespace {

constexpr int kRedirects = 5, kTries = 3, kLowPriority = 6;
// However slowly a host gives them.
constexpr std::chrono::minutes kLongestFeedTime{2}, kLongestSoundTime{60};

http::ClientRequest asking_for(std::string url) {
  http::ClientRequest request{.url = std::move(url), .follow_redirects = kRedirects};
  request.headers.add("User-Agent", "odeon-podcasts");  // some hosts answer nobody without a name
  return request;
}

// Throws for whatever is not the file.
void check_answer(const http::ClientResponse& answer) {
  if (answer.status == 200) return;
  const bool may_pass = answer.status >= 500 || answer.status == 429 || answer.status == 408;
  throw Error(may_pass ? Fault::unavailable : Fault::invalid, "FETCH_FAILED",
              fmt::format("Its host answered with {} instead of the file.", answer.status));
}

bool is_page(const http::ClientResponse& answer) {
  return text::to_lower(answer.headers.get("Content-Type")).starts_with("text/html");
}

bool is_too_large(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const Error& error) {
    return error.fault == Fault::too_large;
  } catch (...) {
    return false;
  }
}

Error deleted_here() {
  return Error(Fault::gone, "EPISODE_GONE", "It was deleted here meanwhile.");
}

// A podcast is published already: it is taken over as it is, and what is no MP3 is only made one.
ProcessingOptions published_as_it_is() {
  return {.remove_noise = false,
          .remove_silences = false,
          .normalize_loudness = false,
          .fades = false,
          .transcribe = false,
          .show_notes = false};
}

// The same failure, for people who know of hosts and not of services; what may pass is tried again after a while.
std::exception_ptr in_their_words(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (Error& error) {
    if (error.fault == Fault::timeout) error.message = "Its host took too long.";
    if (error.fault == Fault::upstream) error.message = "Its host broke off, or answered with nonsense.";
    if (error.may_pass() && !error.retry_after) error.retry_after = kAskedAgain;
    return std::make_exception_ptr(error);
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace

void ImportWork::install(jobs::Worker& worker) {
  worker.handle<ImportFeed>([this](ImportFeed job, jobs::Job& handle) { return run(std::move(job), handle); });
  worker.on_failure<ImportFeed>([](this auto, ImportFeed job, Transaction& tx, std::string error) -> Task<void> {
    co_await store::end_import(tx, std::move(job.id), ImportState::failed, std::move(error));
  });
  worker.handle<ImportEpisode>(
      [this](ImportEpisode job, jobs::Job& handle) { return run_episode(std::move(job), handle); });
  worker.on_failure<ImportEpisode>([this](ImportEpisode job, Transaction& tx, std::string error) {
    return skip(std::move(job), tx, std::move(error));
  });
}

Task<void> ImportWork::run(ImportFeed job, jobs::Job& handle) {
  auto row = co_await store::import_of(rooms_.database, job.id);
  if (!row || row->state == ImportState::finished) co_return;
  if (!row->podcast_id) {
    co_await handle.progress(0, "reading", "Reading the feed");
    co_await read_feed(*row);
  }
  std::vector<ImportEpisode> waiting;
  for (const auto number : co_await store::waiting_of(rooms_.database, job.id)) waiting.push_back({job.id, number});
  if (waiting.empty()) co_return co_await finish(std::move(job.id), handle);
  co_await handle.progress(1, "fetching", fmt::format("Fetching {} episodes", waiting.size()));
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await enqueue(*tx, *row, std::move(waiting), handle.id(), std::nullopt, handle.trace());
  co_await handle.wait_for_children(*tx);
  co_await tx->commit();
}

Task<void> ImportWork::enqueue(Transaction& tx, ImportRow row, std::vector<ImportEpisode> waiting, std::string parent,
                               std::optional<Instant> run_at, TraceContext trace) {
  co_await rooms_.queue.enqueue_all(tx, std::move(waiting),
                                    {.priority = kLowPriority,
                                     .lane = row.user_id,
                                     .lane_limit = kImportedAtOnce,
                                     .run_at = run_at,
                                     .max_attempts = kTries,
                                     .parent = std::move(parent),
                                     .trace = trace});
}

Task<std::string> ImportWork::fetch_feed(std::string url) {
  auto answer = co_await rooms_.client.send(asking_for(std::move(url)));
  check_answer(answer);
  co_return co_await read_all(*answer.body, kLargestFeed);
}

Task<void> ImportWork::read_feed(ImportRow row) {
  const auto xml = co_await with_timeout(kLongestFeedTime, fetch_feed(row.feed_url));
  auto feed = co_await run_blocking(rooms_.files, [&xml] { return read_podcast_feed(xml); });
  co_await rooms_.intake.check_lock(row.user_id, feed.lock);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await rooms_.intake.take_in(*tx, std::move(row), std::move(feed));
  co_await tx->commit();
}

// The first episode that came publishes its podcast.
Task<void> ImportWork::finish(std::string id, jobs::Job& handle) {
  const auto items = co_await store::imported_of(rooms_.database, id);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto row = co_await store::import_of(*tx, id);
  if (!row || !row->podcast_id) co_return;
  co_await store::end_import(*tx, std::move(id), ImportState::finished, std::nullopt);
  if (std::ranges::any_of(items, [](const auto& item) { return item.state == ImportedState::taken; })) {
    co_await store::open_show(*tx, *row->podcast_id, rooms_.clock.now());
    co_await store::feed_changed(*tx, *row->podcast_id, rooms_.clock.now());
  }
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<void> ImportWork::run_episode(ImportEpisode job, jobs::Job& handle) {
  auto row = co_await store::import_of(rooms_.database, job.import_id);
  auto item = co_await store::imported(rooms_.database, job.import_id, job.number);
  if (!row || !item || item->state != ImportedState::waiting) co_return;
  const auto place = rooms_.places.take(item->audio_url);
  if (!place) co_return co_await come_again(std::move(*row), std::move(job), handle);
  co_await handle.progress(0, "fetching", fmt::format("Fetching “{}”", item->title));
  auto done = co_await settle(fetch(std::move(*row), std::move(*item), handle));
  if (!done) std::rethrow_exception(in_their_words(done.error()));
}

// Another job in the place of this one, so that nothing was tried in vain.
Task<void> ImportWork::come_again(ImportRow row, ImportEpisode job, jobs::Job& handle) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  std::string parent = row.job_id.value_or("");
  co_await enqueue(*tx, std::move(row), std::vector(1, job), std::move(parent), rooms_.clock.now() + kPlaceAwaited,
                   handle.trace());
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<void> ImportWork::fetch(ImportRow row, ImportedRow item, jobs::Job& handle) {
  AudioRow sound{.user_id = row.user_id, .episode_id = item.episode_id.value_or(""), .name = item.title};
  const auto room = co_await room_for(row.user_id);
  const auto key = co_await rooms_.audio.make_for(row.user_id, sound.episode_id);
  if (!key) co_return co_await found_here(std::move(item), handle);
  sound.storage_key = *key;
  sound.bytes = sound.counted = co_await with_timeout(kLongestSoundTime, put(*key, item.audio_url, room));
  co_await take(std::move(row), std::move(item), std::move(sound), handle);
}

// How large it may be: nothing is fetched that could not be kept.
Task<std::uint64_t> ImportWork::room_for(std::string user_id) {
  const auto storage = co_await rooms_.allowances.of(std::move(user_id), std::string(kProduct), "storage");
  if (storage.left() == 0) throw storage_is_full();
  if (storage.left() == billing::kUnlimited) co_return kLargestSource;
  co_return std::min(kLargestSource, static_cast<std::uint64_t>(storage.left()));
}

Task<std::int64_t> ImportWork::put(std::string key, std::string url, std::uint64_t room) {
  auto answer = co_await rooms_.client.send(asking_for(std::move(url)));
  check_answer(answer);
  if (is_page(answer)) throw Error(Fault::invalid, "NOT_AUDIO", "Its host answered with a page instead of a sound.");
  HurriedSource body(*answer.body, rooms_.clock);
  auto stored =
      co_await settle(rooms_.storage.put(std::move(key), body, {.content_type = "audio/mpeg", .max_bytes = room}));
  if (!stored) {
    if (room < kLargestSource && is_too_large(stored.error())) throw storage_is_full();
    std::rethrow_exception(stored.error());
  }
  co_return static_cast<std::int64_t>(stored->size);
}

Task<void> ImportWork::take(ImportRow row, ImportedRow item, AudioRow sound, jobs::Job& handle) {
  const auto object = co_await rooms_.storage.get(sound.storage_key);
  if (object == nullptr) throw Error(Fault::unavailable, "SOUND_LOST", "It was lost on its way.");
  const auto seen = co_await rooms_.work.look_at(object);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!co_await store::end_imported(*tx, item.import_id, item.number, ImportedState::taken, std::nullopt)) co_return;
  const auto held = co_await rooms_.allowances.reserve(*tx, row.user_id, std::string(kProduct), "storage", sound.bytes);
  if (!held) throw storage_is_full(held.error());
  co_await rooms_.allowances.settle(*tx, *held);
  bool is_wanted = false;
  if (seen.is_mp3) {
    sound.media_type = "audio/mpeg";
    sound.seconds = seen.seconds;
    is_wanted = co_await rooms_.audio.adopt(*tx, std::move(sound));
  } else {
    sound.media_type = "application/octet-stream";
    const auto episode = sound.episode_id;
    is_wanted = co_await store::end_making(*tx, episode, sound.storage_key) &&
                co_await rooms_.audio.arrive(*tx, std::move(sound), handle.trace());
    if (is_wanted) co_await store::choose(*tx, episode, row.user_id, published_as_it_is());
  }
  if (!is_wanted) throw deleted_here();
  co_await handle.complete(*tx);
  co_await tx->commit();
}

// Its owner was faster, or has deleted it.
Task<void> ImportWork::found_here(ImportedRow item, jobs::Job& handle) {
  if (!co_await store::episode(rooms_.database, item.episode_id.value_or(""))) throw deleted_here();
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await store::end_imported(*tx, item.import_id, item.number, ImportedState::known, std::nullopt);
  co_await handle.complete(*tx);
  co_await tx->commit();
}

// What came of it is not kept.
Task<void> ImportWork::skip(ImportEpisode job, Transaction& tx, std::string reason) {
  const auto item = co_await store::imported(tx, job.import_id, job.number);
  if (!item) co_return;
  co_await store::end_imported(tx, job.import_id, job.number, ImportedState::skipped, std::move(reason));
  co_await rooms_.audio.unmake(tx, item->episode_id.value_or(""));
}

}  // namespace odeon::podcasts
