// How heroes look, for those who draw them.
#include <algorithm>

#include "base/text.hpp"
#include "products/stories/words/embedded.hpp"
#include "products/stories/words/folding.hpp"
#include "products/stories/words/lexicon.hpp"
#include "products/stories/words/prompts.hpp"

namespace odeon::stories {
namespace {

const Lexicon& look_words() {
  static const Lexicon read(stories_words::embedded::look_txt);
  return read;
}

bool is_one_of(std::string_view word, std::string_view patterns) {
  return std::ranges::any_of(text::split(patterns, ' '), [&](std::string_view pattern) {
    return pattern.ends_with('*') ? word.starts_with(pattern.substr(0, pattern.size() - 1)) : word == pattern;
  });
}

bool speaks_of(std::string_view phrase, std::string_view key) {
  const std::string& patterns = look_words().texts(key).front();
  return std::ranges::any_of(folded_words(phrase), [&](const auto& word) { return is_one_of(word, patterns); });
}

// Its colours in English, in the order of the list: "dark brown".
std::string colour_in(std::string_view phrase) {
  const auto words = folded_words(phrase);
  std::string shade, colour;
  for (std::string_view line : text::split(look_words().texts("colours").front(), '\n')) {
    const auto colon = line.find(": ");
    const auto name = line.substr(0, colon);
    if (std::ranges::none_of(words, [&](const auto& word) { return is_one_of(word, line.substr(colon + 2)); }))
      continue;
    if (name == "dark" || name == "light")
      shade = name;
    else if (colour.empty())
      colour = name;
  }
  return shade.empty() || colour.empty() ? shade + colour : shade + " " + colour;
}

// "Curly blonde hair, blue eyes and a red cape" in its parts.
std::vector<std::string> phrases_of(std::string_view appearance) {
  std::string marked = text::collapse_spaces(text::to_valid_utf8(appearance));
  for (std::string_view mark :
       {",", ";", ".", " and ", " y ", " et ", " und ", " e ", " with ", " con ", " avec ", " mit "})
    marked = text::replace_all(marked, mark, "\n");
  std::vector<std::string> phrases;
  for (std::string_view phrase : text::split(marked, '\n'))
    if (!text::trim(phrase).empty()) phrases.emplace_back(text::trim(phrase));
  return phrases;
}

// People's words in a prompt: one line that nothing can be opened or closed with.
std::string in_a_line(std::string_view text, std::size_t length) {
  std::string out;
  for (const char c : text::to_valid_utf8(text))
    out += static_cast<std::uint8_t>(c) < 0x20 || std::string_view("\"`<>{}[]\\|#*").find(c) != std::string_view::npos
               ? ' '
               : c;
  return std::string(text::prefix(text::collapse_spaces(out), length));
}

void add(std::string& list, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  if (!list.empty()) list += ", ";
  list.append(label).append(in_a_line(value, 120));
}

std::string described(const StoryHero& hero, const VisualLook& look) {
  if (!look.canonicalPrompt.empty()) return in_a_line(look.canonicalPrompt, 500);
  std::string all;
  add(all, "", look.hairStyle);
  add(all, "hair colour ", look.hairColor);
  add(all, "eyes ", look.eyeColor);
  add(all, "", look.skinTone);
  add(all, "wearing ", look.clothingStyle);
  for (const auto& accessory : look.accessories) add(all, "", accessory);
  return all.empty() ? in_a_line(hero.appearance, 300) : all;
}

std::string style_of(const VisualLook& look) {
  return look.artStyle.empty() ? "soft watercolour with fine ink lines" : in_a_line(look.artStyle, 120);
}

constexpr std::string_view kSafe =
    "Warm, friendly and safe for small children: no weapons, nothing frightening, nobody crying. No writing, no "
    "letters, "
    "no frame.";

}  // namespace

VisualLook plain_look(const StoryHero& hero) {
  VisualLook look;
  for (const auto& phrase : phrases_of(hero.appearance)) {
    if (speaks_of(phrase, "hair")) {
      look.hairStyle = phrase;
      if (look.hairColor.empty()) look.hairColor = colour_in(phrase);
    } else if (speaks_of(phrase, "eyes")) {
      look.eyeColor = colour_in(phrase);
    } else if (speaks_of(phrase, "skin")) {
      look.skinTone = phrase;
    } else if (speaks_of(phrase, "accessories")) {
      look.accessories.push_back(phrase);
    } else if (speaks_of(phrase, "clothes")) {
      add(look.clothingStyle, "", phrase);
      if (auto colour = colour_in(phrase); !colour.empty()) look.colorPalette.push_back(std::move(colour));
    }
  }
  const std::string words = in_a_line(hero.appearance, 400);
  look.canonicalPrompt =
      fmt::format("A child, {}{}{}", age_in_words(Language::en, hero.age), words.empty() ? "" : ", ", words);
  look.simplifiedPrompt = std::string(text::prefix(look.canonicalPrompt, 160));
  return look;
}

EnhancedEvent plain_event(std::string_view title, std::string_view description) {
  EnhancedEvent event{.title = in_a_line(title, 100), .description = in_a_line(description, 1000)};
  event.promptSeed = event.description.empty() ? event.title : event.title + ": " + event.description;
  for (const auto& word : folded_words(event.promptSeed))
    if (text::length(word) >= 5 && event.keywords.size() < 6 &&
        std::ranges::find(event.keywords, word) == event.keywords.end())
      event.keywords.push_back(word);
  return event;
}

std::string avatar_prompt(const StoryHero& hero, const VisualLook& look) {
  return fmt::format(
      "Portrait of a storybook hero, head and shoulders, looking at us with a friendly smile, before a plain light "
      "background. The child is {}: {}. Style: {}. {}",
      age_in_words(Language::en, hero.age), described(hero, look), style_of(look), kSafe);
}

std::string illustration_prompt(const StoryScene& scene, const StoryHero& hero, const VisualLook& look,
                                bool with_reference) {
  std::string light;
  add(light, "time of day: ", scene.time);
  add(light, "mood: ", scene.mood);
  return fmt::format(
      "Illustration of a children's picture book. Scene: {}. {}{}The hero, {}, is {}: {}.{} Style: {}, the same in "
      "every "
      "picture of the book. {}",
      in_a_line(scene.text, 500), light, light.empty() ? "" : ". ", in_a_line(hero.name, 60),
      age_in_words(Language::en, hero.age), described(hero, look),
      with_reference ? " Keep face, hair, clothes and colours exactly as in the reference picture." : "",
      style_of(look), kSafe);
}

std::string pictogram_prompt(std::string_view title, std::string_view description) {
  return fmt::format(
      "A simple, round, colourful pictogram for a children's app: one clear object on a plain background, thick soft "
      "shapes, readable when small. It stands for: {}. {} {}",
      in_a_line(title, 100), in_a_line(description, 300), kSafe);
}

}  // namespace odeon::stories
