#include "engine/media/feeds/rss.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <pugixml.hpp>

#include "base/text.hpp"

namespace odeon::feeds {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Item some_item() {
  return {.guid = "g",
          .title = "Pilot",
          .published = Instant(std::chrono::seconds(1795159800)),
          .audio_url = "https://example.com/a.mp3",
          .audio_bytes = 7,
          .seconds = 61};
}

// To the byte: whoever reads it again and again is told of changes only.
TEST(Rss, IsWrittenLikeThis) {
  Item item = some_item();
  item.description = "About A & B.";
  item.link = "https://example.com/";
  item.notes_html = "<p>A &amp; B</p>";
  item.season = 2;
  item.number = 3;
  item.picture_url = "https://example.com/e.jpg";
  item.transcripts = {{"https://example.com/t.vtt", "text/vtt"}};
  item.chapters_url = "https://example.com/c.json";
  item.has_notes_by_a_model = true;
  const Channel channel{.url = "https://example.com/feeds/x.xml",
                        .home = "https://example.com/?a=1&b=2",
                        .title = " Cats <3 ",
                        .description = "All of them.",
                        .author = "Ada",
                        .language = "pt-BR",
                        .changed = Instant(std::chrono::seconds(1795159801)),
                        .guid = "9b024349-ccf0-5f69-a609-6b82873eab3c",
                        .is_locked = true,
                        .owner_email = "ada@example.com",
                        .type = "serial",
                        .is_explicit = true,
                        .category = "documentary",
                        .picture_url = "https://example.com/c.png",
                        .items = {item}};
  EXPECT_EQ(write_rss(channel), R"(<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Cats &lt;3</title>
    <link>https://example.com/?a=1&amp;b=2</link>
    <atom:link href="https://example.com/feeds/x.xml" rel="self" type="application/rss+xml"/>
    <description>All of them.</description>
    <language>pt-BR</language>
    <lastBuildDate>Fri, 20 Nov 2026 07:30:01 GMT</lastBuildDate>
    <generator>Odeon</generator>
    <podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>
    <podcast:medium>podcast</podcast:medium>
    <podcast:locked owner="ada@example.com">yes</podcast:locked>
    <itunes:owner>
      <itunes:name>Ada</itunes:name>
      <itunes:email>ada@example.com</itunes:email>
    </itunes:owner>
    <itunes:author>Ada</itunes:author>
    <itunes:type>serial</itunes:type>
    <itunes:explicit>true</itunes:explicit>
    <itunes:category text="Society &amp; Culture">
      <itunes:category text="Documentary"/>
    </itunes:category>
    <itunes:image href="https://example.com/c.png"/>
    <item>
      <title>Pilot</title>
      <link>https://example.com/</link>
      <description>About A &amp; B.</description>
      <content:encoded>&lt;p&gt;A &amp;amp; B&lt;/p&gt;</content:encoded>
      <guid isPermaLink="false">g</guid>
      <pubDate>Fri, 20 Nov 2026 07:30:00 GMT</pubDate>
      <enclosure url="https://example.com/a.mp3" length="7" type="audio/mpeg"/>
      <itunes:duration>61</itunes:duration>
      <itunes:episodeType>full</itunes:episodeType>
      <itunes:season>2</itunes:season>
      <itunes:episode>3</itunes:episode>
      <itunes:explicit>false</itunes:explicit>
      <itunes:image href="https://example.com/e.jpg"/>
      <podcast:transcript url="https://example.com/t.vtt" type="text/vtt"/>
      <podcast:chapters url="https://example.com/c.json" type="application/json+chapters"/>
      <podcast:txt purpose="ai-content">true</podcast:txt>
    </item>
  </channel>
</rss>
)");
}

TEST(Rss, SaysNothingOfWhatThereIsNot) {
  const auto feed = write_rss({.url = "u", .home = "h", .title = "t", .author = "a", .items = {{.guid = "g"}}});
  for (const auto* none :
       {"podcast:guid", "podcast:locked", "itunes:owner", "itunes:block", "itunes:complete", "itunes:category",
        "itunes:image", "itunes:duration", "itunes:season", "itunes:episode>", "podcast:transcript", "podcast:chapters",
        "podcast:txt", "content:encoded", "itunes:explicit>true"})
    EXPECT_THAT(feed, Not(HasSubstr(none)));
  EXPECT_THAT(write_rss({.guid = "g"}), HasSubstr("<podcast:locked>no</podcast:locked>"));
  EXPECT_THAT(write_rss({.is_private = true}), HasSubstr("<itunes:block>Yes</itunes:block>"));
  EXPECT_THAT(write_rss({.is_complete = true}), HasSubstr("<itunes:complete>Yes</itunes:complete>"));
  EXPECT_THAT(write_rss({.category = "Baking"}), HasSubstr("<category>Baking</category>"));
}

TEST(Rss, KeepsToTheLimits) {
  Item item = some_item();
  for (int i = 0; i < 300; ++i) item.title += "é";
  const auto feed = write_rss({.title = std::string(254, 'x') + "  y",
                               .description = std::string(3999, 'x') + "éé",
                               .author = std::string(300, 'a'),
                               .items = {item}});
  EXPECT_THAT(feed, HasSubstr("<title>" + std::string(254, 'x') + "</title>"));
  EXPECT_THAT(feed, HasSubstr("<description>" + std::string(3999, 'x') + "</description>"));
  EXPECT_THAT(feed, HasSubstr("<itunes:author>" + std::string(255, 'a') + "</itunes:author>"));
  EXPECT_THAT(feed, HasSubstr("<title>Pilot" + text::replace_all(std::string(250, 'e'), "e", "é") + "</title>"));
}

RC_GTEST_PROP(Rss, IsWellFormedAndWithinLimitsWhateverIsInIt, (const std::string& one, const std::string& other)) {
  Item item = some_item();
  item.title = item.guid = item.audio_url = other;
  item.description = one;
  item.notes_html = other;
  item.transcripts = {{one, other}};
  const Channel channel{.url = other,
                        .home = one,
                        .title = one,
                        .description = other,
                        .author = other,
                        .guid = "g",
                        .owner_email = other,
                        .category = one,
                        .picture_url = other,
                        .items = {item, some_item()}};
  const auto written = write_rss(channel);
  RC_ASSERT(text::is_utf8(written));
  for (const char c : written) RC_ASSERT(c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20);
  pugi::xml_document feed;
  RC_ASSERT(
      static_cast<bool>(feed.load_buffer(written.data(), written.size(), pugi::parse_default | pugi::parse_ws_pcdata)));
  RC_ASSERT(feed.select_nodes("/rss/channel/item").size() == 2U);
  RC_ASSERT(feed.select_nodes("/rss/channel/itunes:category/@text").size() == (one.empty() ? 0U : 1U));
  for (const auto& node : feed.select_nodes("//title | //itunes:author"))
    RC_ASSERT(text::length(node.node().text().get()) <= 255U);
  for (const auto& node : feed.select_nodes("//description"))
    RC_ASSERT(std::string_view(node.node().text().get()).size() <= 4000U);
}

}  // namespace
}  // namespace odeon::feeds
