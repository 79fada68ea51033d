#include <array>
#include <optional>

#include "engine/media/storybook/creatures.hpp"
#include "engine/media/storybook/props.hpp"
#include "engine/media/storybook/storybook.hpp"
#include "engine/media/storybook/texture.hpp"

namespace odeon::storybook {
namespace {

// What stands for a scene that names no thing and no friend.
Prop emblem_of(const Scene& scene) {
  switch (scene.setting) {
    case Setting::forest:
    case Setting::jungle:
      return Prop::mushroom;
    case Setting::bedroom:
      return Prop::moon;
    case Setting::beach:
    case Setting::underwater:
      return Prop::shell;
    case Setting::sea:
    case Setting::lake:
      return Prop::boat;
    case Setting::space:
      return Prop::rocket;
    case Setting::castle:
      return Prop::crown;
    case Setting::school:
    case Setting::library:
      return Prop::book;
    case Setting::city:
      return Prop::bicycle;
    case Setting::mountains:
      return Prop::tent;
    case Setting::garden:
    case Setting::village:
      return Prop::flowers;
    case Setting::farm:
      return Prop::apple;
    case Setting::snowfield:
      return Prop::snowman;
    case Setting::cave:
      return Prop::lantern;
    case Setting::kitchen:
      return Prop::cake;
    case Setting::playground:
      return Prop::ball;
    case Setting::desert:
      return Prop::map;
    case Setting::clouds:
      return Prop::balloon;
    case Setting::market:
      return Prop::gift;
    case Setting::meadow:
      break;
  }
  if (scene.weather == Weather::rain) return Prop::umbrella;
  if (scene.weather == Weather::wind) return Prop::kite;
  if (scene.weather == Weather::snow) return Prop::snowman;
  if (scene.time == Daytime::night) return Prop::moon;
  constexpr std::array any{Prop::star, Prop::heart, Prop::balloon, Prop::gift, Prop::wand, Prop::flowers};
  return any[scene.seed % any.size()];
}

struct Fit {
  double rise, scale;  // of its middle over the place where it is drawn; how much larger
};

Fit fit_of(Prop prop) {
  switch (prop) {
    case Prop::star:
    case Prop::heart:
    case Prop::moon:
      return {0, 4.4};
    case Prop::balloon:
      return {0, 3.6};
    case Prop::kite:
      return {-42, 3.0};
    case Prop::rocket:
    case Prop::snowman:
      return {90, 3.6};
    case Prop::boat:
      return {84, 3.9};
    case Prop::tent:
      return {66, 3.5};
    case Prop::rainbow:
      return {48, 3.3};
    case Prop::book:
      return {30, 4.6};
    case Prop::ball:
      return {40, 6.5};
    case Prop::crown:
    case Prop::bicycle:
    case Prop::map:
      return {44, 4.0};
    default:
      return {60, 4.3};
  }
}

}  // namespace

pictures::Picture draw_pictogram(std::string_view words, std::string_view language, Size size) {
  const Scene scene = read_scene(words, language);
  Chance chance(scene.seed);
  const std::array grounds{rgb(0x8FD0E0), rgb(0xF9CF86), rgb(0xF5B4B8), rgb(0xB4DDA0), rgb(0xC3B4EA), rgb(0xF7BE94)};
  const bool night = scene.time == Daytime::night;
  const Ink ground = night ? rgb(0x4A5CA8) : chance.pick(grounds);
  const Light light = Light::of(Daytime::day, Season::summer, Weather::clear);
  pictures::Canvas canvas(size.width, size.height);
  canvas.paint(pictures::kWhite);
  {
    Easel easel(canvas);
    const Point middle{easel.width() * 0.5, 500};
    easel.rows(-2, 1002, rgb(0xFFFCF5), rgb(0xFFF7EA));
    easel.disc(middle, 452).edge(rgb(0xFFFFFF), 10).fill_down(lighter(ground, 0.08), darker(ground, 0.03));
    const auto clipped = easel.disc(middle, 452).inside();
    easel.glow(middle + Point{-60, -120}, 420, rgb(0xFFFFFF).faded(0.5));
    for (int i = 0; i < 16; ++i)
      easel.disc(middle + heading(chance.between(0, 360)) * chance.between(300, 430), chance.between(5, 13));
    easel.fill(rgb(0xFFFFFF).faded(0.55));
    easel.oval(middle + Point{0, 330}, 300, 60).fill(darker(ground, 0.14).faded(0.45));
    if (scene.props.empty() && !scene.companions.empty()) {
      Stage stage{easel, light, scene, chance};
      const bool aloft = floats(scene.companions[0], Setting::meadow);
      draw_creature(stage, scene.companions[0], middle + Point{aloft ? 22.0 : 0.0, aloft ? 400.0 : 300.0},
                    aloft ? 2.1 : 2.7, 1);
    } else {
      const Prop prop = scene.props.empty() ? emblem_of(scene) : scene.props[0];
      const Fit fit = fit_of(prop);
      const auto placed = easel.at(middle + Point{0, fit.rise * fit.scale}, fit.scale);
      draw_prop(easel, light, prop);
    }
  }
  pictures::Picture picture = std::move(canvas).finish();
  apply_texture(picture, ArtStyle::gouache, scene.seed);
  return picture;
}

}  // namespace odeon::storybook
