#include <array>

#include "engine/media/storybook/nature.hpp"
#include "engine/media/storybook/settings.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

void trunk(Stage& stage, Point at, double thick, double far) {
  Easel& easel = stage.easel;
  const Ink bark = stage.light.on(rgb(0x7C5843), far);
  const double bow = stage.chance.between(-0.5, 0.5) * thick;
  easel.from(at + Point{-thick * 0.95, 8})
      .bend(at + Point{-thick * 0.45, -thick * 0.3}, at + Point{-thick * 0.42 + bow, -300},
            {at.x - thick * 0.36 + bow, -20});
  easel.to({at.x + thick * 0.36 + bow, -20})
      .bend(at + Point{thick * 0.42 + bow, -300}, at + Point{thick * 0.45, -thick * 0.3}, at + Point{thick * 0.95, 8});
  easel
      .bend(at + Point{thick * 0.3, -thick * 0.1}, at + Point{-thick * 0.3, -thick * 0.1}, at + Point{-thick * 0.95, 8})
      .close();
  easel.fill_soft(bark, 0.07);
  if (far > 0.45) return;
  for (const double x : {-0.2, 0.02, 0.22}) {
    easel.through({at + Point{x * thick * 1.2, -thick * 0.3},
                   at + Point{x * thick + bow * 0.5, -280},
                   {at.x + x * thick * 0.8 + bow, 20}});
    easel.line(darker(bark, 0.08).faded(0.6), thick * 0.035);
  }
  easel.oval(at + Point{thick * 0.05 + bow * 0.6, -340 + stage.chance.between(-60, 60)}, thick * 0.10, thick * 0.16)
      .fill(darker(bark, 0.14));
}

void canopy(Stage& stage, double low, double far, double size) {
  Easel& easel = stage.easel;
  const Ink deep = stage.light.on(stage.light.leaves_deep, far), lit = stage.light.on(stage.light.leaves, far);
  for (int layer = 0; layer < 2; ++layer) {
    for (double x = -40; x < stage.width() + 60; x += size * 0.85)
      easel.disc({x + stage.chance.between(-20, 20), low * (layer ? 0.55 : 1) - size * stage.chance.between(0.6, 1.2)},
                 size * stage.chance.between(0.75, 1.1));
    easel.box(-10, -40, stage.width() + 20, low - size + 40);
    easel.fill(layer ? mix(deep, lit, 0.55) : deep);
  }
}

void shafts(Stage& stage) {
  const Ink ray = stage.light.glow;
  for (int i = 0; i < 4; ++i) {
    const double x = stage.width() * stage.chance.between(0.1, 0.9), wide = stage.chance.between(30, 80);
    stage.easel.corners({{x, -10}, {x + wide, -10}, {x + wide * 1.9 - 210, 840}, {x - 250, 840}});
    stage.easel.fill_down(ray.faded(stage.light.dark ? 0.10 : 0.26), ray.faded(0));
  }
}

void mushroom_at(Stage& stage, Point at, double size) {
  Easel& easel = stage.easel;
  easel.band({at, at + Point{0, -size * 0.7}}, {size * 0.36, size * 0.26}).fill_soft(stage.light.on(rgb(0xFBF0DC)));
  easel.from(at + Point{-size * 0.55, -size * 0.55})
      .bend(at + Point{-size * 0.5, -size * 1.3}, at + Point{size * 0.5, -size * 1.3},
            at + Point{size * 0.55, -size * 0.55});
  easel
      .bend(at + Point{size * 0.2, -size * 0.42}, at + Point{-size * 0.2, -size * 0.42},
            at + Point{-size * 0.55, -size * 0.55})
      .close();
  easel.fill_soft(stage.light.on(rgb(0xDB4C3F)), 0.08);
  for (const auto& [x, y, r] : {std::tuple{-0.24, -0.72, 0.09}, {0.05, -0.90, 0.11}, {0.28, -0.68, 0.08}})
    easel.disc(at + Point{x, y} * size, r * size);
  easel.fill(stage.light.on(rgb(0xFFFAF0)));
}

