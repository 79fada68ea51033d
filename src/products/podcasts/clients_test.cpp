// Programs that nobody here wrote, against a server that listens.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "base/crypto.hpp"
#include "engine/http/pipeline.hpp"
#include "engine/http/server.hpp"
#include "products/podcasts/house_test.hpp"
#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts {
namespace {

struct StrangersOfPodcasts : PodcastsHouse {
  static void SetUpTestSuite() {
    ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/products/podcasts/clients " +
                           installed())
                              .c_str()),
              0);
  }
  static std::string installed() { return ODEON_BUILD_DIR "/npm/podcasts"; }

  StrangersOfPodcasts() {
    port = listener.start();
    loops.start();
  }
  ~StrangersOfPodcasts() override {
    run_task(listener.stop(std::chrono::milliseconds(0)));
    close();
  }

  // What a command prints; it has to succeed.
  static std::string output_of(const std::string& command) {
    std::string output;
    FILE* pipe = popen(command.c_str(), "r");
    for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0) << command << "\n" << output;
    return output;
  }

  std::uint16_t port = 0;
  Loops loops{1};
  http::Server listener{
      {.address = "127.0.0.1", .port = 0},
      loops,
      http::pipeline({http::request_ids()}, [this](http::Request& request) { return server.router.handle(request); }),
      log,
      metrics};
};

TEST_F(StrangersOfPodcasts, TusJsClientUploadsOverWhateverBreaks) {
  const auto podcast = begin_podcast();
  const auto sent = json::parse(
      output_of(fmt::format("node {}/tus.mjs http://127.0.0.1:{} {} {}", installed(), port, token, podcast)));
  ASSERT_EQ(sent.as_array().size(), 4U);
  run_jobs();
  for (const auto& each : sent.as_array()) {
    const auto seen = get(text(each.at("path")).substr(std::string("/podcasts").size()), token);
    ASSERT_EQ(seen.at("status"), "finished") << seen.body;
    EXPECT_EQ(crypto::sha256_hex(source_of(text(seen.at("episode_id")))), text(each.at("sha256")));
  }
  EXPECT_EQ(used("storage"), 12'000'000 + 1'200'000 + 100'000 + 900'000);
  run_jobs();
  EXPECT_EQ(objects().size(), 4U);
}

