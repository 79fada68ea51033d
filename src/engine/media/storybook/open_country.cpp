#include "engine/media/storybook/nature.hpp"
#include "engine/media/storybook/settings.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

// A row of trees along a far hill.
void far_trees(Stage& stage, double y, int count, double size, double far) {
  for (int i = 0; i < count; ++i) {
    const Point at{stage.width() * (i + stage.chance.between(0.1, 0.9)) / count, y + stage.chance.between(-8, 14)};
    const double tall = size * stage.chance.between(0.7, 1.2);
    if (stage.chance.once_in(3))
      draw_pine(stage, at, tall, far);
    else
      draw_round_tree(stage, at, tall, far);
  }
}

void meadow(Stage& stage) {
  const Light& light = stage.light;
  draw_sky(stage.easel, light, stage.scene, 620, stage.chance);
  draw_hill(stage, 520, 40, mix(light.leaves_deep, light.haze, 0.3), 0.72);
  draw_hill(stage, 575, 34, light.grass_deep, 0.52);
  far_trees(stage, 596, 7, 90, 0.45);
  draw_hill(stage, 630, 26, mix(light.grass, light.grass_deep, 0.5), 0.28);
  const double side = stage.chance.once_in(2) ? 0.12 : 0.88;
  draw_round_tree(stage, {stage.width() * side, 720}, 430, 0.06);
  draw_bush(stage, {stage.width() * (1 - side), 720}, 120, 0.15);
  draw_hill(stage, 725, 18, light.grass, 0.04);
  draw_path(stage, 728, 1010, {stage.width() * stage.chance.between(0.4, 0.6), 0}, light.soil);
  draw_grass(stage, 745, 990, 60, mix(light.grass, light.grass_deep, 0.6));
  draw_flowers(stage, 750, 880, 26);
}
void meadow_front(Stage& stage) {
  draw_grassy_frame(stage, stage.light.grass_deep);
  draw_flowers(stage, 960, 1010, 12);
}

void peak(Stage& stage, Point top, double wide, double far) {
  Easel& easel = stage.easel;
  const Ink rock = stage.light.on(rgb(0x8193B0), far), snow = stage.light.on(rgb(0xFBFDFF), far * 0.6);
  const double foot = 720;
  const auto shape = [&] {
    easel.corners({top,
                   top + Point{wide * 0.10, 46},
                   top + Point{wide * 0.22, 80},
                   {top.x + wide * 0.62, foot},
                   {top.x - wide * 0.58, foot},
                   top + Point{-wide * 0.2, 96},
                   top + Point{-wide * 0.08, 40}});
  };
  shape();
  easel.fill_soft(rock, 0.08);
  shape();
  const auto kept = easel.inside();
  easel.corners({top,
                 {top.x + wide * 0.7, foot},
                 {top.x + wide * 0.06, foot},
                 top + Point{wide * 0.08, 190},
                 top + Point{-wide * 0.02, 120}});
  easel.fill(darker(rock, 0.10));
  easel.corners({top + Point{0, -10}, top + Point{wide * 0.26, 120}, top + Point{wide * 0.17, 110},
                 top + Point{wide * 0.12, 160}, top + Point{wide * 0.04, 118}, top + Point{-wide * 0.03, 170},
                 top + Point{-wide * 0.10, 112}, top + Point{-wide * 0.26, 140}});
  easel.fill(snow);
  easel.corners({top, top + Point{wide * 0.26, 120}, top + Point{wide * 0.17, 110}, top + Point{wide * 0.12, 160},
                 top + Point{wide * 0.04, 118}, top + Point{0, 60}});
  easel.fill(darker(snow, 0.09));
}

