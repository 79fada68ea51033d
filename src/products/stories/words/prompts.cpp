#include "products/stories/words/prompts.hpp"

#include <algorithm>
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"
#include "products/stories/words/lexicon.hpp"
#include "products/stories/words/meta.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kLongestAppearance = 500, kLongestStory = 20'000;

struct StoryData {
  std::string name;
  std::int64_t age = 0;
  std::vector<std::string> traits, abilities;
  std::string appearance, occasion, companion;
};
BOOST_DESCRIBE_STRUCT(StoryData, (), (name, age, traits, abilities, appearance, occasion, companion))
struct TextData {
  std::string story;
};
BOOST_DESCRIBE_STRUCT(TextData, (), (story))
struct EventData {
  std::string title, description;
};
BOOST_DESCRIBE_STRUCT(EventData, (), (title, description))
struct LookData {
  std::string name;
  std::int64_t age = 0;
  std::string appearance;
  std::vector<std::string> traits;
};
BOOST_DESCRIBE_STRUCT(LookData, (), (name, age, appearance, traits))

// JSON in which no text can look like the mark that ends the data.
template <class T>
std::string fenced(const T& data) {
  const std::string json = text::replace_all(text::replace_all(json::write(data), "<", "\\u003c"), ">", "\\u003e");
  return "<data>\n" + json + "\n</data>";
}

std::string at_most(std::string_view text, std::size_t length) {
  const std::string valid = text::to_valid_utf8(text);
  return std::string(text::prefix(valid, length));
}

// A text of the lexicon with the slots that prompts have.
std::string asked(Language language, std::string_view key, int age, std::string_view count, std::string_view json) {
  const Lexicon& words = lexicon(language);
  const auto rate = words_per_minute(language);
  Dice dice(0);
  Slots slots = [&](std::string_view slot) -> std::string {
    if (slot == "age") return age_in_words(language, age);
    if (slot == "for_age") return expand(words.texts("prompt.age").front(), age_band(age), Length::full, dice, {});
    if (slot == "rules") return words.texts("prompt.rules").front();
    if (slot == "shortest") return fmt::format("{}", std::lround(rate * 3.0 / 10) * 10);
    if (slot == "longest") return fmt::format("{}", std::lround(rate * 4.7 / 10) * 10);
    if (slot == "count") return std::string(count);
    return std::string(json);
  };
  return expand(words.texts(key).front(), age_band(age), Length::full, dice, slots);
}

}  // namespace

Prompt story_prompt(const StoryWish& wish) {
  StoryData data{.name = at_most(wish.hero.name, 100),
                 .age = wish.hero.age,
                 .appearance = at_most(wish.hero.appearance, kLongestAppearance),
                 .occasion = at_most(wish.custom_event, 1000),
                 .companion = at_most(wish.companion, 100)};
  const auto language = static_cast<std::size_t>(wish.language);
  for (const auto& id : wish.hero.traits)
    if (const Trait* trait = find_trait(id)) data.traits.push_back(trait->names[language]);
  for (const auto& ability : wish.hero.abilities) data.abilities.push_back(at_most(ability, 100));
  if (const EventType* event = find_event_type(wish.event); event && data.occasion.empty())
    data.occasion = event->names[language];
  return {asked(wish.language, "prompt.story", wish.hero.age, "", ""), fenced(data)};
}

Prompt title_prompt(std::string_view content, Language language) {
  return {asked(language, "prompt.title", 6, "", ""), fenced(TextData{at_most(content, kLongestStory)})};
}

Prompt scenes_prompt(std::string_view content, Language language, std::size_t count) {
  return {asked(language, "prompt.scenes", 6, fmt::format("{}", count),
                R"({"scenes":[{"text":"A fox in a postman's cap runs …","quote":"…"}]})"),
          fenced(TextData{at_most(content, kLongestStory)})};
}

Prompt event_prompt(std::string_view title, std::string_view description, Language language) {
  return {
      asked(language, "prompt.event", 6, "", R"({"title":"…","description":"…","promptSeed":"…","keywords":["…"]})"),
      fenced(EventData{at_most(title, 200), at_most(description, 2000)})};
}

Prompt look_prompt(const StoryHero& hero) {
  LookData data{.name = at_most(hero.name, 100),
                .age = hero.age,
                .appearance = at_most(hero.appearance, kLongestAppearance),
                .traits = hero.traits};
  return {
      fmt::format(
          "You keep the look of a storybook character the same from picture to picture. From the description in the "
          "data, note what an illustrator must know, in English, each in a few words; what the description leaves "
          "open, decide once and plausibly for a child of that age, dressed for play. Colours as #rrggbb. "
          "canonicalPrompt: one line of at most 60 words that describes the child completely, without the name; "
          "simplifiedPrompt: the same in at most 20 words.\n{}\nAnswer with JSON and nothing else: "
          R"({{"hairColor":"","hairStyle":"","eyeColor":"","skinTone":"","bodyType":"","height":"",)"
          R"("clothingStyle":"","colorPalette":["#rrggbb"],"accessories":[""],"artStyle":"",)"
          R"("canonicalPrompt":"","simplifiedPrompt":""}})",
          lexicon(Language::en).texts("prompt.rules").front()),
      fenced(data)};
}

}  // namespace odeon::stories
