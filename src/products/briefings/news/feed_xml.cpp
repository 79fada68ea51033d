#include <pugixml.hpp>
#include <sstream>

#include "products/briefings/private_feed.hpp"

namespace odeon::briefings {
namespace {

// Text that XML 1.0 can hold (§2.2), which is less than UTF-8 can.
std::string xml_text(std::string_view text) {
  const std::string valid = text::to_valid_utf8(text);
  std::string out;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const auto byte = static_cast<unsigned char>(valid[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n') continue;
    // U+FFFE and U+FFFF are code points, and no characters.
    if (byte == 0xEF && (valid.compare(i, 3, "\xEF\xBF\xBE") == 0 || valid.compare(i, 3, "\xEF\xBF\xBF") == 0)) {
      i += 2;
      continue;
    }
    out += valid[i];
  }
  return out;
}

void add(pugi::xml_node parent, const char* name, std::string_view text) {
  parent.append_child(name).text().set(xml_text(text).c_str());
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(xml_text(value).c_str());
}

void add_item(pugi::xml_node channel, const FeedItem& item) {
  auto node = channel.append_child("item");
  add(node, "title", item.title);
  add(node, "description", item.description);
  auto guid = node.append_child("guid");
  set(guid, "isPermaLink", "false");
  guid.text().set(item.id.c_str());
  add(node, "pubDate", to_http_date(item.published));
  auto enclosure = node.append_child("enclosure");
  set(enclosure, "url", item.audio_url);
  set(enclosure, "length", std::to_string(item.audio_bytes));
  set(enclosure, "type", "audio/mpeg");
  add(node, "itunes:duration", fmt::format("{:.0f}", std::ceil(item.duration)));
  add(node, "itunes:episodeType", "full");
  add(node, "itunes:explicit", "false");
}

}  // namespace

std::string write_feed(const FeedChannel& channel) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  auto rss = document.append_child("rss");
  set(rss, "version", "2.0");
  set(rss, "xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd");
  set(rss, "xmlns:atom", "http://www.w3.org/2005/Atom");
  auto node = rss.append_child("channel");
  add(node, "title", "Your market briefings");
  add(node, "link", channel.home);
  auto self = node.append_child("atom:link");
  set(self, "href", channel.url);
  set(self, "rel", "self");
  set(self, "type", "application/rss+xml");
  add(node, "description", "Briefings about your own stocks. This address is yours alone: do not pass it on.");
  add(node, "language", "en");
  add(node, "lastBuildDate", to_http_date(channel.changed));
  add(node, "generator", "Odeon");
  add(node, "itunes:author", "Odeon");
  add(node, "itunes:type", "episodic");
  add(node, "itunes:explicit", "false");
  add(node, "itunes:block", "Yes");
  set(node.append_child("itunes:category"), "text", "Business");
  for (const auto& item : channel.items) add_item(node, item);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace odeon::briefings