void forest(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  const Ink air = mix(light.horizon, light.leaves, 0.30);
  easel.rows(-2, 1002, mix(light.sky, light.leaves, 0.35), light.dark ? mix(light.horizon, light.sky, 0.3) : air);
  if (light.dark) {
    draw_stars(easel, 330, 40, stage.chance);
    draw_moon(easel, {w * 0.72, 190}, 60, light.glow, light.sky);
  } else {
    easel.glow({w * 0.55, 430}, 420, light.glow.faded(0.8));
  }
  canopy(stage, 260, 0.62, 70);
  for (int i = 0; i < 10; ++i) trunk(stage, {w * (i + stage.chance.between(0.1, 0.9)) / 10, 650}, 22, 0.68);
  draw_hill(stage, 640, 14, light.grass_deep, 0.5);
  for (int i = 0; i < 6; ++i) draw_bush(stage, {w * (i + stage.chance.between(0.2, 0.8)) / 6, 668}, 110, 0.42);
  canopy(stage, 190, 0.36, 80);
  for (const double x : {0.09, 0.27, 0.76, 0.93}) trunk(stage, {w * x + stage.chance.between(-24, 24), 720}, 48, 0.30);
  draw_hill(stage, 712, 14, mix(light.grass, light.grass_deep, 0.6), 0.18);
  shafts(stage);
  canopy(stage, 120, 0.10, 92);
  for (const double x : {-0.01, 1.01}) trunk(stage, {w * x, 830}, 128, 0.04);
  draw_hill(stage, 775, 12, mix(light.grass, light.grass_deep, 0.35), 0.02);
  draw_path(stage, 772, 1010, {w * 0.5, 0}, light.soil);
  draw_bush(stage, {w * 0.14, 822}, 130, 0.04);
  draw_bush(stage, {w * 0.88, 818}, 120, 0.04);
  draw_grass(stage, 790, 990, 55, light.grass_deep);
  for (const auto& [x, y, size] : {std::tuple{0.20, 862.0, 46.0}, {0.25, 872.0, 30.0}, {0.83, 880.0, 52.0}})
    mushroom_at(stage, {w * x, y}, size);
  draw_flowers(stage, 800, 890, 10);
}
void forest_front(Stage& stage) {
  draw_leafy_frame(stage, stage.light.leaves_deep);
  draw_grassy_frame(stage, stage.light.leaves_deep);
  if (!stage.light.dark) return;
  for (int i = 0; i < 14; ++i) {
    const Point at{stage.chance.between(30, stage.width() - 30), stage.chance.between(480, 930)};
    stage.easel.glow(at, 26, rgb(0xFFE985).faded(0.8));
    stage.easel.disc(at, 3.4).fill(rgb(0xFFF6C0));
  }
}

void jungle(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, light, stage.scene, 620, stage.chance);
  canopy(stage, 300, 0.55, 74);
  for (int i = 0; i < 7; ++i) draw_palm(stage, {w * (i + 0.5) / 7, 690}, 330 * stage.chance.between(0.8, 1.15), 0.45);
  draw_hill(stage, 650, 18, light.leaves_deep, 0.38);
  for (int i = 0; i < 6; ++i) draw_bush(stage, {w * (i + 0.4) / 6, 700}, 150, 0.25);
  for (const double x : {0.1, 0.9}) draw_palm(stage, {w * x, 800}, 640, 0.05);
  for (const double x : {0.24, 0.68}) {
    easel.through({{w * x, -10}, {w * x + 24, 190}, {w * x - 6, 360 + stage.chance.between(0, 120)}})
        .line(light.on(rgb(0x3F7F4C), 0.1), 9);
    for (int i = 0; i < 6; ++i)
      easel.oval({w * x + (i % 2 ? 24.0 : -4.0), 60.0 + i * 52}, 20, 9, i % 2 ? 30 : 150)
          .fill_soft(light.on(rgb(0x69AE55), 0.1));
  }
  draw_hill(stage, 765, 14, mix(light.grass, rgb(0x3F9A55), 0.5), 0.02);
  draw_path(stage, 770, 1010, {w * 0.5, 0}, light.soil);
  draw_grass(stage, 790, 990, 55, rgb(0x2F8A50));
  for (int i = 0; i < 6; ++i)
    draw_flower(stage, {w * stage.chance.between(0.04, 0.96), stage.chance.between(800, 880)}, 44,
                stage.chance.pick(std::array{rgb(0xF2637E), rgb(0xF7A83E), rgb(0xB06BD0)}));
}
void jungle_front(Stage& stage) {
  draw_leafy_frame(stage, rgb(0x2B7A48));
  draw_grassy_frame(stage, rgb(0x2B7A48));
}

