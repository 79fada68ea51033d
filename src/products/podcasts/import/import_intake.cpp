#include "products/podcasts/import/import_intake.hpp"

#include <map>

#include "base/crypto.hpp"
#include "base/ids.hpp"

namespace odeon::podcasts {
namespace {

Error locked_feed(std::string_view user_id) {
  return Error(Fault::forbidden, "FEED_LOCKED",
               fmt::format("This feed is its owner's alone to import (podcast:locked). If it is yours, have the mail "
                           "address verified that it names as its owner's, let it say <podcast:txt "
                           "purpose=\"verify\">{}</podcast:txt>, or unlock it where it is now.",
                           verifying_text(user_id)));
}

ImportedRow skipped(ImportedRow row, std::string reason) {
  row.state = ImportedState::skipped;
  row.reason = std::move(reason);
  return row;
}

// One that has no sound here yet waits for it, as a new one does.
ImportedRow known(ImportedRow row, const KnownEpisode& episode) {
  row.episode_id = episode.id;
  if (episode.has_sound()) row.state = ImportedState::known;
  return row;
}

}  // namespace

std::string verifying_text(std::string_view user_id) {
  constexpr std::size_t enough = 32;
  return "odeon-" + crypto::sha256_hex(fmt::format("odeon podcasts import\n{}", user_id)).substr(0, enough);
}

Task<std::optional<std::string>> imported_before(Executor& executor, std::string user_id, std::string feed_url,
                                                 std::string guid) {
  auto podcast = co_await store::podcast_from(executor, user_id, std::move(feed_url));
  if (!podcast) podcast = co_await store::podcast_known_as(executor, std::move(user_id), std::move(guid));
  co_return podcast;
}

Task<void> ImportIntake::check_lock(std::string user_id, FeedLock lock) {
  if (!lock.is_locked || std::ranges::count(lock.verifying, verifying_text(user_id)) > 0) co_return;
  const auto account = co_await accounts_.find(user_id);
  const bool is_owner = account && account->mail_verified_at && account->mail && account->mail == lock.owner;
  if (!is_owner) throw locked_feed(user_id);
}

Task<void> ImportIntake::take_in(Transaction& tx, ImportRow row, FeedShow feed) {
  auto episodes = std::exchange(feed.episodes, {});
  auto guid = guid_of(feed, row.feed_url);
  row.podcast_id = co_await imported_before(tx, row.user_id, row.feed_url, guid);
  if (row.podcast_id && !co_await store::hold_podcast(tx, *row.podcast_id)) row.podcast_id.reset();
  std::map<std::string, KnownEpisode> here;
  if (row.podcast_id) {
    for (auto& episode : co_await store::known_episodes(tx, *row.podcast_id)) here[episode.guid] = std::move(episode);
  } else {
    row.podcast_id = co_await begin_show(tx, row, std::move(feed), std::move(guid));
  }
  if (!co_await store::begin_fetching(tx, row.id, *row.podcast_id)) co_return;
  // The oldest first: lists are newest first by when an episode was begun.
  for (auto number = std::ssize(episodes); number-- > 0;) {
    auto& episode = episodes[static_cast<std::size_t>(number)];
    ImportedRow imported{.import_id = row.id, .number = number, .title = episode.title, .audio_url = episode.audio_url};
    const auto before = here.find(episode.guid);
    if (!episode.fault.empty())
      co_await store::add(tx, skipped(std::move(imported), std::move(episode.fault)));
    else if (before != here.end())
      co_await store::add(tx, known(std::move(imported), before->second));
    else
      co_await add_episode(tx, row, std::move(episode), std::move(imported));
  }
}

Task<std::string> ImportIntake::begin_show(Transaction& tx, ImportRow row, FeedShow feed, std::string guid) {
  ShowRow show{.id = new_uuid(clock_),
               .user_id = row.user_id,
               .title = std::move(feed.title),
               .description = std::move(feed.description),
               .author = std::move(feed.author),
               .category = std::move(feed.category),
               .language = std::move(feed.language),
               .artwork_url = std::move(feed.artwork_url),
               .website_url = std::move(feed.website_url),
               .owner_email = std::move(feed.owner_email),
               .type = feed.type,
               .is_explicit = feed.is_explicit};
  show.created_at = show.updated_at = clock_.now();
  co_await shows_.begin(tx, show, row.base_url, std::move(guid));
  co_return show.id;
}

Task<void> ImportIntake::add_episode(Transaction& tx, ImportRow row, FeedEpisode episode, ImportedRow imported) {
  const Instant now = clock_.now();
  EpisodeRow added{.id = new_uuid(clock_),
                   .podcast_id = row.podcast_id.value(),
                   .user_id = row.user_id,
                   .guid = std::move(episode.guid),
                   .title = std::move(episode.title),
                   .description = std::move(episode.description),
                   .episode_number = episode.episode_number,
                   .season_number = episode.season_number,
                   .type = episode.type,
                   .artwork_url = std::move(episode.artwork_url),
                   .status = EpisodeStatus::published,
                   .published_at = std::min(episode.published_at.value_or(now), now),
                   .created_at = now,
                   .updated_at = now};
  imported.episode_id = added.id;
  co_await store::add(tx, std::move(added));
  co_await store::add(tx, std::move(imported));
}

}  // namespace odeon::podcasts
