#include "products/briefings/script/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "products/briefings/examples_test.hpp"
#include "products/briefings/script/fit.hpp"
#include "products/briefings/script/phrases.hpp"
#include "products/briefings/script/sentences.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Instant kScriptTime = *parse_iso8601("2026-11-20T15:00:00Z");

Script example_script(double target = 180, Instant now = kScriptTime) {
  return compose(stories_from(example_articles(), now), {.now = now, .target_seconds = target});
}

std::vector<double> durations(const Script& script) {
  std::vector<double> seconds;
  for (const auto& section : script.sections)
    for (const auto& sentence : section.sentences) seconds.push_back(spoken_seconds(sentence.text));
  return seconds;
}

std::vector<Sentence> sentences_of(const Script& script) {
  std::vector<Sentence> all;
  for (const auto& section : script.sections) all.insert(all.end(), section.sentences.begin(), section.sentences.end());
  return all;
}

TEST(Script, IsTitledByItsEdition) {
  const auto title = [](const char* when) { return edition_title(*parse_iso8601(when)); };
  EXPECT_EQ(title("2026-11-20T15:00:00Z"), "Market Update - 3PM");
  EXPECT_EQ(title("2026-11-20T00:10:00Z"), "Market Update - 12AM");
  EXPECT_EQ(title("2026-11-20T12:59:00Z"), "Market Update - 12PM");
  EXPECT_EQ(title("2026-11-20T07:30:00Z"), "Market Update - 7AM");
}

TEST(Script, OpensClosesAndGroupsTheNews) {
  const auto script = example_script();
  EXPECT_EQ(script.title, "Market Update - 3PM");
  ASSERT_GT(script.sections.size(), 4U);
  EXPECT_EQ(script.sections.front().heading, "Headlines");
  EXPECT_THAT(script.sections.front().sentences.front().text, HasSubstr("afternoon"));
  EXPECT_THAT(script.sections.front().sentences.front().text, HasSubstr("Friday, November 20"));
  EXPECT_EQ(script.sections[1].heading, "Markets");
  EXPECT_EQ(script.sections.back().heading, "Closing");
  const auto text = transcript(script);
  EXPECT_THAT(text, HasSubstr("Meridian Wire"));
  EXPECT_THAT(text, HasSubstr("the Harbour Street Journal"));
  EXPECT_THAT(text, Not(HasSubstr("Report report")));
  EXPECT_THAT(text, Not(HasSubstr("The latest reports we have")));
}

TEST(Script, PartsOfTheDay) {
  for (const auto& [hour, greeting] : {std::pair(2, "Hello, and welcome."), std::pair(7, "Good morning."),
                                       std::pair(13, "Good afternoon."), std::pair(19, "Good evening.")}) {
    const Instant now = *parse_iso8601("2026-11-20T00:00:00Z") + std::chrono::hours(hour);
    EXPECT_THAT(Phrases(now).greeting(), ::testing::StartsWith(greeting));
  }
}

TEST(Script, OldReportsAreSaidToBeOld) {
  const Instant later = *parse_iso8601("2027-03-01T08:00:00Z");
  const auto script = example_script(180, later);
  EXPECT_EQ(script.sections.front().sentences[1].text,
            "The latest reports we have are from Friday, November 20, 2026.");
  EXPECT_TRUE(script.sections.front().sentences[1].required);
  EXPECT_THAT(invented_figures(script, example_articles(), later), IsEmpty());
}

TEST(Script, WithoutNewsItSaysSo) {
  const auto script = compose({}, {.now = kScriptTime});
  EXPECT_THAT(transcript(script), HasSubstr("There are no new market reports"));
  EXPECT_EQ(script.sections.size(), 2U);
}

TEST(Script, IsTheSameForTheSameEditionAndVariesBetweenEditions) {
  EXPECT_EQ(example_script(), example_script());
  EXPECT_NE(transcript(example_script(180, kScriptTime)), transcript(example_script(180, kScriptTime + 4h)));
}

TEST(Script, EverySentenceCanBeSpokenAndNamesItsArticle) {
  const auto articles = example_articles();
  std::set<std::string> ids, seen;
  for (const auto& article : articles) ids.insert(article_id(article));
  EXPECT_EQ(ids.size(), articles.size());
  for (const auto& sentence : sentences_of(example_script(600))) {
    EXPECT_TRUE(sentence.text.ends_with('.') || sentence.text.ends_with('!')) << sentence.text;
    EXPECT_EQ(sentence.text.find_first_of("<>&[]@#"),
              sentence.text.find("S&P") == std::string::npos ? std::string::npos : sentence.text.find('&'))
        << sentence.text;
    EXPECT_EQ(sentence.text.find("..."), std::string::npos);
    EXPECT_TRUE(seen.insert(sentence.text).second) << "said twice: " << sentence.text;
    for (const auto& id : sentence.sources) EXPECT_TRUE(ids.contains(id));
  }
}

TEST(Script, TheSameStoryNamesBothSources) {
  const auto text = transcript(example_script(300));
  EXPECT_THAT(text,
              ::testing::AnyOf(HasSubstr("adds that"), HasSubstr("we hear that"), HasSubstr("has the story too")));
}

