#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/podcasts/texts/texts_house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Transcribing : TextsHouse {
  Transcribing() : podcast(begin_podcast()) {}
  Reply transcribe(const std::string& episode, json::object body = {}) {
    return post("/api/episodes/" + episode + "/transcribe", std::move(body), token);
  }
  Reply transcript(const std::string& episode, const std::string& format = "json") {
    return get("/api/episodes/" + episode + "/transcript?format=" + format, token);
  }
  std::int64_t kept_pieces() {
    return run_task(database->find<std::int64_t>("SELECT count(*) FROM podcasts_heard_pieces")).value();
  }
  std::string podcast;
};

TEST_F(Transcribing, WritesDownWhatIsSaid) {
  const auto episode = heard_episode(podcast, long_talk(150), 153);
  EXPECT_EQ(transcript(episode).status, 404);
  const auto begun = transcribe(episode);
  ASSERT_EQ(begun.status, 202) << begun.body;
  EXPECT_EQ(see(episode).at("processing_status"), "transcribing");
  EXPECT_EQ(transcribe(episode).at("job_id"), begun.at("job_id"));  // under way
  run_jobs();
  ASSERT_EQ(ears->asked.size(), 3U);
  for (const auto& piece : ears->asked) {
    EXPECT_LE(piece.seconds, 55);
    EXPECT_EQ(piece.media_type, "audio/wav");
    EXPECT_EQ(piece.language, "en");
    EXPECT_EQ(piece.payer.user_id, ids.at("ada@example.com"));
    EXPECT_EQ(piece.payer.tier, "free");
  }
  const auto seen = see(episode);
  EXPECT_EQ(seen.at("processing_status"), "complete");
  EXPECT_EQ(seen.at("status"), "draft");
  EXPECT_TRUE(seen.at("processing_error").is_null());
  EXPECT_EQ(seen.at("transcript"), "Piece 1, said.\n\nPiece 2, said.\n\nPiece 3, said.");
  const auto kept = seen.at("transcript_json");
  EXPECT_EQ(kept.at("model"), "acted/ears");
  const auto& segments = kept.at("segments").as_array();
  ASSERT_EQ(segments.size(), 3U);
  EXPECT_EQ(segments[0].at("startTime").to_number<double>(), 1);
  EXPECT_NEAR(segments[1].at("startTime").to_number<double>(), 1 + ears->asked[0].seconds, 0.001);
  EXPECT_EQ(kept_pieces(), 0);
  EXPECT_THAT(transcript(episode, "vtt").body, HasSubstr("WEBVTT\n\n00:00:01.000 --> 00:00:02.400\nPiece 1, said.\n"));
  EXPECT_THAT(transcript(episode, "srt").body, HasSubstr("1\n00:00:01,000 --> 00:00:02,400\nPiece 1, said.\n"));
  EXPECT_EQ(transcript(episode, "txt").body, text_of(seen, "transcript") + "\n");
  EXPECT_EQ(transcript(episode, "pdf").status, 400);
}

// What was heard before it broke is not asked again.
TEST_F(Transcribing, GoesOnWhereItWasCutOff) {
  const auto episode = heard_episode(podcast, long_talk(300), 303);
  ears->answers = 2;
  ASSERT_EQ(transcribe(episode).status, 202);
  run_jobs();
  const auto seen = see(episode);
  EXPECT_EQ(seen.at("processing_status"), "complete");
  EXPECT_THAT(text_of(seen, "processing_error"), HasSubstr("The transcript could not be made."));
  EXPECT_EQ(kept_pieces(), 2);
  const auto audio = seen.at("audio_file_url");
  EXPECT_FALSE(audio.is_null());

  const auto before = ears->asked.size();
  ears->answers = 1'000;
  ASSERT_EQ(transcribe(episode).status, 202);
  run_jobs();
  const auto again = see(episode);
  EXPECT_TRUE(again.at("processing_error").is_null());
  const auto pieces = again.at("transcript_json").at("segments").as_array().size();
  EXPECT_EQ(ears->asked.size() - before, pieces - 2);
}

TEST_F(Transcribing, AnotherLanguageIsHeardFromTheBeginning) {
  const auto episode = heard_episode(podcast, long_talk(300), 303);
  ears->answers = 2;
  ASSERT_EQ(transcribe(episode).status, 202);
  run_jobs();
  ASSERT_EQ(kept_pieces(), 2);

  const auto before = std::ssize(ears->asked);
  ears->answers = 1'000;
  ASSERT_EQ(transcribe(episode, {{"language", "de"}}).status, 202);
  run_jobs();
  EXPECT_TRUE(std::ranges::all_of(ears->asked.begin() + before, ears->asked.end(),
                                  [](const auto& request) { return request.language == "de"; }));
  const auto pieces = see(episode).at("transcript_json").at("segments").as_array().size();
  EXPECT_EQ(ears->asked.size() - static_cast<std::size_t>(before), pieces);
}

