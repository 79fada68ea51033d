#include "engine/media/storybook/nature.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace odeon::storybook {
namespace {

// A crown of leaves: a dark mass, lit from the upper left in two steps.
void draw_crown(Stage& stage, Point middle, double rx, double ry, Ink deep, Ink lit) {
  Easel& easel = stage.easel;
  constexpr int puffs = 9;
  std::array<Point, puffs> places;
  std::array<double, puffs> sizes;
  for (int i = 0; i < puffs; ++i) {
    const double turn = 360.0 * i / puffs + stage.chance.between(-12, 12);
    places[i] = middle + Point{heading(turn).x * rx * 0.62, heading(turn).y * ry * 0.60};
    sizes[i] = std::min(rx, ry) * stage.chance.between(0.40, 0.54);
  }
  for (int i = 0; i < puffs; ++i) easel.disc(places[i], sizes[i]);
  easel.oval(middle, rx * 0.72, ry * 0.72).fill(deep);
  for (int i = 0; i < puffs; ++i) easel.disc(places[i] + Point{-sizes[i] * 0.16, -sizes[i] * 0.22}, sizes[i] * 0.74);
  easel.oval(middle + Point{-rx * 0.08, -ry * 0.12}, rx * 0.6, ry * 0.56).fill(mix(deep, lit, 0.55));
  for (int i = 0; i < puffs; ++i)
    if (places[i].x < middle.x + rx * 0.25 && places[i].y < middle.y + ry * 0.3)
      easel.disc(places[i] + Point{-sizes[i] * 0.26, -sizes[i] * 0.34}, sizes[i] * 0.48);
  easel.oval(middle + Point{-rx * 0.2, -ry * 0.30}, rx * 0.34, ry * 0.28).fill(lit);
  if (rx < 60) return;  // too small for single leaves
  for (int i = 0; i < 14; ++i) {
    const double turn = stage.chance.between(0, 360), out = std::sqrt(stage.chance.share());
    const Point at = middle + Point{heading(turn).x * rx * out * 0.9, heading(turn).y * ry * out * 0.9};
    easel.oval(at, rx * 0.055, rx * 0.035, stage.chance.between(-60, 60));
  }
  easel.fill(lighter(lit, 0.05).faded(0.7));
}

}  // namespace

void draw_hill(Stage& stage, double y, double swing, Ink ink, double far) {
  const double w = stage.width(), shift = stage.chance.between(0, 360);
  std::vector<Point> ridge{{-60, y}};
  for (int i = 0; i <= 6; ++i)
    ridge.push_back(
        {w * i / 6.0, y + std::sin(radians(shift + i * 67)) * swing + stage.chance.between(-0.25, 0.25) * swing});
  ridge.push_back({w + 60, y});
  const Ink lit = stage.light.on(ink, far);
  // What is further down is mostly hidden: one colour does.
  const double shaded = std::min(y + swing + 170, 1002.0);
  stage.easel.through(ridge).to({w + 60, shaded}).to({-60, shaded}).close();
  stage.easel.fill_down(lighter(lit, 0.035), darker(lit, 0.055));
  stage.easel.box(-2, shaded - 0.5, w + 4, 1002.5 - shaded).fill(darker(lit, 0.055));
}

void draw_round_tree(Stage& stage, Point at, double size, double far) {
  const Light& light = stage.light;
  const Ink bark = light.on(rgb(0x8A5B3C), far);
  Easel& easel = stage.easel;
  easel.oval(at + Point{size * 0.06, 0}, size * 0.30, size * 0.045)
      .fill(darker(light.on(light.grass_deep, far), 0.12).faded(0.5));
  easel.band(
      {at + Point{0, size * 0.01}, at + Point{size * 0.015, -size * 0.25}, at + Point{-size * 0.01, -size * 0.55}},
      {size * 0.13, size * 0.085, size * 0.06});
  easel.fill_soft(bark, 0.09);
  easel.band({at + Point{0, -size * 0.34}, at + Point{size * 0.15, -size * 0.55}}, {size * 0.05, size * 0.03})
      .fill(bark);
  draw_crown(stage, at + Point{0, -size * 0.66}, size * 0.36, size * 0.33, light.on(light.leaves_deep, far),
             light.on(light.leaves, far));
}

