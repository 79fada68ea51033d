// What a library that is brought along has in it, as its library.json says: docs/stories.md has the form. Whoever made
// it may have kept to other limits, so what does not fit is left out, each with a reason, and the rest is taken.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "products/stories/import/skipped.hpp"
#include "products/stories/stories.hpp"
#include "products/stories/words/compose.hpp"
#include "products/stories/words/prompts.hpp"

namespace odeon::stories {

inline constexpr std::string_view kLibraryName = "library.json";
inline constexpr std::size_t kLargestManifest = 32 * 1024 * 1024;  // bytes
inline constexpr std::size_t kMostHeroes = 500, kMostEvents = 500, kMostStories = 5000;

using SourceId = Text<1, 200>;    // what something was called there
using SourcePath = Text<1, 500>;  // in the ZIP, from where library.json is

struct BroughtHero {
  SourceId id;
  Text<1, 100> name;
  Int<1, 18> age;
  List<std::string, 0, 50> traits;  // those of /api/meta are taken
  Text<0, 500> appearance;
  List<Text<1, 60>, 0, 3> abilities;
  std::optional<SourcePath> avatar;
  std::optional<json::object> visualProfile;
  std::optional<Instant> createdAt;
};
BOOST_DESCRIBE_STRUCT(BroughtHero, (), (id, name, age, traits, appearance, abilities, avatar, visualProfile, createdAt))

struct BroughtEvent {
  SourceId id;
  Text<1, 100> title;
  Text<0, 1000> description;
  Text<0, 2000> promptSeed;
  List<Text<1, 40>, 0, 10> keywords;
  Text<0, 40> category;
  std::optional<Text<1, 20>> ageRange;
  std::optional<Tone> tone;
  std::optional<Language> language;
  std::optional<Text<1, 16>> pictogramEmoji;
  std::optional<SourcePath> pictogram;
  std::optional<bool> isFavorite;
  std::optional<Instant> createdAt;
};
BOOST_DESCRIBE_STRUCT(BroughtEvent, (),
                      (id, title, description, promptSeed, keywords, category, ageRange, tone, language, pictogramEmoji,
                       pictogram, isFavorite, createdAt))

struct BroughtPicture {
  SourcePath image;
  std::optional<double> timestamp;  // seconds into the story
};
BOOST_DESCRIBE_STRUCT(BroughtPicture, (), (image, timestamp))

struct BroughtStory {
  SourceId id;
  Text<0, 200> heroId, customEventId;  // of heroes and events of the same library
  Text<0, 100> heroName;               // of one that is not
  Text<1, 200> title;
  Text<1, 20'000> content;
  std::optional<Language> language;
  Text<0, 60> eventType;
  std::optional<bool> isFavorite;
  Clamped<0, 1'000'000'000> listenCount;
  std::optional<Instant> lastListenedAt;
  std::optional<SourcePath> audio;
  List<BroughtPicture, 0, 20> illustrations;
  std::optional<Instant> createdAt;
};
BOOST_DESCRIBE_STRUCT(BroughtStory, (),
                      (id, heroId, customEventId, heroName, title, content, language, eventType, isFavorite,
                       listenCount, lastListenedAt, audio, illustrations, createdAt))

struct BroughtLibrary {
  std::vector<BroughtHero> heroes;
  std::vector<BroughtEvent> customEvents;
  std::vector<BroughtStory> stories;
  std::vector<Skipped> skipped;
};

// Throws Error{invalid, "NO_LIBRARY"} for what is no such document. Pure.
BroughtLibrary read_library(std::string_view document);

// How a hero looks, as far as it says; nothing where it says nothing.
std::optional<VisualLook> brought_look(const std::optional<json::object>& profile);

}  // namespace odeon::stories
