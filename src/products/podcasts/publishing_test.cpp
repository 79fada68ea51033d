#include "products/podcasts/publishing.hpp"

#include <gmock/gmock.h>

#include "engine/media/id3.hpp"
#include "products/podcasts/house_test.hpp"

namespace odeon::podcasts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct PublishingTest : PodcastsHouse {
  PublishingTest() : podcast(begin_podcast()) {}
  Reply publish(const std::string& episode, json::object body = {}) {
    return post("/api/episodes/" + episode + "/publish", std::move(body), token);
  }
  Reply unpublish(const std::string& episode) { return post("/api/episodes/" + episode + "/unpublish", {}, token); }
  std::string feed_now() { return get("/feeds/the-morning-after.xml").body; }
  std::string podcast;
};

TEST_F(PublishingTest, NeedsSoundThatIsFinished) {
  const auto episode = begin_episode(podcast);
  const auto none = publish(episode);
  EXPECT_EQ(none.status, 409);
  EXPECT_EQ(none.at("code"), "AUDIO_NOT_READY");
  EXPECT_THAT(text(none.at("error")), HasSubstr("no sound"));
  const auto source = bring(episode);
  EXPECT_THAT(text(publish(episode).at("error")), HasSubstr("not finished yet"));
  EXPECT_EQ(publish(episode, {{"scheduled_for", to_iso8601(clock.now() + hours(1))}}).status, 409);
  EXPECT_TRUE(finish(source, "mp3"));
  const auto published = publish(episode);
  ASSERT_EQ(published.status, 200) << published.body;
  EXPECT_EQ(published.at("status"), "published");
  EXPECT_EQ(text(published.at("published_at")), to_iso8601(clock.now()));
  EXPECT_THAT(text(published.at("audio_file_url")), Not(HasSubstr("signature")));
  EXPECT_EQ(get("/api/podcasts/" + podcast, token).at("status"), "published");
  EXPECT_THAT(feed_now(), HasSubstr("<title>Pilot</title>"));
}

TEST_F(PublishingTest, CanBeTakenBackAndDoneAgain) {
  const auto episode = finished_episode(podcast);
  const auto first = publish(episode);
  clock.advance(minutes(5));
  EXPECT_EQ(publish(episode).body, first.body) << "once is enough";
  EXPECT_EQ(unpublish(episode).at("status"), "draft");
  EXPECT_THAT(feed_now(), Not(HasSubstr("<item>")));
  EXPECT_EQ(unpublish(episode).status, 200);
  const auto again = publish(episode);
  EXPECT_EQ(again.at("published_at"), first.at("published_at")) << "to apps it is the same episode";
  EXPECT_EQ(again.at("guid"), first.at("guid"));
}

TEST_F(PublishingTest, NumbersTheEpisodesOfASerial) {
  const auto number_of = [&](json::object words) {
    const auto episode = finished_episode(podcast);
    put("/api/episodes/" + episode, std::move(words));
    return publish(episode).at("episode_number");
  };
  EXPECT_EQ(number_of({}), nullptr) << "order does not matter";
  put("/api/podcasts/" + podcast, {{"type", "serial"}});
  EXPECT_EQ(number_of({}), 1);
  EXPECT_EQ(number_of({{"episode_number", 7}}), 7);
  EXPECT_EQ(number_of({{"type", "trailer"}}), nullptr);
  EXPECT_EQ(number_of({}), 8);
  EXPECT_EQ(number_of({{"season_number", 2}}), 1);
  EXPECT_THAT(feed_now(), HasSubstr("<itunes:episode>8</itunes:episode>"));
}

TEST_F(PublishingTest, HappensAtItsMoment) {
  const auto episode = finished_episode(podcast);
  const auto at = clock.now() + minutes(20);
  const auto scheduled = publish(episode, {{"scheduled_for", to_iso8601(at)}});
  ASSERT_EQ(scheduled.status, 200) << scheduled.body;
  EXPECT_EQ(scheduled.at("status"), "scheduled");
  EXPECT_EQ(text(scheduled.at("scheduled_for")), to_iso8601(at));
  run_jobs();
  EXPECT_EQ(see(episode).at("status"), "scheduled");
  EXPECT_EQ(get("/feeds/the-morning-after.xml").status, 404) << "nobody is told before";
  clock.advance(minutes(21));
  run_jobs();
  const auto published = see(episode);
  EXPECT_EQ(published.at("status"), "published");
  EXPECT_EQ(text(published.at("published_at")), to_iso8601(at)) << "the moment that was chosen";
  EXPECT_TRUE(published.at("scheduled_for").is_null());
  EXPECT_THAT(feed_now(), HasSubstr("<item>"));
  EXPECT_EQ(publish(episode, {{"scheduled_for", to_iso8601(at + hours(9))}}).at("code"), "ALREADY_PUBLISHED");
}

TEST_F(PublishingTest, HappensAtTheMomentThatWasChosenLast) {
  const auto moved = finished_episode(podcast, "Moved"), taken_back = finished_episode(podcast, "Taken back");
  const auto at = clock.now() + minutes(20);
  for (const auto& episode : {moved, taken_back}) publish(episode, {{"scheduled_for", to_iso8601(at)}});
  publish(moved, {{"scheduled_for", to_iso8601(at + minutes(5))}});
  EXPECT_EQ(unpublish(taken_back).at("status"), "draft");
  clock.advance(minutes(22));
  run_jobs();
  EXPECT_EQ(see(moved).at("status"), "scheduled");
  EXPECT_EQ(see(taken_back).at("status"), "draft");
  clock.advance(minutes(5));
  run_jobs();
  EXPECT_EQ(text(see(moved).at("published_at")), to_iso8601(at + minutes(5)));
}

