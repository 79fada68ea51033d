#include "products/podcasts/feed/feed.hpp"

#include "engine/http/binding.hpp"
#include "engine/http/document.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/feed/feed_xml.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::int64_t kMostItems = 2000;

Error no_such_feed() {
  return Error(Fault::not_found, "FEED_NOT_FOUND", "There is no such feed.");
}

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
  if (!show) throw no_such_feed();
  co_return co_await feed_of(std::move(*show), std::move(caller));
}

Task<http::File> Feed::file(http::Caller caller, FeedRequest request) {
  constexpr std::string_view ending = ".xml";
  if (!request.file.ends_with(ending)) throw no_such_feed();
  request.file.resize(request.file.size() - ending.size());
  auto show = co_await store::show_at(rooms_.database, std::move(request.file));
  if (!show) throw no_such_feed();
  co_return co_await feed_of(std::move(*show), std::move(caller));
}

Task<http::File> Feed::feed_of(ShowRow show, http::Caller caller) {
  const bool is_draft = show.status == ShowStatus::draft;
  if (is_draft && show.user_id != caller.user_id) throw no_such_feed();
  const std::string key = show.id + ' ' + caller.base_url;
  auto document = cache_.find(key, show.revision);
  if (document == nullptr) {
    const auto episodes = co_await store::heard_episodes(rooms_.database, show.id, kMostItems);
    const auto texts = co_await store::all_offered_texts(rooms_.database, show.id);
    document = std::make_shared<http::Document>("application/rss+xml; charset=utf-8",
                                                write_feed(show, episodes, caller.base_url, texts), show.changed_at);
    cache_.keep(key, show.revision, document);
  }
  co_return http::File{.object = std::move(document),
                       .cache_control = is_draft ? "private, no-cache" : "public, max-age=300",
                       .download_name = ""};
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
