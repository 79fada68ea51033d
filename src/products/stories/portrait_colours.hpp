// The colours of a portrait, for the visual profile of whom it shows: "#rrggbb", what the hero wears first, since that
// is what the storybook dresses it in from then on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace odeon::stories {

// Those `worn`, then those of the picture that are none of them; at most eight. Where nobody knows what is worn, it is
// the lower middle of the picture: portraits show head and shoulders. Heavy: called through run_blocking. Throws as
// pictures::decode does.
std::vector<std::string> colours_of_portrait(std::string_view file, std::vector<std::string> worn = {});

}  // namespace odeon::stories
