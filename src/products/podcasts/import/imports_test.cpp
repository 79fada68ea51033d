// A podcast that moves here from another host.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "products/podcasts/import/imports_house_test.hpp"
#include "products/podcasts/names.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

struct ImportsTest : ImportsHouse {};

TEST_F(ImportsTest, EverythingThatListenersKnowItByStays) {
  const auto sound = mp3();
  host.put("/feed", feed_of(item_of("second", host.url("/2.mp3"),
                                    "<itunes:season>3</itunes:season><itunes:episode>2</itunes:episode>") +
                            item_of("first", host.url("/moved"), "<itunes:episodeType>bonus</itunes:episodeType>")));
  host.lead("/moved", host.url("/1.mp3"));
  host.put("/1.mp3", sound);
  host.put("/2.mp3", sound);
  const auto now = ended(import());
  EXPECT_EQ(now.at("status"), "finished") << now.body;
  EXPECT_EQ(now.at("percent"), 100);
  EXPECT_EQ(now.at("taken"), 2) << now.body;
  const auto podcast = text(now.at("podcast_id"));
  const auto show = get("/api/podcasts/" + podcast, token);
  EXPECT_EQ(show.at("title"), "The Old House");
  EXPECT_EQ(show.at("description"), "All & sundry");
  EXPECT_EQ(show.at("language"), "de");
  EXPECT_EQ(show.at("category"), "Documentary");
  EXPECT_EQ(show.at("artwork_url"), "https://example.com/a.jpg");
  EXPECT_EQ(show.at("owner_email"), "ann@example.com");
  EXPECT_EQ(show.at("type"), "serial");
  EXPECT_EQ(show.at("is_explicit"), true);
  EXPECT_EQ(show.at("guid"), "9b024349-ccf0-5f69-a609-6b82873eab3c");
  EXPECT_EQ(show.at("status"), "published");
  const auto episodes = episodes_of(now);
  ASSERT_EQ(episodes.size(), 2U);
  EXPECT_EQ(episodes[0].at("guid"), "second");
  EXPECT_EQ(episodes[0].at("episode_number"), 2);
  EXPECT_EQ(episodes[0].at("season_number"), 3);
  EXPECT_EQ(episodes[1].at("type"), "bonus");
  EXPECT_EQ(episodes[1].at("published_at"), "2020-11-20T07:30:00Z");
  EXPECT_EQ(episodes[1].at("duration_seconds"), 3);
  EXPECT_EQ(used("storage"), std::ssize(sound) * 2);
  const auto xml = get("/api/podcasts/" + podcast + "/rss").body;
  EXPECT_THAT(xml, HasSubstr("<guid isPermaLink=\"false\">first</guid>"));
  EXPECT_THAT(xml, HasSubstr(fmt::format("length=\"{}\"", sound.size())));
  EXPECT_THAT(objects(), SizeIs(2));
  for (const auto& key : objects()) EXPECT_EQ(bytes_of(key), sound) << "byte for byte";
}

