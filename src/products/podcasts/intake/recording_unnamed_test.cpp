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
  EXPECT_EQ(send_chunk("the last one, which is late").at("code"), "NO_RECORDING");
  EXPECT_EQ(post("/api/recording/finish", json::object(), token).at("code"), "NO_RECORDING");
  run_jobs();
  EXPECT_EQ(source_of(text(ended.at("episode_id"))), webm("onetwothree"));
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