TEST_F(Transcribing, CostsTheMinutesThatWereHeard) {
  const auto episode = heard_episode(podcast, long_talk(150), 152.4);
  ears->answers = 0;
  ASSERT_EQ(transcribe(episode).status, 202);
  EXPECT_EQ(used("transcription"), 153) << "held";
  run_jobs();
  EXPECT_EQ(used("transcription"), 0) << "it failed";
  ears->answers = 1'000;
  ASSERT_EQ(transcribe(episode).status, 202);
  run_jobs();
  EXPECT_EQ(used("transcription"), 153);

  const auto replaced = heard_episode(podcast, long_talk(40), 40);
  ASSERT_EQ(transcribe(replaced).status, 202);
  bring(replaced, "another recording");
  run_jobs();
  EXPECT_EQ(used("transcription"), 153) << "nobody heard it";

  leave_minutes(60);
  const auto refused = transcribe(episode, {{"language", "de"}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.at("code"), "TRANSCRIPTION_LIMIT_REACHED");
  EXPECT_EQ(refused.at("upgrade_url"), "/pricing");
  EXPECT_EQ(see(episode).at("processing_status"), "complete");
}

TEST_F(Transcribing, ReplacedSoundIsWrittenDownNoMore) {
  const auto episode = heard_episode(podcast, long_talk(40), 40);
  ASSERT_EQ(transcribe(episode).status, 202);
  bring(episode, "another recording");
  run_jobs();
  EXPECT_TRUE(ears->asked.empty());
  EXPECT_TRUE(see(episode).at("transcript").is_null());
  EXPECT_EQ(transcribe(episode).status, 409);
}

TEST_F(Transcribing, KnowsWhoMayAndWhen) {
  const auto empty = begin_episode(podcast);
  const auto early = transcribe(empty);
  EXPECT_EQ(early.status, 409);
  EXPECT_EQ(early.at("code"), "AUDIO_NOT_READY") << early.body;
  const auto other = join("eve@example.com");
  const auto episode = heard_episode(podcast, long_talk(10), 10);
  EXPECT_EQ(post("/api/episodes/" + episode + "/transcribe", {}, other).status, 404);
  EXPECT_EQ(get("/api/episodes/" + episode + "/transcript", other).status, 404);
  EXPECT_EQ(put("/api/episodes/" + episode + "/transcript", {{"text", "mine"}}, other).status, 404);
  EXPECT_EQ(transcribe(episode, {{"language", "not a language"}}).status, 400);
  EXPECT_EQ(put("/api/episodes/" + episode + "/transcript", {{"text", "nothing to correct"}}).status, 404);
}

TEST_F(Transcribing, CorrectionsKeepTheTimes) {
  const auto episode = heard_episode(podcast, long_talk(10), 13);
  ASSERT_EQ(transcribe(episode).status, 202);
  run_jobs();
  const auto corrected = put("/api/episodes/" + episode + "/transcript", {{"text", "Peace number 1, was said!"}});
  ASSERT_EQ(corrected.status, 200) << corrected.body;
  const auto segment = corrected.at("segments").at(0);
  const auto& words = segment.at("words").as_array();
  ASSERT_EQ(words.size(), 5U);
  EXPECT_EQ(words[2].at(0), "1,");
  EXPECT_EQ(words[2].at(1).to_number<double>(), 1.5);
  EXPECT_EQ(words[4].at(0), "said!");
  EXPECT_EQ(words[4].at(2).to_number<double>(), 2.4);
  EXPECT_EQ(see(episode).at("transcript"), "Peace number 1, was said!");

  // The same words are no correction, of which a feed would have to tell.
  ASSERT_EQ(post("/api/episodes/" + episode + "/publish", {}, token).status, 200);
  const std::string feed(get("/feeds/the-morning-after.xml").headers.get("ETag"));
  ASSERT_EQ(put("/api/episodes/" + episode + "/transcript", {{"text", "Peace number 1, was  said!"}}).status, 200);
  EXPECT_EQ(get("/feeds/the-morning-after.xml").headers.get("ETag"), feed);
  ASSERT_EQ(put("/api/episodes/" + episode + "/transcript", {{"text", "Peace number 1 was said!"}}).status, 200);
  EXPECT_NE(get("/feeds/the-morning-after.xml").headers.get("ETag"), feed);
}

// Nobody but what is on board.
struct TranscribingOffline : TextsHouse {
  TranscribingOffline() : TextsHouse(Cast::on_board), podcast(begin_podcast()) {}
  std::string podcast;
};

TEST_F(TranscribingOffline, HumanSpeechIsUnderstoodAndTimed) {
  const auto samples = read_aloud(5);
  const auto episode = heard_episode(podcast, wav_around(samples), static_cast<double>(samples.size()) / 32'000);
  ASSERT_EQ(post("/api/episodes/" + episode + "/transcribe", {}, token).status, 202);
  run_jobs();
  const auto seen = see(episode);
  ASSERT_EQ(seen.at("processing_status"), "complete");
  ASSERT_TRUE(seen.at("processing_error").is_null()) << seen.body;
  EXPECT_EQ(seen.at("transcript_json").at("model"), "odeon-offline/pocketsphinx");
  const auto words = read_transcript(seen.at("transcript_json")).words();
  const auto when = [&](std::string_view wanted) {
    const auto found = std::ranges::find(words, wanted, &ai::Spoken::text);
    return found != words.end() ? found->start : -1;
  };
  // As pocketsphinx_continuous tells them of each sentence alone.
  EXPECT_NEAR(when("john"), 0.63, 0.2) << seen.at("transcript");
  EXPECT_NEAR(when("power"), 5.74, 0.2);
  EXPECT_GT(when("respectable"), 20);
  EXPECT_NEAR(static_cast<double>(words.size()), 71, 12);
}

TEST_F(TranscribingOffline, OtherLanguagesSayWhatToSetUp) {
  const auto samples = read_aloud(1);
  const auto episode = heard_episode(podcast, wav_around(samples), static_cast<double>(samples.size()) / 32'000);
  ASSERT_EQ(post("/api/episodes/" + episode + "/transcribe", {{"language", "de"}}, token).status, 202);
  run_jobs();
  const auto seen = see(episode);
  EXPECT_EQ(seen.at("processing_status"), "complete");
  EXPECT_THAT(text_of(seen, "processing_error"), HasSubstr("OPENAI_API_KEY"));
}

}  // namespace
}  // namespace odeon::podcasts