void draw_pine(Stage& stage, Point at, double size, double far) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const bool snowy = stage.scene.season == Season::winter || stage.scene.setting == Setting::snowfield;
  const Ink green = light.on(
      snowy ? rgb(0x4E8288) : mix(rgb(0x2F7355), light.leaves_deep, stage.scene.season == Season::autumn ? 0.2 : 0.45),
      far);
  easel.oval(at + Point{size * 0.05, 0}, size * 0.24, size * 0.04)
      .fill(darker(light.on(light.grass_deep, far), 0.12).faded(0.5));
  easel.box(at.x - size * 0.035, at.y - size * 0.16, size * 0.07, size * 0.16).fill(light.on(rgb(0x77503A), far));
  for (int tier = 0; tier < 4; ++tier) {
    const double low = at.y - size * (0.11 + 0.20 * tier), half = size * (0.27 - 0.055 * tier),
                 high = low - size * 0.34;
    const auto shape = [&](double grown) {
      easel.from({at.x, high})
          .bend({at.x + half * 0.35, high + size * 0.12}, {at.x + half * 0.5, low - size * 0.10},
                {at.x + half * grown, low});
      easel.bend({at.x + half * 0.5, low + size * 0.05}, {at.x - half * 0.5, low + size * 0.05},
                 {at.x - half * grown, low});
      easel.bend({at.x - half * 0.5, low - size * 0.10}, {at.x - half * 0.35, high + size * 0.12}, {at.x, high})
          .close();
    };
    shape(1);
    easel.fill_soft(darker(green, 0.03 - 0.015 * tier), 0.08);
    if (!snowy) continue;
    shape(1);
    const auto kept = easel.inside();
    easel.blob({{at.x, high - 4},
                {at.x + half * 0.55, low - size * 0.08},
                {at.x + half * 0.2, low - size * 0.10},
                {at.x, low - size * 0.06},
                {at.x - half * 0.4, low - size * 0.09},
                {at.x - half * 1.1, low - size * 0.02},
                {at.x - half * 0.6, low - size * 0.18}});
    easel.fill(light.on(rgb(0xF7FBFE), far));
  }
}

void draw_palm(Stage& stage, Point at, double size, double far) {
  const Light& light = stage.light;
  Easel& easel = stage.easel;
  const double lean = stage.chance.between(0.05, 0.22) * (at.x < stage.width() / 2 ? 1 : -1);
  const Point top = at + Point{size * lean, -size * 0.75};
  const Ink bark = light.on(rgb(0xA97B4F), far);
  easel.band({at, at + Point{size * lean * 0.25, -size * 0.4}, top}, {size * 0.10, size * 0.065, size * 0.05})
      .fill_soft(bark, 0.08);
  for (int i = 1; i < 8; ++i) {
    const Point ring = between(at, top, i / 8.0) + Point{-size * lean * 0.12, 0};
    easel.from(ring + Point{-size * 0.03, 0})
        .to(ring + Point{size * 0.035, size * 0.008})
        .line(darker(bark, 0.08), size * 0.008);
  }
  const Ink deep = light.on(rgb(0x3C8A55), far), lit = light.on(rgb(0x79BC5B), far);
  for (const double turn : {-150.0, 150.0, -118.0, 118.0, -88.0, 88.0, 176.0, -60.0, 60.0}) {
    const Point out = heading(turn) * (size * 0.36), tip = top + out + Point{0, size * 0.12};
    const Point side = Point{-out.y, out.x} * 0.20;
    easel.from(top).bend(top + out * 0.4 - side + Point{0, -size * 0.10}, top + out * 0.9 - side, tip);
    easel.bend(top + out * 0.8 + side, top + out * 0.4 + side * 0.4, top).close();
    easel.fill_soft(std::abs(turn) > 100 ? lit : deep, 0.07);
    easel.from(top)
        .bend(top + out * 0.4 + Point{0, -size * 0.07}, top + out * 0.8, tip)
        .line(lighter(lit, 0.08).faded(0.6), size * 0.008);
  }
  for (const double x : {-0.03, 0.03})
    easel.disc(top + Point{x * size, size * 0.025}, size * 0.032).fill_soft(light.on(rgb(0x7A5230), far), 0.1);
}

