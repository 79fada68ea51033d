#include "engine/media/storybook/indoors.hpp"

#include <array>

#include "engine/media/storybook/sky.hpp"
#include "engine/media/storybook/weather.hpp"

namespace odeon::storybook {
namespace {

void draw_books(Stage& stage, double left, double top, double wide, double tall) {
  Easel& easel = stage.easel;
  const std::array inks{rgb(0xD9604C), rgb(0xE9B949), rgb(0x4F94A8), rgb(0x6FA66B),
                        rgb(0x8E6FB0), rgb(0xE88FA6), rgb(0x3F5F8A), rgb(0xF0E0BC)};
  for (double x = left; x < left + wide - 12;) {
    const double thick = stage.chance.between(14, 30), high = tall * stage.chance.between(0.62, 0.93);
    if (x + thick > left + wide) break;
    if (stage.chance.once_in(9)) {
      x += thick;
      continue;
    }
    const Ink ink = indoors(stage, stage.chance.pick(inks));
    easel.box(x, top + tall - high, thick, high, 2).fill_soft(ink, 0.06);
    easel.box(x + 2, top + tall - high * 0.86, thick - 4, 5).fill(lighter(ink, 0.16).faded(0.9));
    x += thick + 1;
  }
}

}  // namespace

Ink indoors(const Stage& stage, Ink ink) {
  return stage.light.dark ? mix(mix(ink, rgb(0x3A3566), 0.34), rgb(0xFFB870), 0.06)
                          : mix(ink, stage.light.veil, stage.light.veiled * 0.6);
}

void draw_wall(Stage& stage, Ink paper, double floor, Paper print) {
  Easel& easel = stage.easel;
  const Ink ink = indoors(stage, paper);
  easel.rows(-2, floor, lighter(ink, 0.02), darker(ink, 0.03));
  if (print == Paper::dots)
    for (int row = 0; row < 8; ++row)
      for (int i = 0; i < 14; ++i)
        easel.oval({stage.width() * (i + (row % 2 ? 0.25 : 0.75)) / 14, 40.0 + row * 78}, 7, 7);
  else
    for (int i = 0; i < 16; i += 2) easel.box(stage.width() * i / 16, -2, stage.width() / 16, floor);
  easel.fill(lighter(ink, 0.045).faded(0.6));
}

void draw_boards(Stage& stage, double floor, Ink wood) {
  Easel& easel = stage.easel;
  const Ink ink = indoors(stage, wood);
  easel.rows(floor - 22, floor, indoors(stage, rgb(0xFFFAF0)), indoors(stage, rgb(0xE8DCCB)));
  easel.rows(floor, 1002, darker(ink, 0.03), lighter(ink, 0.03));
  for (int i = -8; i <= 8; ++i) {
    const double x = stage.width() * (0.5 + i / 10.0);
    easel.from({x, floor}).to({x + i * 44.0, 1002}).line(darker(ink, 0.08).faded(0.6), 3);
  }
}

void draw_window(Stage& stage, Point at, double wide, double tall, Ink curtain) {
  Easel& easel = stage.easel;
  const Ink frame = indoors(stage, rgb(0xFFFBF2));
  const auto opening = [&] { easel.box(at.x - wide / 2, at.y, wide, tall, 12); };
  opening();
  easel.edge(frame, 13).fill(stage.light.sky);
  {
    opening();
    const auto kept = easel.inside();
    {
      const double deep = tall / wide * stage.width(), w = stage.width();
      const auto placed = easel.at({at.x - wide / 2, at.y}, wide / w);
      draw_sky(easel, stage.light, stage.scene, deep * 0.8, stage.chance);
      easel.blob({{-50, deep * 2},
                  {-50, deep * 0.62},
                  {w * 0.3, deep * 0.56},
                  {w * 0.7, deep * 0.64},
                  {w + 50, deep * 0.57},
                  {w + 50, deep * 2}});
      easel.fill(stage.light.on(stage.light.grass_deep, 0.3));
      Stage outside{easel, stage.light, stage.scene, stage.chance};
      draw_weather(outside);
    }
    easel
        .corners({{at.x - wide * 0.5, at.y},
                  {at.x - wide * 0.1, at.y},
                  {at.x - wide * 0.45, at.y + tall},
                  {at.x - wide * 0.5, at.y + tall}})
        .fill(rgb(0xFFFFFF).faded(0.12));
  }
  easel.box(at.x - 5, at.y, 10, tall).fill(frame);
  easel.box(at.x - wide / 2, at.y + tall * 0.46, wide, 10).fill(frame);
  easel.box(at.x - wide / 2 - 26, at.y + tall + 8, wide + 52, 20, 5).fill_soft(frame);
  const Ink cloth = indoors(stage, curtain);
  for (const double side : {-1.0, 1.0}) {
    const double x = at.x + side * wide * 0.5;
    easel.from({x + side * 44, at.y - 40})
        .to({x - side * wide * 0.24, at.y - 40})
        .bend({x - side * wide * 0.22, at.y + tall * 0.35}, {x - side * 6, at.y + tall * 0.5},
              {x + side * 2, at.y + tall * 0.64});
    easel.bend({x - side * 2, at.y + tall * 0.8}, {x - side * 12, at.y + tall}, {x - side * 16, at.y + tall + 46})
        .to({x + side * 52, at.y + tall + 46})
        .close();
    easel.edge(darker(cloth, 0.12), 1.5).fill_soft(cloth, 0.08);
    for (const double fold : {0.2, 0.55})
      easel
          .through({{x - side * wide * 0.2 * (1 - fold) + side * 20 * fold, at.y - 36},
                    {x + side * (6 + 20 * fold), at.y + tall * 0.6},
                    {x + side * 30 * fold, at.y + tall + 40}})
          .line(darker(cloth, 0.07).faded(0.7), 4);
    easel.oval({x + side * 20, at.y + tall * 0.64}, 32, 9).fill_soft(lighter(cloth, 0.08));
  }
  easel.from({at.x - wide * 0.5 - 70, at.y - 42})
      .to({at.x + wide * 0.5 + 70, at.y - 42})
      .line(indoors(stage, rgb(0xA8713F)), 12);
}

void draw_rug(Stage& stage, Ink ink, Ink trim) {
  Easel& easel = stage.easel;
  const Point middle{stage.width() * 0.5, 905};
  easel.oval(middle, 360, 74).fill_soft(indoors(stage, ink), 0.05);
  easel.oval(middle, 318, 60).line(indoors(stage, trim), 10);
  easel.oval(middle, 250, 44).fill(lighter(indoors(stage, ink), 0.05));
}

void draw_bookcase(Stage& stage, double left, double top, double wide, int rows) {
  Easel& easel = stage.easel;
  const Ink wood = indoors(stage, rgb(0x9C6B43));
  const double tall = 118;
  easel.box(left - 14, top - 14, wide + 28, rows * tall + 34, 6).edge(darker(wood, 0.12), 2).fill_soft(wood, 0.06);
  for (int row = 0; row < rows; ++row) {
    easel.box(left, top + row * tall, wide, tall - 12).fill(darker(wood, 0.14));
    draw_books(stage, left + 5, top + row * tall + 8, wide - 10, tall - 20);
  }
}

void draw_lamp_light(Stage& stage, Point at, double radius) {
  if (stage.light.dark) stage.easel.glow(at, radius, rgb(0xFFD08A).faded(0.62));
}

}  // namespace odeon::storybook
