// Recorders that know of no session.
#include <gmock/gmock.h>

#include "products/podcasts/house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

struct UnnamedRecordingTest : PodcastsHouse {
  UnnamedRecordingTest() : podcast(begin_podcast()) {}

  Reply look(const std::string& session) { return get("/api/recording/" + session, token); }
  // As a browser begins a file.
  static std::string webm(const std::string& rest) { return "\x1A\x45\xDF\xA3" + rest; }
  Reply finish() { return post("/api/recording/finish", json::object(), token); }
  Reply send_chunk(const std::string& bytes) { return send("/api/recording/upload", {}, "chunk", bytes); }
  std::string session_of(const Reply& reply) {
    EXPECT_EQ(reply.status / 100, 2) << reply.body;
    return reply.status / 100 == 2 ? text(reply.at("session_id")) : "";
  }

  std::string podcast;
};

TEST_F(UnnamedRecordingTest, IsWhatComes) {
  const auto first = send_chunk(webm("one"));
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.at("number"), 0);
  EXPECT_EQ(send_chunk("two").at("number"), 1);
  EXPECT_EQ(send_chunk("two").at("known"), true) << "an answer was lost";
  EXPECT_EQ(send_chunk("three").at("number"), 2);
  EXPECT_EQ(look(text(first.at("session_id"))).at("podcast_id"), json::value(podcast));
  const auto ended = post("/api/recording/finish", {{"remove_noise", false}}, token);
  ASSERT_EQ(ended.status, 202) << ended.body;
  EXPECT_EQ(ended.at("session_id"), first.at("session_id"));
  EXPECT_EQ(send_chunk("three").at("known"), true);
  EXPECT_EQ(send_chunk("the last one, which is late").at("code"), "RECORDING_FINISHED");
  run_jobs();
  EXPECT_EQ(send_chunk("later still").at("code"), "RECORDING_FINISHED");
  EXPECT_EQ(source_of(text(ended.at("episode_id"))), webm("onetwothree"));
}

TEST_F(UnnamedRecordingTest, IsFinishedAgainAndNoOtherInItsPlace) {
  const auto left = session_of(send_chunk(webm("yesterday")));
  send_chunk(webm("today"));
  const auto ended = finish();
  ASSERT_EQ(ended.status, 202) << ended.body;
  EXPECT_EQ(finish().at("session_id"), ended.at("session_id")) << "an answer was lost";
  run_jobs();
  EXPECT_EQ(finish().at("episode_id"), ended.at("episode_id"));
  EXPECT_EQ(send_chunk("the last one, which is late").at("code"), "RECORDING_FINISHED");
  EXPECT_EQ(look(left).at("bytes"), std::ssize(webm("yesterday")));
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(finish().at("session_id"), json::value(left)) << "it is asked for anew";
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(finish().at("code"), "NO_RECORDING");
}

// The recorder that is printed in people's tutorials sends all that it has once more.
struct WholeRecordingTest : UnnamedRecordingTest {
  Reply finish_with(const std::string& bytes, const std::vector<std::pair<std::string, std::string>>& fields = {}) {
    return send("/api/recording/finish", fields, "audio", bytes);
  }
  std::string source_after(const Reply& ended) {
    EXPECT_EQ(ended.status, 202) << ended.body;
    run_jobs();
    return source_of(text(ended.at("episode_id")));
  }
};

TEST_F(WholeRecordingTest, IsPassedOverWhereAllChunksCame) {
  const auto first = send_chunk(webm("one"));
  send_chunk("two");
  const auto ended = finish_with(webm("onetwo"), {{"title", "Monday"}, {"remove_noise", "false"}});
  EXPECT_EQ(ended.at("session_id"), first.at("session_id"));
  EXPECT_EQ(ended.at("status"), "joining");
  EXPECT_EQ(source_after(ended), webm("onetwo"));
  EXPECT_EQ(see(text(ended.at("episode_id"))).at("title"), "Monday");
  EXPECT_EQ(finish_with(webm("onetwo")).at("session_id"), ended.at("session_id")) << "an answer was lost";
  run_jobs();
  EXPECT_THAT(objects(), SizeIs(1)) << "what was sent twice is kept once";
  EXPECT_EQ(used("storage"), std::ssize(webm("onetwo")));
}