void draw_bush(Stage& stage, Point at, double size, double far) {
  draw_crown(stage, at + Point{0, -size * 0.30}, size * 0.60, size * 0.40, stage.light.on(stage.light.leaves_deep, far),
             stage.light.on(mix(stage.light.leaves, stage.light.grass, 0.35), far));
}

void draw_rock(Stage& stage, Point at, double size, Ink ink, double far) {
  const Ink lit = stage.light.on(ink, far);
  Easel& easel = stage.easel;
  easel.oval(at + Point{size * 0.06, 0}, size * 0.60, size * 0.10).fill(darker(lit, 0.3).faded(0.35));
  easel.blob({at + Point{-size * 0.52, 0}, at + Point{-size * 0.40, -size * 0.34},
              at + Point{-size * 0.06, -size * 0.50}, at + Point{size * 0.34, -size * 0.36}, at + Point{size * 0.54, 0},
              at + Point{0, size * 0.06}});
  easel.fill_soft(lit, 0.11);
  easel.blob({at + Point{-size * 0.34, -size * 0.26}, at + Point{-size * 0.06, -size * 0.44},
              at + Point{size * 0.14, -size * 0.34}, at + Point{-size * 0.10, -size * 0.24}});
  easel.fill(lighter(lit, 0.07).faded(0.8));
}

void draw_grass(Stage& stage, double top, double bottom, int tufts, Ink ink) {
  Easel& easel = stage.easel;
  const double blown = stage.scene.weather == Weather::wind ? 0.9 : 0.2;
  for (int i = 0; i < tufts; ++i) {
    const double near = stage.chance.share();
    const Point at{stage.chance.between(0, stage.width()), std::lerp(top, bottom, near)};
    const double tall = (10 + 22 * near) * stage.chance.between(0.7, 1.3);
    for (const double lean : {-0.5, 0.0, 0.5}) {
      const Point tip = at + Point{(lean + blown) * tall * 0.7, -tall * (1 - std::abs(lean) * 0.3)};
      easel.from(at + Point{-tall * 0.07 + lean * 3, 0}).bend(between(at, tip, 0.5), between(at, tip, 0.8), tip);
      easel
          .bend(between(at, tip, 0.7) + Point{tall * 0.08, 0}, between(at, tip, 0.4) + Point{tall * 0.1, 0},
                at + Point{tall * 0.10 + lean * 3, 0})
          .close();
    }
  }
  easel.fill(stage.light.on(ink));
}

void draw_flower(Stage& stage, Point at, double size, Ink petals) {
  Easel& easel = stage.easel;
  const Ink stem = stage.light.on(darker(stage.light.grass_deep, 0.05)), ink = stage.light.on(petals);
  const Point head = at + Point{size * 0.12, -size};
  easel.from(at).bend(at + Point{-size * 0.1, -size * 0.4}, head + Point{0, size * 0.3}, head).line(stem, size * 0.08);
  easel.oval(at + Point{size * 0.16, -size * 0.32}, size * 0.18, size * 0.07, -35).fill(stem);
  for (int i = 0; i < 5; ++i) easel.oval(head + heading(72.0 * i + 20) * (size * 0.17), size * 0.16, size * 0.14);
  easel.fill(ink);
  easel.disc(head, size * 0.11).fill(stage.light.on(rgb(0xFFDB6E)));
}

