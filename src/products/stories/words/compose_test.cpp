#include "products/stories/words/compose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "products/stories/words/cast.hpp"
#include "products/stories/words/content_filter.hpp"
#include "products/stories/words/folding.hpp"
#include "products/stories/words/lexicon.hpp"
#include "products/stories/words/meta.hpp"
#include "products/stories/words/read_along.hpp"
#include "products/stories/words/telling_test.hpp"

namespace odeon::stories {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Compose, TellsTheSameForTheSameWish) {
  const StoryWish wish{.hero = {.name = "Mia", .traits = {"kind"}}, .event = "bedtime", .seed = 7};
  EXPECT_EQ(compose_story(wish).content, compose_story(wish).content);
  StoryWish other = wish;
  other.seed = 8;
  EXPECT_NE(compose_story(wish).plot, compose_story(other).plot);
}

TEST(Compose, RefusesAnEventThatIsNotOnTheList) {
  EXPECT_THROW(compose_story({.hero = {.name = "Mia"}, .event = "no_such_thing"}), Error);
  EXPECT_THROW(compose_story({.hero = {.name = "Mia"}, .custom_event = "\"\""}), Error);
}

// Every plot in every language, for every age and event, with and without everything that can be in it.
TEST(Compose, StaysBetweenThreeAndFiveMinutes) {
  each_story([](const StoryWish& wish, const ComposedStory& story) {
    EXPECT_GE(story.seconds, 180) << about(wish, story);
    EXPECT_LE(story.seconds, 300) << about(wish, story);
    EXPECT_EQ(story.words, count_words(story.content));
  });
}

TEST(Compose, WritesWholeSentences) {
  each_story([](const StoryWish& wish, const ComposedStory& story) {
    expect_clean(story.title, wish.language);
    expect_clean(story.content, wish.language);
    for (const Span& span : sentences_of(story.content, wish.language))
      expect_sentence(story.content.substr(span.offset, span.length));
  });
}

TEST(Compose, HoldsNothingThatTheFilterKnows) {
  each_story([](const StoryWish& wish, const ComposedStory& story) {
    for (const FilterMode mode : {FilterMode::read_aloud, FilterMode::image_prompt})
      for (const auto& change : filter_content(story.title + "\n" + story.content, wish.language, mode).changes)
        ADD_FAILURE() << about(wish, story) << ": " << change.found;
  });
}

TEST(Compose, MarksScenesInOrder) {
  each_story([](const StoryWish& wish, const ComposedStory& story) {
    ASSERT_EQ(story.scenes.size(), 6u) << about(wish, story);
    std::size_t before = 0;
    for (const auto& scene : story.scenes) {
      EXPECT_GE(scene.offset, before);
      before = scene.offset;
      EXPECT_TRUE(scene.offset == 0 || story.content.substr(scene.offset - 2, 2) == "\n\n");
      EXPECT_EQ(scene.words, count_words(story.content.substr(0, scene.offset)));
      EXPECT_FALSE(scene.text.empty() || scene.place.empty() || scene.time.empty() || scene.mood.empty());
    }
  });
}

std::set<std::string> shingles(const std::string& text) {
  const auto words = folded_words(text);
  std::set<std::string> found;
  for (std::size_t i = 0; i + 3 <= words.size(); ++i) found.insert(words[i] + " " + words[i + 1] + " " + words[i + 2]);
  return found;
}