TEST(Script, FitsEveryLengthThatTheExamplesAllow) {
  for (const double target : {90., 120., 150., 180., 240., 300., 420., 600.}) {
    const auto script = example_script(target);
    // A voice that is slower or faster than the estimate.
    for (const double pace : {0.85, 1.0, 1.15}) {
      auto seconds = durations(script);
      for (auto& one : seconds) one *= pace;
      const auto fitted = fit(script, seconds, {.target_seconds = target});
      EXPECT_TRUE(fitted.within) << target << " at " << pace << ": " << fitted.seconds;
    }
  }
}

TEST(Script, TheExamplesHoldMoreThanSixMinutes) {
  EXPECT_GT(spoken_seconds(example_script(3000)), 600);
}

TEST(Figures, InventedOnesAreFound) {
  const std::vector<Article> articles{{.source = "Wire",
                                       .title = "Profit up 3.2%",
                                       .url = "https://n.example/1",
                                       .summary = "It rose to $1.5bn from two billion. Jobs: 1,200."},
                                      {.source = "Other", .title = "Oil at 70", .url = "https://n.example/2"}};
  const auto invented = [&](const std::string& text, std::vector<std::string> sources) {
    const Script script{.title = "Market Update - 3PM", .sections = {{"News", {{.text = text, .sources = sources}}}}};
    return invented_figures(script, articles, kScriptTime);
  };
  const auto first = article_id(articles[0]), second = article_id(articles[1]);
  EXPECT_THAT(invented("Profit rose 3.2 percent to 1.5 billion dollars.", {first}), IsEmpty());
  EXPECT_THAT(invented("Jobs fell by 1200, and 2 billion was lost.", {first}), IsEmpty());
  EXPECT_THAT(invented("Profit rose 3.3 percent.", {first}), ElementsAre("3.3%"));
  EXPECT_THAT(invented("It rose 1,200 percent.", {first}), ElementsAre("1200%")) << "another unit is another figure";
  EXPECT_THAT(invented("Oil is at 70.", {first}), ElementsAre("70")) << "from another article";
  EXPECT_THAT(invented("Oil is at 70.", {first, second}), IsEmpty());
  EXPECT_THAT(invented("Oil is at 70.", {}), IsEmpty());
  EXPECT_THAT(invented("It is November 20, 2026, at 3 PM.", {}), IsEmpty());
  EXPECT_THAT(invented("It is November 21.", {}), ElementsAre("21"));
  EXPECT_THAT(invented("It rose ninety percent.", {"unknown"}), ElementsAre("90%"));
}

rc::Gen<Article> any_dated_article() {
  const auto piece = rc::gen::oneOf(
      rc::gen::element<std::string>(
          "Shares of Halden rose 3.2% on Friday. ", "It said sales fell to $1.5bn in Q3. ",
          "The bank cut rates by 25bps. ", "LONDON (Wire) - Oil closed at $67.20, up 2-3%. ",
          "Two of three firms said profit grew (up 5). ", "Castellan agreed a $2 billion deal on Nov. 19. ",
          "\u20AC4m was lost, officials said. ", "\n", "Read more ", "He told staff \u201C1,100 jobs go\u201D. ",
          "Growth slowed to 0.4 per cent... ", "twenty ", "billion ", "five "),
      rc::gen::map(rc::gen::arbitrary<std::string>(), [](const auto& bytes) { return text::to_valid_utf8(bytes); }));
  const auto texts = rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                                  [](const auto& pieces) { return text::join(pieces, ""); });
  const auto source =
      rc::gen::element<std::string>("Wire 24", "The Daily - RSS", "Energy Report", "7 & 9", "www.x.example", "");
  return rc::gen::map(rc::gen::tuple(texts, texts, source, rc::gen::inRange(0, 100)), [](const auto& parts) {
    const auto& [title, summary, source, age] = parts;
    Article made{.source = source, .title = text::collapse_spaces(title), .summary = summary};
    if (age < 90) made.published = kScriptTime - std::chrono::hours(age);
    return made;
  });
}

RC_GTEST_PROP(ScriptProperty, NoFigureIsInvented, ()) {
  const auto articles = *rc::gen::container<std::vector<Article>>(any_dated_article());
  const auto now = kScriptTime + std::chrono::hours(*rc::gen::inRange(-100, 100));
  const auto script = compose(stories_from(articles, now), {.now = now, .target_seconds = 120});
  const auto invented = invented_figures(script, articles, now);
  if (!invented.empty()) RC_LOG() << invented.front() << " in\n" << transcript(script);
  RC_ASSERT(invented.empty());
  for (const auto& section : script.sections) {
    RC_ASSERT((!section.sentences.empty() && section.sentences.front().level == 0));
    for (const auto& sentence : section.sentences) {
      RC_ASSERT(text::is_utf8(sentence.text) && !sentence.text.empty());
      RC_ASSERT(sentence.level == 0 || &sentence != &section.sentences.front());
    }
  }
}

}  // namespace
}  // namespace odeon::briefings