void mountains(Stage& stage) {
  const Light& light = stage.light;
  const double w = stage.width();
  draw_sky(stage.easel, light, stage.scene, 640, stage.chance);
  peak(stage, {w * 0.08, 330}, w * 0.5, 0.62);
  peak(stage, {w * 0.93, 300}, w * 0.55, 0.58);
  peak(stage, {w * stage.chance.between(0.42, 0.58), 210}, w * 0.72, 0.40);
  draw_hill(stage, 610, 22, light.leaves_deep, 0.45);
  far_trees(stage, 640, 11, 105, 0.34);
  draw_hill(stage, 660, 26, light.grass_deep, 0.22);
  for (const double x : {0.04, 0.14, 0.86, 0.97})
    draw_pine(stage, {w * x, 740 + stage.chance.between(-14, 14)}, 300 * stage.chance.between(0.8, 1.1), 0.08);
  draw_hill(stage, 735, 20, light.grass, 0.03);
  draw_rock(stage, {w * 0.20, 800}, 90, rgb(0x9AA3B5), 0.05);
  draw_rock(stage, {w * 0.84, 860}, 130, rgb(0x9AA3B5), 0.02);
  draw_grass(stage, 760, 990, 45, mix(light.grass, light.grass_deep, 0.6));
  draw_flowers(stage, 780, 900, 14);
}
void mountains_front(Stage& stage) {
  draw_grassy_frame(stage, stage.light.grass_deep);
}

void farm(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width(), x = w * (stage.chance.once_in(2) ? 0.20 : 0.80);
  draw_sky(easel, light, stage.scene, 620, stage.chance);
  draw_hill(stage, 540, 34, light.grass_deep, 0.6);
  draw_hill(stage, 590, 22, rgb(0xE2C664), 0.35);
  for (int i = 0; i < 9; ++i) {
    easel.through({{w * i / 8.0, 1000}, {w * (0.3 + 0.05 * i), 720}, {w * (0.36 + 0.035 * i), 600}});
    easel.line(light.on(rgb(0xC9A548), 0.3).faded(0.5), 7);
  }
  far_trees(stage, 612, 5, 90, 0.4);
  draw_hill(stage, 690, 16, light.grass, 0.10);
  const Ink red = light.on(rgb(0xC24B3A), 0.06), roof = light.on(rgb(0x6B4A4A), 0.06),
            white = light.on(rgb(0xFFF8EA), 0.04);
  easel
      .corners({{x - 130, 740}, {x - 130, 560}, {x - 78, 478}, {x, 440}, {x + 78, 478}, {x + 130, 560}, {x + 130, 740}})
      .fill_soft(red, 0.09);
  for (int i = -4; i <= 4; ++i)
    easel.from({x + i * 28.0, 470.0 + std::abs(i) * 24}).to({x + i * 28.0, 740}).line(darker(red, 0.07).faded(0.7), 3);
  easel.through({{x - 148, 566}, {x - 84, 472}, {x, 428}, {x + 84, 472}, {x + 148, 566}}).line(roof, 18);
  easel.box(x - 48, 630, 96, 110).edge(white, 6).fill_soft(darker(red, 0.06));
  easel.from({x - 48, 630}).to({x + 48, 740}).from({x + 48, 630}).to({x - 48, 740}).line(white, 6);
  easel.box(x - 20, 510, 40, 44, 6).edge(white, 5).fill(light.dark ? rgb(0xFFD983) : rgb(0x5A3A3A));
  draw_hill(stage, 735, 14, light.grass, 0.02);
  for (int i = 0; i < 9; ++i) easel.box(w * i / 8.0 - 8, 716, 16, 74, 7).fill_soft(white, 0.06);
  for (const double y : {732.0, 758.0}) easel.box(-10, y, w + 20, 12, 4).fill_soft(white, 0.05);
  for (const double hay : {0.13, 0.9}) {
    easel.oval({w * hay, 846}, 62, 56).fill_soft(light.on(rgb(0xE5C15A)), 0.10);
    for (const double r : {44.0, 30.0, 15.0})
      easel.oval({w * hay, 846}, r, r * 0.9).line(light.on(rgb(0xC29A3C)).faded(0.8), 4);
  }
  draw_grass(stage, 790, 990, 50, mix(light.grass, light.grass_deep, 0.6));
}
void farm_front(Stage& stage) {
  meadow_front(stage);
}

void sunflower(Stage& stage, Point at, double tall) {
  Easel& easel = stage.easel;
  const Ink stem = stage.light.on(rgb(0x4E9250)), petal = stage.light.on(rgb(0xF7BF3C)),
            core = stage.light.on(rgb(0x6E452A));
  const Point head = at + Point{stage.chance.between(-12, 12), -tall};
  easel.from(at).bend(at + Point{-10, -tall * 0.4}, head + Point{6, tall * 0.3}, head).line(stem, 9);
  for (const double side : {-1.0, 1.0})
    easel.oval(between(at, head, 0.45) + Point{side * 24, 0}, 28, 12, side * -28).fill_soft(stem);
  for (int i = 0; i < 14; ++i) easel.oval(head + heading(360.0 * i / 14) * 33, 18, 9, 90 - 360.0 * i / 14);
  easel.fill_soft(petal, 0.07);
  easel.disc(head, 25).fill_soft(core, 0.1);
}