double similarity(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::size_t both = 0;
  for (const auto& shingle : a) both += b.contains(shingle);
  return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

// Ten bedtimes of one hero, whichever of their stories these are.
TEST(Compose, TellsTenStoriesThatDiffer) {
  for (const auto& [age, first] : std::vector<std::pair<int, std::uint64_t>>{{7, 0}, {7, 3}, {3, 17}, {12, 5}, {16, 8}})
    for (const Language language : kLanguages) {
      std::vector<std::set<std::string>> stories;
      std::set<std::string> seen_plots, titles, settings;
      for (std::uint64_t seed = first; seed < first + 10; ++seed) {
        const auto story = compose_story({.hero = {.name = "Leo", .age = age, .traits = {"funny", "kind"}},
                                          .language = language,
                                          .event = "bedtime",
                                          .seed = seed});
        seen_plots.insert(story.plot);
        titles.insert(story.title);
        settings.insert(story.scenes.at(2).place);
        EXPECT_THAT(story.scenes.back().mood, AnyOf("happy", "proud", "sleepy")) << story.plot;
        stories.push_back(shingles(story.content));
      }
      EXPECT_EQ(seen_plots.size(), 10u);
      EXPECT_EQ(titles.size(), 10u);
      EXPECT_GE(settings.size(), 8u);
      for (std::size_t i = 0; i < stories.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
          EXPECT_LT(similarity(stories[i], stories[j]), 0.35) << code_of(language) << " " << i << " " << j;
    }
}

// When the plots begin again, the way out and much of the wording are others.
TEST(Compose, TellsAPlotInAnotherWayTheNextTime) {
  for (const Language language : kLanguages) {
    const auto tell = [&](std::uint64_t seed) {
      return compose_story({.hero = {.name = "Leo", .age = 7, .traits = {"funny", "patient"}},
                            .language = language,
                            .event = seed < 10 ? "bedtime" : "rainy_day",
                            .seed = seed});
    };
    EXPECT_EQ(tell(4).plot, tell(14).plot);
    EXPECT_LT(similarity(shingles(tell(4).content), shingles(tell(14).content)), 0.6) << code_of(language);
  }
}

TEST(Compose, LetsTraitAndAbilityMatter) {
  const auto tell = [](std::string trait, std::vector<std::string> abilities) {
    return compose_story({.hero = {.name = "Mia", .traits = {std::move(trait)}, .abilities = std::move(abilities)},
                          .event = "weekend"})
        .content;
  };
  EXPECT_THAT(tell("patient", {}), HasSubstr("But Mia was patient."));
  EXPECT_THAT(tell("brave", {}), HasSubstr("But Mia was brave."));
  EXPECT_NE(tell("patient", {}), tell("calm", {}));
  EXPECT_THAT(tell("brave", {"Flying"}), HasSubstr("flew up"));
  EXPECT_THAT(tell("brave", {"talking to squirrels"}), HasSubstr("talking to squirrels"));
}

TEST(Compose, SuitsTheAge) {
  for (const Language language : kLanguages) {
    std::vector<double> lengths;
    for (const int age : {3, 6, 10, 15}) {
      std::size_t words = 0, sentences = 0;
      for (std::uint64_t seed = 0; seed < plots().size(); ++seed) {
        const auto story = compose_story({.hero = {.name = "Mia", .age = age, .traits = {"kind"}},
                                          .language = language,
                                          .event = "bedtime",
                                          .seed = seed});
        words += story.words;
        sentences += sentences_of(story.content, language).size();
      }
      lengths.push_back(static_cast<double>(words) / static_cast<double>(sentences));
    }
    EXPECT_LT(lengths[0], 11) << code_of(language);
    EXPECT_LT(lengths[1], 11.5) << code_of(language);
    EXPECT_GT(lengths[2], 1.25 * lengths[1]) << code_of(language);
    EXPECT_LT(lengths[3], 18) << code_of(language);
  }
}

// The same adventure in other words, and no good-night at its end.
TEST(Compose, HasARegisterForOlderChildren) {
  for (const Language language : kLanguages)
    for (std::uint64_t seed = 0; seed < plots().size(); ++seed) {
      const auto tell = [&](int age) {
        return compose_story({.hero = {.name = "Kim", .age = age, .traits = {"kind"}},
                              .language = language,
                              .event = "weekend",
                              .seed = seed});
      };
      const auto younger = tell(8), older = tell(9);
      EXPECT_EQ(younger.plot, older.plot);
      EXPECT_LT(similarity(shingles(younger.content), shingles(older.content)), 0.75) << code_of(language) << seed;
      const auto last = older.content.substr(older.content.rfind("\n\n"));
      for (const auto* nursery : {"Good night", "Buenas noches", "Bonne nuit", "Gute Nacht", "Buonanotte"})
        EXPECT_THAT(last, Not(HasSubstr(nursery)));
      EXPECT_THAT(last, Not(HasSubstr(younger.content.substr(younger.content.rfind(". ") + 2))));
    }
}

TEST(Compose, OpensInTheRegisterThatItGoesOnIn) {
  for (const Language language : kLanguages)
    for (const auto& [key, texts] : lexicon(language).all())
      if (key.starts_with("open.") && !key.ends_with(".older"))
        EXPECT_EQ(lexicon(language).texts(key + ".older").size(), texts.size()) << code_of(language) << " " << key;
}

TEST(Compose, TakesWhatPeopleType) {
  for (const Language language : kLanguages)
    for (const std::string name :
         {"{N}", "[a|b]", "\"", "<script>", "李小龙", "Mia\n\nIgnore this", "\xFF\xFE", "O'Neil", "😀 Zoë", "",
          "Maximilian-Alexander von und zu Hohenstein-Wittgenstein der Jüngere, Erster"}) {
      const auto story = compose_story({.hero = {.name = name, .age = 99, .traits = {"?"}, .abilities = {name, ""}},
                                        .language = language,
                                        .custom_event = "The {day} of [pancakes|waffles]",
                                        .companion = name});
      expect_clean(story.content, language);
      EXPECT_THAT(story.content, HasSubstr("The day of pancakes waffles"));
      EXPECT_LE(story.seconds, 330);
    }
}

TEST(Meta, OffersEnoughInEveryLanguage) {
  EXPECT_GE(traits().size(), 24u);
  EXPECT_GE(event_types().size(), 12u);
  EXPECT_EQ(plots().size(), 10u);
  for (const auto& trait : traits())
    for (const auto& name : trait.names) EXPECT_FALSE(name.empty()) << trait.id;
  // Each trait has its name, its noun and its telling line, and each language has all that English has.
  for (const Language language : kLanguages) {
    for (const auto& trait : traits()) {
      const auto& text = lexicon(language).texts("trait." + trait.id).front();
      EXPECT_EQ(std::ranges::count(text, '\n'), 2) << code_of(language) << " " << trait.id;
    }
    for (const auto& [key, texts] : lexicon(Language::en).all())
      EXPECT_EQ(lexicon(language).texts(key).size(), texts.size()) << code_of(language) << " " << key;
  }
  EXPECT_EQ(find_trait("brave")->names[static_cast<std::size_t>(Language::es)], "Valiente");
  EXPECT_EQ(find_event_type("bedtime")->names[static_cast<std::size_t>(Language::de)], "Schlafenszeit");
  EXPECT_EQ(find_trait("no such"), nullptr);
  EXPECT_EQ(language_of("pt"), std::nullopt);
}

TEST(Abilities, AreKnownInEveryLanguage) {
  for (const auto& [words, kind] : std::vector<std::pair<std::string, std::string>>{{"super speed", "speed"},
                                                                                    {"volar", "fly"},
                                                                                    {"Voler", "fly"},
                                                                                    {"Fliegen", "fly"},
                                                                                    {"magia", "magic"},
                                                                                    {"parler aux animaux", "animals"},
                                                                                    {"Unsichtbarkeit", "invisible"},
                                                                                    {"forza", "strength"},
                                                                                    {"dessiner", "art"},
                                                                                    {"bakes bread", "other"},
                                                                                    {"", "other"}})
    EXPECT_EQ(ability_kind(words), kind) << words;
}

}  // namespace
}  // namespace odeon::stories
