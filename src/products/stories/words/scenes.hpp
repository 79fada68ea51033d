// What there is to see in a story, and when.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "products/stories/words/language.hpp"

namespace odeon::stories {

struct StoryScene {
  std::string text;   // for whoever draws it: in English where it was composed or a model chose it, else sentences of
                      // the story
  std::string place;  // forest, bedroom, sea, underwater, beach, space, castle, school, city, mountains, garden, farm,
                      // snow, cave, kitchen, library, playground; empty: what the text says
  std::string time;   // day, dusk, night; empty: what the text says
  std::string mood;   // happy, curious, surprised, sleepy, proud, worried; empty: what the text says
  std::size_t offset = 0;            // bytes of the story's content before it
  std::size_t words = 0;             // words before it
  Language language = Language::en;  // of the text
};

// At most `count`, fewer where there are fewer sentences: the sentences with most to see, spread evenly over
// the story. For stories that a model wrote or a person edited. Valid UTF-8.
std::vector<StoryScene> extract_scenes(std::string_view content, Language language, std::size_t count);

// `count` of a composed story's scenes (or all there are), spread evenly; the last is the story's happy turn.
std::vector<StoryScene> spread(const std::vector<StoryScene>& scenes, std::size_t count);

// When a scene comes if nothing is known but the length of the whole: by its share of the words.
double estimated_second(const StoryScene& scene, std::size_t total_words, double total_seconds);

}  // namespace odeon::stories
