#include <array>

#include "engine/media/storybook/nature.hpp"
#include "engine/media/storybook/settings.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

void planet(Stage& stage, Point at, double radius, Ink ink, bool ring) {
  Easel& easel = stage.easel;
  easel.glow(at, radius * 1.7, ink.faded(0.45));
  if (ring) easel.oval(at, radius * 1.75, radius * 0.36, -18).line(lighter(ink, 0.12).faded(0.8), radius * 0.16);
  easel.disc(at, radius).fill_soft(ink, 0.12);
  {
    const auto kept = easel.disc(at, radius).inside();
    for (const double y : {-0.5, -0.1, 0.35}) {
      easel.band({at + Point{-radius * 1.1, radius * y}, at + Point{0, radius * (y + 0.14)},
                  at + Point{radius * 1.1, radius * (y - 0.06)}},
                 {radius * 0.12, radius * 0.2, radius * 0.1});
      easel.fill(lighter(ink, 0.09).faded(0.6));
    }
    easel.disc(at + Point{radius * 0.45, radius * 0.4}, radius * 1.05)
        .line(darker(ink, 0.22).faded(0.35), radius * 0.5);
  }
  if (!ring) return;
  const auto kept = easel.at(at, 1, -18);
  easel.from({-radius * 1.72, radius * 0.03})
      .bend({-radius * 1.3, radius * 0.46}, {radius * 1.3, radius * 0.46}, {radius * 1.72, radius * 0.03});
  easel.line(lighter(ink, 0.14), radius * 0.16);
}

void space(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  easel.rows(-2, 1002, rgb(0x12123A), rgb(0x3B2A78));
  easel.glow({w * 0.25, 360}, 460, rgb(0xC0509A).faded(0.55));
  easel.glow({w * 0.8, 250}, 430, rgb(0x3B7FD6).faded(0.55));
  easel.glow({w * 0.6, 560}, 330, rgb(0x6BD3C5).faded(0.25));
  draw_stars(easel, 820, 170, stage.chance);
  const std::array inks{rgb(0xF2A65A), rgb(0x7FC8E8), rgb(0xE87FA3), rgb(0x9BD67F), rgb(0xB79BF0)};
  const std::size_t first = stage.chance.next() % inks.size();
  planet(stage, {w * stage.chance.between(0.13, 0.2), 210 + stage.chance.between(-30, 30)}, 88, inks[first], true);
  planet(stage, {w * stage.chance.between(0.82, 0.9), 330 + stage.chance.between(-40, 40)}, 60,
         inks[(first + 2) % inks.size()], false);
  planet(stage, {w * stage.chance.between(0.58, 0.7), 130}, 28, inks[(first + 3) % inks.size()], false);
  const Point tail{w * 0.36, 90};
  easel.corners({tail, tail + Point{150, -46}, tail + Point{6, 9}}).fill(rgb(0xFFF4CF).faded(0.5));
  draw_star(easel, tail, 11, rgb(0xFFF4CF), 10);
  const Ink ground = rgb(0xC9C1E8);
  easel.oval({w * 0.5, 1420}, w * 0.95 + 200, 660).fill_down(lighter(ground, 0.03), darker(ground, 0.28));
  for (const auto& [x, y, r] : {std::tuple{0.14, 850.0, 60.0},
                                {0.30, 930.0, 46.0},
                                {0.72, 835.0, 34.0},
                                {0.88, 910.0, 70.0},
                                {0.58, 955.0, 40.0}}) {
    easel.oval({w * x, y}, r, r * 0.3).fill(darker(ground, 0.14));
    easel.oval({w * x, y + r * 0.07}, r * 0.9, r * 0.23).fill(darker(ground, 0.05));
  }
}
void space_front(Stage& stage) {
  Easel& easel = stage.easel;
  for (const double side : {0.0, 1.0}) draw_rock(stage, {stage.width() * side, 1012}, 210, rgb(0x8C80C4), 0);
  for (int i = 0; i < 10; ++i)
    easel.disc({stage.chance.between(0, stage.width()), stage.chance.between(500, 980)}, stage.chance.between(1.5, 4));
  easel.fill(rgb(0xFFF1C2).faded(0.7));
}

void bank(Stage& stage, double y, double size, Ink lit, Ink shade) {
  for (double x = -60; x < stage.width() + 100; x += size * 0.8)
    draw_cloud(stage.easel, {x + stage.chance.between(-20, 20), y + stage.chance.between(-14, 14)},
               size * stage.chance.between(1.3, 1.8), lit, shade, stage.chance);
}

void clouds(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, light, stage.scene, 900, stage.chance);
  bank(stage, 660, 170, mix(light.cloud, light.horizon, 0.5), mix(light.cloud_shade, light.horizon, 0.5));
  const double x = w * 0.2;
  const Ink wall = mix(light.on(rgb(0xFBEFF6)), light.haze, 0.2), roof = mix(light.on(rgb(0x9C8AE0)), light.haze, 0.2);
  for (const auto& [dx, tall, half] : {std::tuple{-70.0, 150.0, 26.0}, {0.0, 220.0, 34.0}, {70.0, 170.0, 26.0}}) {
    easel.box(x + dx - half, 640 - tall, half * 2, tall).fill_soft(wall, 0.06);
    easel
        .corners(
            {{x + dx, 640 - tall - half * 2.6}, {x + dx + half * 1.3, 640 - tall}, {x + dx - half * 1.3, 640 - tall}})
        .fill_soft(roof, 0.08);
    easel.box(x + dx - 8, 660 - tall, 16, 30, 8).fill(light.dark ? rgb(0xFFDE8C) : darker(roof, 0.1));
  }
  bank(stage, 730, 200, mix(light.cloud, light.horizon, 0.25), mix(light.cloud_shade, light.horizon, 0.2));
  bank(stage, 860, 260, light.cloud, light.cloud_shade);
  easel.rows(870, 1002, light.cloud, mix(light.cloud, light.cloud_shade, 0.4));
  bank(stage, 930, 230, lighter(light.cloud, 0.02), mix(light.cloud, light.cloud_shade, 0.5));
}
void clouds_front(Stage& stage) {
  const Light& light = stage.light;
  bank(stage, 1030, 240, light.cloud, mix(light.cloud, light.cloud_shade, 0.7));
}

}  // namespace

Backdrop skies(Setting setting) {
  if (setting == Setting::space) return {space, space_front, 880};
  return {clouds, clouds_front, 905};
}

}  // namespace odeon::storybook