void crystal(Stage& stage, Point at, double tall, Ink ink, double lean) {
  Easel& easel = stage.easel;
  const auto kept = easel.at(at, 1, lean);
  const double half = tall * 0.17;
  easel.glow({0, -tall * 0.5}, tall * 1.1, ink.faded(0.30));
  easel.corners({{-half, 0}, {-half, -tall * 0.72}, {0, -tall}, {half, -tall * 0.72}, {half, 0}})
      .fill_down(lighter(ink, 0.16), ink);
  easel.corners({{0, 0}, {0, -tall}, {half, -tall * 0.72}, {half, 0}}).fill(darker(ink, 0.09).faded(0.75));
  easel.corners({{-half, -tall * 0.72}, {0, -tall}, {0, -tall * 0.62}}).fill(rgb(0xFFFFFF).faded(0.55));
}

void cave(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  easel.rows(-2, 1002, rgb(0x2E2A55), rgb(0x5C4C86));
  easel.glow({w * 0.5, 480}, 560, rgb(0x9FA8F0).faded(0.6));
  easel.blob({{w * 0.34, 640},
              {w * 0.33, 430},
              {w * 0.42, 310},
              {w * 0.55, 290},
              {w * 0.66, 380},
              {w * 0.68, 560},
              {w * 0.64, 660},
              {w * 0.5, 690}});
  easel.fill_down(light.sky, light.horizon);
  if (light.dark) draw_star(easel, {w * 0.52, 400}, 15, light.glow);
  const Ink wall = rgb(0x4B4277);
  for (const double side : {0.0, 1.0}) {
    const double in = side > 0 ? -1 : 1, x = side * w;
    easel.blob({{x - in * 60, -60},
                {x + in * w * 0.33, -40},
                {x + in * w * 0.27, 170},
                {x + in * w * 0.31, 380},
                {x + in * w * 0.24, 560},
                {x + in * w * 0.30, 760},
                {x - in * 60, 900}});
    easel.fill_soft(wall, 0.09);
    easel.blob({{x - in * 80, 60},
                {x + in * w * 0.16, 90},
                {x + in * w * 0.13, 330},
                {x + in * w * 0.18, 540},
                {x + in * w * 0.10, 800},
                {x - in * 80, 880}});
    easel.fill_soft(darker(wall, 0.07), 0.07);
  }
  for (int i = 0; i < 10; ++i) {
    const double x = w * (i + 0.5) / 10, tall = stage.chance.between(70, 190) * (std::abs(x / w - 0.5) + 0.55);
    easel.corners({{x - 34, -10}, {x + 34, -10}, {x + 4, tall}})
        .fill_soft(mix(wall, rgb(0x2E2A55), stage.chance.between(0, 0.6)), 0.08);
  }
  draw_hill(stage, 740, 16, rgb(0x6A5C97), 0);
  for (int i = 0; i < 5; ++i)
    easel.oval({stage.chance.between(0, w), stage.chance.between(790, 960)}, stage.chance.between(40, 90), 9)
        .fill(rgb(0x564A82).faded(0.7));
  const std::array inks{rgb(0x7FE0E8), rgb(0xF08FD0), rgb(0xA7A0F5), rgb(0x8FEBB5)};
  for (const double x : {0.06, 0.16, 0.24, 0.78, 0.86, 0.95})
    for (int i = 0; i < 2; ++i)
      crystal(stage, {w * x + i * 26, 790 + stage.chance.between(-10, 30)}, stage.chance.between(70, 180),
              stage.chance.pick(inks), stage.chance.between(-18, 18));
}
void cave_front(Stage& stage) {
  for (const double side : {0.0, 1.0}) {
    stage.easel.oval({stage.width() * side, 1020}, 230, 90).fill_soft(rgb(0x3A3366), 0.06);
    crystal(stage, {stage.width() * std::lerp(0.09, 0.91, side), 990}, 120, rgb(0x7FC8F0), side > 0 ? -12 : 12);
  }
}

}  // namespace

Backdrop woods(Setting setting) {
  switch (setting) {
    case Setting::jungle:
      return {jungle, jungle_front, 890};
    case Setting::cave:
      return {cave, cave_front, 888, true};
    default:
      return {forest, forest_front, 890};
  }
}

}  // namespace odeon::storybook