void garden(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, light, stage.scene, 600, stage.chance);
  draw_hill(stage, 530, 24, light.leaves_deep, 0.45);
  far_trees(stage, 590, 5, 190, 0.25);
  for (int i = 0; i < 8; ++i) draw_bush(stage, {w * (i + 0.5) / 8, 668}, 150, 0.12);
  const Ink fence = light.on(rgb(0xFFFBF0), 0.03);
  for (int i = 0; i < 16; ++i) {
    const double x = w * (i + 0.5) / 16;
    easel.corners({{x - 17, 740}, {x - 17, 640}, {x, 616}, {x + 17, 640}, {x + 17, 740}})
        .edge(darker(fence, 0.12), 1.5)
        .fill_soft(fence, 0.05);
  }
  for (const double y : {660.0, 702.0}) easel.box(-10, y, w + 20, 13).fill_soft(darker(fence, 0.03), 0.05);
  draw_hill(stage, 738, 8, light.grass, 0.02);
  if (stage.scene.season != Season::winter)
    for (const double x : {0.06, 0.15, 0.83, 0.94}) sunflower(stage, {w * x, 800}, stage.chance.between(170, 250));
  for (const double side : {0.0, 1.0}) easel.oval({w * side, 830}, 260, 60).fill_soft(light.on(rgb(0x8C6146)), 0.06);
  draw_flowers(stage, 790, 860, 44);
  draw_path(stage, 742, 1010, {w * 0.5, 0}, rgb(0xE4D2B4));
  draw_grass(stage, 860, 990, 30, mix(light.grass, light.grass_deep, 0.6));
}
void garden_front(Stage& stage) {
  draw_flowers(stage, 965, 1015, 22);
  draw_leafy_frame(stage, stage.light.leaves_deep);
}

void desert(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, light, stage.scene, 640, stage.chance);
  for (const auto& [x, size] : {std::pair{0.24, 190.0}, {0.42, 120.0}}) {
    const Ink stone = light.on(rgb(0xD9AC6A), 0.42);
    easel.corners({{w * x, 640 - size}, {w * x + size * 0.85, 650}, {w * x - size * 0.85, 650}}).fill(stone);
    easel.corners({{w * x, 640 - size}, {w * x + size * 0.85, 650}, {w * x + size * 0.15, 650}})
        .fill(darker(stone, 0.08));
  }
  draw_hill(stage, 615, 30, rgb(0xEBC07A), 0.42);
  draw_hill(stage, 665, 36, rgb(0xEDBD72), 0.2);
  for (const auto& [x, y, tall] : {std::tuple{0.88, 770.0, 230.0}, {0.08, 800.0, 170.0}, {0.72, 700.0, 90.0}}) {
    const Ink green = light.on(rgb(0x5E9B62), tall < 100 ? 0.25 : 0.03);
    const Point at{w * x, y};
    for (const double side : {-1.0, 1.0})
      easel
          .band(
              {at + Point{0, -tall * (0.4 + side * 0.08)}, at + Point{side * tall * 0.26, -tall * (0.46 + side * 0.08)},
               at + Point{side * tall * 0.28, -tall * (0.72 + side * 0.08)}},
              {tall * 0.12, tall * 0.13, tall * 0.11})
          .fill_soft(green, 0.08);
    easel.band({at, at + Point{0, -tall * 0.5}, at + Point{0, -tall}}, {tall * 0.19, tall * 0.2, tall * 0.16})
        .fill_soft(green, 0.08);
    for (const double line : {-0.05, 0.0, 0.05})
      easel.from(at + Point{line * tall, -10})
          .to(at + Point{line * tall, -tall * 0.95})
          .line(darker(green, 0.08).faded(0.7), tall * 0.01);
  }
  draw_hill(stage, 740, 26, rgb(0xF3CB84), 0.03);
  for (int i = 0; i < 7; ++i) {
    const double y = 790 + i * 28;
    easel.through({{-20, y}, {w * 0.3, y - 14}, {w * 0.6, y + 10}, {w + 20, y - 6}})
        .line(light.on(rgb(0xD9A862)).faded(0.30), 5);
  }
}
void desert_front(Stage& stage) {
  draw_rock(stage, {stage.width() * 0.05, 1000}, 170, rgb(0xC08A56), 0);
  draw_rock(stage, {stage.width() * 0.97, 1010}, 210, rgb(0xB98250), 0);
}

