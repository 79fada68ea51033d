#include "engine/media/storybook/props.hpp"

#include <algorithm>

#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

// What draw_sky has drawn by itself.
bool is_in_the_sky(const Stage& stage, Prop prop) {
  const bool there = prop == Prop::rainbow || (prop == Prop::moon && stage.light.dark);
  return there && is_under_the_sky(stage.scene.setting);
}

}  // namespace

Place place_of(Prop prop) {
  switch (prop) {
    case Prop::star:
    case Prop::balloon:
    case Prop::kite:
    case Prop::rainbow:
    case Prop::moon:
    case Prop::heart:
    case Prop::crown:
      return Place::sky;
    default:
      return Place::ground;
  }
}

void draw_prop(Easel& easel, const Light& light, Prop prop) {
  switch (prop) {
    case Prop::boat:
    case Prop::balloon:
    case Prop::rocket:
    case Prop::tent:
    case Prop::campfire:
    case Prop::snowman:
    case Prop::rainbow:
    case Prop::moon:
    case Prop::bicycle:
    case Prop::telescope:
    case Prop::treasure:
    case Prop::kite:
      return draw_large_thing(easel, light, prop);
    default:
      return draw_small_thing(easel, light, prop);
  }
}

void draw_props_behind(Stage& stage, Point child, double child_side) {
  const auto& props = stage.scene.props;
  const Pose pose = stage.scene.pose;
  const double away = pose == Pose::flying || pose == Pose::swimming ? 320 : 210;
  int aloft = 0;
  for (std::size_t i = 0; i < std::min(props.size(), most_props); ++i) {
    if (place_of(props[i]) != Place::sky || is_in_the_sky(stage, props[i])) continue;
    const bool wide = props[i] == Prop::rainbow;
    const double across =
        wide ? stage.width() * 0.5 : child.x - child_side * (away + 120 * aloft) * (aloft % 2 ? -1 : 1);
    const Point at{std::clamp(across, 110.0, stage.width() - 110), wide ? 560.0 : 235.0 + 70 * (aloft % 2)};
    const auto kept = stage.easel.at(at, wide ? stage.width() / 260 : 1.25);
    draw_prop(stage.easel, stage.light, props[i]);
    ++aloft;
  }
  int standing = 0;
  for (std::size_t i = 0; i < std::min(props.size(), most_props); ++i) {
    const Prop prop = props[i];
    if (place_of(prop) == Place::sky) continue;
    // The first is behind on the freer side, the others are handed to the front.
    if (standing++ > 0) continue;
    const bool large = prop == Prop::boat || prop == Prop::rocket || prop == Prop::tent || prop == Prop::snowman ||
                       prop == Prop::bicycle || prop == Prop::telescope;
    const double x =
        std::clamp(child.x + child_side * ((large ? 290 : 235) + (stage.scene.companions.size() > 1 ? 120 : 0)), 110.0,
                   stage.width() - 110);
    stage.easel.oval({x, child.y - 24}, large ? 105 : 66, large ? 17 : 12).fill(rgb(0x2B2440).faded(0.20));
    const auto kept = stage.easel.at({x, child.y - 26}, large ? 1.75 : 1.2);
    draw_prop(stage.easel, stage.light, prop);
  }
}

void draw_props_in_front(Stage& stage, Point child, double child_side) {
  const auto& props = stage.scene.props;
  int standing = 0;
  for (std::size_t i = 0; i < std::min(props.size(), most_props); ++i) {
    if (place_of(props[i]) == Place::sky || standing++ == 0) continue;
    const double x = std::clamp(child.x - child_side * (standing == 2 ? 120 : -150), 90.0, stage.width() - 90);
    const Point at{x, std::min(child.y + 58, 962.0)};
    stage.easel.oval(at + Point{0, 2}, 58, 10).fill(rgb(0x2B2440).faded(0.22));
    const auto kept = stage.easel.at(at, 1.0);
    draw_prop(stage.easel, stage.light, props[i]);
  }
}

}  // namespace odeon::storybook
