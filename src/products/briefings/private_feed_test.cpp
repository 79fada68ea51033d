#include "products/briefings/private_feed.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>

#include "base/ids.hpp"
#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using json::array;
using json::object;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct PrivateFeedTest : BriefingsTest {
  PrivateFeedTest() {
    open({});
    give("ann", "premium");
  }

  // A briefing of ann's with a title and transcript that XML must be careful with, and an audio file.
  BriefingRow publish(std::chrono::minutes ago = {}) {
    BriefingRow row{.id = new_uuid(clock),
                    .user_id = "ann",
                    .tier = "premium",
                    .tickers = {"AAPL", "T&T"},
                    .job_id = "j",
                    .title = "Apple & “friends” <3",
                    .audio_md5 = "",
                    .duration = 61.2,
                    .transcript = "Shares of A&B rose 5 %.\x01 It was <b>not</b> ]]> expected. ",
                    .created_at = clock.now() - ago,
                    .generated_at = clock.now() - ago};
    for (int i = 0; i < 6; ++i) row.transcript += row.transcript;
    row.audio_key = "briefings/personal/" + row.id + ".mp3";
    row.audio_bytes = 1000;
    on_loop(keep(row));
    return row;
  }
  std::string address() { return std::string(data("/api/feed", 200, "ann").at("url").as_string()); }
  testing::HttpReply read(const std::string& url, testing::HttpServer::HeaderList headers = {}) {
    return server.get(url.substr(std::string("http://test").size()), std::move(headers));
  }
  // What a stranger's parser makes of `feed`.
  json::value parsed(const std::string& command, const std::string& feed) {
    std::ofstream(folder / "feed.xml") << feed;
    const auto line = fmt::format("{} {} > {}", command, folder / "feed.xml", folder / "parsed.json");
    if (std::system(line.c_str()) != 0) throw std::runtime_error("the parser failed");
    std::ifstream file(folder / "parsed.json");
    return json::parse(std::string{std::istreambuf_iterator<char>(file), {}});
  }

 private:
  Task<void> keep(BriefingRow row) {
    co_await storage::put(*storage, row.audio_key, std::string(1000, 'm'), {.content_type = "audio/mpeg"});
    auto transaction = co_await database->begin();
    co_await store.add(*transaction, row);
    co_await store.mark_ready(*transaction, row);
    co_await transaction->commit();
  }
};

TEST_F(PrivateFeedTest, IsWhatFeedparserReads) {
  const auto older = publish(std::chrono::hours(3)), newer = publish();
  const auto reply = read(address());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.get("Content-Type"), "application/rss+xml; charset=utf-8");
  const auto feed = parsed("/usr/bin/python3 " ODEON_SOURCE_DIR "/src/products/briefings/clients/feed.py", reply.body);
  EXPECT_EQ(feed.at("bozo"), false);
  EXPECT_EQ(feed.at("version"), "rss20");
  EXPECT_EQ(feed.at("block"), 1);
  ASSERT_EQ(feed.at("entries").as_array().size(), 2U);
  const auto& first = feed.at("entries").at(0);
  EXPECT_EQ(first.at("id"), newer.id.c_str());
  EXPECT_EQ(feed.at("entries").at(1).at("id"), older.id.c_str());
  EXPECT_EQ(first.at("guid_is_link"), false);
  EXPECT_EQ(first.at("duration"), "62");
  ASSERT_EQ(first.at("enclosures").as_array().size(), 1U);
  const auto& enclosure = first.at("enclosures").at(0);
  EXPECT_EQ(enclosure.at("length"), "1000");
  EXPECT_EQ(enclosure.at("type"), "audio/mpeg");

  const auto audio = read(std::string(enclosure.at("href").as_string()));
  EXPECT_EQ(audio.status, 200) << "it plays without headers";
  EXPECT_EQ(audio.body.size(), 1000U);
}

