#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"
#include "products/podcasts/texts/texts_house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Sentences of four seconds with half a second between them.
std::string long_talk(double seconds, std::size_t silence_before = 0) {
  Pcm sound{16'000, 1, std::vector<float>(16'000 * silence_before)};
  for (std::uint32_t sentence = 0; sound.seconds() < seconds; ++sentence) {
    media::signals::append(sound, media::signals::speech(4, sentence, 16'000));
    media::signals::append(sound, {16'000, 1, std::vector<float>(8'000)});
  }
  return media::wav(sound);
}

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
}

// A sound that arrives goes all the way by itself, and whoever waits is told when all is done.
TEST_F(Transcribing, FollowsTheSound) {
  take_plan("creator");
  run_task(webhooks.create({.owner = ids.at("ada@example.com"), .product = product, .url = "https://example.com/"}));
  audio.on_arrival([this](Transaction& tx, Arrived arrived) { return processing.begin(tx, std::move(arrived)); });
  processing.on_processed(
      [this](Transaction& tx, ProcessedEpisode episode) { return transcripts.processed(tx, std::move(episode)); });
  writer->answer = R"({"summary":"Piece said.","chapters":[],"key_points":[],"quotes":[],"links":[],"names":[]})";
  const auto episode = begin_episode(podcast);
  bring(episode, long_talk(70, 4));
  for (int i = 0; i < 3; ++i) run_jobs();
  const auto seen = see(episode);
  EXPECT_EQ(seen.at("processing_status"), "complete") << seen.body;
  EXPECT_THAT(text_of(seen, "transcript"), HasSubstr("Piece 1, said."));
  EXPECT_EQ(seen.at("show_notes"), "Piece said.");
  EXPECT_EQ(seen.at("show_notes_json").at("model"), "acted/writer");
  const auto all = events();
  EXPECT_EQ(
      std::ranges::count_if(all, [](const json::value& event) { return text(event.at("type")) == kEpisodeProcessed; }),
      1);

  // The same recording with other cuts: what was corrected moves with them, and is not transcribed again.
  const double start = seen.at("transcript_json").at("segments").at(0).at("startTime").to_number<double>();
  const auto pieces = ears->asked.size();
  ASSERT_EQ(put("/api/episodes/" + episode + "/transcript", {{"text", "Corrected."}}).status, 200);
  ASSERT_EQ(post("/api/episodes/" + episode + "/process", {{"remove_silences", false}}, token).status, 202);
  for (int i = 0; i < 3; ++i) run_jobs();
  const auto moved = see(episode);
  EXPECT_EQ(moved.at("processing_status"), "complete") << moved.body;
  EXPECT_EQ(moved.at("transcript"), "Corrected.");
  EXPECT_NEAR(moved.at("transcript_json").at("segments").at(0).at("startTime").to_number<double>(), start + 3.7, 0.3);
  EXPECT_EQ(ears->asked.size(), pieces);

  // Without the wish for one, a new sound has none, and the old one's is gone.
  ASSERT_EQ(post("/api/episodes/" + episode + "/process", {{"transcribe", false}}, token).status, 202);
  run_jobs();
  EXPECT_TRUE(see(episode).at("transcript").is_null());
  EXPECT_EQ(see(episode).at("processing_status"), "complete");
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
