#include <array>

#include "engine/media/storybook/nature.hpp"
#include "engine/media/storybook/settings.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

Ink water_ink(const Stage& stage) {
  return stage.light.on(stage.scene.weather == Weather::rain ? rgb(0x5E8FA6) : rgb(0x3FA3C4));
}

// A level of water from `top` on, lighter far away, with glints.
void water(Stage& stage, double top, double bottom) {
  Easel& easel = stage.easel;
  const Ink near = water_ink(stage);
  easel.rows(top, bottom, mix(near, stage.light.horizon, 0.62), near);
  for (int i = 0; i < 26; ++i) {
    const double depth = stage.chance.share(), y = std::lerp(top + 8, bottom, depth * depth),
                 long_ = std::lerp(30, 130, depth);
    const double x = stage.chance.between(0, stage.width());
    easel.from({x - long_, y}).bend({x - long_ * 0.4, y - 4}, {x + long_ * 0.4, y - 4}, {x + long_, y});
    easel.bend({x + long_ * 0.4, y + 3}, {x - long_ * 0.4, y + 3}, {x - long_, y}).close();
  }
  easel.fill(lighter(mix(near, stage.light.horizon, 0.5), 0.06).faded(0.6));
}

// A swell with a crest of foam, from y down.
void wave(Stage& stage, double y, double swing, double share) {
  Easel& easel = stage.easel;
  const double w = stage.width(), shift = stage.chance.between(0, 140);
  const Ink ink = mix(stage.light.horizon, darker(water_ink(stage), 0.06), share);
  const auto crest = [&](double lower) {
    easel.from({-150 + shift - 140, y + lower});
    for (double x = -150 + shift - 140; x < w + 150; x += 140)
      easel.bend({x + 45, y + swing + lower}, {x + 95, y + swing * 0.8 + lower}, {x + 140, y - swing * 0.3 + lower});
  };
  crest(0);
  easel.to({w + 300, 1010}).to({-300, 1010}).close();
  easel.fill_down(lighter(ink, 0.05), darker(ink, 0.07));
  crest(6);
  easel.line(lighter(ink, 0.16).faded(0.75), 6);
}

void parasol(Stage& stage, Point at, Ink first, Ink second) {
  Easel& easel = stage.easel;
  const auto kept = easel.at(at, 1, 10);
  easel.box(-4, -210, 8, 210).fill(stage.light.on(rgb(0xF4E6CC)));
  const auto roof = [&](double left, double right) {
    easel.from({0, -232})
        .bend({left * 0.6, -228}, {left, -190}, {left, -140})
        .bend({left * 0.7 + right * 0.3, -152}, {left * 0.3 + right * 0.7, -152}, {right, -140})
        .bend({right, -190}, {right * 0.6, -228}, {0, -232})
        .close();
  };
  const std::array edges{-130.0, -82.0, -28.0, 28.0, 82.0, 130.0};
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    roof(edges[i], edges[i + 1]);
    easel.fill_soft(stage.light.on(i % 2 ? second : first), 0.06);
  }
}

