#include "products/podcasts/feed/feed.hpp"

#include "engine/http/binding.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/feed/channel.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::int64_t kMostItems = 2000, kMostWithNotes = 300;

Error no_such_audio() {
  return Error(Fault::not_found, "AUDIO_NOT_FOUND", "There is no such sound.");
}

}  // namespace

void Feed::mount(http::Api& api) {
  http::mount(api, podcast_rss, &Feed::rss, *this);
  http::mount(api, feed_file, &Feed::file, *this);
  http::mount(api, episode_audio, &Feed::audio, *this);
}

Task<http::File> Feed::rss(http::Caller caller, PodcastRequest request) {
  auto show = co_await store::show(rooms_.database, request.id);
  if (!show) throw feeds::no_such_feed();
  co_return co_await feed_of(std::move(*show), std::move(caller));
}

Task<http::File> Feed::file(http::Caller caller, feeds::FeedRequest request) {
  auto show = co_await store::show_at(rooms_.database, feeds::name_of(request));
  if (!show) throw feeds::no_such_feed();
  co_return co_await feed_of(std::move(*show), std::move(caller));
}

Task<http::File> Feed::feed_of(ShowRow show, http::Caller caller) {
  const bool is_draft = show.status == ShowStatus::draft;
  if (is_draft && show.user_id != caller.user_id) throw feeds::no_such_feed();
  const std::string key = show.id + ' ' + caller.base_url;
  const auto revision = show.revision;
  auto document = cache_.find(key, revision);
  if (document == nullptr) {
    document = co_await written(std::move(show), std::move(caller.base_url));
    cache_.keep(key, revision, document);
  }
  co_return http::File{.object = std::move(document),
                       .cache_control = is_draft ? "private, no-cache" : "public, max-age=300",
                       .download_name = ""};
}

// With its gzip, for nearly all who read feeds take it.
Task<std::shared_ptr<ReadableObject>> Feed::written(ShowRow show, std::string base_url) {
  ToldEpisodes told;
  told.episodes = co_await store::heard_episodes(rooms_.database, show.id, kMostItems);
  told.texts = co_await store::all_offered_texts(rooms_.database, show.id);
  for (auto& [id, notes] : co_await store::notes_in_feed(rooms_.database, show.id, kMostWithNotes))
    told.notes[id] = std::move(notes);
  co_return co_await run_blocking(rooms_.files, [&]() -> std::shared_ptr<ReadableObject> {
    auto document = feeds::document_of(channel_of(show, told, base_url));
    static_cast<void>(document->packed());
    return document;
  });
}

Task<bool> Feed::is_open(const EpisodeRow& episode) {
  if (episode.status != EpisodeStatus::published) co_return false;
  const auto show = co_await store::show(rooms_.database, episode.podcast_id);
  co_return show && show->status != ShowStatus::draft;
}

Task<http::File> Feed::audio(AudioRequest request) {
  constexpr std::string_view ending = ".mp3";
  if (!request.file.ends_with(ending)) throw no_such_audio();
  request.file.resize(request.file.size() - ending.size());
  const auto episode = co_await store::episode(rooms_.database, request.id);
  if (!episode) throw no_such_audio();
  const bool open = co_await is_open(*episode);
  const auto sound = co_await store::heard_audio(rooms_.database, episode->id, request.file);
  if (!open && (!sound || !request.signature)) throw no_such_audio();
  if (!sound) throw Error(Fault::gone, "AUDIO_REPLACED", "This recording was replaced. Its feed names the new one.");
  if (!open) rooms_.signer.check_read(sound->storage_key, request.expires.value_or(""), *request.signature);
  auto object = co_await rooms_.storage.get(sound->storage_key);
  if (!object) throw Error(Fault::gone, "AUDIO_GONE", "This recording is no longer kept.");
  co_return http::File{.object = std::move(object),
                       .cache_control = open ? "public, max-age=86400" : "private, max-age=3600",
                       .download_name = ""};
}

}  // namespace odeon::podcasts
