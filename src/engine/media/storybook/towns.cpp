#include <array>

#include "engine/media/storybook/nature.hpp"
#include "engine/media/storybook/settings.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

Ink pane(const Stage& stage, Ink by_day) {
  return stage.light.dark || stage.scene.time == Daytime::dusk ? rgb(0xFFD77F) : stage.light.on(by_day);
}

void tower(Stage& stage, Point at, double half, double tall, Ink stone, Ink roof, double far) {
  Easel& easel = stage.easel;
  const Ink wall = stage.light.on(stone, far), top = stage.light.on(roof, far);
  easel.box(at.x - half, at.y - tall, half * 2, tall).fill_soft(wall, 0.07);
  easel.box(at.x - half * 1.15, at.y - tall - half * 0.3, half * 2.3, half * 0.4, 3).fill_soft(lighter(wall, 0.03));
  easel
      .corners({{at.x, at.y - tall - half * 3},
                {at.x + half * 1.35, at.y - tall - half * 0.3},
                {at.x - half * 1.35, at.y - tall - half * 0.3}})
      .fill_soft(top, 0.10);
  easel.from({at.x, at.y - tall - half * 3}).to({at.x, at.y - tall - half * 3.9}).line(darker(wall, 0.2), 3);
  easel
      .corners({{at.x, at.y - tall - half * 3.9},
                {at.x + half * 0.9, at.y - tall - half * 3.6},
                {at.x, at.y - tall - half * 3.3}})
      .fill(stage.light.on(rgb(0xF2B84B), far));
  easel.box(at.x - half * 0.28, at.y - tall + half * 0.7, half * 0.56, half * 1.1, half * 0.28)
      .edge(darker(wall, 0.06), 2)
      .fill(pane(stage, rgb(0x5B6C94)));
  for (int i = 0; i < 6; ++i) {
    const double x = at.x + stage.chance.between(-0.8, 0.5) * half, y = at.y - tall * stage.chance.between(0.05, 0.8);
    easel.box(x, y, half * 0.34, half * 0.16, 2).fill(darker(wall, 0.05).faded(0.8));
  }
}

void castle(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width(), x = w * stage.chance.between(0.44, 0.56);
  draw_sky(easel, light, stage.scene, 620, stage.chance);
  draw_hill(stage, 540, 44, light.leaves_deep, 0.62);
  for (int i = 0; i < 8; ++i) draw_round_tree(stage, {w * (i + 0.5) / 8, 600}, 100, 0.48);
  const Ink stone = rgb(0xE6D9CF), roof = stage.chance.pick(std::array{rgb(0x5E7FC0), rgb(0xC0566B), rgb(0x7A63B5)});
  draw_hill(stage, 630, 30, mix(light.grass, light.grass_deep, 0.5), 0.28);
  tower(stage, {x - 235, 680}, 34, 190, stone, roof, 0.22);
  tower(stage, {x + 235, 680}, 34, 210, stone, roof, 0.22);
  tower(stage, {x - 60, 650}, 42, 360, stone, roof, 0.20);
  tower(stage, {x + 80, 650}, 34, 300, stone, roof, 0.20);
  const Ink wall = light.on(stone, 0.14);
  easel.box(x - 220, 500, 440, 200).fill_soft(wall, 0.06);
  for (int i = 0; i < 12; ++i) easel.box(x - 222 + i * 37.5, 482, 24, 24).fill(wall);
  for (int i = 0; i < 22; ++i)
    easel.box(x + stage.chance.between(-210, 190), stage.chance.between(520, 680), 24, 10, 2);
  easel.fill(darker(wall, 0.05).faded(0.8));
  tower(stage, {x - 150, 705}, 46, 260, stone, roof, 0.10);
  tower(stage, {x + 150, 705}, 46, 260, stone, roof, 0.10);
  easel.from({x - 52, 706})
      .to({x - 52, 620})
      .bend({x - 52, 556}, {x + 52, 556}, {x + 52, 620})
      .to({x + 52, 706})
      .close();
  easel.edge(darker(wall, 0.08), 7).fill_soft(light.on(rgb(0x7A5136), 0.08), 0.08);
  for (const double at : {-26.0, 0.0, 26.0})
    easel.from({x + at, 590}).to({x + at, 706}).line(light.on(rgb(0x5E3C28), 0.08), 3);
  draw_hill(stage, 700, 14, light.grass, 0.08);
  draw_path(stage, 700, 1010, {x, 0}, rgb(0xE7D3AC));
  for (const double at : {0.06, 0.94}) draw_round_tree(stage, {w * at, 800}, 330, 0.04);
  for (const double at : {0.17, 0.83}) draw_bush(stage, {w * at, 800}, 110, 0.04);
  draw_grass(stage, 770, 990, 45, mix(light.grass, light.grass_deep, 0.6));
  draw_flowers(stage, 790, 885, 20);
}
void castle_front(Stage& stage) {
  draw_grassy_frame(stage, stage.light.grass_deep);
  draw_flowers(stage, 965, 1015, 10);
}

