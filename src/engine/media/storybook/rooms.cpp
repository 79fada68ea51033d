#include <array>

#include "engine/media/storybook/indoors.hpp"
#include "engine/media/storybook/nature.hpp"
#include "engine/media/storybook/settings.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

void bedroom(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  const std::array papers{rgb(0xBFD9E8), rgb(0xF3D3D6), rgb(0xCFE3CC), rgb(0xE3D3EC)};
  draw_wall(stage, stage.chance.pick(papers), 700, Paper::dots);
  draw_boards(stage, 700, rgb(0xD9A974));
  draw_window(stage, {w * 0.30, 150}, 250, 300, rgb(0xF4B95F));
  draw_bookcase(stage, w * 0.03, 590, 150, 2);
  // The bed, along the right.
  const double x = w * 0.76;
  const Ink wood = indoors(stage, rgb(0xB98253)), sheet = indoors(stage, rgb(0xFFF9EE)),
            quilt = indoors(stage, rgb(0x6F8FD0));
  easel.box(x - 40, 470, 330, 250, 50).edge(darker(wood, 0.12), 2).fill_soft(wood, 0.07);
  easel.blob({{x - 20, 640}, {x + 60, 590}, {x + 190, 590}, {x + 270, 650}, {x + 120, 690}})
      .edge(darker(sheet, 0.10), 2)
      .fill_soft(sheet, 0.06);
  easel.from({x - 60, 700})
      .bend({x - 60, 640}, {x + 20, 652}, {x + 130, 652})
      .bend({x + 240, 652}, {x + 320, 650}, {x + 330, 700})
      .to({x + 330, 830})
      .to({x - 66, 830})
      .close();
  easel.edge(darker(quilt, 0.12), 2).fill_soft(quilt, 0.07);
  for (int row = 0; row < 3; ++row)
    for (int i = 0; i < 6; ++i)
      draw_star(easel, {x - 30 + i * 62.0 + (row % 2) * 30, 716 + row * 40.0}, 11, indoors(stage, rgb(0xFFE39A)),
                i * 9.0);
  easel.box(x - 66, 690, 400, 22, 10).fill_soft(sheet);
  easel.box(x - 74, 780, 26, 100, 8).fill_soft(wood);
  for (int i = 0; i < 7; ++i) {
    const Point at{w * (0.50 + 0.08 * i), 90 + std::sin(i * 1.4) * 26};
    easel.from({at.x, -5}).to(at).line(indoors(stage, rgb(0xFFFFFF)).faded(0.7), 1.6);
    draw_star(easel, at, 17, rgb(0xFFE08A), i * 15.0);
    draw_lamp_light(stage, at, 60);
  }
  easel.box(w * 0.555, 240, 120, 150, 6).edge(indoors(stage, rgb(0xFFFFFF)), 8).fill_down(rgb(0x2F3F86), rgb(0x8E7FC8));
  draw_star(easel, {w * 0.555 + 84, 280}, 13, rgb(0xFFE9A6), 0);
  easel.corners({{w * 0.555 + 20, 370}, {w * 0.555 + 54, 310}, {w * 0.555 + 90, 370}}).fill(rgb(0xF2F0FA));
  draw_rug(stage, rgb(0xF2A99A), rgb(0xFFF3DF));
  draw_lamp_light(stage, {w * 0.12, 520}, 330);
  const Point lamp{w * 0.105, 576};
  easel.box(lamp.x - 6, lamp.y - 50, 12, 50).fill_soft(indoors(stage, rgb(0x8A5B3C)));
  easel
      .corners({{lamp.x - 26, lamp.y - 104},
                {lamp.x + 26, lamp.y - 104},
                {lamp.x + 46, lamp.y - 42},
                {lamp.x - 46, lamp.y - 42}})
      .fill_soft(stage.light.dark ? rgb(0xFFE2A0) : indoors(stage, rgb(0xF6D58A)), 0.05);
}
void bedroom_front(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  const std::array inks{rgb(0xE4572E), rgb(0x3FA7A0), rgb(0xF6C445)};
  for (int i = 0; i < 3; ++i)
    easel.box(w * 0.04 + i * 52.0 - (i == 2 ? 78 : 0), i == 2 ? 880 : 932, 50, 50, 7)
        .edge(darker(indoors(stage, inks[i]), 0.12), 2)
        .fill_soft(indoors(stage, inks[i]), 0.06);
  easel.disc({w * 0.92, 940}, 42).fill_soft(indoors(stage, rgb(0xEF86B0)), 0.10);
  easel.through({{w * 0.92 - 41, 932}, {w * 0.92, 950}, {w * 0.92 + 41, 930}}).line(indoors(stage, rgb(0xFFF6E6)), 10);
}

