#include "products/stories/narrations.hpp"

#include <gmock/gmock.h>

#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

struct NarrationsTest : StoriesHouse {
  std::string written(const std::string& content = "The moon rose. It was round.\n\nEverybody slept.") {
    const auto id = new_story(new_hero());
    EXPECT_EQ(patch("/api/stories/" + id, {{"title", "The Moon"}, {"content", content}}).status, 200);
    return "/api/stories/" + id;
  }
};

TEST_F(NarrationsTest, AreMadeByAJobAndPlay) {
  const auto story = written();
  EXPECT_EQ(see(story + "/audio/status").at("audioGenerated"), false);
  const auto asked = ask(story + "/audio", {{"voice", "fable"}, {"priority", "high"}});
  ASSERT_EQ(asked.status, 202) << asked.body;
  EXPECT_TRUE(asked.at("job").as_object().contains("estimatedCompletionTime"));
  EXPECT_EQ(ended(asked.at("job")), jobs::State::completed);
  const auto status = see(story + "/audio/status");
  EXPECT_EQ(status.at("audioGenerated"), true);
  EXPECT_FALSE(status.json().as_object().contains("job"));
  const auto url = text(status.at("audioUrl"));
  const auto file = get(url.substr(url.find("/media/")));
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.headers.get("Content-Type"), "audio/mpeg");
  EXPECT_EQ(file.body.substr(0, 3), "ID3");
  const auto part = server.get("/stories" + url.substr(url.find("/media/")), {{"Range", "bytes=0-2"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "ID3");
  EXPECT_EQ(see(story).at("story").at("voiceType"), "fable");
  for (const auto& request : voice->asked) {
    EXPECT_EQ(request.voice, "fable");
    EXPECT_EQ(request.language, "en");
    EXPECT_EQ(request.payer.user_id, user());
  }
  EXPECT_EQ(voice->asked.size(), 4U) << "the title and three sentences";
}

TEST_F(NarrationsTest, SayWhatSpoke) {
  const auto story = written();
  EXPECT_TRUE(see(story).at("story").at("audioModel").is_null());
  ended(ask(story + "/audio").at("job"));
  EXPECT_EQ(see(story).at("story").at("audioModel"), "a/voice");
  EXPECT_EQ(see(story + "/audio/status").at("audioModel"), "a/voice");
}

TEST_F(NarrationsTest, OfATitleThatIsEditedMeanwhileAreMadeAnew) {
  const auto story = written(), id = story.substr(story.rfind('/') + 1);
  voice->meanwhile = [this, id](this auto) -> Task<void> {
    co_await database->execute("UPDATE stories_tales SET title = 'The Sun' WHERE id = $1", id);
  };
  ended(ask(story + "/audio").at("job"));
  EXPECT_EQ(std::ranges::count(voice->asked, "The Moon", &ai::SpeechRequest::text), 1);
  EXPECT_EQ(std::ranges::count(voice->asked, "The Sun", &ai::SpeechRequest::text), 1);
  EXPECT_EQ(see(story + "/read-along").at("estimated"), false);
}

TEST_F(NarrationsTest, AreAsLoudAsTheyAreMeantToBeAtARateThatHoldsTheVoice) {
  for (const auto& [spoken_at, kept_at] : {std::pair(16'000, 24'000), {24'000, 24'000}, {44'100, 44'100}}) {
    voice->rate = spoken_at;
    const auto story = written();
    ASSERT_EQ(ended(ask(story + "/audio").at("job")), jobs::State::completed);
    const auto url = text(see(story + "/audio/status").at("audioUrl"));
    const Pcm sound = media::decode_audio(get(url.substr(url.find("/media/"))).body);
    EXPECT_EQ(sound.rate, kept_at);
    const auto heard = media::measure(sound);
    EXPECT_NEAR(heard.integrated, -16, 0.2) << spoken_at;
    EXPECT_LE(heard.true_peak, -1.4) << spoken_at;
  }
}

TEST_F(NarrationsTest, TellWhenEachSentenceIsRead) {
  const auto story = written();
  const auto guessed = see(story + "/read-along");
  EXPECT_EQ(guessed.at("estimated"), true);
  ended(ask(story + "/audio").at("job"));
  const auto along = see(story + "/read-along");
  EXPECT_EQ(along.at("estimated"), false);
  const auto sentences = along.at("sentences").as_array();
  ASSERT_EQ(sentences.size(), 3U);
  EXPECT_EQ(sentences[1].at("offset"), 15);
  EXPECT_EQ(sentences[1].at("length"), 13);
  double before = 0;
  for (const auto& sentence : sentences) {
    EXPECT_GT(sentence.at("start").to_number<double>(), before);
    EXPECT_GT(sentence.at("end").to_number<double>(), sentence.at("start").to_number<double>());
    before = sentence.at("end").to_number<double>();
  }
  EXPECT_LE(before, along.at("duration").to_number<double>());
  EXPECT_EQ(along.at("words").as_array().size(), 8U);
}

TEST_F(NarrationsTest, FailWithAReasonAndCanBeAskedForAgain) {
  const auto story = written();
  voice->fault = Error(Fault::invalid, "NO_VOICE", "There is no voice.");
  EXPECT_EQ(ended(ask(story + "/audio").at("job")), jobs::State::failed);
  const auto status = see(story + "/audio/status");
  EXPECT_EQ(status.at("audioGenerated"), false);
  EXPECT_EQ(status.at("job").at("status"), "failed");
  EXPECT_FALSE(text(status.at("job").at("error")).empty());
  voice->fault.reset();
  EXPECT_EQ(ended(ask(story + "/audio").at("job")), jobs::State::completed);
  EXPECT_EQ(see("/api/user/usage").at("summary").at("audioGenerated"), 1);
}

TEST_F(NarrationsTest, AreRefusedWithAReason) {
  const auto story = written();
  EXPECT_EQ(ask(story + "/audio", {{"voice", "vader"}}).status, 400);
  EXPECT_EQ(ask(story + "/audio", {{"priority", "now"}}).status, 400);
  EXPECT_EQ(ask("/api/stories/story_none/audio").at("code"), "STORY_NOT_FOUND");
  EXPECT_EQ(ask(story + "/audio", {}, join("bob@example.com")).status, 404);
  EXPECT_EQ(see(story + "/audio/status", token = join("eve@example.com")).status, 404);
}

TEST_F(NarrationsTest, AreTwentyAnHourAtTheMost) {
  const auto story = written("Good night.");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(story + "/audio").status, 202) << i;
  const auto refused = ask(story + "/audio");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("RateLimit-Limit"), "20");
}

TEST_F(NarrationsTest, TakeSentencesOfAnyLength) {
  std::string content;
  for (int i = 0; i < 400; ++i) content += "moon ";
  const auto story = written(content + "rose.");
  EXPECT_EQ(ended(ask(story + "/audio").at("job")), jobs::State::completed);
  for (const auto& request : voice->asked) EXPECT_LE(request.text.size(), 1000U);
  EXPECT_EQ(see(story + "/read-along").at("sentences").as_array().size(), 1U);
}

}  // namespace
}  // namespace odeon::stories
