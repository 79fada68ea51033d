#include "engine/media/feeds/rss.hpp"

#include "base/text.hpp"
#include "engine/media/feeds/categories.hpp"
#include "engine/media/feeds/xml.hpp"

namespace odeon::feeds {
namespace {

constexpr std::size_t kMostCharacters = 255, kMostDescription = 4000;  // bytes

std::string line_of(std::string_view text) {
  const std::string valid = text::to_valid_utf8(text);
  return std::string(text::trim(text::prefix(text::trim(valid), kMostCharacters)));
}

// At most so many bytes, and no half of a character.
std::string description_of(std::string_view text) {
  const std::string valid = text::to_valid_utf8(text);
  const std::string_view trimmed = text::trim(valid);
  if (trimmed.size() <= kMostDescription) return std::string(trimmed);
  std::size_t end = kMostDescription;
  while (end > 0 && (static_cast<unsigned char>(trimmed[end]) & 0xC0) == 0x80) --end;
  return std::string(text::trim(trimmed.substr(0, end)));
}

std::string_view true_or_false(bool is) {
  return is ? "true" : "false";
}

void write_unless_empty(XmlWriter& xml, std::string_view name, const std::string& text) {
  if (!text.empty()) xml.element(name, text);
}

void write_picture(XmlWriter& xml, const std::string& url) {
  if (!url.empty()) xml.empty("itunes:image", {{"href", url}});
}

void write_category(XmlWriter& xml, const std::string& name) {
  if (name.empty()) return;
  const auto category = category_of(name);
  if (!category) {
    const auto line = line_of(name);
    xml.element("category", line);
    xml.empty("itunes:category", {{"text", line}});
  } else if (category->below.empty()) {
    xml.empty("itunes:category", {{"text", category->name}});
  } else {
    xml.open("itunes:category", {{"text", category->name}});
    xml.empty("itunes:category", {{"text", category->below}});
    xml.close();
  }
}

void write_podcasting_2(XmlWriter& xml, const Channel& channel) {
  if (channel.guid.empty()) return;
  xml.element("podcast:guid", channel.guid);
  xml.element("podcast:medium", "podcast");
  const std::string_view locked = channel.is_locked ? "yes" : "no";
  if (channel.owner_email.empty())
    xml.element("podcast:locked", locked);
  else
    xml.element("podcast:locked", locked, {{"owner", channel.owner_email}});
}

void write_owner(XmlWriter& xml, const Channel& channel, const std::string& author) {
  if (channel.owner_email.empty()) return;
  xml.open("itunes:owner");
  xml.element("itunes:name", author);
  xml.element("itunes:email", channel.owner_email);
  xml.close();
}

void write_channel(XmlWriter& xml, const Channel& channel) {
  const auto author = line_of(channel.author);
  xml.element("title", line_of(channel.title));
  xml.element("link", channel.home);
  xml.empty("atom:link", {{"href", channel.url}, {"rel", "self"}, {"type", "application/rss+xml"}});
  xml.element("description", description_of(channel.description));
  xml.element("language", channel.language);
  xml.element("lastBuildDate", to_http_date(channel.changed));
  xml.element("generator", "Odeon");
  write_podcasting_2(xml, channel);
  write_owner(xml, channel, author);
  xml.element("itunes:author", author);
  xml.element("itunes:type", channel.type);
  xml.element("itunes:explicit", true_or_false(channel.is_explicit));
  if (channel.is_private) xml.element("itunes:block", "Yes");
  if (channel.is_complete) xml.element("itunes:complete", "Yes");
  write_category(xml, channel.category);
  write_picture(xml, channel.picture_url);
}

void write_texts(XmlWriter& xml, const Item& item) {
  for (const auto& transcript : item.transcripts)
    xml.empty("podcast:transcript", {{"url", transcript.url}, {"type", transcript.type}});
  if (!item.chapters_url.empty())
    xml.empty("podcast:chapters", {{"url", item.chapters_url}, {"type", "application/json+chapters"}});
  if (item.has_notes_by_a_model) xml.element("podcast:txt", "true", {{"purpose", "ai-content"}});
}

void write_item(XmlWriter& xml, const Item& item) {
  xml.open("item");
  xml.element("title", line_of(item.title));
  write_unless_empty(xml, "link", item.link);
  write_unless_empty(xml, "description", description_of(item.description));
  write_unless_empty(xml, "content:encoded", item.notes_html);
  xml.element("guid", item.guid, {{"isPermaLink", "false"}});
  xml.element("pubDate", to_http_date(item.published));
  xml.empty("enclosure",
            {{"url", item.audio_url}, {"length", std::to_string(item.audio_bytes)}, {"type", item.audio_type}});
  if (item.seconds > 0) xml.element("itunes:duration", std::to_string(item.seconds));
  xml.element("itunes:episodeType", item.type);
  if (item.season) xml.element("itunes:season", std::to_string(*item.season));
  if (item.number) xml.element("itunes:episode", std::to_string(*item.number));
  xml.element("itunes:explicit", true_or_false(item.is_explicit));
  write_picture(xml, item.picture_url);
  write_texts(xml, item);
  xml.close();
}

}  // namespace

std::string write_rss(const Channel& channel) {
  XmlWriter xml;
  xml.open("rss", {{"version", "2.0"},
                   {"xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"},
                   {"xmlns:podcast", "https://podcastindex.org/namespace/1.0"},
                   {"xmlns:content", "http://purl.org/rss/1.0/modules/content/"},
                   {"xmlns:atom", "http://www.w3.org/2005/Atom"}});
  xml.open("channel");
  write_channel(xml, channel);
  for (const auto& item : channel.items) write_item(xml, item);
  xml.close();
  xml.close();
  return xml.take();
}

}  // namespace odeon::feeds
