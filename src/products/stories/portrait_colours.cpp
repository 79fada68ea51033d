#include "products/stories/portrait_colours.hpp"

#include <algorithm>

#include "engine/media/pictures/palette.hpp"
#include "engine/media/pictures/resize.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kMostColours = 8, kMostWorn = 3;
constexpr double kTellable = 0.055;  // ΔE_OK

void add_colours(std::vector<std::string>& to, const std::vector<pictures::Swatch>& swatches) {
  const auto is_alike = [](const std::string& known, pictures::Colour colour) {
    const auto other = pictures::parse_colour(known);
    return other && pictures::distance(pictures::to_oklab(*other), pictures::to_oklab(colour)) < kTellable;
  };
  for (const auto& swatch : swatches)
    if (to.size() < kMostColours &&
        std::ranges::none_of(to, [&](const auto& known) { return is_alike(known, swatch.colour); }))
      to.push_back(pictures::to_hex(swatch.colour));
}

pictures::Picture lower_middle(const pictures::Picture& picture) {
  const int width = picture.width(), height = picture.height();
  return pictures::crop(picture, {.x = width / 4,
                                  .y = height * 3 / 5,
                                  .width = std::max(1, width / 2),
                                  .height = std::max(1, height - height * 3 / 5)});
}

}  // namespace

std::vector<std::string> colours_of_portrait(std::string_view file, std::vector<std::string> worn) {
  const auto picture = pictures::decode(file);
  if (worn.empty()) add_colours(worn, pictures::palette(lower_middle(picture), kMostWorn));
  add_colours(worn, pictures::palette(picture, kMostColours));
  return worn;
}

}  // namespace odeon::stories