// Curtains of light that hang in folds, brightest towards their lower seam.
void northern_lights(Stage& stage) {
  for (const auto& [low, tall, ink, turn] :
       {std::tuple{330.0, 210.0, rgb(0x6FE3B5), 0.4}, {250.0, 170.0, rgb(0x8F8CF0), 2.6}}) {
    constexpr int kFolds = 90;
    const double step = stage.width() / kFolds;
    for (int i = 0; i < kFolds; ++i) {
      const double at = static_cast<double>(i) / kFolds;
      const double foot = low + 46 * std::sin(turn + at * 5.2) + 18 * std::sin(turn * 3 + at * 14);
      const double height = tall * (0.65 + 0.35 * std::sin(turn + at * 9)),
                   glow = 0.10 + 0.24 * std::sin(at * std::numbers::pi);
      stage.easel.box(i * step, foot - height, step, height);
      stage.easel.fill_down(ink.faded(0), ink.faded(glow));
      stage.easel.box(i * step, foot, step, 70);
      stage.easel.fill_down(ink.faded(glow), ink.faded(0));
    }
  }
}

void snowfield(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width(), x = w * (stage.chance.once_in(2) ? 0.22 : 0.78);
  draw_sky(easel, light, stage.scene, 640, stage.chance);
  if (light.dark) northern_lights(stage);
  draw_hill(stage, 560, 36, rgb(0xDDEAF5), 0.55);
  for (int i = 0; i < 12; ++i)
    draw_pine(stage, {w * (i + stage.chance.between(0.1, 0.9)) / 12, 632}, 120 * stage.chance.between(0.7, 1.2), 0.42);
  draw_hill(stage, 640, 22, rgb(0xE8F1F9), 0.22);
  const Ink ice = light.on(rgb(0xEAF4FB), 0.04);
  easel.from({x - 150, 750})
      .bend({x - 150, 560}, {x + 150, 560}, {x + 150, 750})
      .close()
      .edge(darker(ice, 0.10), 2)
      .fill_soft(ice, 0.09);
  for (const double y : {650.0, 690.0, 725.0})
    easel.through({{x - 140, y + 20}, {x, y - 6}, {x + 140, y + 20}}).line(darker(ice, 0.10).faded(0.7), 3);
  easel.from({x - 58, 758})
      .bend({x - 58, 640}, {x + 58, 640}, {x + 58, 758})
      .close()
      .edge(lighter(ice, 0.03), 12)
      .fill(light.dark ? rgb(0xFFCF7A) : light.on(rgb(0x55749B)));
  for (const double at : {0.03, 0.96}) draw_pine(stage, {w * at, 770}, 330, 0.04);
  draw_hill(stage, 742, 20, rgb(0xF6FAFD), 0.02);
  for (int i = 0; i < 60; ++i)
    easel.disc({stage.chance.between(0, w), stage.chance.between(760, 990)}, stage.chance.between(1.5, 3.5));
  easel.fill(rgb(0xFFFFFF).faded(0.8));
}
void snowfield_front(Stage& stage) {
  const Ink snow = stage.light.on(rgb(0xE4EEF8));
  for (const double side : {0.0, 1.0}) stage.easel.oval({stage.width() * side, 1015}, 210, 62).fill_soft(snow, 0.06);
}

}  // namespace

Backdrop open_country(Setting setting) {
  switch (setting) {
    case Setting::mountains:
      return {mountains, mountains_front, 882};
    case Setting::farm:
      return {farm, farm_front, 885};
    case Setting::garden:
      return {garden, garden_front, 890};
    case Setting::desert:
      return {desert, desert_front, 880};
    case Setting::snowfield:
      return {snowfield, snowfield_front, 885};
    default:
      return {meadow, meadow_front, 885};
  }
}

}  // namespace odeon::storybook
