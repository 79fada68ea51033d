#include "products/stories/by_hand.hpp"

#include "engine/media/pictures/decode.hpp"
#include "engine/media/pictures/encode.hpp"
#include "engine/media/pictures/resize.hpp"
#include "engine/media/storybook/look.hpp"
#include "engine/media/storybook/storybook.hpp"
#include "products/stories/words/lexicon.hpp"

namespace odeon::stories {
namespace {

storybook::VisualProfile drawn_profile(const HeroRow& hero, const VisualLook& look) {
  return {.hair_colour = look.hairColor,
          .hair_style = look.hairStyle,
          .eye_colour = look.eyeColor,
          .skin_tone = look.skinTone,
          .body_type = look.bodyType,
          .height = look.height,
          .clothing_style = look.clothingStyle,
          .palette = look.colorPalette,
          .accessories = look.accessories,
          .features = hero.appearance,
          .art_style = look.artStyle,
          .age = static_cast<int>(hero.age),
          .seed = number_of(hero.id)};
}

// Somebody waits for it: the least effort makes it a fourteenth larger, in a third of the time.
std::string as_png(const pictures::Picture& picture) {
  return pictures::encode(picture, pictures::Format::png, {.effort = pictures::Effort::quick});
}

}  // namespace

std::string avatar_by_hand(const HeroRow& hero, const VisualLook& look, std::string_view words) {
  auto drawn = drawn_profile(hero, look);
  if (!words.empty()) drawn.features.append(". ").append(words);
  return as_png(storybook::draw_avatar(drawn, {kPictureSide, kPictureSide}));
}

// What was composed with the text names its place, time and mood; the words tell the rest.
std::string scene_by_hand(const HeroRow& hero, const VisualLook& look, const StoryScene& scene) {
  const std::string told = fmt::format("{} {} {} {}", scene.place, scene.time, scene.mood, scene.text);
  return as_png(storybook::draw_scene(storybook::read_scene(told, code_of(scene.language)), drawn_profile(hero, look),
                                      {kPictureSide, kPictureSide}));
}

std::string pictogram_by_hand(std::string_view words, Language language) {
  return as_png(storybook::draw_pictogram(words, code_of(language), {kPictogramSide, kPictogramSide}));
}

std::vector<std::string> colours_by_hand(const HeroRow& hero, const VisualLook& look) {
  const auto dressed = storybook::Look::of(drawn_profile(hero, look));
  std::vector<std::string> colours;
  for (const auto& worn : {dressed.main, dressed.second, dressed.accent})
    colours.push_back(pictures::to_hex(worn.colour));
  for (std::size_t i = colours.size(); i < look.colorPalette.size(); ++i)
    if (const auto more = pictures::parse_colour(look.colorPalette[i])) colours.push_back(pictures::to_hex(*more));
  return colours;
}

std::string square_png(std::string_view bytes, int side) {
  try {
    return as_png(pictures::cover(pictures::decode(bytes), side, side));
  } catch (const Error& fault) {
    if (fault.fault != Fault::invalid) throw;
    throw Error(Fault::upstream, "NO_PICTURE", "The AI model made nothing that can be shown.").with_detail(fault.code);
  }
}

}  // namespace odeon::stories