TEST_F(ImportsTest, WhatCannotBeTakenOverIsSaid) {
  OtherHost::File page{.body = "<html>Please sign in</html>"};
  page.headers.add("Content-Type", "text/html; charset=utf-8");
  host.put("/page", page);
  host.put("/noise.mp3", "It says that it is an MP3.");
  host.put("/empty.mp3", "");
  host.lead("/loop", "/loop");
  host.lead("/metadata", "http://169.254.169.254/latest/meta-data");
  host.lead("/inside", "http://127.0.0.2:8080/");
  host.put("/good.wav", ProcessingHouse::human());
  host.put("/feed", feed_of("<item><title>Words only</title><guid>a</guid></item>" +
                            item_of("gone", host.url("/gone.mp3")) + item_of("page", host.url("/page")) +
                            item_of("noise", host.url("/noise.mp3")) + item_of("empty", host.url("/empty.mp3")) +
                            item_of("loop", host.url("/loop")) + item_of("metadata", host.url("/metadata")) +
                            item_of("inside", host.url("/inside")) + item_of("router", "http://10.0.0.1/a.mp3") +
                            item_of("wav", host.url("/good.wav")) + item_of("wav", host.url("/other.mp3"))));
  const auto now = ended(import());
  EXPECT_EQ(now.at("status"), "finished") << now.body;
  EXPECT_EQ(now.at("episodes"), 11);
  EXPECT_EQ(now.at("taken"), 1);
  auto why = reasons(now);
  EXPECT_THAT(why, SizeIs(10)) << now.body;
  EXPECT_EQ(why["Words only"], "It has no sound.");
  EXPECT_THAT(why["About gone"], HasSubstr("404"));
  EXPECT_THAT(why["About page"], HasSubstr("page"));
  EXPECT_THAT(why["About noise"], Not(::testing::IsEmpty()));
  EXPECT_THAT(why["About empty"], Not(::testing::IsEmpty()));
  EXPECT_THAT(why["About loop"], HasSubstr("302"));
  for (const auto* at : {"About metadata", "About inside", "About router"})
    EXPECT_THAT(why[at], HasSubstr("no connection is allowed"));
  EXPECT_THAT(why["About wav"], HasSubstr("GUID"));
  EXPECT_EQ(host.asked("/gone.mp3"), 1) << "it would not be there a moment later";
  EXPECT_EQ(host.asked("/loop"), 6);
  EXPECT_EQ(host.asked("/other.mp3"), 0);

  run_jobs();  // what is no MP3 is made one
  std::map<std::string, json::value> sounds;
  for (const auto& episode : episodes_of(now)) sounds[text(episode.at("guid"))] = episode.at("duration_seconds");
  EXPECT_EQ(sounds["wav"], 3);
  EXPECT_EQ(sounds["gone"], nullptr);
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), SizeIs(2)) << "what was no sound is not kept";
}

TEST_F(ImportsTest, AHostThatFailsIsAskedAgainLater) {
  const auto sound = mp3();
  host.put("/feed", feed_of(item_of("busy", host.url("/busy.mp3")) + item_of("slow", host.url("/slow.mp3")) +
                            item_of("dead", host.url("/dead.mp3"))));
  host.put("/busy.mp3", "Later, please", 503);
  host.put("/slow.mp3", OtherHost::File{.stalls = true});
  host.put("/dead.mp3", "", 500);
  const auto begun = import();
  const auto tried = [](int attempt) {
    return [attempt](const jobs::Progress& now) {
      return now.state == jobs::State::completed || (now.state == jobs::State::scheduled && now.attempt == attempt);
    };
  };
  work_until(begun, tried(1));
  EXPECT_EQ(state_of(begun).at("percent"), 0);
  host.put("/busy.mp3", sound);
  host.put("/slow.mp3", sound);
  clock.advance(2 * kAskedAgain);
  work_until(begun, tried(2));
  EXPECT_EQ(state_of(begun).at("taken"), 2) << state_of(begun).body;
  clock.advance(2 * kAskedAgain);
  run_jobs();
  run_jobs();
  const auto now = state_of(begun);
  EXPECT_EQ(now.at("status"), "finished") << now.body;
  EXPECT_EQ(reasons(now),
            (std::map<std::string, std::string>{{"About dead", "Its host answered with 500 instead of the file."}}));
  EXPECT_EQ(host.asked("/dead.mp3"), 3);
}

TEST_F(ImportsTest, TheSameFeedTwiceImportsNothingTwice) {
  const auto sound = mp3();
  const auto first = item_of("1", host.url("/1.mp3")), second = item_of("2", host.url("/2.mp3"));
  host.put("/feed", feed_of(second + first));
  host.put("/1.mp3", sound);
  const auto begun = ended(import());
  EXPECT_EQ(begun.at("taken"), 1) << begun.body;
  EXPECT_THAT(reasons(begun), SizeIs(1));
  host.put("/2.mp3", sound);
  host.put("/3.mp3", sound);
  host.put("/feed", feed_of(item_of("3", host.url("/3.mp3")) + second + first));
  for (const bool by_file : {false, true}) {
    const auto again = ended(by_file ? import_file(feed_of(second + first)) : import());
    EXPECT_EQ(again.at("status"), "finished") << again.body;
    EXPECT_EQ(again.at("podcast_id"), begun.at("podcast_id"));
    EXPECT_EQ(again.at("taken"), by_file ? 0 : 2) << "what is new, and what failed";
    EXPECT_EQ(again.at("known"), by_file ? 2 : 1);
  }
  EXPECT_THAT(episodes_of(begun), SizeIs(3));
  EXPECT_EQ(host.asked("/1.mp3"), 1);
  EXPECT_EQ(used("podcasts"), 1);
  EXPECT_EQ(used("storage"), std::ssize(sound) * 3);

  // Somebody else's is another podcast.
  const auto eve = join("eve@example.com");
  const auto hers = post("/api/podcasts/import", {{"feed_url", host.url("/feed")}}, eve);
  run_jobs();
  const auto seen = get("/api/imports/" + text(hers.at("id")), eve);
  EXPECT_EQ(seen.at("taken"), 3) << seen.body;
  EXPECT_NE(seen.at("podcast_id"), begun.at("podcast_id"));
}

