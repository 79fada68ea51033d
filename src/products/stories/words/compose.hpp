// Stories without a model: composed from plots that people wrote in each of the five languages.
//
// A story begins with its event, is called away into one of the plots, gets stuck in a trouble, gets out of it in the
// way that one of the hero's traits suggests, and comes home to a soft ending. Every plot is told anew for each
// language, age and trait; from nine years on in another register. Nothing frightens, and nobody has to be rescued by
// strangers.
//
// Pure, deterministic for the same wish on every machine, and quick (well under a millisecond); safe on any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "products/stories/words/hero_words.hpp"
#include "products/stories/words/scenes.hpp"

namespace odeon::stories {

enum class Tone { gentle, funny, adventurous };
BOOST_DESCRIBE_ENUM(Tone, gentle, funny, adventurous)

struct StoryHero {
  std::string name;                    // UTF-8; what no sentence can hold is left out (speakable_name)
  int age = 6;                         // 1 to 18
  std::vector<std::string> traits;     // ids of traits(); others are passed over
  std::vector<std::string> abilities;  // people's own words
  std::string appearance;              // people's own words
  std::optional<Gender> gender;        // unless somebody said so: gender_of(name, appearance)
};

struct StoryWish {
  StoryHero hero;
  Language language = Language::en;
  std::string event;         // an id of event_types(); not looked at where there is a custom event
  std::string custom_event;  // its title, in people's own words and already filtered
  std::optional<Tone> tone;  // else the event's own: gentle for bedtime, by turns for others
  std::string companion;     // a name, or nothing
  // How many stories the hero has had: ten in a row have ten different plots.
  std::uint64_t seed = 0;
};

struct ComposedStory {
  std::string title;
  std::string content;  // paragraphs, with an empty line between them
  std::string plot;     // "moon"
  std::size_t words = 0;
  double seconds = 0;              // as it is read aloud, by words_per_minute
  std::vector<StoryScene> scenes;  // in order
};

// Between three and five minutes. Throws Error{invalid, "UNKNOWN_EVENT"} for an event that is not on the list.
ComposedStory compose_story(const StoryWish& wish);

// Words as people count them: what stands between white space and has a letter or a digit.
std::size_t count_words(std::string_view text);

}  // namespace odeon::stories
