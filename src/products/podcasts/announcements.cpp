#include "products/podcasts/announcements.hpp"

#include "products/podcasts/episodes.hpp"
#include "products/podcasts/podcasts.hpp"

namespace odeon::podcasts {
namespace {

// One for each time that the work on an episode began, whatever jobs it took.
std::string key_of(std::string_view what, const EpisodeRow& episode, const std::optional<ProcessingRow>& processing) {
  const auto begun = processing && processing->begun_at ? processing->begun_at->time_since_epoch().count() : 0;
  return fmt::format("podcasts.{}:{}:{}", what, episode.id, begun);
}

}  // namespace

std::string Announcements::listen_at(const EpisodeRow& episode, ShowStatus show) const {
  std::string url = audio_url(rooms_.base_url, episode);
  if (!is_open(episode, show))
    url += '?' + rooms_.signer.read_query(episode.audio_key.value_or(""), kToldAddressLifetime);
  return url;
}

std::string Announcements::page_of(const EpisodeRow& episode) const {
  return fmt::format("{}/api/episodes/{}", rooms_.base_url, episode.id);
}

Task<void> Announcements::done(Transaction& tx, std::string episode_id) {
  const auto episode = co_await store::episode(tx, episode_id);
  if (!episode || !episode->audio_key) co_return;
  const auto processing = co_await store::processing(tx, std::move(episode_id));
  const auto show = co_await store::show(tx, episode->podcast_id);
  const auto key = key_of("processed", *episode, processing);
  const EpisodeProcessed told{.id = episode->id,
                              .podcast_id = episode->podcast_id,
                              .title = episode->title,
                              .duration = episode->audio_seconds.value_or(0),
                              .audio_url = listen_at(*episode, show.value().status),
                              .url = page_of(*episode)};
  co_await tell(tx, *episode, kEpisodeProcessed, json::parse(json::write(told)), key);
  if (!processing || !processing->begun_at || rooms_.clock.now() - *processing->begun_at < kWatched) co_return;
  co_await write(tx, episode->user_id,
                 {.title = fmt::format("“{}” is ready", episode->title),
                  .message = "The sound of your episode is finished. Listen to it, and publish it when you like it.",
                  .link = told.audio_url,
                  .link_text = "Listen"},
                 key);
}

Task<void> Announcements::failed(Transaction& tx, std::string episode_id, std::string error, std::string job_id) {
  const auto episode = co_await store::episode(tx, episode_id);
  if (!episode) co_return;
  const auto key = job_id.empty() ? key_of("failed", *episode, co_await store::processing(tx, std::move(episode_id)))
                                  : fmt::format("podcasts.failed:{}", job_id);
  const EpisodeFailed told{.id = episode->id,
                           .podcast_id = episode->podcast_id,
                           .title = episode->title,
                           .error = error,
                           .url = page_of(*episode)};
  co_await tell(tx, *episode, kEpisodeFailed, json::parse(json::write(told)), key);
  co_await write(tx, episode->user_id,
                 {.title = fmt::format("“{}” could not be finished", episode->title),
                  .message = error + " What you sent is kept until you replace or delete it.",
                  .link = rooms_.base_url,
                  .link_text = "Your podcasts"},
                 key);
}

Task<void> Announcements::tell(Transaction& tx, EpisodeRow episode, std::string_view event, json::value data,
                               std::string key) {
  co_await rooms_.webhooks.send(tx, {.owner = std::move(episode.user_id),
                                     .product = std::string(kProduct),
                                     .type = std::string(event),
                                     .data = std::move(data),
                                     .key = std::move(key)});
}

// Titles are people's own: in a subject they may have no line breaks.
Task<void> Announcements::write(Transaction& tx, std::string user_id, Letter letter, std::string key) {
  const auto account = co_await rooms_.accounts.find(user_id);
  if (!account || !account->mail || account->suspended_at) co_return;
  std::ranges::replace_if(letter.title, [](unsigned char c) { return c < ' '; }, ' ');
  co_await rooms_.mail.send(
      tx, {.user_id = std::move(user_id),
           .to = {.address = *account->mail},
           .content = notify::render(notify::MailTemplate::notice, {{"product", "Odeon Podcasts"},
                                                                    {"title", std::move(letter.title)},
                                                                    {"message", std::move(letter.message)},
                                                                    {"link", std::move(letter.link)},
                                                                    {"link_text", std::move(letter.link_text)}}),
           .key = std::move(key)});
}

}  // namespace odeon::podcasts