TEST_F(ImportsTest, APodcastWithoutAGuidIsKnownByItsAddress) {
  auto xml = feed_of("");
  const auto at = xml.find("<podcast:guid>"), end = xml.find("</podcast:guid>") + 15;
  xml.erase(at, end - at);
  host.put("/feed", xml);
  const auto begun = ended(import());
  EXPECT_EQ(get("/api/podcasts/" + text(begun.at("podcast_id")), token).at("guid"),
            podcast_guid(host.url("/feed")).c_str());
  EXPECT_EQ(ended(import()).at("podcast_id"), begun.at("podcast_id"));
  host.put("/feed", feed_of(""));  // its host has learnt of GUIDs
  EXPECT_EQ(ended(import()).at("podcast_id"), begun.at("podcast_id"));
}

TEST_F(ImportsTest, AJobThatIsCutOffGoesOn) {
  const auto sound = mp3();
  host.put("/feed", feed_of(item_of("1", host.url("/1.mp3")) + item_of("2", host.url("/2.mp3"))));
  host.put("/1.mp3", sound);
  host.put("/2.mp3", sound);
  const auto begun = import();
  work_until(begun, [](const jobs::Progress& now) { return now.state != jobs::State::ready; });
  run_jobs();  // its episodes' jobs
  run_jobs();  // the import, which has waited for them
  EXPECT_EQ(state_of(begun).at("status"), "finished");
  EXPECT_EQ(state_of(begun).at("taken"), 2);
  EXPECT_EQ(host.asked("/feed"), 1) << "its episodes are there once";
  EXPECT_THAT(episodes_of(state_of(begun)), SizeIs(2));
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), SizeIs(2));
  EXPECT_EQ(used("storage"), std::ssize(sound) * 2);
}

TEST_F(ImportsTest, NothingIsFetchedThatCannotBeKept) {
  const auto sound = mp3();
  host.put("/feed", feed_of(item_of("1", host.url("/1.mp3")) + item_of("2", host.url("/2.mp3"))));
  host.put("/1.mp3", sound);
  host.put("/2.mp3", sound);
  leave_room(std::ssize(sound) + 10);
  const auto now = ended(import());
  EXPECT_EQ(now.at("taken"), 1) << now.body;
  ASSERT_THAT(reasons(now), SizeIs(1));
  EXPECT_THAT(reasons(now).begin()->second, HasSubstr("storage is full"));
  leave_room(0);
  const int asked = host.asked("/2.mp3");
  const auto again = ended(import());
  EXPECT_THAT(reasons(again), SizeIs(1));
  EXPECT_EQ(host.asked("/2.mp3"), asked);
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), SizeIs(1));
}

TEST_F(ImportsTest, WhatIsDeletedMeanwhileStaysSo) {
  const auto sound = mp3();
  host.put("/1.mp3", sound);
  const auto begun = import_file(feed_of(item_of("1", host.url("/1.mp3")) + item_of("2", host.url("/1.mp3"))));
  const auto deleted = text(episodes_of(begun)[0].at("id"));
  EXPECT_EQ(remove("/api/episodes/" + deleted).status, 204);
  const auto now = ended(begun);
  EXPECT_EQ(now.at("taken"), 1) << now.body;
  EXPECT_THAT(reasons(now)["About 1"], HasSubstr("deleted"));
  EXPECT_THAT(episodes_of(begun), SizeIs(1));
}

