#include "products/podcasts/feed/feed_xml.hpp"

#include <cmath>

#include "products/podcasts/episodes.hpp"
#include "products/podcasts/feed/categories.hpp"
#include "products/podcasts/feed/xml.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kMostCharacters = 255, kMostDescription = 4000;  // bytes

std::string_view line(std::string_view text) {
  return text::prefix(text::trim(text), kMostCharacters);
}

// At most so many bytes, and no half of a character.
std::string_view description(std::string_view text) {
  text = text::trim(text);
  if (text.size() <= kMostDescription) return text;
  std::size_t end = kMostDescription;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string_view yes(bool is) {
  return is ? "true" : "false";
}

void write_category(XmlWriter& xml, std::string_view name) {
  const auto category = category_of(name);
  if (!category) {
    xml.element("category", line(name));
    xml.empty("itunes:category", {{"text", line(name)}});
  } else if (category->below.empty()) {
    xml.empty("itunes:category", {{"text", category->name}});
  } else {
    xml.open("itunes:category", {{"text", category->name}});
    xml.empty("itunes:category", {{"text", category->below}});
    xml.close();
  }
}

void write_channel(XmlWriter& xml, const ShowRow& show, const std::string& base_url) {
  const std::string author(line(show.author.value_or(show.title)));
  xml.element("title", line(show.title));
  xml.element("link", show.website_url.value_or(base_url));
  xml.empty("atom:link", {{"href", feed_url(base_url, show.slug)}, {"rel", "self"}, {"type", "application/rss+xml"}});
  xml.element("description", description(show.description.value_or(show.title)));
  xml.element("language", show.language);
  xml.element("lastBuildDate", to_http_date(show.changed_at));
  xml.element("generator", "Odeon");
  xml.element("podcast:guid", show.guid);
  xml.element("podcast:medium", "podcast");
  if (show.owner_email) {
    xml.element("podcast:locked", show.is_locked ? "yes" : "no", {{"owner", *show.owner_email}});
    xml.open("itunes:owner");
    xml.element("itunes:name", author);
    xml.element("itunes:email", *show.owner_email);
    xml.close();
  } else {
    xml.element("podcast:locked", show.is_locked ? "yes" : "no");
  }
  xml.element("itunes:author", author);
  xml.element("itunes:type", json::enum_name(show.type));
  xml.element("itunes:explicit", yes(show.is_explicit));
  if (show.status == ShowStatus::archived) xml.element("itunes:complete", "Yes");
  if (show.category) write_category(xml, *show.category);
  if (show.artwork_url) xml.empty("itunes:image", {{"href", artwork_url(base_url, *show.artwork_url)}});
}

void write_texts(XmlWriter& xml, const OfferedTexts& texts, const std::string& base_url) {
  const auto transcript = [&](std::string_view ending, std::string_view type) {
    const auto url =
        fmt::format("{}/transcripts/{}/{}.{}", base_url, texts.episode_id, *texts.transcript_revision, ending);
    xml.empty("podcast:transcript", {{"url", url}, {"type", type}});
  };
  if (texts.transcript_revision) {
    transcript("vtt", "text/vtt");
    transcript("srt", "application/x-subrip");
    transcript("json", "application/json");
  }
  if (texts.chapters_revision)
    xml.empty("podcast:chapters",
              {{"url", fmt::format("{}/chapters/{}/{}.json", base_url, texts.episode_id, *texts.chapters_revision)},
               {"type", "application/json+chapters"}});
  if (texts.notes_by_model) xml.element("podcast:txt", "true", {{"purpose", "ai-content"}});
}

void write_item(XmlWriter& xml, const ShowRow& show, const EpisodeRow& episode, const OfferedTexts* texts,
                const std::string& base_url) {
  xml.open("item");
  xml.element("title", line(episode.title));
  if (episode.description) xml.element("description", description(*episode.description));
  xml.element("guid", episode.guid, {{"isPermaLink", "false"}});
  xml.element("pubDate", to_http_date(episode.published_at.value_or(episode.created_at)));
  xml.empty("enclosure", {{"url", audio_url(base_url, episode)},
                          {"length", std::to_string(episode.audio_bytes.value_or(0))},
                          {"type", episode.audio_type.value_or("audio/mpeg")}});
  if (episode.audio_seconds)
    xml.element("itunes:duration", std::to_string(std::max(1LL, std::llround(*episode.audio_seconds))));
  xml.element("itunes:episodeType", json::enum_name(episode.type));
  if (episode.season_number) xml.element("itunes:season", std::to_string(*episode.season_number));
  if (episode.episode_number) xml.element("itunes:episode", std::to_string(*episode.episode_number));
  xml.element("itunes:explicit", yes(show.is_explicit));
  if (episode.artwork_url) xml.empty("itunes:image", {{"href", artwork_url(base_url, *episode.artwork_url)}});
  if (texts != nullptr) write_texts(xml, *texts, base_url);
  xml.close();
}

}  // namespace

std::string write_feed(const ShowRow& show, const std::vector<EpisodeRow>& episodes, const std::string& base_url,
                       const std::map<std::string, OfferedTexts>& texts) {
  XmlWriter xml;
  xml.open("rss", {{"version", "2.0"},
                   {"xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"},
                   {"xmlns:podcast", "https://podcastindex.org/namespace/1.0"},
                   {"xmlns:atom", "http://www.w3.org/2005/Atom"}});
  xml.open("channel");
  write_channel(xml, show, base_url);
  for (const auto& episode : episodes) {
    const auto offered = texts.find(episode.id);
    write_item(xml, show, episode, offered != texts.end() ? &offered->second : nullptr, base_url);
  }
  xml.close();
  xml.close();
  return xml.take();
}

}  // namespace odeon::podcasts
