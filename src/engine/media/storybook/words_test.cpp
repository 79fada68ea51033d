#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <map>
#include <set>

#include "base/text.hpp"
#include "engine/media/storybook/lexicon.hpp"
#include "engine/media/storybook/storybook.hpp"

namespace odeon::storybook {

namespace embedded {
extern const std::string_view scene_words_txt;
}

namespace {

template <class Enum>
std::set<std::string> names_of() {
  std::set<std::string> names;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto each) { names.insert(each.name); });
  return names;
}

TEST(StorybookWords, AreThoseOfAFoldedText) {
  EXPECT_EQ(words_of("L'océan, Über-GRÖSSE; cœur ¡Niño! straße"),
            (std::vector<std::string>{"l", "ocean", "uber", "grosse", "coeur", "nino", "strasse"}));
  EXPECT_TRUE(words_of("  …  ").empty());
  EXPECT_EQ(words_of("a\xFF\xC3"), (std::vector<std::string>{"a"}));
  EXPECT_LE(words_of(std::string(1'000'000, 'x')).at(0).size(), 8192U);
}

TEST(StorybookWords, KnowEveryThingThatCanBeDrawnInEveryLanguage) {
  const std::map<std::string, std::set<std::string>> drawn{
      {"setting", names_of<Setting>()},     {"time", names_of<Daytime>()}, {"season", names_of<Season>()},
      {"weather", names_of<Weather>()},     {"pose", names_of<Pose>()},    {"mood", names_of<Mood>()},
      {"companion", names_of<Companion>()}, {"prop", names_of<Prop>()}};
  std::map<std::string, std::set<std::string>> told;
  for (auto line : text::split(embedded::scene_words_txt, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto head = text::split(line.substr(0, line.find(':')), ' ');
    ASSERT_EQ(head.size(), 3U) << line;
    ASSERT_TRUE(drawn.contains(std::string(head[0]))) << line;
    EXPECT_TRUE(drawn.at(std::string(head[0])).contains(std::string(head[1]))) << line;
    EXPECT_TRUE(told[std::string(head[0]) + " " + std::string(head[1])].insert(std::string(head[2])).second) << line;
  }
  for (const auto& [kind, names] : drawn)
    for (const auto& name : names) {
      if (name == "clear") continue;  // what no word tells
      EXPECT_EQ(told[kind + " " + name], (std::set<std::string>{"de", "en", "es", "fr", "it"})) << kind << " " << name;
    }
}

TEST(StorybookWords, EveryLineMustBeOfTheForm) {
  EXPECT_THROW(Lexicon("no colon here"), std::logic_error);
  EXPECT_THROW(Lexicon("one: word"), std::logic_error);
  EXPECT_THROW(Lexicon("kind value en: word, , other"), std::logic_error);
  const Lexicon lexicon("# a comment\n\ncolour dark: dark brown\ncolour plain: brown*, dark");
  const auto found = lexicon.find(words_of("Dark brown and brownish, dark."), "colour");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].value, "dark");
  EXPECT_EQ(found[1].value, "plain");
  EXPECT_EQ(found[2].place, 4U);
}

struct Told {
  const char *language, *text;
  Setting setting;
  Daytime time;
  Weather weather;
  Pose pose;
  Mood mood;
  std::vector<Companion> companions;
  std::vector<Prop> props;
};

class ReadScene : public ::testing::TestWithParam<Told> {};

TEST_P(ReadScene, SeesWhatIsTold) {
  const Told& told = GetParam();
  const Scene scene = read_scene(told.text, told.language);
  EXPECT_EQ(scene.setting, told.setting) << told.text;
  EXPECT_EQ(scene.time, told.time) << told.text;
  EXPECT_EQ(scene.weather, told.weather) << told.text;
  EXPECT_EQ(scene.pose, told.pose) << told.text;
  EXPECT_EQ(scene.mood, told.mood) << told.text;
  EXPECT_EQ(scene.companions, told.companions) << told.text;
  EXPECT_EQ(scene.props, told.props) << told.text;
}

using enum Companion;
constexpr auto day = Daytime::day;
constexpr auto clear = Weather::clear;