TEST_F(WholeRecordingTest, IsTakenWhereAChunkIsMissing) {
  send_chunk(webm("one"));
  send_chunk("three");  // two was lost
  const auto ended = finish_with(webm("onetwothree"));
  EXPECT_EQ(ended.at("status"), "finished");
  EXPECT_EQ(source_after(ended), webm("onetwothree"));
  EXPECT_EQ(used("recording"), 3600) << "until it is measured";
  EXPECT_EQ(finish_with(webm("onetwothree")).at("episode_id"), ended.at("episode_id"));
  run_jobs();
  EXPECT_THAT(objects(), SizeIs(1));
  EXPECT_EQ(used("storage"), std::ssize(webm("onetwothree")));

  const auto session = session_of(post("/api/recording/start", {{"podcast_id", podcast}}, token));
  send("/api/recording/upload", {{"session_id", session}, {"number", "1"}}, "chunk", "b");
  EXPECT_EQ(source_after(finish_with(webm("ab"), {{"session_id", session}})), webm("ab")) << "by its number";
}

TEST_F(WholeRecordingTest, IsARecordingOfItsOwnWhereNoChunkOfItCame) {
  take_plan("pro");
  const auto left = session_of(send_chunk(webm("yesterday")));
  const auto first = finish_with(webm("today")), second = finish_with(webm("this afternoon"));
  EXPECT_EQ(source_after(first), webm("today"));
  EXPECT_EQ(source_after(second), webm("this afternoon"));
  EXPECT_EQ(look(left).at("status"), "recording");
  EXPECT_EQ(finish_with("in the middle of something").at("code"), "NO_RECORDING");
}

TEST_F(WholeRecordingTest, IsNotKeptWhereItIsRefused) {
  send_chunk(webm("one"));
  EXPECT_EQ(finish_with(webm("onetwo"), {{"bitrate", "7"}}).status, 400);
  ASSERT_TRUE(use(ids.at("ada@example.com"), "storage", 3'000'000'000 - std::ssize(webm("one")) - 2));
  EXPECT_EQ(finish_with(webm("onetwo")).at("code"), "STORAGE_LIMIT_REACHED");
  EXPECT_THAT(objects(), SizeIs(1));
  EXPECT_EQ(finish_with(webm("onetw")).status, 202) << "only what is more than its chunks needs room";
}

TEST_F(UnnamedRecordingTest, BeginsWithAFile) {
  EXPECT_EQ(send_chunk("in the middle of something").at("code"), "NO_RECORDING");
  const auto first = send_chunk(webm("a")), second = send_chunk(webm("b"));
  EXPECT_NE(session_of(first), session_of(second)) << "its page was loaded again";
  EXPECT_EQ(session_of(send_chunk("c")), session_of(second));
  EXPECT_EQ(used("recording"), 2 * 3600);
  EXPECT_THAT(objects(), SizeIs(3)) << "what was refused is not kept";
}

TEST_F(UnnamedRecordingTest, GoesIntoWhatWasStartedForIt) {
  const auto started = session_of(post("/api/recording/start", {{"podcast_id", podcast}}, token));
  EXPECT_EQ(session_of(send_chunk(webm("d"))), started);
  EXPECT_EQ(used("recording"), 3600);
}

TEST_F(UnnamedRecordingTest, OfOggTheFirstPageBegins) {
  const auto page = [](char flags) { return std::string("OggS\0", 5) + flags + "page"; };
  EXPECT_EQ(send_chunk(page(0)).at("code"), "NO_RECORDING");
  const auto first = send_chunk(page(2));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(send_chunk(page(0)).at("session_id"), first.at("session_id"));
}

TEST_F(UnnamedRecordingTest, NeedsAPodcast) {
  const auto stranger = join("eve@example.com");
  EXPECT_EQ(send("/api/recording/upload", {}, "chunk", webm("x"), stranger).at("code"), "NO_PODCAST");
  EXPECT_THAT(objects(), IsEmpty());
}

}  // namespace
}  // namespace odeon::podcasts