void school(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_wall(stage, rgb(0xF6E6B8), 700, Paper::stripes);
  draw_boards(stage, 700, rgb(0xC9A27A));
  const Ink frame = indoors(stage, rgb(0x9C6B43)), board = indoors(stage, rgb(0x3F6B5C));
  easel.box(w * 0.27, 170, w * 0.46, 300, 6).edge(frame, 14).fill_soft(board, 0.04);
  const Ink chalk = rgb(0xF4F7EE).faded(0.85);
  easel.disc({w * 0.34, 250}, 34).line(chalk, 5);
  for (int i = 0; i < 8; ++i)
    easel.from(Point{w * 0.34, 250} + heading(45.0 * i) * 44)
        .to(Point{w * 0.34, 250} + heading(45.0 * i) * 60)
        .line(chalk, 5);
  for (int i = 0; i < 3; ++i)
    easel
        .through({{w * 0.44, 225.0 + i * 40},
                  {w * 0.5, 218.0 + i * 40},
                  {w * 0.56, 230.0 + i * 40},
                  {w * 0.66, 221.0 + i * 40}})
        .line(chalk.faded(0.8), 5);
  easel.corners({{w * 0.34, 440}, {w * 0.34, 380}, {w * 0.37, 345}, {w * 0.40, 380}, {w * 0.40, 440}}).line(chalk, 5);
  draw_star(easel, {w * 0.65, 400}, 24, rgb(0xF9E59A).faded(0.9), 8);
  easel.box(w * 0.25, 484, w * 0.5, 14, 4).fill_soft(frame);
  draw_window(stage, {w * 0.105, 190}, 150, 270, rgb(0x7FB59B));
  draw_bookcase(stage, w * 0.80, 470, w * 0.16, 2);
  easel.disc({w * 0.885, 410}, 42).fill_soft(indoors(stage, rgb(0x5BA7D0)), 0.09);
  easel.blob({{w * 0.885 - 20, 400}, {w * 0.885, 380}, {w * 0.885 + 22, 396}, {w * 0.885 + 6, 424}})
      .fill(indoors(stage, rgb(0x7DBB63)));
  easel.box(w * 0.885 - 5, 446, 10, 18).fill(frame);
  const std::array flags{rgb(0xE4572E), rgb(0xF6C445), rgb(0x3FA7A0), rgb(0xEF86B0)};
  for (int i = 0; i < 12; ++i)
    easel.corners({{w * i / 12.0 + 8, 70}, {w * (i + 1) / 12.0 - 8, 70}, {w * (i + 0.5) / 12, 118}})
        .fill_soft(indoors(stage, flags[i % 4]));
  easel.from({0, 70}).to({w, 70}).line(indoors(stage, rgb(0xFFFFFF)), 4);
  for (const double x : {0.17, 0.83}) {
    const Ink desk = indoors(stage, rgb(0xD9A25F));
    for (const double leg : {-70.0, 70.0})
      easel.box(w * x + leg - 6, 770, 12, 110).fill_soft(indoors(stage, rgb(0x7F8AA0)));
    easel.box(w * x - 100, 752, 200, 24, 6).edge(darker(desk, 0.12), 2).fill_soft(desk);
    easel.box(w * x - 40, 728, 70, 24, 3).fill_soft(indoors(stage, rgb(0xD9604C)));
    easel.box(w * x - 34, 710, 62, 18, 3).fill_soft(indoors(stage, rgb(0x4F94A8)));
    easel.disc({w * x + 62, 736}, 17).fill_soft(indoors(stage, rgb(0xDB4C3F)), 0.10);
  }
}
void school_front(Stage& stage) {
  Easel& easel = stage.easel;
  for (const double side : {0.0, 1.0}) {
    const double x = stage.width() * std::lerp(0.05, 0.95, side);
    const std::array inks{rgb(0xE4572E), rgb(0xF6C445), rgb(0x3FA7A0)};
    easel.box(x - 34, 930, 68, 80, 8).fill_soft(indoors(stage, rgb(0x5F87C0)));
    for (int i = 0; i < 3; ++i)
      easel.box(x - 24 + i * 18.0, 880 - i * 9.0, 11, 70 + i * 9.0, 3).fill_soft(indoors(stage, inks[i]));
  }
}