TEST_F(PrivateFeedTest, IsWhatRssParserReads) {
  const std::string installed = ODEON_BUILD_DIR "/npm/briefings";
  ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/products/briefings/clients " +
                         installed)
                            .c_str()),
            0);
  const auto row = publish();
  const std::string url = address();
  const auto feed = parsed("node " + installed + "/feed.mjs", read(url).body);
  EXPECT_EQ(feed.at("title"), "Your market briefings");
  EXPECT_EQ(feed.at("feedUrl"), url.c_str());
  ASSERT_EQ(feed.at("items").as_array().size(), 1U);
  const auto& item = feed.at("items").at(0);
  EXPECT_EQ(item.at("title"), row.title.c_str());
  EXPECT_EQ(item.at("guid"), row.id.c_str());
  EXPECT_EQ(item.at("itunes").at("duration"), "62");
  EXPECT_EQ(item.at("enclosure").at("type"), "audio/mpeg");
  EXPECT_THAT(std::string(item.at("content").as_string()), StartsWith("AAPL, T&T\n\nShares of A&B rose 5 %. It was"));
}

TEST_F(PrivateFeedTest, IsTheSameUntilSomethingChanges) {
  publish(std::chrono::hours(1));
  const std::string url = address();
  EXPECT_EQ(address(), url) << "it can be shown again";
  const auto first = read(url);
  const std::string etag(first.headers.get("ETag"));
  EXPECT_EQ(read(url, {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(read(url, {{"If-Modified-Since", std::string(first.headers.get("Last-Modified"))}}).status, 304);
  publish();
  const auto second = read(url, {{"If-None-Match", etag}});
  EXPECT_EQ(second.status, 200);
  EXPECT_NE(second.headers.get("ETag"), etag);
}

TEST_F(PrivateFeedTest, ItsAddressesLastAWeekFromAnyReading) {
  publish();
  pugi::xml_document feed;
  ASSERT_TRUE(feed.load_string(read(address()).body.c_str()));
  const std::string audio = feed.select_node("//enclosure/@url").attribute().value();
  const auto begin = audio.find("expires=") + 8;
  const Instant expires(std::chrono::seconds(std::stoll(audio.substr(begin))));
  EXPECT_GE(expires, clock.now() + std::chrono::days(7) - std::chrono::minutes(1));
  EXPECT_LE(expires, clock.now() + std::chrono::days(8));
}

TEST_F(PrivateFeedTest, ARotatedAddressIsNothing) {
  const std::string before = address();
  EXPECT_EQ(read(before).status, 200);
  const auto reply = post("ann", "/api/feed/rotate", object{});
  const std::string after(reply.at("url").as_string());
  EXPECT_NE(after, before);
  EXPECT_EQ(read(before).status, 404);
  EXPECT_EQ(read(after).status, 200);
  EXPECT_EQ(address(), after);
}

TEST_F(PrivateFeedTest, OpensByItsTokenAlone) {
  const std::string url = address();
  for (const std::string& wrong :
       {url.substr(0, url.size() - 4), url + "x", std::string("http://test/briefings/feeds/x.xml"),
        std::string("http://test/briefings/feeds/.xml"), url.substr(0, url.size() - 5) + "_.xml"})
    EXPECT_EQ(read(wrong).status, wrong == url ? 200 : 404) << wrong;
  const auto hashes = on_loop(database->query<std::string>("SELECT token_hash FROM feeds_private"));
  EXPECT_THAT(url, ::testing::Not(HasSubstr(hashes.at(0)))) << "the database does not hold the token";
}

TEST_F(PrivateFeedTest, IsPartOfThePaidPlansAndHoldsOnesOwnOnly) {
  EXPECT_EQ(data("/api/feed", 403, "bob").at("upgrade_url"), "app://upgrade");
  EXPECT_EQ(post("bob", "/api/feed/rotate", object{}, 403).at("code"), "UPGRADE_REQUIRED");
  publish();
  give("bob", "pro");
  const std::string bobs(data("/api/feed", 200, "bob").at("url").as_string());
  EXPECT_THAT(read(bobs).body, ::testing::Not(HasSubstr("<item>")));
  const std::string anns = address();
  give("ann", "free");
  EXPECT_EQ(read(anns).status, 403);
}

}  // namespace
}  // namespace odeon::briefings
