#include <algorithm>

#include "engine/media/storybook/figure.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

bool has_skirt(Outfit outfit) {
  return outfit == Outfit::dress || outfit == Outfit::robe || outfit == Outfit::princess;
}
bool has_bare_forearms(const Look& look) {
  return look.outfit == Outfit::tee || look.outfit == Outfit::overalls || look.outfit == Outfit::dress ||
         look.outfit == Outfit::explorer;
}
bool has_shorts(Outfit outfit) {
  return outfit == Outfit::explorer || outfit == Outfit::tee;
}

struct Cloth {
  Ink top, sleeve, lower, shoe, edge_top, edge_lower;
};

Cloth cloth_of(const Look& look, const Light& light) {
  Ink top = look.main, sleeve = look.main, lower = look.second, shoe = darker(look.accent, 0.06);
  switch (look.outfit) {
    case Outfit::overalls:
      sleeve = top = look.second, lower = look.main;
      break;
    case Outfit::pyjamas:
    case Outfit::astronaut:
    case Outfit::hero:
      lower = look.main;
      break;
    case Outfit::knight:
      top = rgb(0xB9C3D0), sleeve = rgb(0xC7D0DB), lower = rgb(0x8E9AAB);
      break;
    case Outfit::pirate:
      sleeve = rgb(0xFBF4E4);
      break;
    default:
      break;
  }
  if (look.outfit == Outfit::hero) shoe = look.second;
  if (look.boots) shoe = darker(look.second, 0.10);
  top = light.on_child(top), sleeve = light.on_child(sleeve), lower = light.on_child(lower),
  shoe = light.on_child(shoe);
  return {top, sleeve, lower, shoe, darker(top, 0.15), darker(lower, 0.15)};
}

// What the cloth is printed with, over about 130×150 units below `at`.
void print(Easel& easel, Pattern pattern, Ink ink, Point at) {
  switch (pattern) {
    case Pattern::plain:
      return;
    case Pattern::stripes:
      for (int i = 0; i < 10; ++i) easel.box(at.x - 110, at.y + 12 + i * 24, 220, 10);
      break;
    case Pattern::dots:
      for (int row = 0; row < 10; ++row)
        for (int i = -5; i <= 5; ++i) easel.disc({at.x + i * 23.0 + (row % 2 ? 11 : 0), at.y + 12 + row * 20.0}, 4.6);
      break;
    case Pattern::stars:
      for (int row = 0; row < 8; ++row)
        for (int i = -3; i <= 3; ++i)
          draw_star(easel, {at.x + i * 34.0 + (row % 2 ? 17 : 0), at.y + 16 + row * 30.0}, 7, ink, i * 9.0);
      return;
  }
  easel.fill(ink);
}

}  // namespace

void draw_cape(Easel& easel, const Look& look, const Light& light, const Joints& joints, double wind) {
  const Ink cape = light.on_child(look.accent);
  const Point neck = joints.chest, hem = joints.hip + Point{wind * 90, 92};
  easel.blob({neck + Point{-24, -6}, neck + Point{24, -6}, between(neck, hem, 0.5) + Point{64 + wind * 30, 0},
              hem + Point{84 + wind * 60, -8}, hem + Point{28 + wind * 40, 8}, hem + Point{-30 + wind * 30, -2},
              hem + Point{-84 + wind * 20, 6}, between(neck, hem, 0.5) + Point{-58, 0}});
  easel.edge(darker(cape, 0.16), 2).fill_down(lighter(cape, 0.02), darker(cape, 0.09));
}