void kitchen(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_wall(stage, rgb(0xFBE3C0), 700, Paper::dots);
  const Ink tile_a = indoors(stage, rgb(0xF4EBDD)), tile_b = indoors(stage, rgb(0xDDB89A));
  easel.rows(700, 1002, tile_a, tile_a);
  for (int row = 0; row < 5; ++row)
    for (int i = -1; i < 13; ++i)
      if ((i + row) % 2) {
        const double y = 700 + row * row * 11.0 + row * 16, y2 = 700 + (row + 1) * (row + 1) * 11.0 + (row + 1) * 16;
        const auto x = [&](double column, double at) {
          return w * 0.5 + (column - 6) * (w / 12) * (1 + (at - 700) / 520);
        };
        easel.corners({{x(i, y), y}, {x(i + 1, y), y}, {x(i + 1, y2), y2}, {x(i, y2), y2}});
      }
  easel.fill(tile_b.faded(0.75));
  draw_window(stage, {w * 0.5, 130}, 240, 250, rgb(0xE8706B));
  const Ink cupboard = indoors(stage, rgb(0x6FA8A0)), top = indoors(stage, rgb(0xF7EFE2)),
            knob = indoors(stage, rgb(0xF2C14E));
  for (const double x : {-0.01, 0.155, 0.715, 0.88}) {
    easel.box(w * x, 90, w * 0.135, 230, 8).edge(darker(cupboard, 0.1), 2).fill_soft(cupboard, 0.05);
    easel.box(w * x + 14, 108, w * 0.135 - 28, 194, 8).line(darker(cupboard, 0.08), 4);
    easel.disc({w * x + w * 0.115, 290}, 7).fill_soft(knob);
  }
  easel.box(-10, 560, w + 20, 180).fill_soft(cupboard, 0.05);
  for (int i = 0; i < 7; ++i) {
    easel.box(w * i / 7.0 + 12, 584, w / 7 - 24, 134, 8).line(darker(cupboard, 0.09), 4);
    easel.disc({w * (i + 0.5) / 7, 604}, 7).fill_soft(knob);
  }
  easel.box(-10, 536, w + 20, 30, 4).fill_soft(top);
  // A stove with a pot, and what is baked.
  const double x = w * 0.84;
  easel.box(x - 90, 540, 180, 200, 6).edge(darker(top, 0.12), 2).fill_soft(indoors(stage, rgb(0xEDE7E0)));
  easel.box(x - 64, 600, 128, 90, 10).edge(indoors(stage, rgb(0x8A8F9C)), 5).fill(rgb(0xFFB056));
  draw_lamp_light(stage, {x, 645}, 200);
  easel.box(x - 56, 470, 112, 68, 12).fill_soft(indoors(stage, rgb(0xD9534A)), 0.09);
  easel.oval({x, 470}, 60, 12).fill_soft(indoors(stage, rgb(0xF08A7C)));
  for (int i = 0; i < 3; ++i)
    easel
        .through(
            {{x - 24 + i * 24.0, 448}, {x - 34 + i * 24.0, 414}, {x - 18 + i * 24.0, 386}, {x - 28 + i * 24.0, 350}})
        .line(rgb(0xFFFFFF).faded(0.45), 8);
  for (const auto& [at, ink, tall] :
       {std::tuple{0.06, rgb(0xE7B04A), 62.0}, {0.115, rgb(0xC65B45), 78.0}, {0.17, rgb(0x7DA65B), 54.0}}) {
    easel.box(w * at - 24, 536 - tall, 48, tall, 9).fill_soft(indoors(stage, ink), 0.08);
    easel.box(w * at - 26, 528 - tall, 52, 14, 4).fill_soft(indoors(stage, rgb(0xA8713F)));
  }
  easel.oval({w * 0.29, 532}, 70, 12).fill_soft(top);
  easel.from({w * 0.29 - 52, 528})
      .bend({w * 0.29 - 60, 470}, {w * 0.29 + 60, 470}, {w * 0.29 + 52, 528})
      .close()
      .fill_soft(indoors(stage, rgb(0xC98A4B)), 0.09);
  for (const double dx : {-22.0, 0.0, 22.0})
    easel.from({w * 0.29 + dx - 8, 508}).to({w * 0.29 + dx + 8, 492}).line(indoors(stage, rgb(0xF3D9A8)), 5);
  draw_lamp_light(stage, {w * 0.5, 60}, 420);
  draw_rug(stage, rgb(0xE8A57C), rgb(0xFFF3DF));
}
void kitchen_front(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  const Ink wood = indoors(stage, rgb(0xB98253));
  easel.box(-30, 942, 250, 80, 10).edge(darker(wood, 0.12), 2).fill_soft(wood, 0.06);
  easel.oval({90, 936}, 62, 26).fill_soft(indoors(stage, rgb(0x6FA0C8)), 0.08);
  for (const auto& [x, ink] : {std::pair{58.0, rgb(0xDB4C3F)}, {90.0, rgb(0xF2B84B)}, {122.0, rgb(0x8CBF5A)}})
    easel.disc({x, 918}, 24).fill_soft(indoors(stage, ink), 0.10);
  draw_bush(stage, {w - 20, 1030}, 130, 0);
}

