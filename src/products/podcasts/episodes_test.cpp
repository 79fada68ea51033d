#include "products/podcasts/episodes.hpp"

#include <gmock/gmock.h>

#include "products/podcasts/house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct EpisodesTest : PodcastsHouse {
  EpisodesTest() : podcast(begin_podcast()) {}
  // What the work on audio does where it gives up.
  bool fail(const std::string& source) {
    return run_task([](EpisodesTest& test, std::string source) -> Task<bool> {
      auto tx = co_await test.database->begin();
      const bool told = co_await test.audio.fail(*tx, source, "This is not audio.");
      co_await tx->commit();
      co_return told;
    }(*this, source));
  }
  // That source is of a recording that holds so many seconds.
  void hold(const std::string& source, std::int64_t seconds) {
    run_task([](EpisodesTest& test, std::string source, std::int64_t seconds) -> Task<void> {
      auto tx = co_await test.database->begin();
      const auto held =
          co_await test.allowances.reserve(*tx, test.ids.at("ada@example.com"), test.product, "recording", seconds);
      co_await tx->execute("UPDATE podcasts_audio SET reservation = $2 WHERE id = $1", source, held.value());
      co_await tx->commit();
    }(*this, source, seconds));
  }
  std::string podcast;
};

TEST_F(EpisodesTest, AreBegunReadChangedAndDeleted) {
  const auto made =
      post("/api/podcasts/" + podcast + "/episodes",
           {{"title", " Pilot "}, {"description", "The first."}, {"episode_number", 1}, {"season_number", 2}}, token);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.at("title"), "Pilot");
  EXPECT_EQ(made.at("podcast_id"), podcast.c_str());
  EXPECT_EQ(made.at("status"), "draft");
  for (const char* none : {"audio_file_url", "audio_file_size_bytes", "duration_seconds", "transcript",
                           "transcript_json", "show_notes", "show_notes_json", "processing_status", "published_at"})
    EXPECT_TRUE(made.at(none).is_null()) << none;
  const std::string path = "/api/episodes/" + text(made.at("id"));
  EXPECT_EQ(get(path, token).body, made.body);

  const auto changed =
      put(path, {{"title", "Take two"}, {"episode_number", 0}, {"type", "bonus"}, {"show_notes", "Links."}});
  EXPECT_EQ(changed.at("title"), "Take two");
  EXPECT_EQ(changed.at("description"), "The first.");
  EXPECT_TRUE(changed.at("episode_number").is_null());
  EXPECT_EQ(changed.at("season_number"), 2);
  EXPECT_EQ(changed.at("type"), "bonus");
  EXPECT_EQ(changed.at("show_notes"), "Links.");
  EXPECT_EQ(changed.at("guid"), made.at("guid"));
  EXPECT_EQ(get(path, token).body, changed.body);

  for (const json::object& wrong :
       {json::object{{"title", " "}}, {{"episode_number", -1}}, {{"artwork_url", "x"}}, {{"type", "half"}}})
    EXPECT_EQ(put(path, wrong).status, 400);
  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(get(path, token).status, 404);
}

TEST_F(EpisodesTest, AreTheirOwnersAlone) {
  const std::string path = "/api/episodes/" + begin_episode(podcast);
  const auto bob = join("bob@example.com");
  EXPECT_EQ(get(path, bob).status, 404);
  EXPECT_EQ(put(path, {{"title", "Mine"}}, bob).status, 404);
  EXPECT_EQ(remove(path, bob).status, 404);
  EXPECT_EQ(get(path).status, 401);
}

TEST_F(EpisodesTest, AreListedNewestFirstInPages) {
  for (const char* title : {"One", "Two", "Three"}) begin_episode(podcast, title);
  const std::string path = "/api/podcasts/" + podcast + "/episodes";
  const auto page = get(path + "?limit=2", token);
  ASSERT_THAT(page.at("episodes").as_array(), SizeIs(2));
  EXPECT_EQ(page.at("episodes").at(0).at("title"), "Three");
  const auto rest = get(path + "?limit=2&cursor=" + text(page.at("next_cursor")), token);
  ASSERT_THAT(rest.at("episodes").as_array(), SizeIs(1));
  EXPECT_EQ(rest.at("episodes").at(0).at("title"), "One");
  EXPECT_THAT(get(path + "?status=published", token).at("episodes").as_array(), IsEmpty());
  EXPECT_EQ(get(path + "?status=lost", token).status, 400);
  EXPECT_EQ(get(path + "?limit=1000", token).at("episodes").as_array().size(), 3U) << "clamped";
}

