#include "products/podcasts/feed/feed.hpp"

#include <gmock/gmock.h>

#include "products/podcasts/feed/channel.hpp"
#include "products/podcasts/house_test.hpp"

namespace odeon::podcasts {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::Not;

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

TEST_F(FeedTest, GoesInGzipToWhoTakesIt) {
  for (const char* title : {"One", "Two", "Three"}) published(title);
  const auto plain = read(kFeed), packed = read(kFeed, {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(packed.headers.get("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size() / 2);
  EXPECT_NE(packed.headers.get("ETag"), plain.headers.get("ETag"));
  const std::string etag(packed.headers.get("ETag"));
  EXPECT_EQ(read(kFeed, {{"Accept-Encoding", "gzip"}, {"If-None-Match", etag}}).status, 304);
}

TEST_F(FeedTest, HasTheNotesOfEpisodes) {
  const auto episode = published();
  put("/api/episodes/" + episode, {{"show_notes", "See [this](https://example.com)."}});
  EXPECT_THAT(read(kFeed).body, HasSubstr("<content:encoded>&lt;p&gt;See &lt;a href=&quot;https://example.com&quot;"));
  put("/api/episodes/" + episode, {{"show_notes", ""}});
  EXPECT_THAT(read(kFeed).body, Not(HasSubstr("<content:encoded>")));
}

TEST_F(FeedTest, LinksEpisodesToWhatThereIsOfThem) {
  const auto seen = see(published());
  const auto link = [this] {
    const std::string feed = read(kFeed).body;
    const auto from = feed.find("<link>", feed.find("<item>")) + 6;
    return feed.substr(from, feed.find('<', from) - from);
  };
  EXPECT_EQ(link(), text(seen.at("audio_file_url")));
  put("/api/podcasts/" + podcast, {{"website_url", "https://example.com/morning"}});
  EXPECT_EQ(link(), "https://example.com/morning");
}

TEST_F(FeedTest, IsNotChangedByWhatChangesNothing) {
  const auto episode = published();
  const auto show = "/api/podcasts/" + podcast, own = "/api/episodes/" + episode;
  put(show, {{"author", "Ada"}, {"type", "serial"}});
  put(own, {{"description", "All of it."}, {"season_number", 2}, {"show_notes", "See [this](https://example.com)."}});
  const std::string etag(read(kFeed).headers.get("ETag"));
  const auto updated = see(episode).at("updated_at");
  clock.advance(minutes(1));
  EXPECT_EQ(put(show, json::object()).status, 200);
  EXPECT_EQ(put(show, {{"author", " Ada "}, {"type", "serial"}, {"category", ""}}).at("author"), "Ada");
  EXPECT_EQ(put(own, json::object()).status, 200);
  const json::object same{{"description", "All of it."},
                          {"season_number", 2},
                          {"episode_number", 0},
                          {"show_notes", "See [this](https://example.com)."}};
  EXPECT_EQ(put(own, same).at("show_notes"), "See [this](https://example.com).");
  EXPECT_EQ(read(kFeed).headers.get("ETag"), etag);
  EXPECT_EQ(see(episode).at("updated_at"), updated);

  put(own, {{"show_notes", "See that."}});
  const std::string other(read(kFeed).headers.get("ETag"));
  EXPECT_NE(other, etag);
  put(show, {{"status", "archived"}});
  EXPECT_NE(read(kFeed).headers.get("ETag"), other);
}

TEST_F(FeedTest, HasALimitForEachReader) {
  published();
  for (const auto& path : {kFeed, "/api/podcasts/" + podcast + "/rss"})
    EXPECT_EQ(read(path).headers.get("RateLimit-Limit"), "6000") << path;
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

// What its owner left open is filled in.
TEST(PodcastChannel, TellsWhatThereIs) {
  ShowRow show{.slug = "s", .guid = "g", .title = "Mornings"};
  const EpisodeRow episode{.id = "e",
                           .guid = "ge",
                           .title = "Pilot",
                           .audio_id = "a",
                           .published_at = Instant(std::chrono::seconds(1795159800)),
                           .audio_key = "k",
                           .audio_type = "audio/mpeg",
                           .audio_bytes = 7,
                           .audio_seconds = 61.4};
  auto channel = channel_of(show, {.episodes = {episode}}, "https://example.com");
  EXPECT_EQ(channel.url, "https://example.com/feeds/s.xml");
  EXPECT_EQ(channel.home, "https://example.com");
  EXPECT_EQ(channel.description, "Mornings");
  EXPECT_EQ(channel.author, "Mornings");
  EXPECT_TRUE(channel.is_locked);
  EXPECT_FALSE(channel.is_complete);
  ASSERT_EQ(channel.items.size(), 1U);
  EXPECT_EQ(channel.items[0].guid, "ge");
  EXPECT_EQ(channel.items[0].audio_url, "https://example.com/audio/e/a.mp3");
  EXPECT_EQ(channel.items[0].audio_bytes, 7);
  EXPECT_EQ(channel.items[0].seconds, 61);
  EXPECT_TRUE(channel.items[0].transcripts.empty());
  EXPECT_EQ(channel.items[0].notes_html, "");

  channel = channel_of(show, {.episodes = {episode}, .notes = {{"e", "*Tea*"}, {"other", "None"}}}, "");
  EXPECT_EQ(channel.items[0].notes_html, "<p><em>Tea</em></p>\n");
  EXPECT_EQ(channel.items[0].description, "*Tea*") << "there is no other";
  show.status = ShowStatus::archived;
  show.author = "Ada";
  channel = channel_of(show, {}, "");
  EXPECT_TRUE(channel.is_complete);
  EXPECT_EQ(channel.author, "Ada");
}

}  // namespace
}  // namespace odeon::podcasts