void block(Stage& stage, double x, double wide, double tall, double foot, Ink ink, double far) {
  Easel& easel = stage.easel;
  const Ink wall = stage.light.on(ink, far);
  easel.box(x, foot - tall, wide, tall + 5, 4).fill_soft(wall, 0.06);
  easel.box(x - 4, foot - tall - 10, wide + 8, 14, 3).fill(darker(wall, 0.05));
  const int columns = std::max(2, static_cast<int>(wide / 38)), rows = static_cast<int>(tall / 52);
  for (int row = 0; row < rows; ++row)
    for (int i = 0; i < columns; ++i) {
      const bool lit = stage.chance.once_in(3);
      easel.box(x + wide * (i + 0.24) / columns, foot - tall + 22 + row * 50, wide * 0.52 / columns, 27, 3);
      easel.fill(lit ? mix(pane(stage, rgb(0xFFF3D2)), stage.light.haze, far * 0.7)
                     : mix(darker(wall, 0.13), stage.light.haze, 0.15));
    }
}

void lamp_post(Stage& stage, Point at) {
  Easel& easel = stage.easel;
  const Ink iron = stage.light.on(rgb(0x3E4A5C));
  if (stage.light.dark) easel.glow(at + Point{0, -290}, 210, rgb(0xFFE1A0).faded(0.75));
  easel.box(at.x - 5, at.y - 270, 10, 270, 4).fill_soft(iron);
  easel.box(at.x - 13, at.y - 24, 26, 24, 5).fill_soft(iron);
  easel.corners({at + Point{-19, -312}, at + Point{19, -312}, at + Point{12, -268}, at + Point{-12, -268}})
      .fill(stage.light.dark ? rgb(0xFFEDB8) : stage.light.on(rgb(0xFFF3CF)));
  easel.corners({at + Point{0, -334}, at + Point{25, -310}, at + Point{-25, -310}}).fill_soft(iron);
}

void city(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, light, stage.scene, 660, stage.chance);
  for (double x = -20; x < w;) {
    const double wide = stage.chance.between(60, 120);
    block(stage, x, wide, stage.chance.between(230, 460), 720, rgb(0x8FA3C4), 0.60);
    x += wide + stage.chance.between(4, 26);
  }
  const std::array inks{rgb(0xE58F6B), rgb(0xF0C27B), rgb(0x8FB8A8), rgb(0xD98BA0), rgb(0x9CA6D8)};
  std::size_t pick = stage.chance.next() % inks.size();
  for (double x = -40; x < w;) {
    const double wide = stage.chance.between(120, 180), middle = std::abs((x + wide / 2) / w - 0.5);
    block(stage, x, wide, stage.chance.between(170, 240) + middle * 340, 765, inks[pick++ % inks.size()], 0.16);
    const Ink awning = light.on(inks[(pick + 1) % inks.size()], 0.1);
    easel.corners({{x + 8, 690}, {x + wide - 8, 690}, {x + wide + 4, 722}, {x - 4, 722}}).fill_soft(awning);
    for (int i = 0; i < 4; ++i)
      easel.corners({{x + 8 + (wide - 16) * (i + 0.0) / 4, 690},
                     {x + 8 + (wide - 16) * (i + 0.5) / 4, 690},
                     {x - 4 + (wide + 8) * (i + 0.5) / 4, 722},
                     {x - 4 + (wide + 8) * i / 4.0, 722}});
    easel.fill(lighter(awning, 0.15).faded(0.9));
    x += wide + 4;
  }
  easel.rows(765, 820, light.on(rgb(0xDAD3CC)), light.on(rgb(0xCBC3BE)));
  easel.rows(818, 1002, light.on(rgb(0x8B8FA0)), light.on(rgb(0x70748A)));
  easel.rows(816, 824, light.on(rgb(0xF2EDE4)), light.on(rgb(0xD5CFC8)));
  for (int i = 0; i < 6; ++i)
    easel.corners(
        {{w * i / 6.0 + 20, 965}, {w * i / 6.0 + 110, 965}, {w * i / 6.0 + 100, 977}, {w * i / 6.0 + 6, 977}});
  easel.fill(light.on(rgb(0xFFF1C9)).faded(0.9));
  draw_round_tree(stage, {w * 0.09, 812}, 300, 0.04);
  draw_round_tree(stage, {w * 0.91, 812}, 270, 0.04);
  lamp_post(stage, {w * 0.22, 816});
  lamp_post(stage, {w * 0.79, 816});
}
void city_front(Stage& stage) {
  const Light& light = stage.light;
  for (const double side : {0.0, 1.0}) draw_bush(stage, {stage.width() * side, 1030}, 190, 0);
  draw_flowers(stage, 985, 1015, light.dark ? 6 : 10);
}