TEST_F(ImportsTest, AFeedMayBeAFile) {
  const auto begun = import_file(feed_of(item_of("1", host.url("/none.mp3"))));
  const auto now = ended(begun);
  EXPECT_EQ(now.at("status"), "finished") << now.body;
  EXPECT_THAT(reasons(now), SizeIs(1));
  EXPECT_EQ(get("/api/podcasts/" + text(now.at("podcast_id")), token).at("status"), "draft") << "nothing can be heard";
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), SizeIs(0)) << "the file is read and gone";
}

TEST_F(ImportsTest, AFeedThatCannotBeImportedFails) {
  OtherHost::File large{.body = std::string(kLargestFeed + 1, ' ')};
  host.put("/large", large);
  host.put("/html", "<html>Nothing</html>");
  host.put("/locked", feed_of("<podcast:locked>yes</podcast:locked>"));
  host.lead("/loop", "/loop");
  host.lead("/inside", "http://127.0.0.2/");
  const std::map<std::string, std::string> messages{
      {"/html", "feed"}, {"/large", "At most"}, {"/locked", "podcast:locked"},
      {"/loop", "302"},  {"/none", "404"},      {"/inside", "no connection is allowed"}};
  for (const auto& [path, message] : messages) {
    const auto now = ended(post("/api/podcasts/import", {{"feed_url", host.url(path)}}, token));
    EXPECT_EQ(now.at("status"), "failed") << path;
    EXPECT_THAT(text(now.at("error")), HasSubstr(message));
    EXPECT_EQ(get("/api/imports/" + text(now.at("id")), join(path.substr(1) + "@example.com")).status, 404);
  }
  EXPECT_EQ(import_file("Nothing").at("code"), "NO_FEED");
  EXPECT_EQ(import_file(feed_of("<podcast:locked>yes</podcast:locked>")).at("code"), "FEED_LOCKED");
  EXPECT_EQ(post("/api/podcasts/import", {{"feed_url", "file:///etc/passwd"}}, token).status, 400);
  EXPECT_EQ(get("/api/podcasts", token).at("podcasts").as_array().size(), 0U);
  EXPECT_THAT(objects(), SizeIs(0));
  begin_podcast();
  EXPECT_EQ(import().at("code"), "PODCAST_LIMIT_REACHED");
  EXPECT_EQ(import_file(feed_of("")).at("code"), "PODCAST_LIMIT_REACHED");
}

TEST_F(ImportsTest, ALockedFeedIsItsOwnersToImport) {
  const auto taken = [&](const std::string& lock) {
    host.put("/feed", feed_of(lock));
    return text(ended(import()).at("status")) == "finished";
  };
  const std::string locked_by_ada = "<podcast:locked owner=\" Ada@Example.com \">yes</podcast:locked>";
  const auto verifying = [](const std::string& text, const std::string& purpose = "verify") {
    return "<podcast:locked>yes</podcast:locked><podcast:txt purpose=\"" + purpose + "\">" + text + "</podcast:txt>";
  };
  host.put("/feed", feed_of("<podcast:locked>yes</podcast:locked>"));
  const auto refused = ended(import());
  EXPECT_EQ(refused.at("status"), "failed");
  const auto mine = text(refused.at("verify"));
  EXPECT_THAT(text(refused.at("error")), HasSubstr(mine));

  EXPECT_FALSE(taken(locked_by_ada)) << "she has not proven that the address is hers";
  EXPECT_FALSE(taken(verifying("odeon-another's")));
  EXPECT_FALSE(taken(verifying(mine, "release")));
  const auto eves = join("eve@example.com");
  const auto hers = post("/api/podcasts/import", {{"feed_url", host.url("/feed")}}, eves);
  EXPECT_NE(text(hers.at("verify")), mine);

  EXPECT_TRUE(taken(verifying(" " + mine + " ")));
  EXPECT_TRUE(run_task(accounts.mark_mail_verified(ids.at("ada@example.com"))));
  EXPECT_FALSE(taken("<podcast:locked>yes</podcast:locked>")) << "itunes:owner is ann@example.com";
  EXPECT_FALSE(taken("<podcast:locked owner=\"eve@example.com\">yes</podcast:locked>"));
  EXPECT_TRUE(taken(locked_by_ada));
  EXPECT_EQ(import_file(feed_of(locked_by_ada)).status, 202);
  EXPECT_EQ(send("/api/podcasts/import/file", {}, "file", feed_of(locked_by_ada), eves).at("code"), "FEED_LOCKED");
}

