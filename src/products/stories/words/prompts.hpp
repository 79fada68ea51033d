// What models are asked for, and whether their answers can be used.
//
// What people wrote (names, appearance, abilities, events, stories) is handed over as JSON between marks that it cannot
// forge, and models are told that nothing in there is an instruction. Image models take one text: what people wrote
// goes into it cut to a line and without quotes, and should have gone through filter_content before.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "products/stories/words/compose.hpp"
#include "products/stories/words/language.hpp"
#include "products/stories/words/scenes.hpp"

namespace odeon::stories {

struct Prompt {
  std::string system;
  std::string user;
};

// How a hero looks, as HeroVisualProfile of the database has it; what is not known is empty.
struct VisualLook {
  std::string hairColor, hairStyle, eyeColor, skinTone, bodyType, height;
  std::string clothingStyle;
  std::vector<std::string> colorPalette, accessories;  // names or #rrggbb
  std::string artStyle;
  std::string canonicalPrompt, simplifiedPrompt;  // one line each
};
BOOST_DESCRIBE_STRUCT(VisualLook, (),
                      (hairColor, hairStyle, eyeColor, skinTone, bodyType, height, clothingStyle, colorPalette,
                       accessories, artStyle, canonicalPrompt, simplifiedPrompt))

// Why an answer is not used: not_json, shape, too_short, too_long, markup.
struct BadAnswer {
  std::string code;
  std::string message;  // for logs
};

struct WrittenStory {
  std::string title;
  std::string content;
};

// A story of 450 to 700 words in the wish's language. The answer: the title in the first line, then the story. Where
// the first line is no title, the title is empty; a line that is too long for one is the story's first.
Prompt story_prompt(const StoryWish& wish);
std::expected<WrittenStory, BadAnswer> read_story(std::string_view answer, Language language);

// A title for a story that has none. The answer is the title.
Prompt title_prompt(std::string_view content, Language language);
std::expected<std::string, BadAnswer> read_title(std::string_view answer);

// The `count` scenes of a story that are best to see, in its order, as JSON {"scenes":[{"text","quote"}]}.
Prompt scenes_prompt(std::string_view content, Language language, std::size_t count);
// Each placed where its quote stands in the content; fewer than asked for is an answer too.
std::expected<std::vector<StoryScene>, BadAnswer> read_scenes(std::string_view answer, std::string_view content,
                                                              std::size_t count);

// How the hero looks, from people's own words, as JSON of VisualLook.
Prompt look_prompt(const StoryHero& hero);
std::expected<VisualLook, BadAnswer> read_look(std::string_view answer);
// The same without a model: what can be told from the words of the appearance, and nothing made up.
VisualLook plain_look(const StoryHero& hero);

// A custom event made clearer and richer, as JSON.
struct EnhancedEvent {
  std::string title, description, promptSeed;
  std::vector<std::string> keywords;
};
BOOST_DESCRIBE_STRUCT(EnhancedEvent, (), (title, description, promptSeed, keywords))
Prompt event_prompt(std::string_view title, std::string_view description, Language language);
std::expected<EnhancedEvent, BadAnswer> read_event(std::string_view answer);
// The same without a model: the person's own words, tidied.
EnhancedEvent plain_event(std::string_view title, std::string_view description);

// ---- for image models -----------------------------------------------------------------------------------------------

std::string avatar_prompt(const StoryHero& hero, const VisualLook& look);
// `with_reference`: the avatar or the last picture goes along for the model to keep to.
std::string illustration_prompt(const StoryScene& scene, const StoryHero& hero, const VisualLook& look,
                                bool with_reference);
std::string pictogram_prompt(std::string_view title, std::string_view description);

}  // namespace odeon::stories