TEST_F(PublishingTest, HappensNotWhereThePodcastIsArchivedByThen) {
  const auto episode = finished_episode(podcast), other = finished_episode(podcast, "Other");
  publish(other);
  publish(episode, {{"scheduled_for", to_iso8601(clock.now() + minutes(20))}});
  put("/api/podcasts/" + podcast, {{"status", "archived"}});
  clock.advance(minutes(21));
  run_jobs();
  EXPECT_EQ(see(episode).at("status"), "draft");
  EXPECT_TRUE(see(episode).at("scheduled_for").is_null());
  EXPECT_THAT(feed_now(), AllOf(HasSubstr("<title>Other</title>"), Not(HasSubstr("<title>Pilot</title>"))));
}

TEST_F(PublishingTest, IsHeardByASignedAddressWhileThePodcastIsADraft) {
  const auto episode = finished_episode(podcast);
  publish(episode);
  put("/api/podcasts/" + podcast, {{"status", "draft"}});
  const auto list = get("/api/podcasts/" + podcast + "/episodes", token).at("episodes");
  for (const auto& shown : {see(episode).at("audio_file_url"), list.at(0).at("audio_file_url")}) {
    const std::string url = text(shown);
    EXPECT_EQ(get(url.substr(url.find("/audio/"))).status, 200) << url;
  }
}

// What the tag of an episode's sound says.
struct PublishingTags : PublishingTest {
  std::string tag_of(const std::string& episode) {
    const auto mp3 = sound_of(episode);
    return mp3.substr(0, media::id3_size(mp3));
  }
  std::string sound_of(const std::string& episode) {
    return bytes_of(run_task(store::episode(*database, episode)).value().audio_key.value());
  }
};

TEST_F(PublishingTags, SayTheNumberThatItGets) {
  put("/api/podcasts/" + podcast, {{"type", "serial"}});
  const auto episode = finished_episode(podcast);
  EXPECT_EQ(sound_of(episode), "the mp3 of Pilot");
  publish(episode);
  run_jobs();
  EXPECT_THAT(tag_of(episode), AllOf(HasSubstr("TRCK"), HasSubstr("Pilot"), HasSubstr("The Morning After")));
  EXPECT_TRUE(sound_of(episode).ends_with("the mp3 of Pilot"));
  EXPECT_THAT(feed_now(), HasSubstr(text(see(episode).at("audio_file_url")))) << "listeners get the one that says so";
}

// Who has it would fetch all of it again.
TEST_F(PublishingTags, OfWhatListenersHaveStay) {
  const auto episode = finished_episode(podcast);
  publish(episode);
  run_jobs();
  const auto address = see(episode).at("audio_file_url");
  unpublish(episode);
  put("/api/podcasts/" + podcast, {{"title", "The Evening Before"}});
  publish(episode);
  run_jobs();
  EXPECT_EQ(see(episode).at("audio_file_url"), address);
  unpublish(episode);
  publish(episode, {{"scheduled_for", to_iso8601(clock.now() + minutes(20))}});
  run_jobs();
  clock.advance(minutes(21));
  run_jobs();
  run_jobs();
  EXPECT_EQ(see(episode).at("status"), "published");
  EXPECT_EQ(see(episode).at("audio_file_url"), address);
}

TEST_F(PublishingTags, AreReadyBeforeTheMomentAndTrueAtIt) {
  put("/api/podcasts/" + podcast, {{"type", "serial"}});
  const auto episode = finished_episode(podcast);
  publish(episode, {{"scheduled_for", to_iso8601(clock.now() + minutes(20))}});
  run_jobs();
  EXPECT_THAT(tag_of(episode), HasSubstr("TRCK"));
  put("/api/episodes/" + episode, {{"title", "Another word"}});
  EXPECT_THAT(tag_of(episode), Not(HasSubstr("Another word")));
  clock.advance(minutes(21));
  run_jobs();
  run_jobs();
  EXPECT_EQ(see(episode).at("status"), "published");
  EXPECT_THAT(tag_of(episode), HasSubstr("Another word"));
}

TEST_F(PublishingTest, SaysWhatIsWrong) {
  const auto episode = finished_episode(podcast);
  EXPECT_EQ(publish(episode, {{"scheduled_for", to_iso8601(clock.now())}}).status, 400);
  EXPECT_EQ(publish(episode, {{"scheduled_for", "soon"}}).status, 400);
  const auto bob = join("bob@example.com");
  EXPECT_EQ(post("/api/episodes/" + episode + "/publish", {}, bob).status, 404);
  EXPECT_EQ(post("/api/episodes/" + episode + "/unpublish", {}, bob).status, 404);
  put("/api/podcasts/" + podcast, {{"status", "archived"}});
  EXPECT_EQ(publish(episode).at("code"), "PODCAST_ARCHIVED");
}

}  // namespace
}  // namespace odeon::podcasts
