#include <algorithm>
#include <vector>

#include "engine/media/storybook/head.hpp"

namespace odeon::storybook {
namespace {

struct Locks {
  Ink base, deep, shine, edge;
};

Locks locks_of(const Look& look, const Light& light) {
  const Ink base = light.on_child(look.hair);
  return {base, darker(base, 0.09), lighter(base, 0.10), darker(base, 0.15)};
}

// A cloud of curls along a line from one place to another.
void curls(Easel& easel, const Locks& locks, std::initializer_list<std::pair<Point, double>> balls) {
  for (const auto& [at, r] : balls) easel.disc(at * unit, r * unit);
  easel.edge(locks.edge, 2).fill(locks.base);
  for (const auto& [at, r] : balls) {
    const Point place = at * unit;
    easel.disc(place + Point{r * unit * 0.10, r * unit * 0.12}, r * unit * 0.80).fill(locks.deep.faded(0.35));
    easel.disc(place - Point{r * unit * 0.08, r * unit * 0.08}, r * unit * 0.78).fill(locks.base);
    easel.from(place + Point{-r * unit * 0.5, r * unit * 0.1})
        .bend(place + Point{-r * unit * 0.5, -r * unit * 0.6}, place + Point{r * unit * 0.3, -r * unit * 0.6},
              place + Point{r * unit * 0.42, -r * unit * 0.1});
    easel.line(locks.shine.faded(0.75), r * unit * 0.13);
  }
}

// Hair that hangs down both sides to `bottom` (in head sizes), `loose` wide, with `waves` in its outline.
void curtain(Easel& easel, const Locks& locks, double bottom, double loose, double waves, double wind) {
  const double w = unit * loose, b = unit * bottom, blown = wind * unit * 0.5;
  std::vector<Point> points{{0, -unit * 1.08}, {unit * 0.78, -unit * 0.80}, {unit * 1.04, 0}};
  const int steps = 4;
  for (int i = 1; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    points.push_back({std::lerp(unit * 1.04, w, t) + (i % 2 ? waves : -waves) * unit + blown * t * t, b * t});
  }
  points.push_back({w * 0.55 + blown, b * 1.07});
  points.push_back({blown * 0.9, b * 0.98});
  points.push_back({-w * 0.55 + blown * 0.9, b * 1.07});
  for (int i = steps; i >= 1; --i) {
    const double t = static_cast<double>(i) / steps;
    points.push_back({-std::lerp(unit * 1.04, w, t) + (i % 2 ? -waves : waves) * unit + blown * t * t, b * t});
  }
  points.push_back({-unit * 1.04, 0});
  points.push_back({-unit * 0.78, -unit * 0.80});
  easel.blob(points).edge(locks.edge, 2).fill_down(locks.base, locks.deep);
  for (const double at : {-0.82, -0.5, 0.5, 0.82}) {
    const double x = at * w;
    easel.through(
        {{x * 0.9, unit * 0.1}, {x * 1.02 + waves * unit + blown * 0.3, b * 0.5}, {x * 0.95 + blown, b * 0.98}});
    easel.line(locks.edge.faded(0.5), unit * 0.03);
  }
}

void braid(Easel& easel, const Locks& locks, Ink tie, double side, double bottom) {
  Point at{side * unit * 0.98, unit * 0.45};
  const int links = 3 + static_cast<int>(bottom * 1.5);
  for (int i = 0; i < links; ++i) {
    const double r = unit * (0.21 - 0.012 * i);
    for (const double lean : {-1.0, 1.0})
      easel.oval(at + Point{lean * r * 0.36, lean * r * 0.12}, r * 0.62, r * 0.86, lean * -28)
          .edge(locks.edge, 1.6)
          .fill_soft(locks.base, 0.08);
    at = at + Point{side * unit * 0.04, r * 1.12};
  }
  easel.blob({at + Point{-unit * 0.06, 0}, at + Point{unit * 0.06, 0}, at + Point{unit * 0.13, unit * 0.26},
              at + Point{0, unit * 0.32}, at + Point{-unit * 0.13, unit * 0.26}});
  easel.edge(locks.edge, 1.6).fill_soft(locks.base);
  easel.box(at.x - unit * 0.09, at.y - unit * 0.05, unit * 0.18, unit * 0.11, unit * 0.05).fill_soft(tie);
}

void tail(Easel& easel, const Locks& locks, Ink tie, double side, Point root, double long_, double wind) {
  const double s = side, l = unit * long_, blown = wind * unit * 0.5;
  easel.blob({root + Point{0, -unit * 0.12}, root + Point{s * unit * 0.36, -unit * 0.10},
              root + Point{s * unit * 0.52 + blown * 0.4, l * 0.40}, root + Point{s * unit * 0.28 + blown, l * 1.0},
              root + Point{s * unit * 0.16 + blown * 0.8, l * 0.62}, root + Point{s * unit * 0.02, l * 0.30}});
  easel.edge(locks.edge, 2).fill_soft(locks.base, 0.08);
  easel.through({root + Point{s * unit * 0.15, unit * 0.05}, root + Point{s * unit * 0.34 + blown * 0.3, l * 0.40},
                 root + Point{s * unit * 0.26 + blown * 0.9, l * 0.85}});
  easel.line(locks.shine.faded(0.7), unit * 0.04);
  easel.oval(root, unit * 0.13, unit * 0.16).edge(darker(tie, 0.15), 1.5).fill_soft(tie);
}

// The hair on the skull, from the crown to a hairline of the given points (right temple to left temple).
void crown_of_hair(Easel& easel, const Locks& locks, double shift, std::initializer_list<Point> hairline,
                   double high = 1.17) {
  const double bottom = 0.16;
  const auto shape = [&] {
    easel.from({-unit * 1.02, unit * bottom});
    easel.bend({-unit * 1.16, -unit * 0.62}, {-unit * 0.66, -unit * high}, {shift * 0.3, -unit * high});
    easel.bend({unit * 0.66, -unit * high}, {unit * 1.16, -unit * 0.62}, {unit * 1.02, unit * bottom});
    Point before{unit * 1.02, unit * bottom};
    for (const Point raw : hairline) {
      const Point next{raw.x * unit + shift, raw.y * unit};
      easel.bend(between(before, next, 0.3) + Point{0, -unit * 0.07},
                 between(before, next, 0.72) + Point{0, -unit * 0.06}, next);
      before = next;
    }
    const Point end{-unit * 1.02, unit * bottom};
    easel.bend(between(before, end, 0.3) + Point{0, -unit * 0.09}, between(before, end, 0.7) + Point{0, -unit * 0.08},
               end);
    easel.close();
  };
  shape();
  easel.edge(locks.edge, 2).fill_down(lighter(locks.base, 0.03), locks.deep);
  shape();
  const auto kept = easel.inside();
  easel.through({{-unit * 0.80, -unit * 0.38},
                 {-unit * 0.50, -unit * 0.86},
                 {shift * 0.3, -unit * 1.00},
                 {unit * 0.44, -unit * 0.90}});
  easel.line(locks.shine.faded(0.55), unit * 0.11);
  easel.through({{-unit * 0.66, -unit * 0.30}, {-unit * 0.42, -unit * 0.72}, {shift * 0.3, -unit * 0.86}});
  easel.line(locks.shine.faded(0.35), unit * 0.05);
  for (const double x : {-0.72, -0.3, 0.2, 0.62}) {
    easel.through({{x * unit * 0.55 + shift * 0.5, -unit * 1.1},
                   {x * unit * 0.98 + shift * 0.8, -unit * 0.72},
                   {x * unit * 1.25 + shift, -unit * 0.22}});
    easel.line(locks.edge.faded(0.38), unit * 0.028);
  }
}

// Under which hair lies flat.
bool wears_hat(const Look& look) {
  return look.cap || look.woolly_hat || look.straw_hat || look.wizard_hat;
}

// Locks that all lean the same way: two upright ones would be a cat's ears.
void draw_tuft(Easel& easel, const Locks& locks) {
  for (const auto& [x, tall, lean] : {std::tuple{-0.34, 0.16, 0.20}, {-0.06, 0.25, 0.26}, {0.26, 0.17, 0.30}}) {
    easel.from({unit * (x - 0.22), -unit * 1.02})
        .bend({unit * (x - 0.16), -unit * (1.12 + tall)}, {unit * (x + lean * 0.5), -unit * (1.16 + tall)},
              {unit * (x + lean), -unit * (1.12 + tall)});
    easel
        .bend({unit * (x + 0.16), -unit * (1.08 + tall * 0.4)}, {unit * (x + 0.20), -unit * 1.1},
              {unit * (x + 0.26), -unit * 1.0})
        .close();
  }
  easel.edge(locks.edge, 2).fill_soft(locks.base);
}

}  // namespace

void draw_hair_behind(Easel& easel, const Look& look, const Light& light, const Countenance& face) {
  const Locks locks = locks_of(look, light);
  const double longer = look.hair_length, turn = face.turn * unit;
  const Ink tie = light.on_child(look.accent);
  switch (look.hair_style) {
    case HairStyle::bob:
      curtain(easel, locks, 0.86, 1.10, 0.0, face.wind * 0.3);
      break;
    case HairStyle::straight:
      curtain(easel, locks, 1.05 + longer * 1.3, 1.02, 0.0, face.wind);
      break;
    case HairStyle::wavy:
      curtain(easel, locks, 1.00 + longer * 1.25, 1.20, 0.07, face.wind);
      break;
    case HairStyle::curly:
      if (longer > 0.35)
        curls(easel, locks,
              {{{-0.80, 1.18}, 0.34},
               {{0.80, 1.18}, 0.34},
               {{-0.45, 1.30}, 0.3},
               {{0.45, 1.30}, 0.3},
               {{-0.98, 0.82}, 0.38},
               {{0.98, 0.82}, 0.38}});
      curls(easel, locks,
            {{{-1.05, 0.36}, 0.38},
             {{1.05, 0.36}, 0.38},
             {{-1.02, -0.16}, 0.40},
             {{1.02, -0.16}, 0.40},
             {{-0.78, -0.64}, 0.40},
             {{0.78, -0.64}, 0.40},
             {{-0.36, -0.93}, 0.40},
             {{0.36, -0.93}, 0.40},
             {{0, -0.9}, 0.45}});
      break;
    case HairStyle::ponytail:
      tail(easel, locks, tie, 1, {unit * 0.62 - turn * 0.5, -unit * 0.86}, 1.3 + longer * 0.9, face.wind);
      break;
    case HairStyle::pigtails:
      for (const double side : {-1.0, 1.0})
        tail(easel, locks, tie, side, {side * unit * 0.98, -unit * 0.18}, 1.0 + longer * 0.8, face.wind);
      break;
    case HairStyle::braids:
      curtain(easel, locks, 0.66, 0.92, 0, 0);
      break;
    case HairStyle::bun:
      if (wears_hat(look)) break;
      easel.disc({-turn * 0.2, -unit * 1.24}, unit * 0.38).edge(locks.edge, 2).fill_soft(locks.base, 0.09);
      easel.through({{-unit * 0.22, -unit * 1.30}, {0, -unit * 1.46}, {unit * 0.22, -unit * 1.26}});
      easel.line(locks.shine.faded(0.7), unit * 0.06);
      easel.oval({-turn * 0.2, -unit * 0.98}, unit * 0.30, unit * 0.10).fill_soft(tie);
      break;
    case HairStyle::afro:
      curls(easel, locks,
            {{{-1.12, 0.22}, 0.36},
             {{1.12, 0.22}, 0.36},
             {{-1.25, -0.22}, 0.40},
             {{1.25, -0.22}, 0.40},
             {{-1.08, -0.72}, 0.44},
             {{1.08, -0.72}, 0.44},
             {{-0.68, -1.10}, 0.44},
             {{0.68, -1.10}, 0.44},
             {{-0.22, -1.28}, 0.42},
             {{0.26, -1.28}, 0.42},
             {{0, -0.7}, 0.8}});
      break;
    case HairStyle::spiky:
      if (wears_hat(look))
        easel.corners({{-unit * 1.04, unit * 0.25},
                       {-unit * 1.32, -unit * 0.30},
                       {-unit * 0.9, -unit * 0.48},
                       {unit * 0.9, -unit * 0.48},
                       {unit * 1.32, -unit * 0.30},
                       {unit * 1.04, unit * 0.25}});
      else
        easel.corners({{-unit * 1.04, unit * 0.25},
                       {-unit * 1.32, -unit * 0.36},
                       {-unit * 1.0, -unit * 0.52},
                       {-unit * 1.10, -unit * 1.02},
                       {-unit * 0.62, -unit * 0.98},
                       {-unit * 0.46, -unit * 1.46},
                       {-unit * 0.06, -unit * 1.14},
                       {unit * 0.34, -unit * 1.52},
                       {unit * 0.56, -unit * 1.02},
                       {unit * 1.08, -unit * 1.06},
                       {unit * 1.0, -unit * 0.52},
                       {unit * 1.32, -unit * 0.36},
                       {unit * 1.04, unit * 0.25}});
      easel.edge(locks.edge, 5).fill_soft(locks.base, 0.08);
      break;
    default:
      break;
  }
}

void draw_hair_in_front(Easel& easel, const Look& look, const Light& light, const Countenance& face) {
  const Locks locks = locks_of(look, light);
  const double shift = face.turn * unit * 0.12;
  const auto parted = [&] {
    crown_of_hair(easel, locks, shift, {{0.86, -0.10}, {0.40, -0.50}, {-0.18, -0.36}, {-0.62, -0.20}, {-0.88, 0.02}});
  };
  const auto fringe = [&] {
    crown_of_hair(
        easel, locks, shift,
        {{0.86, -0.12}, {0.60, -0.29}, {0.30, -0.25}, {0.0, -0.31}, {-0.30, -0.24}, {-0.60, -0.30}, {-0.86, -0.10}});
  };
  const auto middle = [&] {
    crown_of_hair(easel, locks, shift, {{0.88, 0.0}, {0.55, -0.36}, {0.02, -0.70}, {-0.52, -0.36}, {-0.88, 0.0}});
  };
  switch (look.hair_style) {
    case HairStyle::bald:
      break;
    case HairStyle::cropped:
      crown_of_hair(easel, locks, shift, {{0.84, -0.26}, {0.5, -0.56}, {0, -0.62}, {-0.5, -0.56}, {-0.84, -0.26}},
                    1.09);
      break;
    case HairStyle::tousled:
      if (!wears_hat(look)) draw_tuft(easel, locks);
      crown_of_hair(
          easel, locks, shift,
          {{0.90, -0.04}, {0.66, -0.34}, {0.34, -0.20}, {0.06, -0.44}, {-0.26, -0.16}, {-0.56, -0.38}, {-0.88, -0.02}},
          1.20);
      break;
    case HairStyle::spiky:
      crown_of_hair(
          easel, locks, shift,
          {{0.90, -0.1}, {0.62, -0.44}, {0.36, -0.28}, {0.10, -0.52}, {-0.22, -0.28}, {-0.52, -0.5}, {-0.88, -0.08}},
          1.10);
      break;
    case HairStyle::curly:
      crown_of_hair(easel, locks, shift, {{0.9, -0.2}, {0.3, -0.5}, {-0.4, -0.5}, {-0.9, -0.2}}, 1.1);
      curls(easel, locks,
            {{{-0.86, -0.20}, 0.24},
             {{0.86, -0.20}, 0.24},
             {{-0.66, -0.50}, 0.27},
             {{0.68, -0.48}, 0.27},
             {{-0.30, -0.58}, 0.26},
             {{0.34, -0.66}, 0.28},
             {{0.02, -0.68}, 0.24}});
      break;
    case HairStyle::afro:
      crown_of_hair(easel, locks, shift, {{0.9, -0.25}, {0.4, -0.58}, {-0.4, -0.58}, {-0.9, -0.25}}, 1.12);
      break;
    case HairStyle::bob:
      fringe();
      break;
    case HairStyle::straight:
    case HairStyle::wavy:
      look.fringe ? fringe() : middle();
      break;
    case HairStyle::ponytail:
    case HairStyle::bun:
      parted();
      break;
    case HairStyle::pigtails:
      look.fringe ? fringe() : parted();
      break;
    case HairStyle::braids:
      look.fringe ? fringe() : middle();
      for (const double side : {-1.0, 1.0}) braid(easel, locks, light.on_child(look.accent), side, look.hair_length);
      break;
  }
}

void draw_head(Easel& easel, const Look& look, const Light& light, const Countenance& face) {
  draw_face(easel, look, light, face);
  draw_hair_in_front(easel, look, light, face);
  draw_headwear(easel, look, light, face);
}

}  // namespace odeon::storybook
