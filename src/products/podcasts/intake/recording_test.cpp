#include "products/podcasts/intake/recording.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "products/podcasts/house_test.hpp"
#include "products/podcasts/intake/chunks.hpp"

namespace odeon::podcasts {
namespace {

using std::chrono::days;

using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct RecordingTest : PodcastsHouse {
  RecordingTest() : podcast(begin_podcast()) {}

  Reply start(json::object more = {}) {
    json::object body{{"podcast_id", podcast}};
    for (auto& [name, value] : more) body[name] = value;
    return post("/api/recording/start", body, token);
  }
  std::string session(json::object more = {}) {
    const auto reply = start(std::move(more));
    EXPECT_EQ(reply.status, 201) << reply.body;
    return text(reply.at("session_id"));
  }
  Reply chunk(const std::string& session, int number, const std::string& bytes, const std::string& who = "") {
    return send("/api/recording/upload", {{"session_id", session}, {"number", std::to_string(number)}}, "chunk", bytes,
                who);
  }
  Reply finish(const std::string& session, json::object more = {}) {
    json::object body{{"session_id", session}};
    for (auto& [name, value] : more) body[name] = value;
    return post("/api/recording/finish", body, token);
  }
  Reply look(const std::string& session) { return get("/api/recording/" + session, token); }
  // An object that nothing names.
  void leave(const std::string& key) { run_task(storage::put(storage, key, "left", {})); }
  std::string podcast;
};

TEST_F(RecordingTest, IsWhatItsChunksAreInOrder) {
  const auto started = start({{"title", "Monday"}, {"mime_type", "audio/webm;codecs=opus"}});
  ASSERT_EQ(started.status, 201) << started.body;
  EXPECT_EQ(started.at("status"), "recording");
  EXPECT_EQ(started.at("limit_seconds"), 3600);
  const auto id = text(started.at("session_id"));
  for (const int number : {2, 0, 1}) {
    const auto kept = chunk(id, number, "chunk " + std::to_string(number) + "\r\n--X");
    ASSERT_EQ(kept.status, 200) << kept.body;
    EXPECT_EQ(kept.at("known"), false);
  }
  EXPECT_EQ(look(id).at("chunks"), 3);
  const auto ended = finish(id, {{"chunks", 3}});
  ASSERT_EQ(ended.status, 202) << ended.body;
  EXPECT_EQ(ended.at("status"), "joining");
  const auto episode = text(ended.at("episode_id"));
  EXPECT_EQ(see(episode).at("title"), "Monday");
  EXPECT_EQ(see(episode).at("processing_status"), "uploading");
  run_jobs();
  EXPECT_EQ(see(episode).at("processing_status"), "uploaded");
  EXPECT_EQ(source_of(episode), "chunk 0\r\n--Xchunk 1\r\n--Xchunk 2\r\n--X");
  EXPECT_EQ(look(id).at("status"), "finished");
  EXPECT_EQ(finish(id).at("episode_id"), episode.c_str()) << "may be sent again";
  run_jobs();
  EXPECT_THAT(objects(), SizeIs(1)) << "the chunks are gone";
  EXPECT_EQ(used("storage"), std::ssize(source_of(episode)));
}

TEST_F(RecordingTest, TakesAChunkAgainButNoOtherInItsPlace) {
  const auto id = session();
  EXPECT_EQ(chunk(id, 0, "begin").status, 200);
  const auto again = chunk(id, 0, "begin");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.at("known"), true);
  EXPECT_EQ(again.at("bytes"), 5);
  const auto other = chunk(id, 0, "BEGIN");
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(other.at("code"), "CHUNK_DIFFERS");
  EXPECT_EQ(used("storage"), 5);
  EXPECT_THAT(objects(), SizeIs(1));
  EXPECT_EQ(chunk(id, 1, "").status, 200) << "recorders send empty ones";
  const auto ended = finish(id);
  EXPECT_EQ(chunk(id, 0, "begin").status, 200) << "an answer that was lost is given again";
  EXPECT_EQ(chunk(id, 2, "late").at("code"), "RECORDING_FINISHED");
  EXPECT_THAT(objects(), SizeIs(2));
  run_jobs();
  EXPECT_EQ(source_of(text(ended.at("episode_id"))), "begin");
}

TEST_F(RecordingTest, OfManyInOnePlaceOneIsKept) {
  const auto id = session();
  const auto outcomes = run_task([](RecordingTest& test, std::string id) -> Task<std::map<std::string, int>> {
    std::vector<Task<std::expected<ChunkKept, std::exception_ptr>>> sent;
    const http::Caller caller{.user_id = test.ids.at("ada@example.com")};
    for (int i = 0; i < 12; ++i) {
      const std::string key = fmt::format("uploads/{}", i), bytes = i % 2 == 0 ? "even" : "odd.";
      co_await storage::put(test.storage, key, bytes, {});
      sent.push_back(settle(test.recording.upload(
          caller, {.session_id = id, .number = 0, .chunk = {.key = key, .file_name = "", .size = std::ssize(bytes)}})));
    }
    std::map<std::string, int> outcomes;
    for (const auto& each : co_await all_of(std::move(sent)))
      ++outcomes[each ? each->known ? "known" : "kept" : describe(each.error())];
    co_return outcomes;
  }(*this, id));
  EXPECT_EQ(outcomes.at("kept"), 1);
  EXPECT_EQ(outcomes.at("known"), 5);
  EXPECT_THAT(outcomes, SizeIs(3)) << "the others differ";
  EXPECT_EQ(look(id).at("bytes"), 4);
  EXPECT_EQ(used("storage"), 4);
  EXPECT_THAT(objects(), SizeIs(1));
}

TEST_F(RecordingTest, NamesWhatIsMissingAndGoesOn) {
  const auto id = session();
  for (const int number : {0, 1, 3, 6}) chunk(id, number, std::to_string(number));
  const auto seen = look(id);
  EXPECT_EQ(seen.at("salvageable"), 2);
  EXPECT_EQ(json::write(seen.at("missing")), "[2,4,5]");
  const auto refused = finish(id, {{"chunks", 9}});
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.at("code"), "CHUNKS_MISSING");
  EXPECT_THAT(text(refused.at("error")), HasSubstr("2, 4–5 and 7–8"));
  EXPECT_EQ(refused.at("details").at("missing"), "2, 4–5 and 7–8");
  clock.advance(days(6));
  token = join_again();
  EXPECT_THAT(get("/api/recording", token).at("recordings").as_array(), SizeIs(1)) << "whoever returns finds it";
  for (const int number : {2, 4, 5, 7, 8}) EXPECT_EQ(chunk(id, number, std::to_string(number)).status, 200);
  const auto ended = finish(id, {{"chunks", 9}});
  EXPECT_EQ(ended.status, 202);
  run_jobs();
  EXPECT_EQ(source_of(text(ended.at("episode_id"))), "012345678");
  EXPECT_THAT(get("/api/recording", token).at("recordings").as_array(), IsEmpty());
}