void draw_legs(Easel& easel, const Look& look, const Light& light, const Joints& joints, const Build& build) {
  const Cloth cloth = cloth_of(look, light);
  const Ink skin = light.on_child(look.skin);
  const double thick = 39 * build.girth;
  for (const Joints::Chain& leg : joints.legs) {
    const bool bare = has_skirt(look.outfit) || has_shorts(look.outfit);
    const Ink ink = look.outfit == Outfit::robe ? darker(cloth.lower, 0.05) : bare ? skin : cloth.lower;
    easel.band({leg.root, leg.middle, leg.end}, {thick, thick * 0.86, thick * (bare ? 0.58 : 0.76)});
    easel.edge(darker(ink, 0.15), 2).fill_soft(ink, 0.05);
    if (has_shorts(look.outfit)) {
      easel.band({leg.root, between(leg.root, leg.middle, 0.5), leg.middle}, {thick * 1.06, thick * 1.1, thick * 1.2});
      easel.edge(cloth.edge_lower, 2).fill_soft(cloth.lower, 0.06);
    }
    if (look.outfit == Outfit::dress || look.outfit == Outfit::princess) {
      easel.band({between(leg.middle, leg.end, 0.55), leg.end}, {thick * 0.74, thick * 0.66});
      easel.fill(rgb(0xFFFAF2));
    }
    // A shoe points along the shin's forward side.
    const Point down = (leg.end - leg.middle) * (1 / std::max(1.0, length(leg.end - leg.middle)));
    const double forward = leg.end.x >= joints.hip.x - 6 ? 1 : -1;
    const Point toe =
        Point{down.y, -down.x} * (forward * (std::abs(down.x) > 0.5 ? (down.x > 0 ? forward : -forward) : 1.0));
    const Point heel = leg.end + down * 3;
    if (look.boots || look.outfit == Outfit::astronaut || look.outfit == Outfit::raincoat) {
      easel.band({between(leg.middle, leg.end, 0.5), leg.end + down * 5}, {thick * 0.92, thick * 0.86});
      easel.edge(darker(cloth.shoe, 0.15), 2).fill_soft(cloth.shoe);
    }
    easel.blob({heel - down * 8 - toe * 14, heel - down * 10 + toe * 4, heel - down * 2 + toe * 24,
                heel + down * 8 + toe * 27, heel + down * 11 + toe * 4, heel + down * 9 - toe * 15});
    easel.edge(darker(cloth.shoe, 0.15), 2).fill_soft(cloth.shoe, 0.07);
    easel.through({heel + down * 8.5 - toe * 14, heel + down * 10 + toe * 4, heel + down * 8 + toe * 26});
    easel.line(lighter(cloth.shoe, 0.22), 3.4);
  }
}

void draw_arm(Easel& easel, const Look& look, const Light& light, const Joints::Chain& arm, const Build& build) {
  const Cloth cloth = cloth_of(look, light);
  const Ink skin = light.on_child(look.skin);
  const double thick = 32 * std::lerp(1, build.girth, 0.7);
  const Point along = (arm.end - arm.middle) * (1 / std::max(1.0, length(arm.end - arm.middle)));
  const bool wide = look.outfit == Outfit::robe || look.outfit == Outfit::pirate;
  const Point hand = arm.end + along * (wide ? 14 : 10);
  const Point thumb{along.y, -along.x};
  const double up = thumb.y < 0 ? 1 : -1;
  easel.oval(hand + thumb * (9 * up) - along * 3, 5, 9, 0).edge(darker(skin, 0.15), 1.8).fill(skin);
  easel.disc(hand, 14).edge(darker(skin, 0.15), 1.8).fill_soft(skin, 0.04);
  if (has_bare_forearms(look)) {
    easel.band({arm.root, arm.middle, arm.end}, {thick * 0.8, thick * 0.74, thick * 0.62});
    easel.edge(darker(skin, 0.15), 2).fill_soft(skin, 0.04);
    const Point cuff = between(arm.root, arm.middle, 0.72);
    easel.band({arm.root, between(arm.root, cuff, 0.5), cuff}, {thick * 1.05, thick * 1.16, thick * 1.22});
    easel.edge(darker(cloth.sleeve, 0.15), 2).fill_soft(cloth.sleeve, 0.06);
    return;
  }
  easel.band({arm.root, arm.middle, arm.end - along * 6},
             {thick, thick * (wide ? 1.02 : 0.94), thick * (wide ? 1.25 : 0.84)});
  easel.edge(darker(cloth.sleeve, 0.15), 2).fill_soft(cloth.sleeve, 0.07);
  const double turned = std::atan2(along.y, along.x) * 180 / std::numbers::pi;
  easel.oval(arm.end - along * 7, 6.5, thick * (wide ? 0.68 : 0.47), turned);
  const Ink cuff = wide                             ? light.on_child(look.accent)
                   : look.outfit == Outfit::sweater ? lighter(cloth.sleeve, 0.06)
                                                    : darker(cloth.sleeve, 0.05);
  easel.edge(darker(cuff, 0.13), 1.5).fill_soft(cuff, 0.04);
}

