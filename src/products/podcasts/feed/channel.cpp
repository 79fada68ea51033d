#include "products/podcasts/feed/channel.hpp"

#include <cmath>

#include "engine/media/feeds/markdown.hpp"
#include "products/podcasts/episodes.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kMostNotes = 8000;  // bytes of Markdown, of which Apple takes 10 000 as HTML

void add_texts(feeds::Item& item, const OfferedTexts& texts, const std::string& base_url) {
  const auto transcript = [&](std::string_view ending, std::string type) {
    item.transcripts.push_back(
        {fmt::format("{}/transcripts/{}/{}.{}", base_url, texts.episode_id, *texts.transcript_revision, ending),
         std::move(type)});
  };
  if (texts.transcript_revision) {
    transcript("vtt", "text/vtt");
    transcript("srt", "application/x-subrip");
    transcript("json", "application/json");
  }
  if (texts.chapters_revision)
    item.chapters_url = fmt::format("{}/chapters/{}/{}.json", base_url, texts.episode_id, *texts.chapters_revision);
  item.has_notes_by_a_model = texts.notes_by_model;
}

// Where nobody has described an episode, its notes do.
void add_notes(feeds::Item& item, const std::string& markdown) {
  if (item.description.empty()) item.description = markdown;
  item.notes_html = feeds::html_of_markdown(markdown, kMostNotes);
}

std::string picture_at(const std::string& base_url, const std::optional<std::string>& artwork) {
  return artwork ? artwork_url(base_url, *artwork) : "";
}

feeds::Item item_of(const ShowRow& show, const EpisodeRow& episode, const std::string& base_url) {
  feeds::Item item{.guid = episode.guid,
                   .title = episode.title,
                   .description = episode.description.value_or(""),
                   .link = show.website_url.value_or(audio_url(base_url, episode)),
                   .published = episode.published_at.value_or(episode.created_at),
                   .audio_url = audio_url(base_url, episode),
                   .audio_bytes = episode.audio_bytes.value_or(0),
                   .audio_type = episode.audio_type.value_or("audio/mpeg"),
                   .type = std::string(json::enum_name(episode.type)),
                   .season = episode.season_number,
                   .number = episode.episode_number,
                   .is_explicit = show.is_explicit,
                   .picture_url = picture_at(base_url, episode.artwork_url)};
  if (episode.audio_seconds) item.seconds = std::max(1LL, std::llround(*episode.audio_seconds));
  return item;
}

}  // namespace

feeds::Channel channel_of(const ShowRow& show, const ToldEpisodes& told, const std::string& base_url) {
  feeds::Channel channel{.url = feed_url(base_url, show.slug),
                         .home = show.website_url.value_or(base_url),
                         .title = show.title,
                         .description = show.description.value_or(show.title),
                         .author = show.author.value_or(show.title),
                         .language = show.language,
                         .changed = show.changed_at,
                         .guid = show.guid,
                         .is_locked = show.is_locked,
                         .owner_email = show.owner_email.value_or(""),
                         .type = std::string(json::enum_name(show.type)),
                         .is_explicit = show.is_explicit,
                         .is_complete = show.status == ShowStatus::archived,
                         .category = show.category.value_or(""),
                         .picture_url = picture_at(base_url, show.artwork_url)};
  channel.items.reserve(told.episodes.size());
  for (const auto& episode : told.episodes) {
    auto& item = channel.items.emplace_back(item_of(show, episode, base_url));
    if (const auto texts = told.texts.find(episode.id); texts != told.texts.end())
      add_texts(item, texts->second, base_url);
    if (const auto notes = told.notes.find(episode.id); notes != told.notes.end()) add_notes(item, notes->second);
  }
  return channel;
}

}  // namespace odeon::podcasts
