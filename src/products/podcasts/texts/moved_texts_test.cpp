// Transcripts and notes of sounds that are worked on, again and again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/media/id3.hpp"
#include "products/podcasts/texts/texts_house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::HasSubstr;

struct MovedTexts : TextsHouse {
  MovedTexts() {
    take_plan("creator");
    follow_sounds();
    writer->answer =
        R"({"summary":"Piece said.","chapters":[{"segment":1,"title":"Hello"},{"segment":2,"title":"Goodbye"}],)"
        R"("key_points":[],"quotes":[],"links":[],"names":[]})";
    episode = begin_episode(begin_podcast());
  }
  // Four seconds of silence before it, most of which are cut out.
  void bring_talk() {
    bring(episode, long_talk(70, 4));
    work_to_the_end();
    ASSERT_EQ(see(episode).at("processing_status"), "complete") << see(episode).body;
    ASSERT_FALSE(see(episode).at("transcript").is_null());
  }
  Reply correct() { return put("/api/episodes/" + episode + "/transcript", {{"text", "Corrected."}}); }
  Reply transcribe(json::object body = {}) {
    return post("/api/episodes/" + episode + "/transcribe", std::move(body), token);
  }
  double start() { return see(episode).at("transcript_json").at("segments").at(0).at("startTime").to_number<double>(); }
  double second_chapter() {
    return see(episode).at("show_notes_json").at("chapters").at(1).at("startTime").to_number<double>();
  }
  std::string tag() {
    const auto mp3 = bytes_of(run_task(store::episode(*database, episode)).value().audio_key.value());
    return mp3.substr(0, media::id3_size(mp3));
  }

  std::string episode;
};

// Whoever waits is told when all is done.
TEST_F(MovedTexts, FollowTheSound) {
  run_task(webhooks.create({.owner = ids.at("ada@example.com"), .product = product, .url = "https://example.com/"}));
  bring_talk();
  const auto seen = see(episode);
  EXPECT_THAT(text_of(seen, "transcript"), HasSubstr("Piece 1, said."));
  EXPECT_THAT(text_of(seen, "show_notes"), HasSubstr("Piece said."));
  EXPECT_EQ(seen.at("show_notes_json").at("model"), "acted/writer");
  const auto all = events();
  EXPECT_EQ(
      std::ranges::count_if(all, [](const json::value& event) { return text(event.at("type")) == kEpisodeProcessed; }),
      1);
}

TEST_F(MovedTexts, CorrectionsMoveWithOtherCuts) {
  bring_talk();
  const double before = start();
  const auto pieces = ears->asked.size();
  ASSERT_EQ(correct().status, 200);
  ASSERT_EQ(process(episode, {{"remove_silences", false}}).status, 202);
  work_to_the_end();
  EXPECT_EQ(see(episode).at("transcript"), "Corrected.");
  EXPECT_NEAR(start(), before + 3.7, 0.3);
  EXPECT_EQ(ears->asked.size(), pieces);
}

// Whether a sound is written down anew does not say that what was written is to be lost.
TEST_F(MovedTexts, MoveWhereNothingNewIsWanted) {
  bring_talk();
  const double before = start();
  ASSERT_EQ(correct().status, 200);
  ASSERT_EQ(process(episode, {{"transcribe", false}, {"language", "de"}, {"remove_silences", false}}).status, 202);
  work_to_the_end();
  EXPECT_EQ(see(episode).at("processing_status"), "complete");
  EXPECT_EQ(see(episode).at("transcript"), "Corrected.");
  EXPECT_NEAR(start(), before + 3.7, 0.3);

  // Another recording has none then, nor notes of what was said before.
  bring(episode, long_talk(20));
  work_to_the_end();
  EXPECT_EQ(see(episode).at("processing_status"), "complete");
  EXPECT_TRUE(see(episode).at("transcript").is_null());
  EXPECT_TRUE(see(episode).at("show_notes").is_null());
}

// Chapters are in three places: in the notes, in their text, and in the sound.
TEST_F(MovedTexts, ChaptersMoveEverywhere) {
  bring_talk();
  ASSERT_THAT(tag(), HasSubstr("CTOC"));
  const double before = second_chapter();
  const auto asked = writer->asked.size();
  ASSERT_EQ(process(episode, {{"show_notes", false}, {"remove_silences", false}}).status, 202);
  work_to_the_end();
  EXPECT_NEAR(second_chapter(), before + 3.7, 0.3);
  EXPECT_EQ(writer->asked.size(), asked);
  const auto notes = json::from<ShowNotes>(json::write(see(episode).at("show_notes_json")));
  EXPECT_EQ(text_of(see(episode), "show_notes"), notes_text(notes));
  EXPECT_THAT(tag(), HasSubstr("CTOC"));
  EXPECT_THAT(tag(), HasSubstr("Goodbye"));

  // What its owner wrote stays as they wrote it.
  put("/api/episodes/" + episode, {{"show_notes", "- 00:07 My own words"}});
  ASSERT_EQ(process(episode, {{"remove_silences", true}}).status, 202);
  work_to_the_end();
  EXPECT_EQ(see(episode).at("show_notes"), "- 00:07 My own words");
  EXPECT_NEAR(second_chapter(), before, 0.3);
  bring(episode, long_talk(20));
  work_to_the_end();
  EXPECT_EQ(see(episode).at("show_notes"), "- 00:07 My own words");
}

