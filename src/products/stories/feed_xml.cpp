#include "products/stories/feed_xml.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <pugixml.hpp>
#include <sstream>

#include "engine/media/books/plain_text.hpp"

namespace odeon::stories {
namespace {

struct ChannelWords {
  const char *title, *description;
};

// In the order of Language.
constexpr std::array<ChannelWords, kLanguages.size()> kChannelWords{
    {{"Your stories", "The stories of your heroes, read aloud. This address is yours alone: do not pass it on."},
     {"Tus cuentos", "Los cuentos de tus héroes, leídos en voz alta. Esta dirección es solo tuya: no la compartas."},
     {"Tes histoires",
      "Les histoires de tes héros, lues à voix haute. Cette adresse n’est qu’à toi : ne la transmets pas."},
     {"Deine Geschichten",
      "Die Geschichten deiner Helden, vorgelesen. Diese Adresse gehört nur dir: Gib sie nicht weiter."},
     {"Le tue storie",
      "Le storie dei tuoi eroi, lette ad alta voce. Questo indirizzo è solo tuo: non darlo a nessuno."}}};

void add_text(pugi::xml_node parent, const char* name, std::string_view text) {
  parent.append_child(name).text().set(books::plain_text(text).c_str());
}

void set_attribute(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(books::plain_text(value).c_str());
}

void add_item(pugi::xml_node channel, const FeedItem& item) {
  auto node = channel.append_child("item");
  add_text(node, "title", item.title);
  add_text(node, "description", item.description);
  auto guid = node.append_child("guid");
  set_attribute(guid, "isPermaLink", "false");
  guid.text().set(item.id.c_str());
  add_text(node, "pubDate", to_http_date(item.published));
  auto enclosure = node.append_child("enclosure");
  set_attribute(enclosure, "url", item.audio_url);
  set_attribute(enclosure, "length", std::to_string(item.audio_bytes));
  set_attribute(enclosure, "type", "audio/mpeg");
  if (!item.picture_url.empty()) set_attribute(node.append_child("itunes:image"), "href", item.picture_url);
  add_text(node, "itunes:duration", fmt::format("{:.0f}", std::ceil(item.seconds)));
  add_text(node, "itunes:episodeType", "full");
  add_text(node, "itunes:explicit", "false");
}

}  // namespace

std::string write_feed(const FeedChannel& channel) {
  const auto& words = kChannelWords.at(static_cast<std::size_t>(channel.language));
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  set_attribute(declaration, "version", "1.0");
  set_attribute(declaration, "encoding", "UTF-8");
  auto rss = document.append_child("rss");
  set_attribute(rss, "version", "2.0");
  set_attribute(rss, "xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd");
  set_attribute(rss, "xmlns:atom", "http://www.w3.org/2005/Atom");
  auto node = rss.append_child("channel");
  add_text(node, "title", words.title);
  add_text(node, "link", channel.home);
  auto self = node.append_child("atom:link");
  set_attribute(self, "href", channel.url);
  set_attribute(self, "rel", "self");
  set_attribute(self, "type", "application/rss+xml");
  add_text(node, "description", words.description);
  add_text(node, "language", code_of(channel.language));
  add_text(node, "lastBuildDate", to_http_date(channel.changed));
  add_text(node, "generator", "Odeon");
  add_text(node, "itunes:author", "Odeon");
  add_text(node, "itunes:type", "episodic");
  add_text(node, "itunes:explicit", "false");
  add_text(node, "itunes:block", "Yes");
  auto category = node.append_child("itunes:category");
  set_attribute(category, "text", "Kids & Family");
  set_attribute(category.append_child("itunes:category"), "text", "Stories for Kids");
  for (const auto& item : channel.items) add_item(node, item);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace odeon::stories