void library(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  draw_wall(stage, rgb(0xB98F78), 710, Paper::stripes);
  draw_boards(stage, 710, rgb(0xA87450));
  draw_bookcase(stage, w * 0.02, 70, w * 0.27, 5);
  draw_bookcase(stage, w * 0.71, 70, w * 0.27, 5);
  draw_window(stage, {w * 0.5, 120}, 210, 380, rgb(0xA8434B));
  draw_bookcase(stage, w * 0.36, 590, w * 0.28, 1);
  easel.from({w * 0.25, 60})
      .to({w * 0.22, 780})
      .from({w * 0.31, 60})
      .to({w * 0.335, 780})
      .line(indoors(stage, rgb(0xD9A25F)), 11);
  for (int i = 0; i < 8; ++i)
    easel.from({w * 0.25 - i * 4.0, 120 + i * 84.0})
        .to({w * 0.31 + i * 3.4, 120 + i * 84.0})
        .line(indoors(stage, rgb(0xD9A25F)), 9);
  draw_rug(stage, rgb(0x9C4A55), rgb(0xF0C987));
  for (const double x : {0.13, 0.85}) {
    const std::array inks{rgb(0x4F94A8), rgb(0xE9B949), rgb(0xD9604C), rgb(0x6FA66B)};
    for (int i = 0; i < 4; ++i)
      easel.box(w * x - 62 + (i % 2) * 9.0, 846 - i * 25.0, 120, 24, 4)
          .edge(darker(indoors(stage, inks[i]), 0.12), 1.5)
          .fill_soft(indoors(stage, inks[i]), 0.06);
  }
  for (const double x : {0.36, 0.64}) {
    draw_lamp_light(stage, {w * x, 300}, 330);
    easel.from({w * x, -5}).to({w * x, 240}).line(indoors(stage, rgb(0x5B4032)), 4);
    easel.from({w * x - 44, 292})
        .bend({w * x - 40, 240}, {w * x + 40, 240}, {w * x + 44, 292})
        .close()
        .fill_soft(stage.light.dark ? rgb(0xFFE2A0) : indoors(stage, rgb(0x3F7A66)), 0.06);
    easel.oval({w * x, 294}, 20, 12).fill(rgb(0xFFF0C4));
  }
}
void library_front(Stage& stage) {
  Easel& easel = stage.easel;
  const double w = stage.width();
  for (const double side : {0.0, 1.0}) {
    const Ink plant = indoors(stage, rgb(0x4E9250)), pot = indoors(stage, rgb(0xC9774F));
    const Point at{w * side, 1000};
    for (int i = -3; i <= 3; ++i)
      easel
          .band({at + Point{0, -70}, at + heading(180 + i * 24.0) * 130, at + heading(180 + i * 32.0) * 190},
                {14, 34, 4})
          .fill_soft(plant, 0.08);
    easel.box(at.x - 60, at.y - 80, 120, 90, 12).fill_soft(pot, 0.08);
  }
}

}  // namespace

Backdrop rooms(Setting setting) {
  switch (setting) {
    case Setting::school:
      return {school, school_front, 905, true};
    case Setting::kitchen:
      return {kitchen, kitchen_front, 915, true};
    case Setting::library:
      return {library, library_front, 915, true};
    default:
      return {bedroom, bedroom_front, 915, true};
  }
}

}  // namespace odeon::storybook