TEST_F(RecordingTest, IsSavedAsFarAsItCame) {
  const auto id = session();
  for (const int number : {0, 1, 3}) chunk(id, number, std::to_string(number));
  const auto ended = finish(id, {{"salvage", true}});
  ASSERT_EQ(ended.status, 202) << ended.body;
  run_jobs();
  const auto episode = text(ended.at("episode_id"));
  EXPECT_EQ(see(episode).at("title"), "20 November 2026");
  EXPECT_EQ(source_of(episode), "01");
  EXPECT_EQ(used("storage"), 2);
  run_jobs();
  EXPECT_THAT(objects(), SizeIs(1));

  const auto headless = session({{"minutes", 5}});
  chunk(headless, 1, "no beginning");
  EXPECT_EQ(finish(headless, {{"salvage", true}}).at("code"), "NOTHING_RECORDED");
  EXPECT_EQ(finish(session({{"minutes", 5}})).at("code"), "NOTHING_RECORDED");
}

TEST_F(RecordingTest, IsItsOwnersAlone) {
  const auto id = session();
  const auto bob = join("bob@example.com");
  EXPECT_EQ(chunk(id, 0, "mine", bob).status, 404);
  EXPECT_EQ(get("/api/recording/" + id, bob).status, 404);
  EXPECT_EQ(remove("/api/recording/" + id, bob).status, 404);
  EXPECT_EQ(post("/api/recording/finish", {{"session_id", id}}, bob).status, 404);
  EXPECT_EQ(post("/api/recording/start", {{"podcast_id", podcast}}, bob).status, 404);
  EXPECT_EQ(post("/api/recording/start", {{"episode_id", begin_episode(podcast)}}, bob).status, 404);
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(post("/api/recording/start", json::object(), token).status, 400);
  EXPECT_EQ(start({{"mime_type", "text/html"}}).status, 400);
  EXPECT_EQ(chunk(id, -1, "x").status, 400);
  EXPECT_EQ(chunk("unknown", 0, "x").status, 404);
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(RecordingTest, HoldsMinutesUntilItsLengthIsKnown) {
  EXPECT_EQ(start({{"minutes", 100}}).at("limit_seconds"), 6000);
  const auto second = start();
  EXPECT_EQ(second.at("limit_seconds"), 1200) << "what is left of two hours";
  EXPECT_EQ(used("recording"), 7200);
  const auto refused = start();
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.at("code"), "RECORDING_LIMIT_REACHED");
  EXPECT_EQ(refused.at("upgrade_url"), "/pricing");

  const auto id = text(second.at("session_id"));
  chunk(id, 0, "ten minutes");
  const auto episode = text(finish(id).at("episode_id"));
  run_jobs();
  EXPECT_EQ(used("recording"), 7200);
  const auto source = run_task(store::episode(*database, episode))->source_id.value();
  EXPECT_TRUE(PodcastsHouse::finish(source, "mp3", 599.2));
  EXPECT_EQ(used("recording"), 6000 + 601) << "as long as it was recorded";
  take_plan("pro");
  EXPECT_EQ(start({{"minutes", kMostMinutes}}).at("limit_seconds").to_number<double>(),
            media::RecordingOptions().max_seconds);
  EXPECT_EQ(start({{"minutes", kMostMinutes + 1}}).status, 400) << "nobody could work on it";
}

