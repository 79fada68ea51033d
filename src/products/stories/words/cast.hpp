// What is the same in every language, read from assets/cast.txt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "products/stories/words/scenes.hpp"

namespace odeon::stories {

// The lines of one of its lists: "traits", "events", "plots", "abilities".
std::vector<std::string> cast_lines(std::string_view list);

const std::vector<std::string>& plots();

// The kind of an ability in people's own words ("super speed": "speed"); "other" for what nobody foresaw.
std::string ability_kind(std::string_view ability);

// What there is to see in a part of a story ("moon.call"), with the hero's name.
StoryScene scene_of(std::string_view part, const std::string& hero);

}  // namespace odeon::stories
