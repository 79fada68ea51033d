#include "products/podcasts/texts/show_notes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "products/podcasts/texts/notes_composer.hpp"
#include "products/podcasts/texts/notes_prompt.hpp"
#include "products/podcasts/texts/notes_proof.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TimedTranscript said(std::string_view text, double pace = 0.4) {
  std::vector<ai::Spoken> words;
  for (const auto word : text::split(text::collapse_spaces(text), ' ')) {
    const double at = static_cast<double>(words.size()) * pace;
    words.push_back({std::string(word), at, at + pace * 0.9});
  }
  return TimedTranscript::of(words, "en", "test");
}

const auto kInterview = said(
    "Welcome to the river hour. Today we talk about salmon with Doctor Ada Byron. Salmon return to the river where "
    "they "
    "were born. In 1998 only 300 salmon came back. You can read more at riverhour dot com or at example.org/fish "
    "today.");

TEST(ShowNotes, AreWrittenForPeople) {
  const ShowNotes notes{.summary = "All of it.",
                        .chapters = {{0, "Hello"}, {3725, "Goodbye"}},
                        .key_points = {"One."},
                        .quotes = {{"Word for word", 61}},
                        .links = {"https://example.org"},
                        .names = {"Ada Byron"},
                        .model = "test"};
  EXPECT_EQ(
      notes_text(notes),
      "All of it.\n\n## Chapters\n\n- 00:00 Hello\n- 1:02:05 Goodbye\n\n## Key points\n\n- One.\n\n"
      "## Quotes\n\n> “Word for word” (01:01)\n\n## Links\n\n- https://example.org\n\n## Mentioned\n\n- Ada Byron");
  EXPECT_EQ(notes_text({}), "");
  EXPECT_EQ(write_chapters_json(notes.chapters),
            R"({"version":"1.2.0","chapters":[{"startTime":0,"title":"Hello"},{"startTime":3725,"title":"Goodbye"}]})");
  EXPECT_EQ(chapters_of(json::parse(json::write(notes))), notes.chapters);
  EXPECT_TRUE(chapters_of(nullptr).empty());
  const auto tags = tag_chapters(notes.chapters, 4000);
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].end, 3725);
  EXPECT_EQ(tags[1].end, 4000);
}