void cottage(Stage& stage, Point at, double size, Ink wall_ink, Ink roof_ink, double far) {
  Easel& easel = stage.easel;
  const Ink wall = stage.light.on(wall_ink, far), roof = stage.light.on(roof_ink, far),
            wood = stage.light.on(rgb(0x8A5B3C), far);
  easel.box(at.x + size * 0.18, at.y - size * 1.06, size * 0.13, size * 0.3).fill_soft(darker(roof, 0.08));
  easel.box(at.x - size * 0.44, at.y - size * 0.5, size * 0.88, size * 0.52, 3).fill_soft(wall, 0.06);
  easel.from({at.x - size * 0.58, at.y - size * 0.44})
      .bend({at.x - size * 0.4, at.y - size * 0.6}, {at.x - size * 0.2, at.y - size * 0.9}, {at.x, at.y - size * 1.02});
  easel
      .bend({at.x + size * 0.2, at.y - size * 0.9}, {at.x + size * 0.4, at.y - size * 0.6},
            {at.x + size * 0.58, at.y - size * 0.44})
      .close()
      .fill_soft(roof, 0.09);
  for (const double y : {0.56, 0.68, 0.80})
    easel
        .through({{at.x - size * (1.02 - y) * 0.95, at.y - size * y},
                  {at.x, at.y - size * (y - 0.02)},
                  {at.x + size * (1.02 - y) * 0.95, at.y - size * y}})
        .line(darker(roof, 0.08).faded(0.7), size * 0.012);
  easel.box(at.x - size * 0.09, at.y - size * 0.30, size * 0.18, size * 0.31, size * 0.09).fill_soft(wood);
  for (const double side : {-1.0, 1.0}) {
    easel.box(at.x + side * size * 0.27 - size * 0.08, at.y - size * 0.34, size * 0.16, size * 0.16, 3)
        .edge(wood, size * 0.016)
        .fill(pane(stage, rgb(0xBFE0EE)));
    easel.from({at.x + side * size * 0.27, at.y - size * 0.34})
        .to({at.x + side * size * 0.27, at.y - size * 0.18})
        .line(wood, size * 0.014);
  }
  easel.disc({at.x, at.y - size * 0.70}, size * 0.06).edge(wood, size * 0.014).fill(pane(stage, rgb(0xBFE0EE)));
}

void village(Stage& stage) {
  const Light& light = stage.light;
  const double w = stage.width();
  draw_sky(stage.easel, light, stage.scene, 600, stage.chance);
  draw_hill(stage, 500, 50, light.leaves_deep, 0.62);
  draw_hill(stage, 570, 36, light.grass_deep, 0.42);
  const std::array walls{rgb(0xFBEBD0), rgb(0xF3D7C8), rgb(0xE3E7D8), rgb(0xF6E3A8)};
  const std::array roofs{rgb(0xC65B45), rgb(0x8A6A9A), rgb(0x5F87A6), rgb(0xB57B46)};
  for (const auto& [x, y, size] : {std::tuple{0.34, 620.0, 90.0}, {0.52, 610.0, 80.0}, {0.68, 628.0, 95.0}})
    cottage(stage, {w * x, y}, size, stage.chance.pick(walls), stage.chance.pick(roofs), 0.42);
  draw_hill(stage, 640, 22, mix(light.grass, light.grass_deep, 0.4), 0.2);
  cottage(stage, {w * 0.15, 745}, 270, stage.chance.pick(walls), stage.chance.pick(roofs), 0.06);
  cottage(stage, {w * 0.87, 735}, 240, stage.chance.pick(walls), stage.chance.pick(roofs), 0.08);
  draw_round_tree(stage, {w * 0.31, 730}, 190, 0.12);
  draw_round_tree(stage, {w * 0.72, 725}, 170, 0.14);
  draw_hill(stage, 740, 12, light.grass, 0.02);
  draw_path(stage, 742, 1010, {w * 0.48, 0}, light.soil);
  draw_bush(stage, {w * 0.28, 775}, 90, 0.03);
  draw_grass(stage, 770, 990, 45, mix(light.grass, light.grass_deep, 0.6));
  draw_flowers(stage, 780, 890, 24);
}
void village_front(Stage& stage) {
  castle_front(stage);
}

