// Pictures that no model drew: the storybook's, of a hero as its visual profile says, so that they match by
// construction. PNG. Pure and heavy: called through run_blocking.
#pragma once

#include <string>

#include "products/stories/hero_store.hpp"
#include "products/stories/tale_store.hpp"

namespace odeon::stories {

inline constexpr int kPictureSide = 1024, kPictogramSide = 512;  // pixels

// `words` are the person's own about this portrait; may be empty.
std::string avatar_by_hand(const HeroRow& hero, const VisualLook& look, std::string_view words);
std::string scene_by_hand(const HeroRow& hero, const VisualLook& look, const StoryScene& scene);
std::string pictogram_by_hand(std::string_view words, Language language);
// "#rrggbb": what a hero of that look wears in these pictures, then what else its palette has. With them for a palette
// it wears the same again.
std::vector<std::string> colours_by_hand(const HeroRow& hero, const VisualLook& look);

// What a model drew, brought to a square: its most interesting part, scaled. Throws Error{upstream} for what is no
// picture.
std::string square_png(std::string_view bytes, int side);

}  // namespace odeon::stories