TEST_F(RecordingTest, NeedsMoreMinutesWhereItIsLongerThanWhatItHolds) {
  const auto recorded = [&](double seconds) {
    const auto id = session({{"minutes", 10}});
    chunk(id, 0, "begin");
    const auto episode = text(finish(id).at("episode_id"));
    run_jobs();
    const auto source = run_task(store::episode(*database, episode))->source_id.value();
    return PodcastsHouse::finish(source, "mp3", seconds - 1);
  };
  EXPECT_TRUE(recorded(1200));
  EXPECT_EQ(used("recording"), 1200) << "the plan has them";
  ASSERT_TRUE(use(ids.at("ada@example.com"), "recording", 5400));
  EXPECT_TRUE(recorded(659));
  EXPECT_EQ(used("recording"), 7259) << "nobody stops to the second";
}

TEST_F(RecordingTest, HoldsNoMinutesForWhoWentAway) {
  const auto left = session({{"minutes", 100}}), goes_on = session();
  chunk(left, 0, "begin");
  EXPECT_EQ(start().status, 403);
  clock.advance(std::chrono::minutes(50));
  token = join_again();
  chunk(goes_on, 0, "begin");
  clock.advance(std::chrono::minutes(11));
  run_task(intakes.drop_unfinished());
  EXPECT_EQ(used("recording"), 1200) << "of the one that goes on";
  EXPECT_EQ(start().status, 201) << "whose browser died can try again";
  EXPECT_EQ(used("recording"), 4800);

  token = join_again();
  const auto ended = finish(left);
  ASSERT_EQ(ended.status, 202) << ended.body;
  EXPECT_EQ(used("recording"), 7200) << "what is left is held for it again";
  run_jobs();
  const auto source = run_task(store::episode(*database, text(ended.at("episode_id"))))->source_id.value();
  EXPECT_TRUE(PodcastsHouse::finish(source, "mp3", 1999));
  EXPECT_EQ(used("recording"), 4800 + 2000) << "it counts as long as it is";
  clock.advance(std::chrono::hours(2));
  run_task(intakes.drop_unfinished());
  EXPECT_EQ(used("recording"), 2000);
  ASSERT_TRUE(use(ids.at("ada@example.com"), "recording", 5200));
  token = join_again();
  EXPECT_EQ(finish(goes_on).at("code"), "RECORDING_LIMIT_REACHED") << "nothing is lost: it can be finished later";
  take_plan("pro");
  EXPECT_EQ(finish(goes_on).status, 202);
}

TEST_F(RecordingTest, SaysWhatItHoldsAgain) {
  const auto left = session({{"minutes", 100}});
  chunk(left, 0, "begin");
  clock.advance(std::chrono::minutes(61));
  run_task(intakes.drop_unfinished());
  EXPECT_EQ(used("recording"), 0);
  ASSERT_TRUE(use(ids.at("ada@example.com"), "recording", 5000));
  token = join_again();
  const auto ended = finish(left);
  EXPECT_EQ(ended.at("limit_seconds"), 2200) << "what is left of two hours";
  EXPECT_EQ(used("recording"), 5000 + 2200);
  run_jobs();
  const auto source = run_task(store::episode(*database, text(ended.at("episode_id"))))->source_id.value();
  EXPECT_TRUE(PodcastsHouse::finish(source, "mp3", 2199));
  EXPECT_EQ(used("recording"), 5000 + 2200);
}