void bunting(Stage& stage, double left, double right, double y) {
  Easel& easel = stage.easel;
  const std::array inks{rgb(0xE4572E), rgb(0xF6C445), rgb(0x3FA7A0), rgb(0xEF86B0), rgb(0x4A78C4)};
  const auto at = [&](double t) { return Point{std::lerp(left, right, t), y + std::sin(t * std::numbers::pi) * 60}; };
  easel.through({at(0), at(0.25), at(0.5), at(0.75), at(1)}).line(stage.light.on(rgb(0xFFF6E0)), 3);
  for (int i = 0; i < 11; ++i) {
    const Point a = at((i + 0.1) / 11), b = at((i + 0.9) / 11);
    easel.corners({a, b, between(a, b, 0.5) + Point{0, 42}}).fill_soft(stage.light.on(inks[i % inks.size()]), 0.06);
  }
}

void stall(Stage& stage, Point at, double wide, Ink stripe) {
  Easel& easel = stage.easel;
  const Ink wood = stage.light.on(rgb(0xA8713F));
  for (const double side : {-0.46, 0.46}) easel.box(at.x + side * wide - 6, at.y - 250, 12, 250).fill_soft(wood);
  easel.box(at.x - wide * 0.5, at.y - 110, wide, 112, 5).edge(darker(wood, 0.14), 2).fill_soft(wood, 0.08);
  for (int i = 1; i < 5; ++i)
    easel.from({at.x - wide * 0.5 + wide * i / 5, at.y - 106})
        .to({at.x - wide * 0.5 + wide * i / 5, at.y})
        .line(darker(wood, 0.08).faded(0.7), 3);
  const std::array goods{rgb(0xE4572E), rgb(0xF6C445), rgb(0x7DB84F), rgb(0xF08A3C), rgb(0xA65BB5)};
  for (int i = 0; i < 14; ++i)
    easel.disc({at.x - wide * 0.44 + wide * 0.88 * i / 13, at.y - 120 - (i % 3) * 7}, 15)
        .fill_soft(stage.light.on(goods[(i / 3) % goods.size()]), 0.09);
  for (int i = 0; i < 8; ++i) {
    const double l = at.x - wide * 0.56 + wide * 1.12 * i / 8, r = l + wide * 1.12 / 8,
                 tl = at.x - wide * 0.44 + wide * 0.88 * i / 8, tr = tl + wide * 0.88 / 8;
    easel.from({tl, at.y - 318})
        .to({tr, at.y - 318})
        .to({r, at.y - 244})
        .bend({r, at.y - 222}, {l, at.y - 222}, {l, at.y - 244})
        .close();
    easel.fill_soft(stage.light.on(i % 2 ? rgb(0xFFF8EC) : stripe), 0.06);
  }
}

