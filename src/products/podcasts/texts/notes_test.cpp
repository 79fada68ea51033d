#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/media/encode.hpp"
#include "engine/media/id3.hpp"
#include "engine/media/test_signals.hpp"
#include "products/podcasts/texts/texts_house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct WritingNotes : TextsHouse {
  WritingNotes() : podcast(begin_podcast()) {
    take_plan("creator");
    std::vector<ai::Spoken> words;
    // Half a second between words.
    for (const char* word :
         {"Welcome", "to",     "the",    "show.", "Today", "we",    "talk",  "about", "salmon", "and",
          "rivers.", "Salmon", "return", "to",    "the",   "river", "where", "they",  "were",   "born."})
      words.push_back({word, static_cast<double>(words.size()) * 3.5, static_cast<double>(words.size()) * 3.5 + 3});
    transcript = TimedTranscript::of(words, "en", "test");
    writer->answer =
        R"({"summary":"Salmon return to the river.","chapters":[{"segment":1,"title":"Welcome & hello"},)"
        R"({"segment":3,"title":"Salmon"}],"key_points":["Salmon return to their river.","Whales sing opera."],)"
        R"("quotes":["return to the river where they were born"],"links":[],"names":[]})";
  }
  // An episode whose sound, an MP3, was written down.
  std::string written_episode() {
    const auto sound = media::wrap_mp3(media::encode_mp3(media::signals::speech(80, 1, 44'100), 64'000, 1));
    const auto episode = heard_episode(podcast, sound, 80);
    run_task([](WritingNotes& self, std::string id) -> Task<void> {
      auto tx = co_await self.database->begin();
      const auto row = co_await store::episode(*tx, id);
      EXPECT_TRUE(co_await store::keep_transcript(
          *tx, id, row->source_id.value(),
          {self.transcript.text(), json::write(kept_transcript(self.transcript)), "first"}, self.clock.now()));
      co_await tx->commit();
    }(*this, episode));
    return episode;
  }
  Reply write(const std::string& episode) { return post("/api/episodes/" + episode + "/show-notes", {}, token); }
  std::string path_of(const json::value& url) { return text(url).substr(std::string("http://test/podcasts").size()); }

  std::string podcast;
  TimedTranscript transcript;
};