// A podcast with everything that a feed tells, and what XML must be careful with.
TEST_F(StrangersOfPodcasts, ThreeParsersReadTheFeed) {
  const auto made = post("/api/podcasts",
                         {{"title", "Cats & “Dogs” <3"},
                          {"description", "All about <b>A&B</b> ]]> & more."},
                          {"author", "Ada L."},
                          {"category", "Documentary"},
                          {"language", "pt-BR"},
                          {"type", "serial"},
                          {"is_explicit", true},
                          {"owner_email", "ada@example.com"},
                          {"website_url", "https://example.com/?a=1&b=2"},
                          {"artwork_url", "https://example.com/art.png"}},
                         token);
  ASSERT_EQ(made.status, 201) << made.body;
  std::vector<std::string> episodes;
  for (const char* title : {"One & only", "Two <2>"}) {
    episodes.push_back(finished_episode(text(made.at("id")), title));
    put("/api/episodes/" + episodes.back(), {{"description", "It’s \"here\" & now."},
                                             {"season_number", 2},
                                             {"episode_number", std::ssize(episodes)},
                                             {"artwork_url", "https://example.com/one.jpg"}});
    EXPECT_EQ(post("/api/episodes/" + episodes.back() + "/publish", {}, token).status, 200);
    clock.advance(std::chrono::minutes(1));
  }
  const auto feed = server.get("/podcasts/feeds/cats-dogs-3.xml");
  ASSERT_EQ(feed.status, 200);
  const std::string file = folder / "feed.xml", url = "http://test/podcasts/feeds/cats-dogs-3.xml";
  std::ofstream(file) << feed.body;
  const auto read = json::parse(output_of(
      fmt::format("/usr/bin/python3 {}/src/products/podcasts/clients/feed.py {} {}", ODEON_SOURCE_DIR, file, url)));
  const auto newest = see(episodes[1]);
  const std::string enclosure = text(newest.at("audio_file_url"));
  const auto length = newest.at("audio_file_size_bytes").as_int64();
  EXPECT_EQ(server.get(enclosure.substr(std::string("http://test").size())).body.size(), length);

  const auto& universal = read.at("feedparser");
  EXPECT_EQ(universal.at("bozo"), false);
  EXPECT_EQ(universal.at("version"), "rss20");
  EXPECT_EQ(universal.at("title"), "Cats & “Dogs” <3");
  EXPECT_EQ(universal.at("language"), "pt-BR");
  EXPECT_EQ(universal.at("author"), "Ada L.");
  EXPECT_EQ(json::write(universal.at("tags")), R"(["Society & Culture","Documentary"])");
  EXPECT_EQ(universal.at("image"), "https://example.com/art.png");
  EXPECT_EQ(json::write(universal.at("links")),
            fmt::format(R"([{{"rel":"alternate","href":"https://example.com/?a=1&b=2"}},{{"rel":"self","href":"{}"}}])",
                        url));
  ASSERT_EQ(universal.at("entries").as_array().size(), 2U);
  const auto& entry = universal.at("entries").at(0);
  EXPECT_EQ(entry.at("title"), "Two <2>");
  EXPECT_EQ(entry.at("id"), episodes[1].c_str());
  EXPECT_EQ(entry.at("guid_is_link"), false);
  EXPECT_EQ(entry.at("duration"), "61");
  EXPECT_EQ(json::write(entry.at("published")), "[2026,11,20,7,31,0]");
  EXPECT_EQ(entry.at("enclosures").at(0).at("href"), enclosure.c_str());
  EXPECT_EQ(entry.at("enclosures").at(0).at("length"), std::to_string(length).c_str());
  EXPECT_EQ(entry.at("enclosures").at(0).at("type"), "audio/mpeg");

  const auto& gpodders = read.at("podcastparser");
  EXPECT_EQ(gpodders.at("title"), "Cats & “Dogs” <3");
  EXPECT_EQ(gpodders.at("type"), "serial");
  EXPECT_EQ(gpodders.at("explicit"), true);
  EXPECT_EQ(gpodders.at("cover_url"), "https://example.com/art.png");
  EXPECT_EQ(json::write(gpodders.at("itunes_categories")), R"([["Society & Culture","Documentary"]])");
  EXPECT_EQ(gpodders.at("itunes_owner").at("email"), "ada@example.com");
  const auto& heard = gpodders.at("episodes").at(1);  // a serial is heard from its first on
  EXPECT_EQ(heard.at("guid"), episodes[1].c_str());
  EXPECT_EQ(heard.at("description"), "It’s \"here\" & now.");
  EXPECT_EQ(heard.at("total_time"), 61);
  EXPECT_EQ(heard.at("number"), 2);
  EXPECT_EQ(heard.at("season"), 2);
  EXPECT_EQ(heard.at("enclosures").at(0).at("file_size"), length);

  const auto party = json::parse(output_of(fmt::format("node {}/feed.mjs {}", installed(), file)));
  EXPECT_EQ(party.at("title"), "Cats & “Dogs” <3");
  EXPECT_EQ(party.at("guid"), made.at("guid"));
  EXPECT_EQ(party.at("locked"), true);
  EXPECT_EQ(party.at("explicit"), true);
  EXPECT_EQ(party.at("itunesType"), "serial");
  EXPECT_EQ(party.at("items").at(0).at("guid"), episodes[1].c_str());
  EXPECT_EQ(party.at("items").at(0).at("enclosure").at("url"), enclosure.c_str());
  EXPECT_EQ(party.at("items").at(0).at("enclosure").at("length"), length);
  EXPECT_EQ(party.at("items").at(0).at("duration"), 61);
  EXPECT_EQ(party.at("items").at(0).at("itunesEpisode"), 2);
}

// What was written of an episode, as players look for it.
TEST_F(StrangersOfPodcasts, AParserFindsTranscriptsAndChapters) {
  const auto episode = finished_episode(begin_podcast());
  EXPECT_EQ(post("/api/episodes/" + episode + "/publish", {}, token).status, 200);
  run_task([](StrangersOfPodcasts& self, std::string id) -> Task<void> {
    auto tx = co_await self.database->begin();
    const auto row = co_await store::episode(*tx, id);
    const Instant now = self.clock.now();
    EXPECT_TRUE(co_await store::keep_transcript(*tx, id, row->source_id.value(), {"Hi.", "{}", "rev1"}, now));
    EXPECT_TRUE(co_await store::keep_notes(*tx, id, row->source_id.value(), {"Notes.", "{}", "rev2", true}, now));
    co_await store::feed_changed(*tx, row->podcast_id, now);
    co_await tx->commit();
  }(*this, episode));
  const std::string file = folder / "texts.xml";
  std::ofstream(file) << server.get("/podcasts/feeds/the-morning-after.xml").body;
  const auto party = json::parse(output_of(fmt::format("node {}/feed.mjs {}", installed(), file)));
  const auto& item = party.at("items").at(0);
  const std::string base = "http://test/podcasts";
  const auto& transcripts = item.at("podcastTranscripts").as_array();
  ASSERT_EQ(transcripts.size(), 3U) << json::write(item);
  EXPECT_EQ(transcripts[0].at("url"), (base + "/transcripts/" + episode + "/rev1.vtt").c_str());
  EXPECT_EQ(transcripts[0].at("type"), "text/vtt");
  EXPECT_EQ(transcripts[2].at("type"), "application/json");
  EXPECT_EQ(item.at("podcastChapters").at("url"), (base + "/chapters/" + episode + "/rev2.json").c_str());
  EXPECT_EQ(item.at("podcastChapters").at("type"), "application/json+chapters");
}

}  // namespace
}  // namespace odeon::podcasts
