#include "engine/media/storybook/creatures.hpp"

namespace odeon::storybook {
namespace {

struct Fur {
  Ink coat, belly, dark, iris;
  double size = 1;
};

Fur fur_of(Companion companion) {
  switch (companion) {
    case Companion::dog:
      return {rgb(0xC98F55), rgb(0xFBEBD3), rgb(0x8A5A35), rgb(0x8A5A35)};
    case Companion::cat:
      return {rgb(0x9AA3B5), rgb(0xF4F3F0), rgb(0x6B7388), rgb(0x7FBF6A)};
    case Companion::fox:
      return {rgb(0xE27B3A), rgb(0xFFF3E3), rgb(0x5B3A34), rgb(0x9A6A2F)};
    case Companion::rabbit:
      return {rgb(0xE9DCCB), rgb(0xFFFAF2), rgb(0xC9B197), rgb(0x7A5A4A), 0.88};
    case Companion::bear:
      return {rgb(0x9A6B48), rgb(0xE3C49C), rgb(0x6B4830), rgb(0x5A3A28), 1.18};
    case Companion::mouse:
      return {rgb(0xB9B2BC), rgb(0xF5EEF0), rgb(0x8F8794), rgb(0x4A3A48), 0.62};
    case Companion::lion:
      return {rgb(0xEBB45A), rgb(0xFBE7BE), rgb(0xA8612C), rgb(0x9A6A2F), 1.12};
    default:
      return {rgb(0x9FAEC2), rgb(0xC9D3DF), rgb(0x7A8AA3), rgb(0x4F6A8A), 1.3};
  }
}

void ears(Easel& easel, Companion companion, const Fur& fur) {
  const Ink edge = darker(fur.coat, 0.14), inner = mix(fur.belly, rgb(0xF2A0A6), 0.5);
  for (const double side : {-1.0, 1.0}) {
    switch (companion) {
      case Companion::dog:
        easel.blob({{side * 34, -196}, {side * 62, -186}, {side * 76, -140}, {side * 62, -112}, {side * 46, -140}})
            .edge(darker(fur.dark, 0.1), 2)
            .fill_soft(fur.dark, 0.08);
        break;
      case Companion::rabbit:
        easel.band({{side * 22, -180}, {side * 28, -240}, {side * (side > 0 ? 46 : 34), -286}}, {26, 34, 16})
            .edge(edge, 2)
            .fill_soft(fur.coat, 0.05);
        easel.band({{side * 23, -196}, {side * 29, -240}, {side * (side > 0 ? 43 : 33), -274}}, {10, 16, 6})
            .fill(inner);
        break;
      case Companion::bear:
      case Companion::mouse:
      case Companion::lion: {
        const double r = companion == Companion::mouse ? 40 : 24;
        const Point at{side * (companion == Companion::mouse ? 54 : 46),
                       companion == Companion::mouse ? -190.0 : -186.0};
        easel.disc(at, r).edge(edge, 2).fill_soft(fur.coat, 0.06);
        easel.disc(at + Point{0, 4}, r * 0.62).fill(inner);
        break;
      }
      case Companion::elephant:
        easel.blob({{side * 36, -196}, {side * 96, -206}, {side * 118, -150}, {side * 92, -96}, {side * 52, -108}})
            .edge(edge, 2)
            .fill_soft(fur.coat, 0.07);
        easel.blob({{side * 52, -182}, {side * 90, -188}, {side * 103, -150}, {side * 84, -112}, {side * 60, -122}})
            .fill(mix(fur.coat, rgb(0xF2B5BB), 0.55));
        break;
      default:
        easel.blob({{side * 20, -186}, {side * 44, -232}, {side * 58, -228}, {side * 66, -160}})
            .edge(edge, 2)
            .fill_soft(fur.coat, 0.06);
        easel.blob({{side * 32, -188}, {side * 46, -214}, {side * 54, -212}, {side * 58, -174}})
            .fill(companion == Companion::fox ? fur.dark : inner);
    }
  }
}

void tail_of(Easel& easel, Companion companion, const Fur& fur) {
  const Ink edge = darker(fur.coat, 0.14);
  switch (companion) {
    case Companion::fox:
      easel.blob({{-40, -20}, {-96, -24}, {-138, -74}, {-140, -138}, {-112, -150}, {-96, -96}, {-60, -54}})
          .edge(edge, 2)
          .fill_soft(fur.coat, 0.07);
      easel.blob({{-138, -104}, {-142, -138}, {-114, -152}, {-104, -122}, {-120, -112}}).fill_soft(fur.belly, 0.05);
      break;
    case Companion::cat:
      easel.band({{-40, -16}, {-96, -26}, {-112, -80}, {-88, -118}}, {24, 24, 22, 18})
          .edge(edge, 2)
          .fill_soft(fur.coat, 0.07);
      break;
    case Companion::dog:
      easel.band({{-40, -30}, {-82, -56}, {-92, -104}}, {26, 24, 14}).edge(edge, 2).fill_soft(fur.coat, 0.07);
      break;
    case Companion::rabbit:
    case Companion::bear:
      easel.disc({-62, -26}, companion == Companion::bear ? 17 : 25)
          .edge(darker(fur.belly, 0.1), 2)
          .fill_soft(fur.belly, 0.06);
      break;
    case Companion::mouse:
      easel.through({{-44, -14}, {-98, -8}, {-122, -50}, {-104, -84}}).line(mix(fur.coat, rgb(0xF2A0A6), 0.6), 8);
      break;
    default:
      easel.through({{-44, -24}, {-94, -36}, {-104, -88}}).line(darker(fur.coat, 0.04), 13);
      easel.oval({-105, -98}, 17, 22).fill_soft(fur.dark, 0.08);
  }
}

void muzzle(Easel& easel, Companion companion, const Fur& fur) {
  if (companion == Companion::elephant) {
    easel.band({{8, -150}, {16, -108}, {30, -78}, {58, -76}}, {42, 34, 25, 18})
        .edge(darker(fur.coat, 0.14), 2)
        .fill_soft(fur.coat, 0.06);
    for (const double y : {-126.0, -110.0, -95.0})
      easel.from({2, y}).bend({10, y + 5}, {20, y + 5}, {30, y - 1}).line(darker(fur.coat, 0.10).faded(0.8), 2.4);
    return;
  }
  const bool pointed = companion == Companion::fox || companion == Companion::mouse;
  easel.oval({8, -126}, pointed ? 30 : 36, pointed ? 21 : 25).fill_soft(fur.belly, 0.04);
  const Ink nose = companion == Companion::rabbit || companion == Companion::cat || companion == Companion::mouse
                       ? rgb(0xE88A94)
                       : rgb(0x35262B);
  easel.blob({{-2, -139}, {20, -139}, {9, -127}}).fill(nose);
  easel.oval({6, -137}, 4, 2).fill(rgb(0xFFFFFF).faded(0.6));
  easel.from({9, -128}).to({9, -120}).bend({6, -112}, {-8, -110}, {-12, -118}).line(rgb(0x4A3238), 3);
  easel.from({9, -120}).bend({12, -112}, {26, -110}, {30, -118}).line(rgb(0x4A3238), 3);
  if (companion == Companion::dog)
    easel.blob({{3, -113}, {17, -113}, {16, -98}, {10, -94}, {4, -98}}).fill_soft(rgb(0xF08A8C));
  if (companion == Companion::cat || companion == Companion::mouse || companion == Companion::lion)
    for (const double y : {-128.0, -121.0}) {
      easel.from({-22, y}).to({-64, y - 6 + (y > -125 ? 12 : 0)}).line(rgb(0xFFFFFF).faded(0.8), 1.8);
      easel.from({40, y}).to({82, y - 6 + (y > -125 ? 12 : 0)}).line(rgb(0xFFFFFF).faded(0.8), 1.8);
    }
}

}  // namespace

void draw_furry(Easel& easel, const Light& light, Companion companion) {
  Fur fur = fur_of(companion);
  for (Ink* ink : {&fur.coat, &fur.belly, &fur.dark}) *ink = light.on_child(*ink);
  const Ink edge = darker(fur.coat, 0.14);
  const auto kept = easel.at({}, fur.size);
  tail_of(easel, companion, fur);
  // Sitting: haunches, a body like a pear, forelegs.
  for (const double side : {-1.0, 1.0}) {
    easel.oval({side * 42, -30}, 34, 30).edge(edge, 2).fill_soft(fur.coat, 0.07);
    easel.oval({side * 46, -6}, 28, 11)
        .edge(edge, 2)
        .fill_soft(companion == Companion::fox ? fur.dark : fur.coat, 0.05);
  }
  easel.blob({{0, -142}, {36, -124}, {50, -62}, {40, -8}, {0, 0}, {-40, -8}, {-50, -62}, {-36, -124}})
      .edge(edge, 2)
      .fill_soft(fur.coat, 0.07);
  easel.blob({{4, -110}, {25, -78}, {24, -34}, {4, -18}, {-16, -34}, {-17, -78}}).fill_soft(fur.belly, 0.04);
  for (const double x : {-16.0, 22.0}) {
    easel.band({{x, -66}, {x, -30}, {x + 2, -10}}, {25, 23, 24})
        .edge(edge, 2)
        .fill_soft(companion == Companion::fox ? mix(fur.coat, fur.dark, 0.75) : fur.coat, 0.05);
    easel.oval({x + 3, -6}, 17, 11).edge(edge, 2).fill_soft(companion == Companion::fox ? fur.dark : fur.belly, 0.05);
  }
  if (companion == Companion::lion) {
    for (int i = 0; i < 14; ++i) easel.disc(Point{2, -152} + heading(360.0 * i / 14) * 66, 27);
    easel.edge(darker(fur.dark, 0.1), 2).fill_soft(fur.dark, 0.09);
  }
  ears(easel, companion, fur);
  easel.blob({{2, -208}, {52, -190}, {68, -144}, {44, -108}, {4, -98}, {-38, -108}, {-62, -144}, {-48, -190}})
      .edge(edge, 2)
      .fill_soft(fur.coat, 0.06);
  if (companion == Companion::fox) {
    for (const double side : {-1.0, 1.0})
      easel
          .blob({{side * 16 + 4, -134},
                 {side * 40 + 4, -156},
                 {side * 64 + 3, -144},
                 {side * 44 + 3, -110},
                 {side * 8 + 6, -102}})
          .fill_soft(fur.belly, 0.03);
  }
  if (companion == Companion::dog)
    easel.blob({{26, -200}, {54, -180}, {58, -146}, {34, -140}, {18, -166}}).fill(fur.dark.faded(0.85));
  if (companion == Companion::cat)
    for (const double x : {-14.0, 4.0, 22.0})
      easel.from({x, -204}).bend({x, -194}, {x + 1, -188}, {x + 2, -182}).line(fur.dark, 6);
  muzzle(easel, companion, fur);
  for (const double side : {-1.0, 1.0}) {
    draw_creature_eye(easel, {8 + side * 30, -158}, 11.5, fur.iris);
    easel.glow({8 + side * 45, -134}, 18, rgb(0xF0707A).faded(0.6));
  }
  if (companion == Companion::dog || companion == Companion::cat) {
    const Ink collar = light.on_child(companion == Companion::dog ? rgb(0xD9484A) : rgb(0x4A90C2));
    easel.through({{-34, -104}, {4, -92}, {42, -104}}).line(collar, 10);
    easel.disc({6, -86}, 8).edge(darker(rgb(0xF3C34B), 0.15), 1.5).fill_soft(rgb(0xF3C34B));
  }
}

}  // namespace odeon::storybook