void beach(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, light, stage.scene, 540, stage.chance);
  water(stage, 536, 760);
  easel.blob({{w * 0.05, 545}, {w * 0.12, 510}, {w * 0.22, 500}, {w * 0.30, 530}, {w * 0.36, 546}})
      .fill(light.on(rgb(0x6BA074), 0.5));
  const Ink sand = light.on(rgb(0xF6DFA8));
  easel.through({{-20, 742}, {w * 0.25, 716}, {w * 0.55, 742}, {w * 0.8, 712}, {w + 20, 730}});
  easel.line(rgb(0xFFFFFF).faded(0.75), 26);
  easel.from({-20, 752})
      .bend({w * 0.2, 720}, {w * 0.35, 740}, {w * 0.55, 752})
      .bend({w * 0.75, 764}, {w * 0.85, 722}, {w + 20, 742});
  easel.to({w + 20, 1010}).to({-20, 1010}).close().fill_down(darker(sand, 0.03), lighter(sand, 0.02));
  draw_palm(stage, {w * 0.07, 830}, 560, 0.03);
  parasol(stage, {w * 0.86, 830}, rgb(0xEB5E55), rgb(0xFFF6E5));
  for (const auto& [x, tall] : {std::pair{0.20, 54.0}, {0.245, 84.0}, {0.29, 54.0}}) {
    const Ink wet = light.on(rgb(0xE3BE79));
    easel.box(w * x - 22, 850 - tall, 44, tall, 3).fill_soft(wet, 0.07);
    for (const double notch : {-15.0, 0.0, 15.0}) easel.box(w * x + notch - 5, 843 - tall, 10, 10).fill(wet);
    if (tall > 60)
      easel.corners({{w * x, 808 - tall}, {w * x + 30, 816 - tall}, {w * x, 824 - tall}}).fill(light.on(rgb(0xE4572E)));
    if (tall > 60) easel.from({w * x, 808 - tall}).to({w * x, 850 - tall}).line(light.on(rgb(0x7B5136)), 3);
  }
  for (int i = 0; i < 70; ++i)
    easel.disc({stage.chance.between(0, w), stage.chance.between(780, 995)}, stage.chance.between(1.2, 3));
  easel.fill(darker(sand, 0.10).faded(0.55));
}
void beach_front(Stage& stage) {
  draw_rock(stage, {stage.width() * 0.03, 1004}, 150, rgb(0xB59B86), 0);
  draw_rock(stage, {stage.width() * 0.98, 1008}, 170, rgb(0xB59B86), 0);
  const Point star{stage.width() * 0.8, 960};
  draw_star(stage.easel, star, 30, stage.light.on(rgb(0xF2795B)), 12);
}

void sea(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, stage.light, stage.scene, 600, stage.chance);
  easel.blob({{w * 0.62, 606}, {w * 0.70, 560}, {w * 0.78, 548}, {w * 0.86, 574}, {w * 0.98, 606}})
      .fill(stage.light.on(rgb(0x6BA074), 0.5));
  draw_palm(stage, {w * 0.79, 560}, 120, 0.45);
  water(stage, 598, 760);
  wave(stage, 715, 22, 0.45);
  wave(stage, 770, 26, 0.65);
  // The boat that carries whoever sails; its near side comes in front.
  const double x = w * 0.5;
  easel.box(x + 118, 330, 13, 500, 5).fill_soft(stage.light.on(rgb(0x8A5B3C)));
  easel.from({x + 136, 350})
      .bend({x + 260, 450}, {x + 300, 590}, {x + 290, 690})
      .bend({x + 240, 716}, {x + 180, 716}, {x + 136, 700})
      .close();
  easel.fill_soft(stage.light.on(rgb(0xFFF7E8)), 0.08);
  for (const double at : {0.35, 0.68})
    easel.through({{x + 138, 350 + 350 * at}, {x + 200, 362 + 350 * at}, {x + 205 + 110 * at, 360 + 345 * at}})
        .line(stage.light.on(rgb(0xE4572E)), 16);
  easel.corners({{x + 124, 322}, {x + 70, 338}, {x + 124, 356}}).fill(stage.light.on(rgb(0xE4572E)));
  easel.oval({x, 800}, 250, 34).fill(stage.light.on(rgb(0x6B452D)));
}
void sea_front(Stage& stage) {
  Easel& easel = stage.easel;
  const double x = stage.width() * 0.5;
  const Ink wood = stage.light.on(rgb(0xB5713F));
  easel.from({x - 290, 772})
      .bend({x - 150, 832}, {x + 150, 832}, {x + 300, 760})
      .bend({x + 280, 880}, {x + 220, 930}, {x + 150, 944});
  easel.to({x - 160, 944})
      .bend({x - 230, 930}, {x - 280, 870}, {x - 290, 772})
      .close()
      .edge(darker(wood, 0.15), 2)
      .fill_soft(wood, 0.09);
  for (const double y : {0.0, 34.0, 66.0})
    easel.through({{x - 282 + y * 0.6, 800 + y}, {x, 850 + y * 0.9}, {x + 288 - y * 0.6, 790 + y}})
        .line(darker(wood, 0.09).faded(0.8), 4);
  easel.through({{x - 292, 774}, {x - 140, 822}, {x + 140, 822}, {x + 302, 762}})
      .line(stage.light.on(rgb(0xF4E3C4)), 14);
  wave(stage, 896, 26, 0.85);
  wave(stage, 950, 24, 1.0);
}

