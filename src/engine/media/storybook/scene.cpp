#include <algorithm>

#include "engine/media/storybook/creatures.hpp"
#include "engine/media/storybook/figure.hpp"
#include "engine/media/storybook/props.hpp"
#include "engine/media/storybook/settings.hpp"
#include "engine/media/storybook/storybook.hpp"
#include "engine/media/storybook/texture.hpp"
#include "engine/media/storybook/weather.hpp"

namespace odeon::storybook {
namespace {

// What the place itself decides.
Scene placed(Scene scene) {
  if (scene.setting == Setting::space) scene.time = Daytime::night, scene.weather = Weather::clear;
  if (scene.setting == Setting::snowfield) scene.season = Season::winter;
  if (scene.weather == Weather::snow) scene.season = Season::winter;
  // The child is in one, and a rainbow needs rain.
  if (scene.setting == Setting::sea) std::erase(scene.props, Prop::boat);
  if (scene.setting == Setting::underwater || scene.setting == Setting::space) std::erase(scene.props, Prop::rainbow);
  if (scene.setting == Setting::underwater) {
    scene.weather = Weather::clear;
    if (scene.pose == Pose::standing || scene.pose == Pose::walking || scene.pose == Pose::running)
      scene.pose = Pose::swimming;
  }
  return scene;
}

void shadow(Stage& stage, Point at, double half) {
  stage.easel.oval(at, half, half * 0.19).fill(darker(stage.light.on(stage.light.grass_deep), 0.28).faded(0.34));
}

}  // namespace

pictures::Picture draw_scene(const Scene& wished, const VisualProfile& profile, Size size) {
  const Scene scene = placed(wished);
  const Light light = Light::of(scene.time, scene.season, scene.weather);
  Look look = Look::of(profile);
  look.helmet = scene.setting == Setting::space || scene.setting == Setting::underwater;
  const Backdrop backdrop = backdrop_of(scene.setting);
  pictures::Canvas canvas(size.width, size.height);
  canvas.paint(light.horizon.colour);
  {
    Easel easel(canvas);
    Stage stage{easel, light, scene, Chance(scene.seed)};
    Chance places(scene.seed + 17);
    backdrop.behind(stage);

    const bool centred = scene.setting == Setting::sea;
    const double side = places.once_in(2) ? 1 : -1;
    const bool accompanied = !scene.companions.empty();
    const bool stretched = scene.pose == Pose::flying || scene.pose == Pose::swimming;
    const double aside = centred ? 0 : !accompanied ? places.between(10, 80) : stretched ? 150 : 100;
    const double x = easel.width() * 0.5 + side * aside;
    const double scale = 1.34 / std::max(1.0, 0.35 + 0.65 * look.stature);
    const double wind = scene.weather == Weather::wind ? 1.0 : 0.15;
    const bool aloft = stretched || scene.pose == Pose::jumping;

    draw_props_behind(stage, {x, backdrop.ground}, side);
    for (std::size_t i = 0; i < std::min(scene.companions.size(), most_companions); ++i) {
      const double gap = scene.pose == Pose::sleeping || stretched ? 340 : scene.pose == Pose::hugging ? 150 : 238;
      const double away = (i ? 1 : -1) * side * gap * (centred ? 0.6 : 1);
      const Point at{std::clamp(x + away, 120.0, easel.width() - 120), backdrop.ground + (i ? -26 : 12)};
      if (!backdrop.afloat && !floats(scene.companions[i], scene.setting)) shadow(stage, at, 92);
      draw_creature(stage, scene.companions[i], at, 1.0, away < 0 ? 1 : -1);
    }
    if (!backdrop.afloat)
      shadow(stage, {x, backdrop.ground + 4}, scene.pose == Pose::sleeping ? 250 : aloft ? 70 : 108);
    {
      // Looking towards the friend, if there is one.
      const auto kept = side > 0 && scene.pose != Pose::sleeping ? easel.mirrored({x, backdrop.ground}, scale)
                                                                 : easel.at({x, backdrop.ground}, scale);
      draw_figure(easel, look, light, scene.pose, scene.mood, wind);
    }
    draw_props_in_front(stage, {x, backdrop.ground}, side);
    backdrop.in_front(stage);
    if (!backdrop.indoors && scene.setting != Setting::underwater && scene.setting != Setting::space)
      draw_weather(stage);
  }
  pictures::Picture picture = std::move(canvas).finish();
  apply_texture(picture, look.art, scene.seed);
  return picture;
}

}  // namespace odeon::storybook