TEST_F(EpisodesTest, HaveTheSoundThatWasFinishedLast) {
  std::vector<Arrived> arrived;
  audio.on_arrival([&](this auto, Transaction&, Arrived each) -> Task<void> {
    arrived.push_back(std::move(each));
    co_return;
  });
  const auto episode = begin_episode(podcast);
  const auto first = bring(episode, "12345");
  ASSERT_THAT(arrived, SizeIs(1));
  EXPECT_EQ(arrived[0].source_id, first);
  EXPECT_EQ(arrived[0].episode_id, episode);
  EXPECT_EQ(see(episode).at("processing_status"), "uploaded");
  EXPECT_TRUE(see(episode).at("audio_file_url").is_null()) << "what came in is not what is heard";
  EXPECT_TRUE(finish(first, "mp3", 61.4));
  auto heard = see(episode);
  EXPECT_EQ(heard.at("processing_status"), "complete");
  EXPECT_EQ(heard.at("audio_file_size_bytes"), 3);
  EXPECT_EQ(heard.at("duration_seconds"), 61);
  EXPECT_THAT(text(heard.at("audio_file_url")), HasSubstr("signature=")) << "nobody hears a draft";
  EXPECT_EQ(used("storage"), 8);

  const auto second = bring(episode, "1234567");
  EXPECT_EQ(see(episode).at("audio_file_url"), heard.at("audio_file_url")) << "until there is a better one";
  const auto third = bring(episode, "123456789");
  EXPECT_FALSE(finish(second, "late")) << "another came meanwhile";
  EXPECT_TRUE(finish(third, "mp3 again", 30));
  EXPECT_EQ(see(episode).at("duration_seconds"), 30);
  EXPECT_EQ(used("storage"), 18);
  EXPECT_EQ(run_task(leftovers.sweep()), 3) << "two sources and what was heard before";
  EXPECT_THAT(objects(), SizeIs(2));
  EXPECT_EQ(remove("/api/episodes/" + episode).status, 204);
  EXPECT_FALSE(finish(third, "too late"));
  EXPECT_EQ(used("storage"), 0);
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(EpisodesTest, SayHowTheWorkOnThemGoes) {
  const auto episode = begin_episode(podcast);
  const auto source = bring(episode);
  EXPECT_EQ(see(episode).at("status"), "draft");
  EXPECT_TRUE(run_task(audio.working(source, ProcessingStatus::editing)));
  EXPECT_EQ(see(episode).at("status"), "processing");
  EXPECT_EQ(see(episode).at("processing_status"), "editing");
  EXPECT_TRUE(fail(source));
  EXPECT_EQ(see(episode).at("status"), "draft");
  EXPECT_EQ(see(episode).at("processing_status"), "error");
  EXPECT_EQ(see(episode).at("processing_error"), "This is not audio.");
  EXPECT_EQ(source_of(episode), "as it was recorded") << "it stays until its owner decides";
  EXPECT_EQ(post("/api/episodes/" + episode + "/publish", {}, token).at("code"), "AUDIO_NOT_READY");

  const auto better = bring(episode);
  EXPECT_TRUE(see(episode).at("processing_error").is_null());
  EXPECT_FALSE(run_task(audio.working(source, ProcessingStatus::editing))) << "another came";
  EXPECT_FALSE(fail(source));
  EXPECT_TRUE(run_task(audio.working(better, ProcessingStatus::transcribing)));
  EXPECT_TRUE(finish(better, "mp3"));
  EXPECT_EQ(see(episode).at("status"), "draft");
  EXPECT_EQ(see(episode).at("processing_status"), "complete");
  post("/api/episodes/" + episode + "/publish", {}, token);
  EXPECT_TRUE(run_task(audio.working(better, ProcessingStatus::editing)));
  EXPECT_EQ(see(episode).at("status"), "published") << "what is heard is heard on";
}

TEST_F(EpisodesTest, ThatCouldNotBeMadeCostNoMinutesUntilTheyAre) {
  const auto episode = begin_episode(podcast);
  const auto source = bring(episode);
  hold(source, 3600);
  EXPECT_EQ(used("recording"), 3600);
  EXPECT_TRUE(fail(source));
  EXPECT_EQ(used("recording"), 0);
  EXPECT_TRUE(fail(source)) << "again";
  EXPECT_TRUE(finish(source, "mp3", 89));
  EXPECT_EQ(used("recording"), 90) << "as long as it is in truth";
  EXPECT_TRUE(run_task(audio.working(source, ProcessingStatus::editing)));
  EXPECT_TRUE(fail(source));
  EXPECT_EQ(used("recording"), 90) << "it was recorded, whatever becomes of another attempt";
}

TEST_F(EpisodesTest, AreToldToTheirOwnerAndForgotten) {
  const auto episode = finished_episode(podcast);
  const auto bob = join("bob@example.com");
  const auto bobs = post("/api/podcasts", {{"title", "Bob's"}}, bob);
  PodcastsData data(*database, storage);
  testing::KeptArchive kept;
  const std::string ada = ids.at("ada@example.com");
  run_task(data.tell(ada, "", kept));
  EXPECT_THAT(kept.documents, SizeIs(4));
  EXPECT_THAT(kept.documents.at("podcasts/episodes/" + episode + ".json"), HasSubstr("\"Pilot\""));
  EXPECT_THAT(kept.objects, SizeIs(2));
  testing::KeptArchive nothing;
  run_task(data.tell(ada, "chat", nothing));
  EXPECT_THAT(nothing.documents, IsEmpty());

  EXPECT_EQ(run_task(data.forget(ada, "chat")).rows, 0);
  const auto gone = run_task(data.forget(ada, ""));
  EXPECT_EQ(gone.rows, 4);
  EXPECT_EQ(gone.objects, 2);
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(run_task(data.forget(ada, "podcasts")).rows, 0);
  EXPECT_EQ(get("/api/podcasts/" + text(bobs.at("id")), bob).status, 200);
}

}  // namespace
}  // namespace odeon::podcasts