void draw_trunk(Easel& easel, const Look& look, const Light& light, const Joints& joints, const Build& build) {
  const Cloth cloth = cloth_of(look, light);
  const Ink accent = light.on_child(look.accent), skin = light.on_child(look.skin);
  const Point up = (joints.chest - joints.hip) * (1 / length(joints.chest - joints.hip)), across{-up.y, up.x};
  const Point chest = joints.chest, hip = joints.hip;
  const double s = build.shoulders, h = build.hips * 1.34 * std::lerp(1, build.girth, 0.4);
  // The neck.
  easel.band({chest - up * 8, joints.head - up * -6}, {30, 28}).edge(darker(skin, 0.15), 1.5).fill(darker(skin, 0.06));

  const Point spread = (joints.legs[1].middle - joints.legs[0].middle) * 0.5;
  const double flare = look.outfit == Outfit::princess ? 46 : look.outfit == Outfit::robe ? 24 : 30;
  const double fall = look.outfit == Outfit::dress ? 0.92 : look.outfit == Outfit::robe ? 1.72 : 1.55;
  const Point knees = between(joints.legs[0].middle, joints.legs[1].middle, 0.5),
              feet = between(joints.legs[0].end, joints.legs[1].end, 0.5);
  const bool sits = std::abs(spread.x) > 50;
  const Point hem = sits       ? between(hip, feet, 0.5) + Point{0, 12}
                    : fall < 1 ? between(hip, knees, fall) + Point{0, 8}
                               : between(knees, feet, (fall - 1) * 0.95);
  if (has_skirt(look.outfit)) {
    const double wide = std::max(h + flare, std::abs(spread.x) + 24);
    const auto skirt = [&] {
      easel.from(hip + up * 26 - across * (h * 0.82));
      easel.bend(hip - across * (h * 1.1), hem - Point{wide, 30}, hem - Point{wide, 0});
      easel.bend(hem + Point{-wide * 0.5, 16}, hem + Point{wide * 0.5, 16}, hem + Point{wide, 0});
      easel.bend(hem + Point{wide, -30}, hip + across * (h * 1.1), hip + up * 26 + across * (h * 0.82)).close();
    };
    skirt();
    const Ink cloth_ink = look.outfit == Outfit::princess ? lighter(cloth.top, 0.03) : cloth.top;
    easel.edge(cloth.edge_top, 2).fill_soft(cloth_ink, 0.08);
    skirt();
    const auto kept = easel.inside();
    print(easel, look.pattern, lighter(cloth.top, 0.12).faded(0.8), hip);
    for (const double at : {-0.6, -0.2, 0.25, 0.62}) {
      easel.through({hip + across * (h * at * 0.8) + Point{0, 10}, between(hip, hem, 0.6) + Point{wide * at * 0.85, 0},
                     hem + Point{wide * at, 14}});
      easel.line(darker(cloth.top, 0.10).faded(0.55), 4);
    }
    easel.through({hem + Point{-wide, -4}, hem + Point{0, 8}, hem + Point{wide, -4}});
    easel.line(accent, 9);
  }
  const auto body = [&] {
    easel.blob({chest + up * 2 - across * (s * 0.45), chest - up * 6 - across * (s * 0.98),
                chest - up * 40 - across * (s * 0.96), hip + up * 30 - across * (h * 0.98), hip - up * 10 - across * h,
                hip - up * 16, hip - up * 10 + across * h, hip + up * 30 + across * (h * 0.98),
                chest - up * 40 + across * (s * 0.96), chest - up * 6 + across * (s * 0.98),
                chest + up * 2 + across * (s * 0.45)});
  };
  const auto bodice = [&] {
    easel.blob({chest + up * 2 - across * (s * 0.45), chest - up * 6 - across * (s * 0.98),
                chest - up * 40 - across * (s * 0.92), hip + up * 28 - across * (h * 0.84), hip + up * 16,
                hip + up * 28 + across * (h * 0.84), chest - up * 40 + across * (s * 0.92),
                chest - up * 6 + across * (s * 0.98), chest + up * 2 + across * (s * 0.45)});
  };
  const auto shape = [&] { has_skirt(look.outfit) ? bodice() : body(); };
  shape();
  easel.edge(cloth.edge_top, 2).fill_soft(cloth.top, 0.07);
  {
    shape();
    const auto kept = easel.inside();
    const auto leaning = easel.at(chest, 1, std::atan2(up.x, -up.y) * 180 / std::numbers::pi);
    if (look.outfit != Outfit::knight && look.outfit != Outfit::overalls)
      print(easel, look.pattern, lighter(cloth.top, 0.13).faded(0.85), {0, 6});
    const double tall = length(chest - hip);
    switch (look.outfit) {
      case Outfit::overalls:
        print(easel, look.pattern == Pattern::plain ? Pattern::stripes : look.pattern, lighter(cloth.top, 0.10),
              {0, 0});
        for (const double side : {-1.0, 1.0}) easel.box(side * s * 0.52 - 7, -14, 14, 60).fill_soft(cloth.lower);
        easel.box(-s * 0.62, 36, s * 1.24, tall, 10).edge(cloth.edge_lower, 2).fill_soft(cloth.lower);
        easel.box(-h * 1.3, tall - 42, h * 2.6, 80).fill_soft(cloth.lower);
        easel.box(-16, 48, 32, 26, 6).edge(cloth.edge_lower, 1.5).fill_soft(lighter(cloth.lower, 0.04));
        for (const double side : {-1.0, 1.0}) easel.disc({side * s * 0.50, 42}, 5).fill_soft(rgb(0xF7D062));
        break;
      case Outfit::hoodie:
        easel.blob({{-30, tall - 46}, {30, tall - 46}, {38, tall - 8}, {-38, tall - 8}})
            .edge(cloth.edge_top, 2)
            .fill_soft(darker(cloth.top, 0.03));
        for (const double side : {-1.0, 1.0})
          easel.from({side * 9, 4}).bend({side * 12, 14}, {side * 9, 24}, {side * 10, 34}).line(rgb(0xFFFAF0), 3.2);
        break;
      case Outfit::sweater:
        easel.box(-90, tall - 6, 180, 30).fill_soft(lighter(cloth.top, 0.06));
        draw_star(easel, {0, tall * 0.46}, 21, accent, 6);
        break;
      case Outfit::hero:
        draw_star(easel, {0, tall * 0.40}, 25, accent, 0);
        easel.box(-90, tall - 10, 180, 15).fill_soft(accent);
        easel.oval({0, tall - 3}, 11, 9).fill_soft(rgb(0xF7D062));
        break;
      case Outfit::explorer:
      case Outfit::raincoat:
        easel.from({0, 0}).to({0, tall + 20}).line(cloth.edge_top, 2.4);
        for (int i = 0; i < 4; ++i) easel.disc({8, 22.0 + i * 26}, 4).fill_soft(rgb(0xF7E3A1));
        for (const double side : {-1.0, 1.0})
          easel.box(side * 27 - 13, tall * 0.34, 26, 24, 4)
              .edge(cloth.edge_top, 1.6)
              .fill_soft(lighter(cloth.top, 0.02));
        if (look.outfit == Outfit::explorer) easel.box(-90, tall - 14, 180, 13).fill_soft(rgb(0x7B5136));
        break;
      case Outfit::pirate:
        easel.corners({{-16, -6}, {16, -6}, {10, tall + 20}, {-10, tall + 20}}).fill_soft(rgb(0xFBF4E4));
        easel.box(-90, tall - 22, 180, 22).fill_soft(accent);
        easel.box(-13, tall - 23, 26, 24, 4).fill_soft(rgb(0xF3C34B));
        break;
      case Outfit::astronaut:
        easel.box(-28, 34, 56, 40, 8).edge(cloth.edge_top, 2).fill_soft(rgb(0xE9EDF2));
        for (const auto& [x, ink] : {std::pair{-14, rgb(0xE2555A)}, {0, rgb(0xF2B84B)}, {14, rgb(0x4FA3D8)}})
          easel.disc({static_cast<double>(x), 47}, 5.2).fill_soft(ink);
        easel.box(-18, 58, 36, 9, 3).fill(rgb(0x8FC3E0));
        break;
      case Outfit::knight:
        easel.corners({{-s * 0.5, -8}, {s * 0.5, -8}, {s * 0.6, tall + 20}, {-s * 0.6, tall + 20}})
            .fill_soft(light.on_child(look.main));
        draw_star(easel, {0, tall * 0.42}, 22, light.on_child(look.accent), 0);
        easel.box(-90, tall - 18, 180, 13).fill_soft(rgb(0x7B5136));
        break;
      case Outfit::pyjamas:
        easel.from({0, 0}).to({0, tall + 20}).line(cloth.edge_top.faded(0.7), 2);
        for (int i = 0; i < 4; ++i) easel.disc({0, 20.0 + i * 25}, 4).fill_soft(rgb(0xFFFDF5));
        break;
      case Outfit::princess:
        easel.blob({{-20, -4}, {20, -4}, {12, 30}, {0, 42}, {-12, 30}}).fill_soft(lighter(cloth.top, 0.12));
        easel.box(-90, tall - 36, 180, 12).fill_soft(accent);
        break;
      case Outfit::dress:
        easel.box(-90, tall - 36, 180, 12).fill_soft(accent);
        break;
      case Outfit::robe:
        easel.box(-90, tall - 40, 180, 14).fill_soft(accent);
        easel.disc({0, tall - 33}, 10).fill_soft(rgb(0xF7D062));
        break;
      case Outfit::tee:
        break;
    }
    // The head's shadow.
    easel.oval({0, -14}, s * 1.1, 30).fill(darker(cloth.top, 0.16).faded(0.32));
  }
  if (look.outfit == Outfit::astronaut)
    easel.oval(chest + up * 4, 38, 13).edge(rgb(0x8F9AA8), 2).fill_soft(rgb(0xDCE3EA));
  if (look.outfit == Outfit::hoodie || look.cape)
    easel.oval(chest + up * 1, 40, 15)
        .edge(darker(look.cape ? accent : cloth.top, 0.15), 2)
        .fill_soft(look.cape ? accent : darker(cloth.top, 0.03));
  if (look.outfit == Outfit::dress || look.outfit == Outfit::pyjamas || look.outfit == Outfit::explorer)
    for (const double side : {-1.0, 1.0})
      easel.blob({chest + up * 4, chest + up * 1 + across * (side * 30), chest - up * 12 + across * (side * 24)})
          .edge(cloth.edge_top, 1.5)
          .fill_soft(lighter(cloth.top, 0.12));
  if (look.scarf) {
    const Ink scarf = accent;
    easel.band({chest - across * 6 - up * 2, chest - up * 30 + across * 8, chest - up * 62 + across * 12}, {24, 24, 28})
        .edge(darker(scarf, 0.15), 2)
        .fill_soft(scarf);
    easel.oval(chest + up * 3, 39, 16).edge(darker(scarf, 0.15), 2).fill_soft(scarf);
  }
  if (look.necklace) {
    easel.from(chest - across * 20 + up * 2)
        .bend(chest - across * 14 - up * 26, chest + across * 14 - up * 26, chest + across * 20 + up * 2);
    easel.line(rgb(0xF3C34B), 3);
    easel.disc(chest - up * 22, 7).edge(rgb(0xC08F2B), 1.5).fill_soft(rgb(0x5FB9C9));
  }
}

}  // namespace odeon::storybook