void market(Stage& stage) {
  const Light& light = stage.light;
  const double w = stage.width();
  draw_sky(stage.easel, light, stage.scene, 600, stage.chance);
  draw_hill(stage, 560, 30, light.leaves_deep, 0.6);
  const std::array walls{rgb(0xFBEBD0), rgb(0xF3D7C8), rgb(0xE3E7D8), rgb(0xF6E3A8)};
  const std::array roofs{rgb(0xC65B45), rgb(0x8A6A9A), rgb(0x5F87A6)};
  for (int i = 0; i < 5; ++i)
    cottage(stage, {w * (i + 0.5) / 5, 690 + stage.chance.between(-10, 8)}, 220, walls[i % 4], roofs[i % 3], 0.34);
  stage.easel.rows(688, 1002, light.on(rgb(0xE3CFAE), 0.16), light.on(rgb(0xD3B58C)));
  for (int i = 0; i < 60; ++i) {
    const double near = stage.chance.share(), y = std::lerp(700, 990, near);
    stage.easel.oval({stage.chance.between(0, w), y}, 14 + 22 * near, 4 + 7 * near);
  }
  stage.easel.fill(light.on(rgb(0xC09F74)).faded(0.35));
  stall(stage, {w * 0.15, 830}, 290, rgb(0xE4572E));
  stall(stage, {w * 0.87, 826}, 270, rgb(0x3FA7A0));
  bunting(stage, -10, w * 0.52, 250);
  bunting(stage, w * 0.48, w + 10, 220);
  if (light.dark || stage.scene.time == Daytime::dusk)
    for (int i = 0; i < 8; ++i) {
      const Point at{w * (i + 0.5) / 8, 350 + std::sin(i * 2.1) * 24};
      stage.easel.glow(at, 80, rgb(0xFFDB8A).faded(0.8));
      stage.easel.disc(at, 12).fill_soft(rgb(0xFFE9AE));
    }
}
void market_front(Stage& stage) {
  for (const double side : {0.0, 1.0}) draw_bush(stage, {stage.width() * side, 1030}, 180, 0);
  draw_flowers(stage, 980, 1015, 12);
}

void playground(Stage& stage) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_sky(easel, light, stage.scene, 620, stage.chance);
  draw_hill(stage, 560, 30, light.grass_deep, 0.5);
  for (int i = 0; i < 6; ++i)
    draw_round_tree(stage, {w * (i + stage.chance.between(0.2, 0.8)) / 6, 660}, 210 * stage.chance.between(0.8, 1.1),
                    0.32);
  draw_hill(stage, 668, 14, light.grass, 0.12);
  const Ink red = light.on(rgb(0xE4572E), 0.05), blue = light.on(rgb(0x3E7CC4), 0.05),
            yellow = light.on(rgb(0xF6C445), 0.05);
  const double s = w * 0.17;
  for (const auto& [x, lean] : {std::pair{s - 130, -28.0}, {s + 130, 28.0}})
    for (const double side : {-1.0, 1.0}) easel.from({x, 470}).to({x + side * 40 + lean * 0.2, 790}).line(blue, 12);
  easel.from({s - 136, 470}).to({s + 136, 470}).line(blue, 13);
  for (const double x : {s - 66, s + 62}) {
    for (const double side : {-22.0, 22.0})
      easel.from({x + side, 470}).to({x + side * 1.05, 710}).line(light.on(rgb(0xEDE6DA)), 4);
    easel.box(x - 34, 704, 68, 12, 5).fill_soft(red);
  }
  const double x = w * 0.83;
  for (const double side : {-38.0, 38.0}) easel.box(x + 60 + side, 480, 12, 320).fill_soft(yellow);
  for (int i = 0; i < 6; ++i) easel.box(x + 24, 560 + i * 40, 88, 9, 4).fill_soft(yellow);
  easel.corners({{x + 66, 400}, {x + 140, 480}, {x - 8, 480}}).fill_soft(red, 0.08);
  easel.through({{x + 28, 556}, {x - 50, 640}, {x - 110, 760}, {x - 190, 792}}).line(darker(blue, 0.06), 56);
  easel.through({{x + 28, 552}, {x - 50, 636}, {x - 110, 754}, {x - 186, 786}}).line(lighter(blue, 0.08), 36);
  draw_hill(stage, 782, 8, light.grass, 0.02);
  easel.oval({w * 0.30, 858}, 130, 34).edge(light.on(rgb(0xA8713F)), 9).fill_soft(light.on(rgb(0xF3DCA3)), 0.05);
  draw_grass(stage, 800, 990, 45, mix(light.grass, light.grass_deep, 0.6));
  draw_flowers(stage, 800, 890, 10);
}
void playground_front(Stage& stage) {
  draw_grassy_frame(stage, stage.light.grass_deep);
}

}  // namespace

Backdrop towns(Setting setting) {
  switch (setting) {
    case Setting::city:
      return {city, city_front, 905};
    case Setting::village:
      return {village, village_front, 888};
    case Setting::market:
      return {market, market_front, 900};
    case Setting::playground:
      return {playground, playground_front, 890};
    default:
      return {castle, castle_front, 888};
  }
}

}  // namespace odeon::storybook
