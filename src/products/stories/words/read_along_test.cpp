#include "products/stories/words/read_along.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "products/stories/words/telling_test.hpp"

namespace odeon::stories {
namespace {

using enum Language;
using ::testing::ElementsAre;

std::vector<std::string> cut(std::string_view text, const std::vector<Span>& spans) {
  std::vector<std::string> parts;
  for (const Span& span : spans) parts.emplace_back(text.substr(span.offset, span.length));
  return parts;
}
std::vector<std::string> sentences(std::string_view text, Language language = en) {
  return cut(text, sentences_of(text, language));
}

TEST(Sentences, EndWhereAReaderStops) {
  EXPECT_THAT(sentences("One. Two! Three?\n\nFour"), ElementsAre("One.", "Two!", "Three?", "Four"));
  EXPECT_THAT(sentences("\"Who is there?\" asked Mia. \"Me!\""),
              ElementsAre("\"Who is there?\" asked Mia.", "\"Me!\""));
  EXPECT_THAT(sentences("Mr. Fox paid 3.50 to W. A. Bear. Thanks."),
              ElementsAre("Mr. Fox paid 3.50 to W. A. Bear.", "Thanks."));
  EXPECT_THAT(sentences("Am 3. Mai kam Dr. Dachs. „Gut!“, sagte er.", de),
              ElementsAre("Am 3. Mai kam Dr. Dachs.", "„Gut!“, sagte er."));
  EXPECT_THAT(sentences("«¿Qué?», dijo. ¡Toma! «Ya». Fin.", es),
              ElementsAre("«¿Qué?», dijo.", "¡Toma!", "«Ya».", "Fin."));
  EXPECT_THAT(sentences("«\u00A0Oh\u00A0!\u00A0» dit Mme Chat. Bien\u00A0! Oui.", fr),
              ElementsAre("«\u00A0Oh\u00A0!\u00A0» dit Mme Chat.", "Bien\u00A0!", "Oui."));
  EXPECT_THAT(sentences("«Vieni?» «Sì». Poi… andò. Fine.", it),
              ElementsAre("«Vieni?»", "«Sì».", "Poi… andò.", "Fine."));
  EXPECT_THAT(sentences(" \n \n"), ElementsAre());
}

TEST(Words, ComeWithoutTheirPunctuation) {
  const std::string_view text = "«L'été», d'Inés: rock-'n'-roll — 3,5 👩‍🚀 cafe\u0301!";
  EXPECT_THAT(cut(text, words_of(text)), ElementsAre("L'été", "d'Inés", "rock-'n'-roll", "3,5", "cafe\u0301"));
}

TEST(ReadAlong, SpreadsWordsOverTheirSentence) {
  const std::string text = "Go. Elephants, wonderfully slow, go.";
  const auto along = read_along(text, en, {{0.5, 1.0}, {1.5, 5.5}});
  ASSERT_EQ(along.sentences.size(), 2u);
  ASSERT_EQ(along.words.size(), 5u);
  EXPECT_EQ(along.words[0].start, 0.5);
  EXPECT_EQ(along.words[0].end, 1.0);
  EXPECT_EQ(along.words[1].start, 1.5);
  EXPECT_EQ(along.words.back().end, 5.5);
  const auto took = [&](std::size_t i) { return along.words[i].end - along.words[i].start; };
  EXPECT_GT(took(1), took(4));  // three syllables and a comma against one syllable
  EXPECT_EQ(text.substr(along.words[2].offset, along.words[2].length), "wonderfully");
}

TEST(ReadAlong, LeavesOutWhatWasNotSpoken) {
  EXPECT_EQ(read_along("One. Two. Three.", en, {{0, 1}}).words.size(), 1u);
  EXPECT_TRUE(read_along("", en, {{0, 1}}).words.empty());
}

TEST(ReadAlong, CountsSyllables) {
  for (const auto& [word, count] : std::vector<std::pair<std::string, std::size_t>>{
           {"moon", 1}, {"biblioteca", 4}, {"Été", 2}, {"hmm", 1}, {"Möhre", 2}, {"", 1}})
    EXPECT_EQ(syllables(word), count) << word;
}

TEST(ReadAlong, FollowsAWholeStory) {
  each_story([](const StoryWish& wish, const ComposedStory& story) {
    if (wish.seed % 5 != 0) return;
    const auto along = read_along(story.content, wish.language, estimated_times(story.content, wish.language));
    EXPECT_NEAR(along.words.back().end, story.seconds, 3) << about(wish, story);
    EXPECT_NEAR(static_cast<double>(along.words.size()), static_cast<double>(story.words), 3);
    for (const auto& scene : story.scenes)
      EXPECT_NEAR(second_of(scene, along), estimated_second(scene, story.words, story.seconds), 3);
  });
}

RC_GTEST_PROP(ReadAlong, KeepsOrderAndWholeCharacters, (const std::string& junk)) {
  const std::string text = text::to_valid_utf8(junk + "é. Ça! e\u0301 \u00A0?");
  const auto language = *rc::gen::elementOf(std::vector<Language>(kLanguages.begin(), kLanguages.end()));
  std::vector<SentenceTime> times;
  for (int i = 0; i < 40; ++i) times.push_back({*rc::gen::inRange(0, 100) / 10.0, *rc::gen::inRange(0, 100) / 10.0});
  const auto along = read_along(text, language, times);
  for (const auto* spans : {&along.sentences, &along.words}) {
    std::size_t offset = 0;
    double second = 0;
    for (const auto& span : *spans) {
      RC_ASSERT(span.offset >= offset);
      RC_ASSERT(span.start >= second);
      RC_ASSERT(span.end >= span.start);
      RC_ASSERT(text::is_utf8(std::string_view(text).substr(span.offset, span.length)));
      offset = span.offset + span.length;
      second = span.end;
    }
    RC_ASSERT(offset <= text.size());
  }
}

TEST(Scenes, OfAnyTextAreSpreadOverIt) {
  const auto story = compose_story({.hero = {.name = "Mia", .traits = {"kind"}}, .event = "bedtime"});
  for (const std::size_t count : {1u, 3u, 5u}) {
    const auto scenes = extract_scenes(story.content, en, count);
    ASSERT_EQ(scenes.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(story.content.find(scenes[i].text.substr(0, 20)), scenes[i].offset);
      EXPECT_GE(scenes[i].words, i * story.words / count / 2);
      EXPECT_LE(scenes[i].text.size(), 600u);
    }
    EXPECT_EQ(spread(story.scenes, count).size(), count);
    EXPECT_EQ(spread(story.scenes, count).back().offset, story.scenes.back().offset);
  }
  EXPECT_EQ(extract_scenes("One. Two.", en, 5).size(), 2u);
  EXPECT_TRUE(extract_scenes("", en, 3).empty());
  EXPECT_EQ(spread(story.scenes, 9).size(), 6u);
}

}  // namespace
}  // namespace odeon::stories