void coral(Stage& stage, Point at, double size, Ink ink) {
  Easel& easel = stage.easel;
  const Ink lit = mix(ink, rgb(0x2E7FA8), 0.12);
  for (const auto& [turn, tall] : {std::pair{180.0, 1.0}, {150.0, 0.8}, {212.0, 0.85}, {125.0, 0.55}, {235.0, 0.6}}) {
    const Point tip = at + heading(turn) * (size * tall);
    easel.band({at, between(at, tip, 0.5) + Point{0, -size * 0.06}, tip}, {size * 0.20, size * 0.15, size * 0.13});
  }
  easel.fill_soft(lit, 0.08);
  for (int i = 0; i < 12; ++i)
    easel.disc(at + heading(stage.chance.between(120, 240)) * (size * stage.chance.between(0.2, 0.9)), size * 0.025);
  easel.fill(lighter(lit, 0.14).faded(0.8));
}

void kelp(Stage& stage, Point at, double tall, Ink ink) {
  const double sway = stage.chance.between(14, 34);
  stage.easel.band({at, at + Point{sway, -tall * 0.3}, at + Point{-sway, -tall * 0.65}, at + Point{sway * 0.8, -tall}},
                   {26, 24, 18, 5});
  stage.easel.fill_soft(ink, 0.08);
}

void small_fish(Stage& stage, Point at, double size, Ink ink, double facing) {
  Easel& easel = stage.easel;
  easel
      .corners({at + Point{-facing * size * 0.8, 0}, at + Point{-facing * size * 1.5, -size * 0.5},
                at + Point{-facing * size * 1.5, size * 0.5}})
      .fill(darker(ink, 0.06));
  easel.oval(at, size, size * 0.58).fill_soft(ink, 0.09);
  easel.oval(at + Point{facing * size * 0.1, 0}, size * 0.12, size * 0.52).fill(rgb(0xFFFFFF).faded(0.65));
  easel.disc(at + Point{facing * size * 0.56, -size * 0.12}, size * 0.15).fill(rgb(0xFFFFFF));
  easel.disc(at + Point{facing * size * 0.60, -size * 0.12}, size * 0.085).fill(rgb(0x22202E));
}

void underwater(Stage& stage) {
  Easel& easel = stage.easel;
  const Light& light = stage.light;
  const double w = stage.width();
  easel.rows(-2, 520, light.dark ? rgb(0x2B5FA0) : rgb(0x8FE3E6), light.dark ? rgb(0x1F4686) : rgb(0x3FAFCB));
  easel.rows(518, 1002, light.dark ? rgb(0x1F4686) : rgb(0x3FAFCB), light.dark ? rgb(0x142E66) : rgb(0x1C6FA0));
  for (int i = 0; i < 6; ++i) {
    const double x = w * stage.chance.between(0.05, 0.95), wide = stage.chance.between(26, 80);
    easel.corners({{x, -10}, {x + wide, -10}, {x + wide * 2.4 - 120, 900}, {x - 190, 900}})
        .fill_down(rgb(0xF1FFF6).faded(0.30), rgb(0xF1FFF6).faded(0));
  }
  const Ink far = light.dark ? rgb(0x234F8E) : rgb(0x3C9FC0);
  easel
      .blob({{-60, 1020},
             {-40, 640},
             {w * 0.14, 560},
             {w * 0.25, 700},
             {w * 0.45, 740},
             {w * 0.7, 690},
             {w * 0.84, 540},
             {w + 40, 600},
             {w + 60, 1020}})
      .fill(far);
  for (int i = 0; i < 9; ++i) {
    const double facing = stage.chance.once_in(2) ? 1 : -1;
    small_fish(stage, {stage.chance.between(0.05, 0.95) * w, stage.chance.between(120, 560)},
               stage.chance.between(11, 24),
               stage.chance.pick(std::array{rgb(0xFFB347), rgb(0xFF7F6B), rgb(0xFFE066), rgb(0xC9A0F0)}), facing);
  }
  draw_hill(stage, 780, 18, rgb(0xE9D9A8), light.dark ? 0.3 : 0.16);
  for (const double x : {0.03, 0.09, 0.2, 0.82, 0.9, 0.97})
    kelp(stage, {w * x, 850}, stage.chance.between(200, 420), stage.chance.once_in(2) ? rgb(0x2F9A7A) : rgb(0x57B76B));
  const std::array inks{rgb(0xF2708A), rgb(0xF7A04B), rgb(0xC77BD8), rgb(0xF7D25A)};
  for (const double x : {0.06, 0.15, 0.26, 0.76, 0.86, 0.96})
    coral(stage, {w * x, 860 + stage.chance.between(-10, 30)}, stage.chance.between(70, 130), stage.chance.pick(inks));
  draw_star(easel, {w * 0.34, 930}, 26, rgb(0xF7936B), 14);
}
void underwater_front(Stage& stage) {
  Easel& easel = stage.easel;
  for (int i = 0; i < 26; ++i) {
    const Point at{stage.chance.between(0, stage.width()), stage.chance.between(60, 960)};
    const double size = stage.chance.between(4, 15);
    easel.disc(at, size).fill(rgb(0xEFFFFF).faded(0.22));
    easel.disc(at, size).line(rgb(0xFFFFFF).faded(0.6), 1.6);
    easel.disc(at + Point{-size * 0.3, -size * 0.35}, size * 0.2).fill(rgb(0xFFFFFF).faded(0.9));
  }
  for (const double x : {0.0, 0.05, 0.95, 1.0})
    kelp(stage, {stage.width() * x, 1010}, stage.chance.between(150, 280), rgb(0x1E7A6B));
}

