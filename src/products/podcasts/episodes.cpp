#include "products/podcasts/episodes.hpp"

#include <cmath>

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/leftovers.hpp"

namespace odeon::podcasts {
namespace {

// What both requests have. An empty text and 0 are none.
void apply_to_episode(EpisodeRow& row, const auto& request) {
  auto text = [](std::optional<std::string>& to, const auto& from) {
    if (!from) return;
    const auto words = text::trim(*from);
    to = words.empty() ? std::nullopt : std::optional(std::string(words));
  };
  auto number = [](std::optional<std::int64_t>& to, const auto& from) {
    if (from) to = *from == 0 ? std::nullopt : std::optional<std::int64_t>(*from);
  };
  text(row.description, request.description);
  text(row.artwork_url, request.artwork_url);
  if (request.artwork_url && row.artwork_url) check_url("artwork_url", *row.artwork_url);
  number(row.episode_number, request.episode_number);
  number(row.season_number, request.season_number);
  row.type = request.type.value_or(row.type);
}

}  // namespace

std::string audio_url(std::string_view base_url, const EpisodeRow& row) {
  return fmt::format("{}/audio/{}/{}.mp3", base_url, row.id, row.audio_id.value_or(""));
}

bool is_open(const EpisodeRow& row, ShowStatus show) {
  return row.status == EpisodeStatus::published && show != ShowStatus::draft;
}

Task<EpisodeRow> own_episode(Executor& executor, std::string user_id, std::string id) {
  auto row = co_await store::episode(executor, std::move(user_id), std::move(id));
  if (!row) throw no_such_episode();
  co_return std::move(*row);
}

void Episodes::mount(http::Api& api) {
  http::mount(api, list_episodes, &Episodes::list, *this);
  http::mount(api, create_episode, &Episodes::create, *this);
  http::mount(api, read_episode, &Episodes::read, *this);
  http::mount(api, change_episode, &Episodes::change, *this);
  http::mount(api, delete_episode, &Episodes::remove, *this);
}

EpisodeShown Episodes::shown(const EpisodeRow& row, ShowStatus show, const http::Caller& caller) const {
  EpisodeShown episode{.id = row.id,
                       .podcast_id = row.podcast_id,
                       .user_id = row.user_id,
                       .guid = row.guid,
                       .title = row.title,
                       .description = or_null(row.description),
                       .episode_number = or_null(row.episode_number),
                       .season_number = or_null(row.season_number),
                       .type = row.type,
                       .audio_file_size_bytes = or_null(row.audio_bytes),
                       .artwork_url = shown_artwork(caller.base_url, row.artwork_url),
                       .published_at = or_null(row.published_at),
                       .scheduled_for = or_null(row.scheduled_for),
                       .status = row.status,
                       .processing_status = or_null(row.processing_status),
                       .processing_error = or_null(row.processing_error),
                       .created_at = row.created_at,
                       .updated_at = row.updated_at};
  if (row.audio_seconds) episode.duration_seconds = std::llround(*row.audio_seconds);
  if (row.audio_key) {
    episode.audio_file_url = audio_url(caller.base_url, row);
    if (!is_open(row, show))
      *episode.audio_file_url += '?' + rooms_.signer.read_query(*row.audio_key, kAddressLifetime);
  }
  return episode;
}

Task<Episode> Episodes::described(EpisodeRow row, http::Caller caller) {
  auto texts = co_await store::texts_of(rooms_.database, row.id);
  const auto show = co_await store::show(rooms_.database, row.podcast_id);
  co_return Episode{shown(row, show ? show->status : ShowStatus::draft, caller), or_null(std::move(texts.transcript)),
                    std::move(texts.transcript_json), or_null(std::move(texts.show_notes)),
                    std::move(texts.show_notes_json)};
}

Task<EpisodeList> Episodes::list(http::Caller caller, ListEpisodes request) {
  check_cursor(request.cursor);
  const auto show = co_await own_show(rooms_.database, caller.user_id, request.id);
  const std::int64_t limit = request.limit;
  const std::string status(request.status ? json::enum_name(*request.status) : "");
  auto rows = co_await store::episodes(rooms_.database, request.id, status, request.cursor, limit + 1);
  EpisodeList list;
  if (std::ssize(rows) > limit) {
    rows.pop_back();
    list.next_cursor = rows.back().id;
  }
  for (const auto& row : rows) list.episodes.push_back(shown(row, show.status, caller));
  co_return list;
}

Task<Created<Episode>> Episodes::create(http::Caller caller, NewEpisode request) {
  const Instant now = rooms_.clock.now();
  EpisodeRow row{.id = new_uuid(rooms_.clock), .podcast_id = request.id, .user_id = caller.user_id};
  row.guid = row.id;
  row.title = words_of("title", request.title);
  row.created_at = row.updated_at = now;
  apply_to_episode(row, request);
  auto tx = co_await rooms_.database.begin();
  co_await own_show(*tx, caller.user_id, request.id);
  co_await store::add(*tx, row);
  co_await tx->commit();
  co_return Created<Episode>{co_await described(std::move(row), std::move(caller))};
}

Task<Episode> Episodes::read(http::Caller caller, EpisodeRequest request) {
  auto row = co_await own_episode(rooms_.database, caller.user_id, request.id);
  co_return co_await described(std::move(row), std::move(caller));
}

Task<Episode> Episodes::change(http::Caller caller, ChangeEpisode request) {
  auto tx = co_await rooms_.database.begin();
  const auto before = co_await own_episode(*tx, caller.user_id, request.id);
  auto row = before;
  if (request.title) row.title = words_of("title", *request.title);
  if (request.artwork_url && is_same_artwork(*request.artwork_url, row.artwork_url)) request.artwork_url.reset();
  apply_to_episode(row, request);
  bool same_notes = !request.show_notes;
  if (request.show_notes)
    same_notes = *request.show_notes == (co_await store::texts_of(*tx, row.id)).show_notes.value_or("");
  if (row == before && same_notes) {
    tx.reset();
    co_return co_await described(std::move(row), std::move(caller));
  }
  row.updated_at = rooms_.clock.now();
  co_await store::change(*tx, row, request.show_notes);
  if (row.artwork_url != before.artwork_url) co_await rooms_.artwork.let_go(*tx, row.id, ArtworkEnd::replaced);
  if (row.status == EpisodeStatus::published) co_await store::feed_changed(*tx, row.podcast_id, row.updated_at);
  co_await tx->commit();
  co_return co_await described(std::move(row), std::move(caller));
}

Task<http::NoContent> Episodes::remove(http::Caller caller, EpisodeRequest request) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto row = co_await own_episode(*tx, caller.user_id, request.id);
  co_await rooms_.intakes.drop_into_episode(*tx, row.id);
  if (!co_await store::remove_episode(*tx, caller.user_id, row.id)) throw no_such_episode();
  co_await rooms_.audio.let_go(*tx, row.id);
  co_await rooms_.artwork.let_go(*tx, row.id, ArtworkEnd::deleted);
  if (row.status == EpisodeStatus::published) co_await store::feed_changed(*tx, row.podcast_id, rooms_.clock.now());
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  co_return http::NoContent{};
}

}  // namespace odeon::podcasts