TEST(ShowNotes, AreHeldAgainstWhatWasSaid) {
  const auto notes = proved({.summary = "A talk about salmon that return to the river where they were born.",
                             .chapters = {{9.5, "Numbers"}, {-3, "Beginning"}, {0.1, "The same place"}, {9'999, "  "}},
                             .key_points = {"In 1998 only 300 salmon returned.", "In 1999 only 300 salmon returned.",
                                            "Whales are mammals of the ocean.", "In 1998 only 300 salmon returned."},
                             .quotes = {{"salmon return to the river, where they were born", 0},
                                        {"Salmon never return to the river", 0},
                                        {"only 300", 0}},
                             .links = {"http://www.riverhour.com/about", "https://example.org/fish",
                                       "https://example.org/meat", "evil.com", "javascript:alert(1)"},
                             .names = {"Ada Byron", "ada byron", "Grace Hopper"},
                             .model = "test"},
                            kInterview);
  EXPECT_EQ(notes.summary, "A talk about salmon that return to the river where they were born.");
  ASSERT_EQ(notes.chapters.size(), 2U);
  EXPECT_EQ(notes.chapters[0], (NotesChapter{0, "Beginning"}));
  EXPECT_EQ(notes.chapters[1].title, "Numbers");
  EXPECT_TRUE(std::ranges::any_of(kInterview.segments,
                                  [&](const auto& segment) { return segment.start() == notes.chapters[1].startTime; }));
  EXPECT_THAT(notes.key_points, ElementsAre("In 1998 only 300 salmon returned."));
  ASSERT_EQ(notes.quotes.size(), 1U);
  EXPECT_EQ(notes.quotes[0].text, "Salmon return to the river where they were born.");
  EXPECT_NEAR(notes.quotes[0].startTime, 14 * 0.4, 0.001);
  EXPECT_THAT(notes.links, ElementsAre("https://riverhour.com", "https://example.org/fish", "https://example.org"));
  EXPECT_THAT(notes.names, ElementsAre("Ada Byron", "ada byron"));
  EXPECT_EQ(proved({.summary = "Whales are mammals of the ocean."}, kInterview).summary, "");
  EXPECT_TRUE(proved({.chapters = {{0, "Only one"}}}, kInterview).chapters.empty());
}

TEST(ShowNotes, AreReadFromWhatAModelWrites) {
  const auto request = notes_request({.podcast = "River", .title = "Salmon", .language = "en"}, kInterview);
  EXPECT_THAT(request.messages.back().text(), HasSubstr(R"([3,"Salmon return to the river where they were born."])"));
  EXPECT_EQ(request.form.kind, ai::AnswerForm::Kind::schema);
  EXPECT_NO_THROW(json::parse(request.form.schema));
  const auto notes = read_notes(
      "```json\n"
      R"({"summary":"Salmon return to the river.","chapters":[{"segment":1,"title":"Hello"},)"
      R"({"segment":3,"title":"Salmon"},{"segment":99,"title":"Nowhere"}],"key_points":[],)"
      R"("quotes":["salmon return to the river"],"links":[],"names":["Doctor Ada Byron"]})"
      "\n```",
      kInterview);
  ASSERT_TRUE(notes);
  EXPECT_THAT(notes->chapters,
              ElementsAre(NotesChapter{0, "Hello"}, NotesChapter{kInterview.segments[2].start(), "Salmon"}));
  EXPECT_EQ(notes->quotes.size(), 1U);
  for (const char* useless :
       {"", "I am sorry.", "{}", R"({"summary":7})", "}{",
        R"({"summary":"Whales!","chapters":[],"key_points":[],"quotes":[],"links":[],"names":[]})"})
    EXPECT_FALSE(read_notes(useless, kInterview)) << useless;
}

// Three subjects, each talked about for some minutes.
TimedTranscript three_subjects() {
  const std::vector<std::vector<std::string>> subjects = {
      {"salmon", "river", "spawning", "fisherman", "stream", "hatchery", "trout", "fishing", "boat", "water", "angler"},
      {"violin", "concerto", "orchestra", "melody", "conductor", "rehearsal", "cello", "stage", "tuning", "chord",
       "score"},
      {"rocket", "satellite", "orbit", "launchpad", "engine", "astronaut", "booster", "module", "thrust", "moon",
       "dock"}};
  std::string text;
  for (const auto& words : subjects)
    for (std::size_t i = 0; i < 60; ++i)
      text += "So the " + words[i % 11] + " and this " + words[(i / 2 + 1) % 11] + " were a " +
              words[(i * 5 + 3) % 11] + " or more in Oslo. ";
  return said(text, 0.35);
}

TEST(ShowNotes, AreComposedWithoutAModel) {
  const auto transcript = three_subjects();
  const auto notes = compose_notes(transcript);
  EXPECT_EQ(notes.model, "odeon-offline");
  ASSERT_EQ(notes.chapters.size(), 3U);
  const double third = transcript.segments.back().end() / 3;
  EXPECT_EQ(notes.chapters[0].startTime, 0);
  EXPECT_NEAR(notes.chapters[1].startTime, third, 30);
  EXPECT_NEAR(notes.chapters[2].startTime, 2 * third, 30);
  const std::string rockets = "rocket satellite orbit launchpad engine astronaut booster module thrust moon dock";
  EXPECT_THAT(rockets, HasSubstr(text::to_lower(notes.chapters[2].title.substr(0, notes.chapters[2].title.find(',')))));
  EXPECT_FALSE(notes.summary.empty());
  EXPECT_GE(notes.key_points.size(), 2U);
  EXPECT_THAT(notes.names, ElementsAre("Oslo"));
  EXPECT_EQ(compose_notes(transcript), notes);
  const auto nothing = compose_notes({});
  EXPECT_EQ(nothing.summary, "");
  EXPECT_TRUE(nothing.chapters.empty());
}

TEST(ShowNotes, FindAddressesThatWereSpoken) {
  EXPECT_THAT(compose_notes(kInterview).links, ElementsAre("https://riverhour.com", "https://example.org/fish"));
  EXPECT_THAT(compose_notes(kInterview).names, ElementsAre("Doctor Ada Byron"));
}

// Whatever is said: quotes are word for word, chapters ascend and begin where something was said.
RC_GTEST_PROP(ShowNotes, SayNothingThatWasNotSaid, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("salmon", "Salmon.", "river", "dot", "com", "Ada", "Byron,", "a.b", "1998", "—",
                                    "the", "orchestra?", "\u00E4hnlich"));
  const auto transcript = said(text::join(words, " "));
  const auto notes = compose_notes(transcript);
  const SaidWords index(transcript);
  for (const auto& quote : notes.quotes) RC_ASSERT(index.find(quote.text).has_value());
  for (const auto& name : notes.names) RC_ASSERT(index.find(name).has_value());
  double last = -1;
  for (const auto& chapter : notes.chapters) {
    RC_ASSERT(chapter.startTime > last);
    last = chapter.startTime;
  }
  RC_ASSERT(most_telling(transcript, 100'000).size() == transcript.segments.size());
}

}  // namespace
}  // namespace odeon::podcasts
