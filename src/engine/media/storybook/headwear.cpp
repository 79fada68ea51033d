#include "engine/media/storybook/head.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

void wizard_hat(Easel& easel, Ink cloth, Ink band, double wind) {
  const double bent = unit * (0.34 + wind * 0.3);
  easel.blob({{-unit * 0.74, -unit * 0.78},
              {-unit * 0.46, -unit * 1.50},
              {-unit * 0.05, -unit * 2.05},
              {bent, -unit * 2.32},
              {bent + unit * 0.14, -unit * 2.12},
              {unit * 0.36, -unit * 1.58},
              {unit * 0.74, -unit * 0.78}});
  easel.edge(darker(cloth, 0.14), 2).fill_soft(cloth, 0.08);
  draw_star(easel, {-unit * 0.18, -unit * 1.42}, unit * 0.13, band, 8);
  draw_star(easel, {unit * 0.20, -unit * 1.80}, unit * 0.09, band, -12);
  easel.oval({0, -unit * 0.74}, unit * 1.28, unit * 0.24).edge(darker(cloth, 0.14), 2).fill_soft(cloth, 0.06);
  easel.oval({0, -unit * 0.84}, unit * 0.80, unit * 0.15).fill_soft(band);
  easel.oval({0, -unit * 0.93}, unit * 0.74, unit * 0.13).fill(darker(cloth, 0.02));
}

void crown_jewel(Easel& easel, Ink gold, Ink gem) {
  easel.corners({{-unit * 0.52, -unit * 0.86},
                 {-unit * 0.60, -unit * 1.36},
                 {-unit * 0.30, -unit * 1.12},
                 {0, -unit * 1.48},
                 {unit * 0.30, -unit * 1.12},
                 {unit * 0.60, -unit * 1.36},
                 {unit * 0.52, -unit * 0.86}});
  easel.edge(darker(gold, 0.16), 3).fill_soft(gold, 0.09);
  for (const auto& [x, y] : {std::pair{-0.60, -1.38}, {0.0, -1.50}, {0.60, -1.38}})
    easel.disc({x * unit, y * unit}, unit * 0.075).fill_soft(lighter(gold, 0.08));
  for (const double x : {-0.3, 0.0, 0.3}) easel.disc({x * unit, -unit * 0.98}, unit * 0.07).fill_soft(gem, 0.1);
}

void bow(Easel& easel, Point at, double size, Ink ink) {
  for (const double side : {-1.0, 1.0}) {
    easel.blob({at, at + Point{side * size, -size * 0.62}, at + Point{side * size * 1.12, size * 0.1},
                at + Point{side * size * 0.85, size * 0.6}});
    easel.edge(darker(ink, 0.15), 1.8).fill_soft(ink, 0.09);
  }
  easel.oval(at, size * 0.27, size * 0.32).edge(darker(ink, 0.15), 1.8).fill_soft(lighter(ink, 0.03));
}

}  // namespace

void draw_headwear(Easel& easel, const Look& look, const Light& light, const Countenance& face) {
  const Ink main = light.on_child(look.main), second = light.on_child(look.second),
            accent = light.on_child(look.accent);
  const double shift = face.turn * unit * 0.10;
  if (look.headband) {
    easel.through({{-unit * 0.98, -unit * 0.20},
                   {-unit * 0.66, -unit * 0.84},
                   {shift, -unit * 1.06},
                   {unit * 0.66, -unit * 0.84},
                   {unit * 0.98, -unit * 0.20}});
    easel.line(accent, unit * 0.12);
  }
  if (look.wizard_hat) wizard_hat(easel, main, accent, face.wind);
  if (look.crown) crown_jewel(easel, light.on_child(rgb(0xF7C948)), accent);
  if (look.cap) {
    easel.blob({{-unit * 1.02, -unit * 0.40},
                {-unit * 0.74, -unit * 1.08},
                {0, -unit * 1.32},
                {unit * 0.74, -unit * 1.08},
                {unit * 1.02, -unit * 0.40},
                {0, -unit * 0.56}});
    easel.edge(darker(second, 0.14), 2).fill_soft(second, 0.08);
    easel.blob({{-unit * 0.2 + shift, -unit * 0.62},
                {unit * 0.5 + shift, -unit * 0.66},
                {unit * 1.18 + shift, -unit * 0.40},
                {unit * 0.9 + shift, -unit * 0.28},
                {unit * 0.3 + shift, -unit * 0.40}});
    easel.edge(darker(accent, 0.14), 2).fill_soft(accent);
    easel.disc({0, -unit * 1.31}, unit * 0.08).fill_soft(accent);
  }
  if (look.woolly_hat) {
    easel.disc({0, -unit * 1.42}, unit * 0.24).edge(darker(second, 0.12), 2).fill_soft(second, 0.09);
    easel.blob({{-unit * 1.02, -unit * 0.36},
                {-unit * 0.84, -unit * 0.98},
                {0, -unit * 1.36},
                {unit * 0.84, -unit * 0.98},
                {unit * 1.02, -unit * 0.36},
                {0, -unit * 0.52}});
    easel.edge(darker(accent, 0.14), 2).fill_soft(accent, 0.08);
    easel.through({{-unit * 1.0, -unit * 0.34},
                   {-unit * 0.5, -unit * 0.52},
                   {0, -unit * 0.57},
                   {unit * 0.5, -unit * 0.52},
                   {unit * 1.0, -unit * 0.34}});
    easel.line(darker(second, 0.12), unit * 0.32);
    easel.through({{-unit * 1.0, -unit * 0.34},
                   {-unit * 0.5, -unit * 0.52},
                   {0, -unit * 0.57},
                   {unit * 0.5, -unit * 0.52},
                   {unit * 1.0, -unit * 0.34}});
    easel.line(second, unit * 0.27);
  }
  if (look.straw_hat) {
    const Ink straw = light.on_child(rgb(0xEBCB7E));
    easel.oval({0, -unit * 0.70}, unit * 1.42, unit * 0.30).edge(darker(straw, 0.15), 2).fill_soft(straw, 0.06);
    easel.blob({{-unit * 0.80, -unit * 0.74},
                {-unit * 0.66, -unit * 1.26},
                {0, -unit * 1.44},
                {unit * 0.66, -unit * 1.26},
                {unit * 0.80, -unit * 0.74},
                {0, -unit * 0.66}});
    easel.fill_soft(lighter(straw, 0.02), 0.07);
    easel.through({{-unit * 0.79, -unit * 0.86}, {0, -unit * 0.79}, {unit * 0.79, -unit * 0.86}});
    easel.line(accent, unit * 0.16);
  }
  if (look.bow) bow(easel, {unit * 0.60, -unit * 0.86}, unit * 0.30, accent);
  if (look.flower) {
    const Point at{-unit * 0.66, -unit * 0.70};
    for (int i = 0; i < 5; ++i)
      easel.disc(at + heading(72.0 * i) * (unit * 0.15), unit * 0.13)
          .edge(darker(accent, 0.12), 1.4)
          .fill(lighter(accent, 0.05));
    easel.disc(at, unit * 0.10).fill_soft(rgb(0xFFD457));
  }
}

}  // namespace odeon::storybook
