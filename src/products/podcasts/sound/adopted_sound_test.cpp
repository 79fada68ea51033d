// Sounds that came finished, as an import brings them, and what is done to them then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/media/encode.hpp"
#include "products/podcasts/texts/texts_house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct AdoptedSound : TextsHouse {
  AdoptedSound() {
    follow_sounds();
    podcast = begin_podcast();
    episode = begin_episode(podcast);
    run_task(adopt());
  }
  Task<void> adopt() {
    const auto user = ids.at("ada@example.com");
    const auto placed = co_await audio.make_for(user, episode);
    key = placed.value();
    co_await storage::put(storage, key, mp3, {.content_type = "audio/mpeg"});
    auto tx = co_await database->begin();
    const auto held = co_await allowances.reserve(*tx, user, product, "storage", std::ssize(mp3));
    co_await allowances.settle(*tx, held.value());
    EXPECT_TRUE(co_await audio.adopt(*tx, {.user_id = user,
                                           .episode_id = episode,
                                           .storage_key = key,
                                           .media_type = "audio/mpeg",
                                           .bytes = std::ssize(mp3),
                                           .counted = std::ssize(mp3),
                                           .seconds = 30.0}));
    co_await tx->commit();
  }
  Reply transcribe() { return post("/api/episodes/" + episode + "/transcribe", {}, token); }
  std::string heard_key() { return run_task(store::episode(*database, episode)).value().audio_key.value(); }
  std::int64_t bytes_heard() { return std::ssize(bytes_of(heard_key())); }
  // Also what was heard in the week before.
  void sweep_all() {
    clock.advance(std::chrono::days(8));
    run_task(leftovers.sweep());
  }

  const std::string mp3 = media::wrap_mp3(media::encode_mp3(media::signals::speech(30, 1, 44'100), 64'000, 1));
  std::string podcast, episode, key;
};

TEST_F(AdoptedSound, IsWorkedOnAndStaysAsItCame) {
  ASSERT_EQ(post("/api/episodes/" + episode + "/publish", {}, token).status, 200);
  const auto outline = get("/api/episodes/" + episode + "/waveform", token);
  EXPECT_EQ(outline.at("code"), "NO_WAVEFORM");
  EXPECT_THAT(outline.body, HasSubstr("came finished"));

  ASSERT_EQ(process(episode, {{"transcribe", false}}).status, 202);
  EXPECT_EQ(see(episode).at("audio_file_size_bytes"), std::ssize(mp3)) << "it is heard until then";
  work_to_the_end();
  EXPECT_EQ(see(episode).at("processing_status"), "complete") << see(episode).body;
  EXPECT_EQ(get("/api/episodes/" + episode + "/waveform", token).status, 200);
  EXPECT_NE(heard_key(), key);
  EXPECT_EQ(used("storage"), std::ssize(mp3) + bytes_heard());
  sweep_all();
  EXPECT_THAT(objects(), SizeIs(2));
  EXPECT_EQ(source_of(episode), mp3);

  token = join_again();
  ASSERT_EQ(process(episode, {{"bitrate", 64}}).status, 202) << "and again";
  work_to_the_end();
  EXPECT_EQ(see(episode).at("processing_status"), "complete") << see(episode).body;
  bring(episode, long_talk(10));
  work_to_the_end();
  sweep_all();
  EXPECT_THAT(objects(), Not(Contains(key)));
  EXPECT_THAT(objects(), SizeIs(2));
  EXPECT_EQ(used("storage"), std::ssize(source_of(episode)) + bytes_heard());
}

TEST_F(AdoptedSound, IsWrittenDownAsItCame) {
  ASSERT_EQ(transcribe().status, 202);
  work_to_the_end();
  EXPECT_EQ(heard_key(), key);
  EXPECT_THAT(text_of(see(episode), "transcript"), HasSubstr("Piece 1, said."));
  EXPECT_EQ(used("storage"), std::ssize(mp3));
  EXPECT_EQ(transcribe().at("processing_status"), "complete") << "once is enough";

  // Nothing was cut out of it, and that is known when it is worked on.
  ASSERT_EQ(put("/api/episodes/" + episode + "/transcript", {{"text", "Corrected."}}).status, 200);
  ASSERT_EQ(process(episode).status, 202);
  work_to_the_end();
  EXPECT_EQ(see(episode).at("transcript"), "Corrected.");
}

TEST_F(AdoptedSound, IsHeardUntilAnotherTakeIsFinished) {
  ASSERT_EQ(transcribe().status, 202);
  const auto take = long_talk(10);
  bring(episode, take);
  run_task(leftovers.sweep());
  EXPECT_EQ(bytes_of(key), mp3);
  EXPECT_EQ(used("storage"), std::ssize(mp3) + std::ssize(take));
  work_to_the_end();
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), Not(Contains(key)));
  EXPECT_EQ(used("storage"), std::ssize(take) + bytes_heard());
}

TEST_F(AdoptedSound, GoesWithItsEpisode) {
  ASSERT_EQ(transcribe().status, 202);
  EXPECT_EQ(remove("/api/episodes/" + episode).status, 204);
  run_jobs();
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(used("storage"), 0);
}

}  // namespace
}  // namespace odeon::podcasts