TEST_F(ImportsTest, ThePlanIsAskedWhenThePodcastIsBegun) {
  host.put("/feed", feed_of(""));
  const auto begun = import();
  begin_podcast();
  const auto now = ended(begun);
  EXPECT_EQ(now.at("status"), "failed");
  EXPECT_THAT(text(now.at("error")), HasSubstr("plan"));
}

TEST_F(ImportsTest, BelongToWhoAskedForThem) {
  host.put("/feed", feed_of(item_of("1", host.url("/none.mp3"))));
  const auto begun = import();
  run_jobs();
  PodcastsData data{*database, storage};
  testing::KeptArchive kept;
  run_task(data.tell(ids.at("ada@example.com"), "", kept));
  EXPECT_THAT(kept.documents["podcasts/imports/" + text(begun.at("id")) + ".json"], HasSubstr("/none.mp3"));
  run_task(data.forget(ids.at("ada@example.com"), ""));
  EXPECT_EQ(run_task(database->query<std::int64_t>("SELECT count(*) FROM podcasts_imported")).front(), 0);
  EXPECT_EQ(run_task(database->query<std::int64_t>("SELECT count(*) FROM podcasts_imports")).front(), 0);
}

RC_GTEST_PROP(PodcastFeedTest, StaysWithinLimitsWhateverItSays, ()) {
  const auto junk = *rc::gen::container<std::string>(rc::gen::element('<', '>', '&', ';', 'a', '"', ' ', '\0', '\xff'));
  const std::string whole = feed_of(item_of("g", "https://example.com/a.mp3", junk) + junk);
  const auto cut = *rc::gen::inRange<std::size_t>(0, whole.size() + 1);
  try {
    const auto read = read_podcast_feed(whole.substr(0, cut));
    RC_ASSERT(!read.title.empty() && text::length(read.title) <= 255);
    for (const auto& episode : read.episodes)
      RC_ASSERT(!episode.fault.empty() || (!episode.guid.empty() && !episode.audio_url.empty()));
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::invalid);
  }
}

TEST(PodcastFeedTest, WhatIsOddIsMadeUsable) {
  const auto read =
      read_podcast_feed(feed_of("<item><enclosure url=\" https://example.com/a.mp3 \"/>"
                                "<itunes:episode>minus one</itunes:episode><pubDate>once</pubDate></item>"));
  ASSERT_EQ(read.episodes.size(), 1U);
  EXPECT_EQ(read.episodes[0].guid, "https://example.com/a.mp3");
  EXPECT_EQ(read.episodes[0].title, "Untitled");
  EXPECT_FALSE(read.episodes[0].episode_number);
  EXPECT_FALSE(read.episodes[0].published_at);
  EXPECT_EQ(read_podcast_feed(feed_of("<item><enclosure url=\"https://example.com/Über uns.mp3\"/></item>"))
                .episodes[0]
                .audio_url,
            "https://example.com/%C3%9Cber%20uns.mp3");
  EXPECT_THROW(read_podcast_feed("<rss><channel><title> </title></channel></rss>"), Error);
}

TEST(PodcastFeedTest, WhatIsTooMuchIsSaid) {
  std::string items;
  for (std::size_t i = 0; i < kMostImported + 3; ++i)
    items += item_of(fmt::format("{}", i), "https://example.com/a.mp3");
  const auto read = read_podcast_feed(feed_of(items));
  ASSERT_EQ(read.episodes.size(), kMostImported + 1);
  EXPECT_EQ(read.episodes.back().title, "3 more");
  EXPECT_FALSE(read.episodes.back().fault.empty());
}

}  // namespace
}  // namespace odeon::podcasts