void lake(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, light, stage.scene, 560, stage.chance);
  draw_hill(stage, 470, 46, light.leaves_deep, 0.66);
  draw_hill(stage, 530, 26, light.grass_deep, 0.42);
  for (int i = 0; i < 10; ++i)
    draw_pine(stage, {w * (i + stage.chance.between(0.1, 0.9)) / 10, 572}, 120 * stage.chance.between(0.7, 1.2), 0.38);
  water(stage, 570, 830);
  for (int i = 0; i < 10; ++i) {
    const double x = w * (i + 0.5) / 10;
    easel.oval({x, 610}, 16, 38).fill(darker(water_ink(stage), 0.08).faded(0.35));
  }
  for (const auto& [x, y] : {std::pair{0.2, 700.0}, {0.3, 740.0}, {0.72, 690.0}, {0.86, 745.0}}) {
    easel.oval({w * x, y}, 44, 13).fill_soft(light.on(rgb(0x58A563)), 0.06);
    for (int i = 0; i < 5; ++i)
      easel.oval(Point{w * x + 8, y - 12} + heading(120 + i * 30.0) * 11, 11, 6, 60 - i * 30.0);
    easel.fill_soft(light.on(rgb(0xF7B6CC)), 0.06);
  }
  easel.from({-20, 836}).bend({w * 0.3, 786}, {w * 0.6, 822}, {w + 20, 790}).to({w + 20, 1010}).to({-20, 1010}).close();
  easel.fill_down(light.on(light.grass), light.on(light.grass_deep));
  for (const double x : {0.05, 0.1, 0.9, 0.95, 0.98}) {
    const double tall = stage.chance.between(140, 230);
    easel.through({{w * x, 850}, {w * x + 8, 850 - tall * 0.5}, {w * x - 4, 850 - tall}})
        .line(light.on(rgb(0x5E9450)), 7);
    easel.band({{w * x - 3, 850 - tall * 0.8}, {w * x - 4, 850 - tall}}, {17, 17})
        .fill_soft(light.on(rgb(0x80512F)), 0.08);
  }
  draw_grass(stage, 850, 990, 40, light.grass_deep);
  draw_flowers(stage, 860, 900, 12);
}
void lake_front(Stage& stage) {
  draw_grassy_frame(stage, stage.light.grass_deep);
}

}  // namespace

Backdrop waters(Setting setting) {
  switch (setting) {
    case Setting::sea:
      return {sea, sea_front, 850, false, true};
    case Setting::underwater:
      return {underwater, underwater_front, 900};
    case Setting::lake:
      return {lake, lake_front, 900};
    default:
      return {beach, beach_front, 890};
  }
}

}  // namespace odeon::storybook