TEST_F(WritingNotes, AreHeldAgainstTheTranscriptAndStandInTheSound) {
  const auto episode = written_episode();
  EXPECT_EQ(post("/api/episodes/" + episode + "/publish", {}, token).status, 200);
  const auto before = see(episode);
  const auto begun = write(episode);
  ASSERT_EQ(begun.status, 202) << begun.body;
  run_jobs();
  const auto seen = see(episode);
  ASSERT_EQ(seen.at("processing_status"), "complete") << seen.body;
  EXPECT_EQ(seen.at("status"), "published");
  const auto& notes = seen.at("show_notes_json");
  EXPECT_EQ(notes.at("model"), "acted/writer");
  EXPECT_EQ(json::write(notes.at("key_points")), R"(["Salmon return to their river."])");
  EXPECT_EQ(notes.at("quotes").at(0).at("text"), "return to the river where they were born.");
  EXPECT_THAT(text_of(seen, "show_notes"), HasSubstr("- 00:00 Welcome & hello\n"));
  ASSERT_EQ(notes.at("chapters").as_array().size(), 2U);

  // The sound is another object now, with the chapters in its tag; listeners of the old one are not cut off.
  EXPECT_NE(seen.at("audio_file_url"), before.at("audio_file_url"));
  const auto old_sound = server.get("/podcasts" + path_of(before.at("audio_file_url")));
  const auto new_sound = server.get("/podcasts" + path_of(seen.at("audio_file_url")));
  EXPECT_EQ(old_sound.status, 200);
  ASSERT_EQ(new_sound.status, 200);
  EXPECT_EQ(static_cast<std::int64_t>(new_sound.body.size()), seen.at("audio_file_size_bytes").as_int64());
  EXPECT_THAT(new_sound.body.substr(0, media::id3_size(new_sound.body)), HasSubstr("CTOC"));
  EXPECT_TRUE(new_sound.body.ends_with(old_sound.body.substr(media::id3_size(old_sound.body))));

  // The feed names all of it.
  const auto feed = get("/feeds/the-morning-after.xml").body;
  EXPECT_THAT(feed, HasSubstr("<podcast:txt purpose=\"ai-content\">true</podcast:txt>"));
  EXPECT_THAT(feed, HasSubstr("type=\"application/json+chapters\""));
  EXPECT_THAT(feed, HasSubstr("/transcripts/" + episode + "/first.vtt\" type=\"text/vtt\""));
  const auto vtt = server.get("/podcasts/transcripts/" + episode + "/first.vtt");
  EXPECT_EQ(vtt.status, 200);
  EXPECT_EQ(vtt.headers.get("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(vtt.headers.get("Cache-Control"), "public, max-age=86400");
  EXPECT_EQ(server.get("/podcasts/transcripts/" + episode + "/older.srt").headers.get("Cache-Control"),
            "public, no-cache");
  EXPECT_EQ(server.get("/podcasts/transcripts/" + episode + "/first.doc").status, 404);
  const auto chapters = server.get("/podcasts/chapters/" + episode + "/any.json");
  ASSERT_EQ(chapters.status, 200);
  EXPECT_EQ(chapters.headers.get("Content-Type"), "application/json+chapters");
  EXPECT_EQ(chapters.json().at("version"), "1.2.0");
  EXPECT_EQ(chapters.json().at("chapters").at(0).at("title"), "Welcome & hello");

  EXPECT_EQ(post("/api/episodes/" + episode + "/unpublish", {}, token).status, 200);
  EXPECT_EQ(server.get("/podcasts/transcripts/" + episode + "/first.vtt").status, 404);
  EXPECT_EQ(server.get("/podcasts/chapters/" + episode + "/any.json").status, 404);
}

// What a model says that has nothing to do with it is no answer.
TEST_F(WritingNotes, AreAskedForOnceHoweverOftenTheRestIsTried) {
  const auto episode = written_episode();
  const auto begun = write(episode);
  storage.dies = 2;  // the sound with its new tag
  run_jobs();
  EXPECT_EQ(see(episode).at("processing_status"), "complete") << see(episode).body;
  EXPECT_EQ(run_task(queue.progress(text(begun.at("job_id")))).value().attempt, 3);
  EXPECT_EQ(writer->asked.size(), 1u);
  EXPECT_THAT(text(see(episode).at("show_notes")), HasSubstr("Salmon return to the river."));
}

// As when its picture changes: whoever writes the tag too has its place for that swept away.
TEST_F(WritingNotes, AreKeptThoughSomebodyElseWritesTheTag) {
  const auto episode = written_episode();
  const auto begun = write(episode);
  const auto source = run_task(store::episode(*database, episode)).value().source_id.value();
  storage.after_put = [this, source](this auto) -> Task<void> { static_cast<void>(co_await audio.make(source)); };
  run_jobs();
  const auto seen = see(episode);
  EXPECT_EQ(seen.at("processing_status"), "complete") << seen.body;
  EXPECT_EQ(seen.at("show_notes_json").at("model"), "acted/writer");
  EXPECT_EQ(run_task(queue.progress(text(begun.at("job_id")))).value().attempt, 2);
  EXPECT_EQ(writer->asked.size(), 1U);
}

TEST_F(WritingNotes, AreComposedWhereAModelIsOfNoUse) {
  const auto episode = written_episode();
  for (const char* answer : {"I am sorry, I cannot do that.", "{}"}) {
    writer->answer = answer;
    ASSERT_EQ(write(episode).status, 202);
    run_jobs();
    const auto seen = see(episode);
    EXPECT_EQ(seen.at("show_notes_json").at("model"), "odeon-offline");
    EXPECT_THAT(text_of(seen, "show_notes"), HasSubstr("Salmon"));
  }
  EXPECT_EQ(post("/api/episodes/" + episode + "/publish", {}, token).status, 200);
  EXPECT_THAT(get("/feeds/the-morning-after.xml").body, Not(HasSubstr("ai-content")));
}

TEST_F(WritingNotes, ArePartOfPlans) {
  const auto episode = written_episode();
  take_plan("free");
  const auto refused = write(episode);
  EXPECT_EQ(refused.status, 402);
  EXPECT_EQ(refused.at("code"), "upgrade_required");
  EXPECT_EQ(refused.at("upgrade_url"), "/pricing");
  take_plan("pro");
  const auto missing = write(finished_episode(podcast));
  EXPECT_EQ(missing.status, 409);
  EXPECT_EQ(missing.at("code"), "TRANSCRIPT_MISSING");
  EXPECT_EQ(post("/api/episodes/" + episode + "/show-notes", {}, join("eve@example.com", "pro")).status, 404);
}

TEST_F(WritingNotes, OfTheOwnerStayUntilTheyAskForOthers) {
  const auto episode = written_episode();
  put("/api/episodes/" + episode, {{"show_notes", "My own words."}});
  run_task([](WritingNotes& self, std::string id) -> Task<void> {
    auto tx = co_await self.database->begin();
    const auto row = co_await store::episode(*tx, id);
    const auto job = co_await self.notes.begin(*tx, {id, row->source_id.value()}, row->user_id, {});
    co_await store::begin_processing(*tx, id, row->user_id, job, self.clock.now());
    co_await tx->commit();
  }(*this, episode));
  run_jobs();
  EXPECT_EQ(see(episode).at("show_notes"), "My own words.");
  EXPECT_EQ(see(episode).at("show_notes_json").at("model"), "acted/writer");
  ASSERT_EQ(write(episode).status, 202);
  run_jobs();
  EXPECT_THAT(text_of(see(episode), "show_notes"), HasSubstr("Salmon return to the river."));
}

}  // namespace
}  // namespace odeon::podcasts