INSTANTIATE_TEST_SUITE_P(
    InFiveLanguages, ReadScene,
    ::testing::Values(Told{"en",
                           "Alice ran through the forest with a little fox at sunset, laughing.",
                           Setting::forest,
                           Daytime::dusk,
                           clear,
                           Pose::running,
                           Mood::laughing,
                           {fox},
                           {}},
                      Told{"en",
                           "At midnight the knight slept in the castle, a dragon and an owl beside a treasure chest.",
                           Setting::castle,
                           Daytime::night,
                           clear,
                           Pose::sleeping,
                           Mood::sleepy,
                           {dragon, owl},
                           {Prop::treasure}},
                      Told{"en",
                           "In the rain she stood under her umbrella in the city street, worried.",
                           Setting::city,
                           day,
                           Weather::rain,
                           Pose::standing,
                           Mood::worried,
                           {},
                           {Prop::umbrella}},
                      Told{"en",
                           "They read a book in the library.",
                           Setting::library,
                           day,
                           clear,
                           Pose::reading,
                           Mood::happy,
                           {},
                           {Prop::book}},
                      Told{"en",
                           "The rocket flew to distant planets!",
                           Setting::space,
                           day,
                           clear,
                           Pose::flying,
                           Mood::happy,
                           {},
                           {Prop::rocket}},
                      Told{"es",
                           "Por la mañana, Lucía corría por el bosque con su perrito mientras llovía.",
                           Setting::forest,
                           Daytime::dawn,
                           Weather::rain,
                           Pose::running,
                           Mood::happy,
                           {dog},
                           {}},
                      Told{"es",
                           "De noche, el dragón dormía en la montaña bajo la luna.",
                           Setting::mountains,
                           Daytime::night,
                           clear,
                           Pose::sleeping,
                           Mood::sleepy,
                           {dragon},
                           {Prop::moon}},
                      Told{"es",
                           "Nadaron con los peces entre corales y descubrieron un cofre.",
                           Setting::underwater,
                           day,
                           clear,
                           Pose::swimming,
                           Mood::happy,
                           {fish},
                           {Prop::treasure}},
                      Told{"fr",
                           "Au crépuscule, Léa marchait sur la plage avec son chaton, curieuse.",
                           Setting::beach,
                           Daytime::dusk,
                           clear,
                           Pose::walking,
                           Mood::curious,
                           {cat},
                           {}},
                      Told{"fr",
                           "La neige tombait ; le lapin sautait devant le château.",
                           Setting::castle,
                           day,
                           Weather::snow,
                           Pose::jumping,
                           Mood::happy,
                           {rabbit},
                           {}},
                      Told{"fr",
                           "Dans la cuisine, il prépare un gâteau et rit.",
                           Setting::kitchen,
                           day,
                           clear,
                           Pose::standing,
                           Mood::laughing,
                           {},
                           {Prop::cake}},
                      Told{"de",
                           "Im nebligen Wald schlich ein Füchslein; Mia saß staunend unter den Bäumen.",
                           Setting::forest,
                           day,
                           Weather::fog,
                           Pose::sitting,
                           Mood::surprised,
                           {fox},
                           {}},
                      Told{"de",
                           "Am Abend tanzten sie auf dem Bauernhof mit den Kühen und dem Hündchen.",
                           Setting::farm,
                           Daytime::dusk,
                           clear,
                           Pose::dancing,
                           Mood::happy,
                           {dog},
                           {}},
                      Told{"de",
                           "Er flog mit der Rakete durch das Weltall, stolz und mutig.",
                           Setting::space,
                           day,
                           clear,
                           Pose::flying,
                           Mood::proud,
                           {},
                           {Prop::rocket}},
                      Told{"it",
                           "Di notte Giulia leggeva un libro nella sua cameretta con il gattino.",
                           Setting::bedroom,
                           Daytime::night,
                           clear,
                           Pose::reading,
                           Mood::happy,
                           {cat},
                           {Prop::book}},
                      Told{"it",
                           "Il vento soffiava sul prato e l'aquilone volava; le farfalle danzavano.",
                           Setting::meadow,
                           day,
                           Weather::wind,
                           Pose::flying,
                           Mood::happy,
                           {butterfly},
                           {Prop::kite}},
                      Told{"it",
                           "Al tramonto la barca dei pirati solcava le onde del mare.",
                           Setting::sea,
                           Daytime::dusk,
                           clear,
                           Pose::standing,
                           Mood::happy,
                           {},
                           {Prop::boat}}));

TEST(ReadSceneOf, AnythingElseIsAClearDayInAMeadow) {
  for (const std::string& text :
       {std::string(), std::string("\xFF\xFE\x00", 3), std::string("Привет 你好"), std::string(3'000'000, '\xC3')})
    for (const auto language : {"en", "xx", ""}) {
      const Scene scene = read_scene(text, language);
      EXPECT_EQ(scene.setting, Setting::meadow);
      EXPECT_EQ(scene.pose, Pose::standing);
      EXPECT_TRUE(scene.companions.empty() && scene.props.empty());
    }
  EXPECT_EQ(read_scene("a castle", "tlh").setting, Setting::castle);
}

TEST(ReadSceneOf, WordsThatOnlySoundAlikeTellNothing) {
  for (const auto& [language, text] : std::vector<std::pair<const char*, const char*>>{
           {"en", "The rest of it was mine, and I hoped to miss no point."},
           {"es", "Aquel día no pasó nada, y era tarde."},
           {"fr", "Un jour, elle a été près de là, à côté, or elle était dans l'ombre."},
           {"de", "Eines Tages schloss sie die Augen und hielt sich fest."},
           {"it", "Un giorno le persone erano gentili."}}) {
    const Scene scene = read_scene(text, language), nothing = read_scene("", language);
    EXPECT_EQ(scene.setting, nothing.setting) << text;
    EXPECT_EQ(scene.time, nothing.time) << text;
    EXPECT_EQ(scene.season, nothing.season) << text;
    EXPECT_EQ(scene.pose, nothing.pose) << text;
    EXPECT_EQ(scene.mood, nothing.mood) << text;
    EXPECT_TRUE(scene.companions.empty() && scene.props.empty()) << text;
  }
}

TEST(ReadSceneOf, NoMoreIsReadThanIsDrawn) {
  const Scene scene = read_scene("dog cat fox owl; star boat balloon rocket book lantern", "en");
  EXPECT_EQ(scene.companions.size(), most_companions);
  EXPECT_EQ(scene.props.size(), most_props);
}

TEST(ReadSceneOf, OtherWordsGiveAnotherComposition) {
  EXPECT_NE(read_scene("in the woods", "en").seed, read_scene("in the forest", "en").seed);
  EXPECT_EQ(read_scene("in the woods", "en").seed, read_scene("in the woods", "en").seed);
}

RC_GTEST_PROP(ReadSceneProperty, AnyBytesAreRead, (const std::string& text)) {
  const Scene scene = read_scene(text, "de");
  RC_ASSERT(scene.companions.size() <= most_companions);
  RC_ASSERT(scene.props.size() <= most_props);
}

}  // namespace
}  // namespace odeon::storybook
