#include "products/podcasts/texts/transcript.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::podcasts {
namespace {

using ai::Spoken;
using ::testing::ElementsAre;

std::vector<std::string> bodies(const TimedTranscript& transcript) {
  std::vector<std::string> all;
  for (const auto& segment : transcript.segments) all.push_back(segment.body());
  return all;
}

// Words of half a second, one after the other; "|" is a second in which nobody speaks.
std::vector<Spoken> at_pace(std::string_view text) {
  std::vector<Spoken> words;
  double at = 0;
  for (const auto word : text::split(text, ' ')) {
    if (word != "|") words.push_back({std::string(word), at, at + 0.5});
    at += word == "|" ? 1 : 0.5;
  }
  return words;
}

TimedTranscript of(std::string_view text) {
  return TimedTranscript::of(at_pace(text), "en", "test");
}

TEST(Transcript, EndsSegmentsAtSentencesAndPauses) {
  EXPECT_THAT(bodies(of("Hello there. How are you? “Fine.” I said so | and then left")),
              ElementsAre("Hello there.", "How are you?", "“Fine.”", "I said so", "and then left"));
  std::string long_one;
  for (int i = 0; i < 100; ++i) long_one += "word ";
  for (const auto& segment : of(text::trim(long_one)).segments) EXPECT_LE(segment.words.size(), 40U);
  EXPECT_TRUE(TimedTranscript::of({}, "", "").segments.empty());
}

TEST(Transcript, EndsParagraphsAtLongPauses) {
  EXPECT_EQ(of("One. Two. | | Three. | Four.").text(), "One. Two.\n\nThree. Four.");
}

TEST(Transcript, TakesWhatAModelTells) {
  // Whisper: a text with commas, words without.
  EXPECT_THAT(heard_words({.text = "Well, hello!", .words = {{"well", 0.5, 1}, {"hello", 1.2, 1.8}}}, 10, 15),
              ElementsAre(Spoken{"Well,", 10.5, 11}, Spoken{"hello!", 11.2, 11.8}));
  // Sentences alone.
  EXPECT_THAT(heard_words({.text = "ab cd. ef", .segments = {{"ab cd.", 0, 2.1}, {"ef", 3, 4}}}, 10, 15),
              ElementsAre(Spoken{"ab", 10, 10.9}, Spoken{"cd.", 10.9, 12.1}, Spoken{"ef", 13, 14}));
  // The text alone.
  EXPECT_THAT(heard_words({.text = "abc def"}, 10, 12), ElementsAre(Spoken{"abc", 10, 11}, Spoken{"def", 11, 12}));
  // Nothing, and what cannot be.
  EXPECT_TRUE(heard_words({}, 0, 30).empty());
  EXPECT_THAT(heard_words({.text = "a b", .words = {{"a", 90, 80}, {"b", -5, 2}}}, 10, 12),
              ElementsAre(Spoken{"a", 12, 12}, Spoken{"b", 12, 12}));
}

TEST(Transcript, IsTimedAnewWhenItIsRewritten) {
  const auto before = of("we met mister dash wood at noon today");
  struct Case {
    const char* text;
    std::vector<Spoken> words;
  };
  for (const Case& each : std::vector<Case>{{"We met Mister Dashwood at noon today.",
                                             {{"We", 0, 0.5},
                                              {"met", 0.5, 1},
                                              {"Mister", 1, 1.5},
                                              {"Dashwood", 1.5, 2.5},
                                              {"at", 2.5, 3},
                                              {"noon", 3, 3.5},
                                              {"today.", 3.5, 4}}},
                                            {"met at noon", {{"met", 0.5, 1}, {"at", 2.5, 3}, {"noon", 3, 3.5}}},
                                            {"so we met", {{"so", 0, 0}, {"we", 0, 0.5}, {"met", 0.5, 1}}},
                                            {"", {}}})
    EXPECT_EQ(rewritten(before, each.text).words(), each.words) << each.text;
  EXPECT_EQ(rewritten(before, before.text()), before);
  EXPECT_EQ(rewritten(TimedTranscript(), "new words").words().size(), 2U);
}

RC_GTEST_PROP(Transcript, IsReadAsItWasKept, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("one", "two.", "“three”", "ver\u00FCckt", "|", "a\"b", "\u4F60\u597D\u3002"));
  const auto transcript = of(text::join(words, " "));
  RC_ASSERT(read_transcript(json::parse(json::write(kept_transcript(transcript)))) == transcript);
}

// Whatever is written into it: all of it is there, in order, within the time of what was said, and what stayed has not
// moved.
RC_GTEST_PROP(Transcript, KeepsItsTimesWhateverIsWritten, ()) {
  const auto word = rc::gen::element<std::string>("a", "b", "c", "d.", "e");
  const auto said = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(word));
  const auto written = *rc::gen::container<std::vector<std::string>>(word);
  const auto before = of(text::join(said, " "));
  const auto after = rewritten(before, text::join(written, "  \n "));
  std::vector<std::string> found;
  double last = 0;
  for (const auto& each : after.words()) {
    found.push_back(each.text);
    RC_ASSERT(each.start >= last && each.end >= each.start);
    RC_ASSERT(each.end <= before.segments.back().end() + 0.001);
    last = each.start;
  }
  RC_ASSERT(found == written);
}

TEST(Transcript, RefusesWhatItDidNotWrite) {
  for (const char* kept : {"null", "{}", R"({"language":"","model":"","segments":[{"words":[]}]})",
                           R"({"language":"","model":"","segments":[{"words":[["a","b","c"]]}]})"})
    EXPECT_THROW(read_transcript(json::parse(kept)), Error) << kept;
}

}  // namespace
}  // namespace odeon::podcasts