void draw_flowers(Stage& stage, double top, double bottom, int count) {
  if (stage.scene.season == Season::winter) return;
  const std::array inks{stage.light.blossom, rgb(0xFFFFFF), rgb(0xF28AA5), rgb(0xF5C542), rgb(0xA98AE0)};
  std::vector<Point> places;
  for (int i = 0; i < count; ++i)
    places.push_back({stage.chance.between(10, stage.width() - 10), stage.chance.between(top, bottom)});
  std::ranges::sort(places, {}, &Point::y);
  for (const Point place : places)
    draw_flower(stage, place, 16 + 24 * (place.y - top) / (bottom - top + 1), stage.chance.pick(inks));
}

void draw_path(Stage& stage, double top, double bottom, Point vanishing, Ink ink) {
  const double wide = 130, bow = stage.chance.between(-60, 60);
  Easel& easel = stage.easel;
  const Point left{stage.width() * 0.5 - wide + bow, bottom}, right{stage.width() * 0.5 + wide + bow, bottom};
  const Point end{vanishing.x, top};
  easel.from(left).bend(left + Point{20, -(bottom - top) * 0.4}, end + Point{-70, (bottom - top) * 0.4},
                        end + Point{-7, 0});
  easel.to(end + Point{7, 0})
      .bend(end + Point{-30, (bottom - top) * 0.45}, right + Point{10, -(bottom - top) * 0.5}, right)
      .close();
  const Ink lit = stage.light.on(ink);
  easel.fill_down(mix(lit, stage.light.haze, 0.3), lit);
}

void draw_leafy_frame(Stage& stage, Ink ink) {
  Easel& easel = stage.easel;
  const Ink deep = darker(stage.light.on(ink), 0.16);
  for (const double side : {0.0, 1.0}) {
    const Point corner{side * stage.width(), -10};
    const double in = side > 0 ? -1 : 1;
    for (int i = 0; i < 14; ++i) {
      const double along = stage.chance.share();
      const Point root = corner + (stage.chance.once_in(2) ? Point{in * along * 260, 0} : Point{0, along * 330});
      const double size = 62 * (1.2 - along * 0.5), turn = in * stage.chance.between(10, 70);
      const Point out = heading(turn) * size, across = Point{-out.y, out.x} * 0.32;
      easel.from(root).bend(root + out * 0.4 - across, root + out * 0.9 - across * 0.8, root + out * 1.5);
      easel.bend(root + out * 0.9 + across, root + out * 0.3 + across, root).close();
      easel.fill(mix(deep, stage.light.on(stage.light.leaves_deep), stage.chance.between(0, 0.4)));
    }
  }
}

void draw_grassy_frame(Stage& stage, Ink ink) {
  Easel& easel = stage.easel;
  const Ink deep = darker(stage.light.on(ink), 0.13);
  for (const double side : {0.0, 1.0})
    for (int i = 0; i < 16; ++i) {
      const double along = stage.chance.share();
      const Point root{side > 0 ? stage.width() + 10 - along * 230 : along * 230 - 10, 1010};
      const double tall = std::lerp(170, 60, along) * stage.chance.between(0.7, 1.1),
                   lean = stage.chance.between(-0.2, 0.5) * (side > 0 ? -1 : 1);
      const Point tip = root + Point{lean * tall, -tall};
      easel.from(root + Point{-9, 0}).bend(root + Point{-6, -tall * 0.5}, between(root, tip, 0.8), tip);
      easel.bend(between(root, tip, 0.8) + Point{6, 0}, root + Point{9, -tall * 0.5}, root + Point{9, 0}).close();
      easel.fill(mix(deep, stage.light.on(stage.light.grass), stage.chance.between(0, 0.35)));
    }
}

}  // namespace odeon::storybook