TEST_F(RecordingTest, IsThrownAwayWithAllItHolds) {
  const auto id = session();
  chunk(id, 0, "begin");
  EXPECT_EQ(remove("/api/recording/" + id).status, 204);
  EXPECT_EQ(look(id).status, 404);
  EXPECT_EQ(used("recording"), 0);
  EXPECT_EQ(used("storage"), 0);
  EXPECT_EQ(chunk(id, 1, "late").status, 404);
  run_jobs();
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(RecordingTest, GoesWhenNobodyFinishesIt) {
  const auto left = session(), kept = session();
  chunk(left, 0, "begin");
  clock.advance(days(5));
  token = join_again();
  chunk(kept, 0, "begin");
  clock.advance(days(3));
  run_task(intakes.drop_unfinished());
  EXPECT_EQ(run_task(leftovers.sweep()), 1);
  token = join_again();
  EXPECT_EQ(look(left).status, 404);
  EXPECT_EQ(look(kept).status, 200);
  EXPECT_EQ(used("storage"), 5);
  clock.advance(days(8));
  run_task(leftovers.sweep());
  EXPECT_EQ(run_task(database->query<std::string>("SELECT id FROM podcasts_intakes")).size(), 1U);
}

TEST_F(RecordingTest, LeavesNothingOfWhatNobodyKnowsOf) {
  const auto dropped = session({{"minutes", 5}}), kept = session({{"minutes", 5}});
  EXPECT_EQ(remove("/api/recording/" + dropped).status, 204);
  run_jobs();
  leave(audio_key(dropped));
  clock.advance(days(8));
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), IsEmpty());

  leave(audio_key(kept));
  leave(piece_folder(kept) + "0");
  run_task(PodcastsData(*database, storage).forget(ids.at("ada@example.com"), ""));
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(RecordingTest, GoesWithItsEpisode) {
  const auto episode = begin_episode(podcast);
  const auto id = session({{"episode_id", episode}});
  chunk(id, 0, "begin");
  EXPECT_EQ(finish(id).at("episode_id"), episode.c_str());
  leave(audio_key(id));  // by a process that died when it had joined it
  EXPECT_EQ(remove("/api/episodes/" + episode).status, 204);
  run_jobs();
  EXPECT_EQ(used("storage"), 0);
  EXPECT_EQ(used("recording"), 0);
  EXPECT_THAT(objects(), IsEmpty());

  const auto other = session();
  chunk(other, 0, "begin");
  EXPECT_EQ(remove("/api/podcasts/" + podcast).status, 204);
  run_jobs();
  EXPECT_EQ(used("recording"), 0);
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(RecordingTest, CanBeFinishedAgainWhereJoiningFails) {
  run_task(webhooks.create({.owner = ids.at("ada@example.com"), .product = product, .url = "https://example.com/"}));
  const auto id = session();
  chunk(id, 0, "begin");
  const auto episode = text(finish(id).at("episode_id"));
  storage.broken = true;
  run_jobs();
  EXPECT_EQ(see(episode).at("processing_status"), "error");
  EXPECT_EQ(see(episode).at("processing_error"), "The disk is gone.");
  EXPECT_EQ(look(id).at("status"), "recording") << "what was sent stays";
  EXPECT_THAT(told("episode.failed"), SizeIs(1));
  EXPECT_EQ(finish(id).status, 202);
  run_jobs();
  EXPECT_THAT(told("episode.failed"), SizeIs(2)) << "once for each time";
  ASSERT_THAT(mailboxes.letters, SizeIs(Ge(1)));
  EXPECT_THAT(mailboxes.letters.back().text, HasSubstr("The disk is gone."));
  storage.broken = false;
  EXPECT_EQ(finish(id).at("episode_id"), episode.c_str());
  run_jobs();
  EXPECT_EQ(see(episode).at("processing_status"), "uploaded");
  EXPECT_EQ(source_of(episode), "begin");
}

TEST_F(RecordingTest, IsRefusedWhereStorageIsFull) {
  const auto id = session();
  chunk(id, 0, "begin");
  ASSERT_TRUE(use(ids.at("ada@example.com"), "storage", 3'000'000'000 - 8));
  const auto refused = chunk(id, 1, "four");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.at("code"), "STORAGE_LIMIT_REACHED");
  EXPECT_EQ(look(id).at("bytes"), 5);
  EXPECT_THAT(objects(), SizeIs(1));
  EXPECT_EQ(chunk(id, 1, "3 b").status, 200);
}

TEST(Chunks, AreNamed) {
  EXPECT_EQ(names_of({}), "");
  EXPECT_EQ(names_of({4}), "4");
  EXPECT_EQ(names_of({1, 2, 3, 7}), "1–3 and 7");
}

RC_GTEST_PROP(Chunks, AreThereOrMissing, (const std::set<std::uint8_t>& came, std::uint8_t wanted)) {
  const std::vector<std::int64_t> numbers(came.begin(), came.end());
  const auto come = chunks_come(numbers, wanted, 3);
  std::vector<std::int64_t> missing;
  for (std::int64_t i = 0; i < wanted; ++i)
    if (!came.contains(static_cast<std::uint8_t>(i))) missing.push_back(i);
  RC_ASSERT(come.missing_count == std::ssize(missing));
  RC_ASSERT(come.contiguous == (missing.empty() ? wanted : missing.front()));
  missing.resize(std::min<std::size_t>(missing.size(), 3));
  RC_ASSERT(come.missing == missing);
}

}  // namespace
}  // namespace odeon::podcasts