TEST_F(MovedTexts, ChaptersAreInTheSoundThoughNoNewNotesCame) {
  bring_talk();
  storage.after_put = [this](this auto) -> Task<void> {
    storage.breaks = 1;  // after the sound, what the notes do to its tag
    co_return;
  };
  ASSERT_EQ(process(episode, {{"remove_silences", false}}).status, 202);
  work_to_the_end();
  EXPECT_THAT(text_of(see(episode), "processing_error"), HasSubstr("notes"));
  EXPECT_THAT(tag(), HasSubstr("CTOC"));
}

// A correction is of the words that were heard, whatever is on its way meanwhile.
TEST_F(MovedTexts, CorrectionsAreNotOfTheTakeThatIsOnItsWay) {
  bring_talk();
  const auto pieces = ears->asked.size();
  bring(episode, long_talk(30));
  ASSERT_EQ(correct().status, 200);
  work_to_the_end();
  EXPECT_GT(ears->asked.size(), pieces);
  EXPECT_NE(see(episode).at("transcript"), "Corrected.");
}

TEST_F(MovedTexts, TranscriptsAreOfTheTakeThatIsHeard) {
  run_task([](MovedTexts& self) -> Task<void> {
    auto tx = co_await self.database->begin();
    co_await store::choose(*tx, self.episode, self.ids.at("ada@example.com"), {.transcribe = false});
    co_await tx->commit();
  }(*this));
  bring(episode, long_talk(70, 4));
  work_to_the_end();
  ASSERT_EQ(see(episode).at("processing_status"), "complete");

  bring(episode, long_talk(30));
  storage.broken = true;
  run_jobs();
  storage.broken = false;
  ASSERT_EQ(see(episode).at("processing_status"), "error") << see(episode).body;
  ASSERT_EQ(transcribe().status, 202);  // what was heard before
  work_to_the_end();
  const auto pieces = ears->asked.size();
  EXPECT_GT(pieces, 0U);
  ASSERT_EQ(process(episode, {{"transcribe", true}}).status, 202);
  work_to_the_end();
  EXPECT_EQ(see(episode).at("processing_status"), "complete");
  EXPECT_GT(ears->asked.size(), pieces);
}

TEST_F(MovedTexts, WhatIsWrittenDownIsToldAgain) {
  bring_talk();
  const auto pieces = ears->asked.size();
  const auto minutes = used("transcription");
  const auto told = transcribe();
  EXPECT_EQ(told.status, 202);
  EXPECT_EQ(told.at("processing_status"), "complete");
  EXPECT_FALSE(text_of(told, "job_id").empty());
  work_to_the_end();
  EXPECT_EQ(ears->asked.size(), pieces);
  EXPECT_EQ(used("transcription"), minutes);

  const auto is_heard_anew = [&](json::object body = {}) {
    const auto before = ears->asked.size();
    EXPECT_EQ(transcribe(std::move(body)).at("processing_status"), "transcribing");
    work_to_the_end();
    return ears->asked.size() > before;
  };
  EXPECT_TRUE(is_heard_anew({{"language", "de"}})) << "another language";
  EXPECT_TRUE(is_heard_anew({{"language", "en"}})) << "that was not asked for";
  ASSERT_EQ(correct().status, 200);
  EXPECT_TRUE(is_heard_anew()) << "to get rid of corrections";
  run_task(database->execute(
      "UPDATE podcasts_episodes SET transcript_json = REPLACE(transcript_json, 'acted/ears', 'acted/older')"));
  EXPECT_TRUE(is_heard_anew()) << "by another model";
}

TEST_F(MovedTexts, StayUntilThereAreSomeInTheOtherLanguage) {
  bring_talk();
  const double before = start();
  ASSERT_EQ(correct().status, 200);
  leave_minutes(30);
  const auto pieces = ears->asked.size();
  ASSERT_EQ(process(episode, {{"language", "de"}, {"remove_silences", false}}).status, 202);
  work_to_the_end();
  auto seen = see(episode);
  EXPECT_EQ(seen.at("processing_status"), "complete");
  EXPECT_EQ(seen.at("transcript"), "Corrected.");
  EXPECT_NEAR(start(), before + 3.7, 0.3);
  EXPECT_THAT(text_of(seen, "processing_error"), HasSubstr("stays as it was"));
  EXPECT_THAT(text_of(seen, "processing_error"), HasSubstr("minutes of transcription"));
  EXPECT_THAT(tag(), HasSubstr("CTOC"));
  EXPECT_EQ(ears->asked.size(), pieces);

  take_plan("pro");
  ears->answers = std::ssize(ears->asked);
  ASSERT_EQ(process(episode, {{"remove_silences", true}}).status, 202);
  work_to_the_end();
  EXPECT_EQ(see(episode).at("transcript"), "Corrected.") << "it could not be heard";
  EXPECT_THAT(text_of(see(episode), "processing_error"), HasSubstr("could not be made"));

  ears->answers = 1'000;
  ASSERT_EQ(process(episode).status, 202);
  work_to_the_end();
  seen = see(episode);
  EXPECT_TRUE(seen.at("processing_error").is_null()) << seen.body;
  EXPECT_THAT(text_of(seen, "transcript"), HasSubstr("said."));
}

TEST_F(MovedTexts, WithoutMinutesTheSoundIsFinishedAllTheSame) {
  leave_minutes(30);
  bring(episode, long_talk(70));
  work_to_the_end();
  const auto seen = see(episode);
  EXPECT_EQ(seen.at("processing_status"), "complete");
  EXPECT_FALSE(seen.at("audio_file_url").is_null());
  EXPECT_THAT(text_of(seen, "processing_error"), HasSubstr("minutes of transcription"));
  EXPECT_TRUE(ears->asked.empty());
}

}  // namespace
}  // namespace odeon::podcasts
