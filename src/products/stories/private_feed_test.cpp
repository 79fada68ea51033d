#include "products/stories/private_feed.hpp"

#include "engine/media/strangers_test.hpp"
#include "products/stories/house_test.hpp"
#include "products/stories/store.hpp"

namespace odeon::stories {
namespace {

// What a feed is to feedparser, as JSON.
constexpr const char* kParse =
    "import feedparser, json, sys\n"
    "feed = feedparser.parse(open(sys.argv[1], \"rb\").read())\n"
    "print(json.dumps({\"bozo\": bool(feed.bozo), \"version\": feed.version, \"block\": feed.feed.itunes_block,"
    " \"entries\": [dict(entry, enclosures=entry.enclosures) for entry in feed.entries]}, default=str))";

struct PrivateFeedTest : StoriesHouse {
  std::string address(const std::string& who = "") {
    const auto reply = see("/api/feed", who);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.headers.get("Cache-Control"), "no-store");
    return path_of_url(text(reply.at("url")));
  }
  // As any program reads it: without credentials.
  Reply read(const std::string& path, testing::HttpServer::HeaderList headers = {}) {
    return {server.get(path, std::move(headers))};
  }
  static std::string path_of_url(const std::string& url) { return url.substr(url.find('/', url.find("://") + 3)); }
  std::string told(const std::string& hero) {
    const auto made = ask("/api/stories", {{"heroId", hero}, {"eventType", "bedtime"}});
    EXPECT_EQ(ended(made.at("jobs").at("audioGeneration")), jobs::State::completed);
    return text(made.at("story").at("id"));
  }
};

TEST_F(PrivateFeedTest, IsWhatPodcastAppsRead) {
  const auto hero = new_hero();
  const auto older = told(hero);
  clock.advance(std::chrono::seconds(2));
  const auto newer = told(hero);
  new_story(hero);  // that nobody reads
  ASSERT_EQ(patch("/api/stories/" + newer, {{"title", "Tom & \"Jerry\" <3"}}).status, 200);
  const auto feed = read(address());
  ASSERT_EQ(feed.status, 200) << feed.body;
  EXPECT_EQ(feed.headers.get("Content-Type"), "application/rss+xml; charset=utf-8");
  media::strangers::save(folder / "feed.xml", feed.body);
  const auto parsed = json::parse(media::strangers::run({"/usr/bin/python3", "-c", kParse, folder / "feed.xml"}));
  EXPECT_EQ(parsed.at("bozo"), false);
  EXPECT_EQ(parsed.at("version"), "rss20");
  EXPECT_EQ(parsed.at("block"), 1);
  const auto& entries = parsed.at("entries").as_array();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(text(entries[0].at("id")), newer);
  EXPECT_EQ(text(entries[1].at("id")), older);
  EXPECT_EQ(text(entries[0].at("title")), "Tom & \"Jerry\" <3");

  const auto& enclosure = entries[0].at("enclosures").at(0);
  const auto sound = read(path_of_url(text(enclosure.at("href"))));
  EXPECT_EQ(sound.status, 200) << "it plays without headers";
  EXPECT_EQ(text(enclosure.at("length")), std::to_string(sound.body.size()));
  EXPECT_EQ(text(enclosure.at("type")), "audio/mpeg");
  clock.advance(std::chrono::days(7));
  EXPECT_EQ(read(path_of_url(text(enclosure.at("href")))).status, 200) << "for a week";
  clock.advance(std::chrono::days(1));
  EXPECT_EQ(read(path_of_url(text(enclosure.at("href")))).status, 403);
}

TEST_F(PrivateFeedTest, IsTheSameUntilSomethingChanges) {
  const auto hero = new_hero();
  told(hero);
  const auto path = address();
  EXPECT_EQ(address(), path) << "it can be shown again";
  const std::string etag(read(path).headers.get("ETag"));
  EXPECT_EQ(read(path, {{"If-None-Match", etag}}).status, 304);
  told(hero);
  EXPECT_EQ(read(path, {{"If-None-Match", etag}}).status, 200);
}

TEST_F(PrivateFeedTest, SpeaksItsOwnersLanguage) {
  const auto path = address();
  EXPECT_TRUE(read(path).body.contains("<title>Your stories</title>"));
  run_task(store::prefer(*database, user(), {.language = Language::de, .updated_at = clock.now()}));
  EXPECT_TRUE(read(path).body.contains("<title>Deine Geschichten</title>"));
}

TEST_F(PrivateFeedTest, ANewAddressEndsTheOldOne) {
  const auto old = address();
  const auto reply = ask("/api/feed/rotate");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto path = path_of_url(text(reply.at("url")));
  EXPECT_NE(path, old);
  EXPECT_EQ(address(), path);
  EXPECT_EQ(read(path).status, 200);
  EXPECT_EQ(read(old).status, 404);
}

TEST_F(PrivateFeedTest, IsNobodyElses) {
  const auto path = address();
  told(new_hero());
  const auto others = address(join("bob@example.com"));
  EXPECT_NE(others, path);
  EXPECT_FALSE(read(others).body.contains("<item>"));
  EXPECT_EQ(get("/api/feed").status, 401);
  for (const std::string file : {"x.xml", "x", ".xml", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.xml"})
    EXPECT_EQ(read("/feeds/stories/" + file).status, 404) << file;
  EXPECT_EQ(read(path.substr(0, path.size() - 4)).status, 404);
  const auto hashes = run_task(database->query<std::string>("SELECT token_hash FROM feeds_private"));
  for (const auto& hash : hashes) EXPECT_FALSE(path.contains(hash));
  StoriesData data{*database, *storage};
  run_task(data.forget(user(), ""));
  EXPECT_EQ(read(path).status, 404) << "its owner is gone";
}

}  // namespace
}  // namespace odeon::stories
