#include "products/podcasts/artwork/artwork_api.hpp"

#include "engine/http/binding.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/leftovers.hpp"
#include "products/podcasts/sound/retagging.hpp"

namespace odeon::podcasts {
namespace {

Error no_such_artwork() {
  return Error(Fault::not_found, "ARTWORK_NOT_FOUND", "There is no such picture.");
}

int side_of(std::int64_t size) {
  const auto found = std::ranges::find(kThumbnailSides, size);
  if (found == kThumbnailSides.end()) throw fault_at("size", "This must be 100, 300 or 600.");
  return *found;
}

}  // namespace

void ArtworkApi::mount(http::Api& api) {
  http::mount(api, upload_podcast_artwork, &ArtworkApi::upload_for_podcast, *this);
  http::mount(api, upload_episode_artwork, &ArtworkApi::upload_for_episode, *this);
  http::mount(api, delete_podcast_artwork, &ArtworkApi::delete_of_podcast, *this);
  http::mount(api, delete_episode_artwork, &ArtworkApi::delete_of_episode, *this);
  http::mount(api, read_artwork, &ArtworkApi::read, *this);
}

Task<Created<ArtworkShown>> ArtworkApi::upload_for_podcast(http::Caller caller, ArtworkForm form) {
  return upload(std::move(caller), Subject::podcast, std::move(form));
}

Task<Created<ArtworkShown>> ArtworkApi::upload_for_episode(http::Caller caller, ArtworkForm form) {
  return upload(std::move(caller), Subject::episode, std::move(form));
}

Task<http::NoContent> ArtworkApi::delete_of_podcast(http::Caller caller, PodcastRequest request) {
  return remove(std::move(caller), Subject::podcast, std::move(request.id));
}

Task<http::NoContent> ArtworkApi::delete_of_episode(http::Caller caller, EpisodeRequest request) {
  return remove(std::move(caller), Subject::episode, std::move(request.id));
}

Task<Created<ArtworkShown>> ArtworkApi::upload(http::Caller caller, Subject subject, ArtworkForm form) {
  // Whoever sent it may go away now: the picture is either adopted or removed.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const std::string id = form.id, sent = form.artwork.key;
  const auto row = co_await settle(make(caller.user_id, subject, std::move(form)));
  co_await rooms_.storage.remove(sent);
  if (!row) std::rethrow_exception(row.error());
  const auto kept = co_await settle(keep(*row, subject, id, caller.trace));
  if (!kept) {
    co_await rooms_.artwork.drop(row->id);
    std::rethrow_exception(kept.error());
  }
  co_return Created<ArtworkShown>{{.artwork_url = artwork_url(caller.base_url, artwork_path(*row)),
                                   .media_type = row->media_type,
                                   .side = row->side,
                                   .bytes = row->bytes}};
}

Task<ArtworkRow> ArtworkApi::make(std::string user_id, Subject subject, ArtworkForm form) {
  if (subject == Subject::podcast)
    co_await own_show(rooms_.database, user_id, form.id);
  else
    co_await own_episode(rooms_.database, user_id, form.id);
  const auto squaring = form.crop.value_or(false) ? Squaring::crop : Squaring::refuse;
  co_return co_await rooms_.artwork.make(std::move(user_id), std::move(form.artwork.key), squaring);
}

Task<void> ArtworkApi::keep(ArtworkRow row, Subject subject, std::string id, TraceContext trace) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await set(*tx, row.user_id, subject, id, artwork_path(row));
  co_await rooms_.artwork.adopt(*tx, row, id);
  co_await retag_sounds_showing(*tx, rooms_.queue, row.user_id, id, trace);
  co_await tx->commit();
}

Task<http::NoContent> ArtworkApi::remove(http::Caller caller, Subject subject, std::string id) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await set(*tx, caller.user_id, subject, id, std::nullopt);
  co_await rooms_.artwork.let_go(*tx, id, ArtworkEnd::deleted);
  co_await retag_sounds_showing(*tx, rooms_.queue, caller.user_id, id, caller.trace);
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  co_return http::NoContent{};
}

// Feeds that tell it are others from now on.
Task<void> ArtworkApi::set(Transaction& tx, std::string user_id, Subject subject, std::string id,
                           std::optional<std::string> url) {
  const Instant now = rooms_.clock.now();
  if (subject == Subject::podcast) {
    if (!co_await store::set_show_artwork(tx, std::move(user_id), id, std::move(url), now)) throw no_such_podcast();
    co_await store::feed_changed(tx, std::move(id), now);
    co_return;
  }
  if (!co_await store::set_episode_artwork(tx, user_id, id, std::move(url), now)) throw no_such_episode();
  const auto episode = co_await own_episode(tx, std::move(user_id), std::move(id));
  if (episode.status == EpisodeStatus::published) co_await store::feed_changed(tx, episode.podcast_id, now);
}

Task<http::File> ArtworkApi::read(ArtworkRequest request) {
  const auto dot = request.file.rfind('.');
  const auto row = co_await store::artwork(rooms_.database, request.file.substr(0, dot), rooms_.clock.now());
  if (!row || artwork_path(*row) != "/artwork/" + request.file) throw no_such_artwork();
  auto object =
      co_await rooms_.storage.get(request.size ? thumbnail_key(row->id, side_of(*request.size)) : artwork_key(*row));
  if (object == nullptr) throw no_such_artwork();
  co_return http::File{
      .object = std::move(object), .cache_control = "public, max-age=31536000, immutable", .download_name = ""};
}

}  // namespace odeon::podcasts
