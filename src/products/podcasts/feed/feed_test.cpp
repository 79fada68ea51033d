#include "products/podcasts/feed/feed.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <pugixml.hpp>

#include "products/podcasts/feed/categories.hpp"
#include "products/podcasts/feed/feed_xml.hpp"
#include "products/podcasts/feed/xml.hpp"
#include "products/podcasts/house_test.hpp"

namespace odeon::podcasts {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsNull;
using ::testing::Not;
using ::testing::NotNull;

const std::string kFeed = "/feeds/the-morning-after.xml";

struct FeedTest : PodcastsHouse {
  FeedTest() : podcast(begin_podcast()) {}
  std::string published(const std::string& title = "Pilot") {
    const auto episode = finished_episode(podcast, title);
    EXPECT_EQ(post("/api/episodes/" + episode + "/publish", {}, token).status, 200);
    return episode;
  }
  Reply read(const std::string& path, testing::HttpServer::HeaderList headers = {},
             http::Method method = http::Method::get) {
    return {server.call(method, "/podcasts" + path, "", std::move(headers))};
  }
  std::string path_of(const json::value& url) { return text(url).substr(std::string("http://test/podcasts").size()); }
  std::string podcast;
};

TEST_F(FeedTest, IsTheSameAtBothItsAddresses) {
  published();
  const auto feed = read(kFeed);
  EXPECT_EQ(feed.status, 200);
  EXPECT_EQ(feed.headers.get("Content-Type"), "application/rss+xml; charset=utf-8");
  EXPECT_EQ(read("/api/podcasts/" + podcast + "/rss").body, feed.body);
  EXPECT_EQ(read("/feeds/the-morning-after").status, 404);
  EXPECT_EQ(read("/feeds/other.xml").status, 404);
  EXPECT_EQ(read("/api/podcasts/none/rss").status, 404);
}

TEST_F(FeedTest, OfADraftIsItsOwnersAlone) {
  const std::string path = "/api/podcasts/" + podcast + "/rss";
  EXPECT_EQ(read(path).status, 404);
  EXPECT_EQ(read(kFeed).status, 404);
  const auto own = get(path, token);
  EXPECT_EQ(own.status, 200);
  EXPECT_EQ(own.headers.get("Cache-Control"), "private, no-cache");
  EXPECT_EQ(get(path, join("bob@example.com")).status, 404);
  published();
  EXPECT_EQ(read(path).headers.get("Cache-Control"), "public, max-age=300");
  put("/api/podcasts/" + podcast, {{"status", "draft"}});
  EXPECT_EQ(read(path).status, 404);
}

TEST_F(FeedTest, IsAskedForByCondition) {
  const auto episode = published();
  const auto feed = read(kFeed);
  const std::string etag(feed.headers.get("ETag")), modified(feed.headers.get("Last-Modified"));
  EXPECT_FALSE(etag.starts_with("W/"));
  EXPECT_EQ(read(kFeed, {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(read(kFeed, {{"If-Modified-Since", modified}}).status, 304);
  const auto head = read(kFeed, {}, http::Method::head);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.get("ETag"), etag);

  // Whatever changes it, within the same second too.
  put("/api/episodes/" + episode, {{"title", "Take two"}});
  EXPECT_EQ(read(kFeed, {{"If-None-Match", etag}}).status, 200);
  EXPECT_EQ(read(kFeed, {{"If-Modified-Since", modified}}).status, 200);
  const auto second = read(kFeed);
  begin_episode(podcast, "A draft");
  EXPECT_EQ(read(kFeed, {{"If-None-Match", std::string(second.headers.get("ETag"))}}).status, 304)
      << "what nobody reads changes nothing";
  put("/api/podcasts/" + podcast, {{"description", "Coffee."}});
  const auto third = read(kFeed);
  EXPECT_THAT(third.body, HasSubstr("<description>Coffee.</description>"));
  EXPECT_TRUE(finish(bring(episode), "a better mp3"));
  EXPECT_THAT(read(kFeed).body, HasSubstr("length=\"12\""));
  EXPECT_EQ(remove("/api/episodes/" + episode).status, 204);
  EXPECT_THAT(read(kFeed).body, Not(HasSubstr("<item>")));
}

TEST_F(FeedTest, IsWrittenOncePerChange) {
  published();
  const auto first = read(kFeed);
  run_task(database->execute("UPDATE podcasts_episodes SET title = 'Nobody said so'"));
  EXPECT_EQ(read(kFeed).body, first.body);
  put("/api/podcasts/" + podcast, {{"author", "Ada"}});
  EXPECT_THAT(read(kFeed).body, HasSubstr("Nobody said so"));
}

TEST_F(FeedTest, NamesSoundsThatPlay) {
  const auto episode = published();
  const auto seen = see(episode);
  const std::string path = path_of(seen.at("audio_file_url"));
  EXPECT_THAT(read(kFeed).body, HasSubstr("url=\"http://test/podcasts" + path + "\""));
  const auto whole = read(path);
  EXPECT_EQ(whole.body, "the mp3 of Pilot");
  EXPECT_EQ(whole.headers.get("Content-Type"), "audio/mpeg");
  EXPECT_EQ(whole.headers.get("Accept-Ranges"), "bytes");
  EXPECT_EQ(seen.at("audio_file_size_bytes"), std::ssize(whole.body));
  const auto two = read(path, {{"Range", "bytes=0-1"}});
  EXPECT_EQ(two.status, 206);
  EXPECT_EQ(two.body, "th");
  EXPECT_EQ(two.headers.get("Content-Range"), "bytes 0-1/16");
  EXPECT_EQ(read(path, {{"Range", "bytes=99-"}}).status, 416);
  EXPECT_EQ(read(path, {}, http::Method::head).status, 200);

  // Who is in the midst of it hears its end; what takes its place has an address of its own.
  EXPECT_TRUE(finish(bring(episode), "better"));
  run_task(leftovers.sweep());
  EXPECT_EQ(read(path, {{"Range", "bytes=4-"}}).body, "mp3 of Pilot");
  EXPECT_EQ(read(path_of(see(episode).at("audio_file_url"))).body, "better");
  clock.advance(kReplacedKept + minutes(1));
  run_task(leftovers.sweep());
  EXPECT_EQ(read(path).status, 410);
}

TEST_F(FeedTest, DraftsAreHeardByTheirOwnersAlone) {
  const auto episode = finished_episode(podcast);
  const std::string path = path_of(see(episode).at("audio_file_url"));
  EXPECT_EQ(read(path).body, "the mp3 of Pilot");
  const std::string bare = path.substr(0, path.find('?'));
  EXPECT_EQ(read(bare).status, 404);
  EXPECT_EQ(read(bare + "?expires=9999999999&signature=00").status, 403);
  clock.advance(kAddressLifetime + minutes(1));
  EXPECT_EQ(read(path).status, 403);
  EXPECT_EQ(read("/audio/" + episode + "/none.mp3").status, 404);
  EXPECT_EQ(read("/audio/none/none.mp3").status, 404);
}

// What a deletion leaves of something that was replaced.
TEST_F(FeedTest, WhatWasReplacedGoesWithItsEpisode) {
  const auto episode = published();
  EXPECT_TRUE(finish(bring(episode), "better"));
  EXPECT_EQ(remove("/api/episodes/" + episode).status, 204);
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), ::testing::IsEmpty());
}

EpisodeRow some_episode() {
  return {.id = "e",
          .guid = "g",
          .title = "Pilot",
          .audio_id = "a",
          .published_at = Instant(std::chrono::seconds(1795159800)),
          .audio_key = "k",
          .audio_type = "audio/mpeg",
          .audio_bytes = 7,
          .audio_seconds = 61.4};
}

TEST(FeedXml, KeepsToTheLimits) {
  ShowRow show{.slug = "s", .guid = "g", .title = std::string(300, 'x')};
  show.description = std::string(3999, 'x') + "éé";
  EpisodeRow episode = some_episode();
  episode.title.clear();
  for (int i = 0; i < 300; ++i) episode.title += "é";
  const auto feed = write_feed(show, {episode}, "https://example.com");
  EXPECT_THAT(feed, HasSubstr("<title>" + std::string(255, 'x') + "</title>"));
  EXPECT_THAT(feed, HasSubstr("<description>" + std::string(3999, 'x') + "</description>"));
  EXPECT_THAT(feed, HasSubstr("<pubDate>Fri, 20 Nov 2026 07:30:00 GMT</pubDate>"));
  EXPECT_THAT(feed, HasSubstr("<itunes:duration>61</itunes:duration>"));
  EXPECT_THAT(feed, HasSubstr("<podcast:locked>yes</podcast:locked>"));
  EXPECT_THAT(feed, Not(HasSubstr("<itunes:complete>")));
  show.status = ShowStatus::archived;
  EXPECT_THAT(write_feed(show, {}, ""), HasSubstr("<itunes:complete>Yes</itunes:complete>"));
}

TEST(Categories, AreApples) {
  EXPECT_EQ(category_of("technology")->name, "Technology");
  EXPECT_EQ(category_of("Books")->name, "Arts");
  EXPECT_EQ(category_of("Books")->below, "Books");
  EXPECT_EQ(category_of(" society & culture > documentary ")->below, "Documentary");
  EXPECT_EQ(category_of("Fiction > Drama")->below, "Drama");
  for (const char* none : {"", "Tech", "Arts > Drama", "Books > Arts", ">"}) EXPECT_FALSE(category_of(none)) << none;
}

RC_GTEST_PROP(FeedXml, IsWellFormedWhateverIsInIt, (const std::string& title, const std::string& other)) {
  ShowRow show{.slug = "s", .guid = "g", .title = title, .description = other, .author = other, .category = title};
  show.website_url = show.artwork_url = show.owner_email = other;
  EpisodeRow episode = some_episode();
  episode.title = other;
  episode.description = title;
  const auto written = write_feed(show, {episode, some_episode()}, "https://example.com");
  RC_ASSERT(text::is_utf8(written));
  pugi::xml_document feed;
  RC_ASSERT(
      static_cast<bool>(feed.load_buffer(written.data(), written.size(), pugi::parse_default | pugi::parse_ws_pcdata)));
  RC_ASSERT(feed.select_nodes("/rss/channel/item").size() == 2U);
  RC_ASSERT(feed.select_nodes("/rss/channel/itunes:category/@text").size() == 1U);
}

TEST(Xml, LeavesOutWhatItHasNoCharactersFor) {
  XmlWriter xml;
  xml.element("a", "\x01<b>&\"\xEF\xBF\xBE\xFF", {{"c", "\"\n"}});
  EXPECT_EQ(xml.take(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a c=\"&quot;\n\">&lt;b&gt;&amp;&quot;\xEF\xBF\xBD</a>\n");
}

TEST(Cache, ForgetsWhatIsOldAndWhatIsTooMuch) {
  struct Text final : ReadableObject {
    std::uint64_t size() const override { return 10; }
    Task<std::size_t> read_at(std::uint64_t, std::span<char>) override { co_return 0; }
    std::string content_type() const override { return ""; }
    std::string etag() const override { return ""; }
    Instant modified() const override { return {}; }
  };
  FeedCache cache(25);
  cache.keep("a", 1, std::make_shared<Text>());
  cache.keep("b", 1, std::make_shared<Text>());
  EXPECT_THAT(cache.find("a", 1), NotNull());
  EXPECT_THAT(cache.find("a", 2), IsNull());
  cache.keep("c", 1, std::make_shared<Text>());
  EXPECT_THAT(cache.find("b", 1), IsNull()) << "not asked for the longest";
  EXPECT_THAT(cache.find("a", 1), NotNull());
  cache.keep("a", 2, std::make_shared<Text>());
  EXPECT_THAT(cache.find("a", 2), NotNull());
  EXPECT_THAT(cache.find("c", 1), NotNull());
}

}  // namespace
}  // namespace odeon::podcasts
