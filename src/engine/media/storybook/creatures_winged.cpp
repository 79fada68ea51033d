#include <array>

#include "engine/media/storybook/creatures.hpp"

namespace odeon::storybook {
namespace {

void owl(Easel& easel, const Light& light) {
  const Ink coat = light.on_child(rgb(0x9C7350)), belly = light.on_child(rgb(0xF3E0BF)),
            wing = light.on_child(rgb(0x7A5638)), beak = light.on_child(rgb(0xF2A93B));
  for (const double x : {-22.0, 22.0}) easel.oval({x, -4}, 17, 9).edge(darker(beak, 0.15), 1.6).fill_soft(beak);
  easel.blob({{0, -178}, {56, -160}, {70, -90}, {52, -18}, {0, -4}, {-52, -18}, {-70, -90}, {-56, -160}})
      .edge(darker(coat, 0.14), 2)
      .fill_soft(coat, 0.07);
  for (const double side : {-1.0, 1.0})
    easel.blob({{side * 38, -184}, {side * 64, -210}, {side * 62, -160}}).edge(darker(coat, 0.14), 2).fill_soft(coat);
  easel.blob({{0, -104}, {42, -84}, {40, -32}, {0, -14}, {-40, -32}, {-42, -84}}).fill_soft(belly, 0.05);
  for (int row = 0; row < 3; ++row)
    for (int i = -1 - row % 2; i <= 1; ++i)
      easel.from({i * 22.0 + (row % 2 ? 11 : 0) - 8, -78.0 + row * 20})
          .bend({i * 22.0 + (row % 2 ? 11 : 0) - 6, -68.0 + row * 20},
                {i * 22.0 + (row % 2 ? 11 : 0) + 6, -68.0 + row * 20},
                {i * 22.0 + (row % 2 ? 11 : 0) + 8, -78.0 + row * 20});
  easel.line(darker(belly, 0.18), 3);
  for (const double side : {-1.0, 1.0}) {
    easel.blob({{side * 56, -124}, {side * 82, -82}, {side * 72, -24}, {side * 48, -50}})
        .edge(darker(wing, 0.14), 2)
        .fill_soft(wing, 0.08);
    easel.disc({side * 29, -134}, 32).edge(darker(belly, 0.1), 1.5).fill_soft(belly, 0.04);
    draw_creature_eye(easel, {side * 27, -133}, 17, rgb(0xE0A030));
  }
  easel.blob({{-9, -120}, {9, -120}, {0, -100}}).edge(darker(beak, 0.15), 1.5).fill_soft(beak);
}

void bird(Easel& easel, const Light& light) {
  const Ink coat = light.on_child(rgb(0x4F9BD6)), belly = light.on_child(rgb(0xFBD9A0)),
            wing = light.on_child(rgb(0x3576B5)), beak = light.on_child(rgb(0xF2A23B));
  easel.blob({{-58, -50}, {-118, -66}, {-126, -40}, {-64, -28}}).edge(darker(wing, 0.14), 2).fill_soft(wing, 0.08);
  easel.blob({{-60, -60}, {-20, -98}, {34, -96}, {58, -58}, {34, -14}, {-24, -12}})
      .edge(darker(coat, 0.14), 2)
      .fill_soft(coat, 0.07);
  easel.blob({{-20, -40}, {34, -56}, {44, -34}, {20, -14}, {-16, -16}}).fill_soft(belly, 0.05);
  easel.disc({34, -96}, 40).edge(darker(coat, 0.14), 2).fill_soft(coat, 0.06);
  easel.blob({{22, -132}, {10, -158}, {34, -150}, {44, -162}, {44, -132}}).fill_soft(wing);
  easel.blob({{70, -104}, {104, -90}, {68, -80}}).edge(darker(beak, 0.15), 1.5).fill_soft(beak);
  easel.blob({{6, -70}, {-30, -142}, {-78, -168}, {-72, -118}, {-46, -66}})
      .edge(darker(wing, 0.14), 2)
      .fill_soft(wing, 0.09);
  for (const double t : {0.35, 0.62})
    easel.through({{-2, -74}, {-40 - 20 * t, -110 + 30 * t}, {-66, -140 + 50 * t}})
        .line(lighter(wing, 0.10).faded(0.8), 3.5);
  draw_creature_eye(easel, {46, -102}, 11, rgb(0x5A3A28));
  easel.glow({54, -82}, 14, rgb(0xF0707A).faded(0.6));
}

void butterfly(Easel& easel, const Light& light) {
  const Ink wing = light.on_child(rgb(0xF08AB0)), inner = light.on_child(rgb(0xFBD070)),
            body = light.on_child(rgb(0x5B4468));
  for (const double side : {-1.0, 1.0}) {
    easel.blob({{side * 6, -48}, {side * 54, -114}, {side * 104, -112}, {side * 104, -60}, {side * 52, -36}})
        .edge(darker(wing, 0.15), 2.4)
        .fill_soft(wing, 0.09);
    easel.blob({{side * 6, -38}, {side * 58, -28}, {side * 82, 6}, {side * 54, 26}, {side * 18, 0}})
        .edge(darker(wing, 0.15), 2.4)
        .fill_soft(mix(wing, rgb(0xA070D0), 0.4), 0.09);
    easel.oval({side * 74, -84}, 17, 14).fill_soft(inner);
    easel.oval({side * 54, 0}, 12, 11).fill_soft(inner);
    easel.through({{side * 3, -72}, {side * 14, -104}, {side * 28, -112}}).line(body, 3);
    easel.disc({side * 29, -113}, 4.5).fill(body);
  }
  easel.band({{0, -76}, {0, -40}, {0, 6}}, {17, 19, 8}).fill_soft(body, 0.08);
  easel.disc({0, -80}, 14).fill_soft(body);
  for (const double side : {-1.0, 1.0}) easel.disc({side * 5, -82}, 3).fill(rgb(0xFFFFFF));
}

void dragon(Easel& easel, const Light& light) {
  const Ink coat = light.on_child(rgb(0x6DB56B)), belly = light.on_child(rgb(0xF6E7A6)),
            wing = light.on_child(rgb(0xE98F5B)), edge = darker(coat, 0.15);
  for (const double side : {-1.0, 1.0})
    easel
        .blob({{side * 26, -110},
               {side * 92, -190},
               {side * 144, -186},
               {side * 132, -138},
               {side * 112, -112},
               {side * 84, -104},
               {side * 58, -76}})
        .edge(darker(wing, 0.15), 2)
        .fill_soft(wing, 0.08);
  easel.band({{-30, -24}, {-92, -14}, {-130, -48}, {-126, -92}}, {54, 40, 24, 12}).edge(edge, 2).fill_soft(coat, 0.07);
  easel.corners({{-126, -122}, {-108, -92}, {-146, -92}}).edge(darker(wing, 0.15), 3).fill_soft(wing);
  for (const double side : {-1.0, 1.0}) easel.oval({side * 38, -12}, 33, 17).edge(edge, 2).fill_soft(coat, 0.06);
  easel.blob({{0, -150}, {44, -118}, {58, -56}, {40, -4}, {0, 0}, {-40, -4}, {-58, -56}, {-44, -118}})
      .edge(edge, 2)
      .fill_soft(coat, 0.07);
  easel.blob({{4, -112}, {32, -76}, {30, -24}, {4, -8}, {-22, -24}, {-24, -76}}).fill_soft(belly, 0.05);
  for (const double y : {-84.0, -62.0, -40.0, -20.0})
    easel.from({-20, y}).bend({-8, y + 7}, {16, y + 7}, {28, y}).line(darker(belly, 0.12).faded(0.9), 3);
  for (const double side : {-1.0, 1.0})
    easel.band({{side * 40, -98}, {side * 50, -70}, {side * 36, -54}}, {22, 19, 21})
        .edge(edge, 2)
        .fill_soft(coat, 0.06);
  for (const auto& [x, y] : {std::pair{-30.0, -216.0}, {0.0, -226.0}, {30.0, -216.0}})
    easel.corners({{x - 12, y + 24}, {x, y - 8}, {x + 12, y + 24}}).edge(darker(wing, 0.15), 2.4).fill_soft(wing);
  for (const double side : {-1.0, 1.0})
    easel.band({{side * 40 + 2, -196}, {side * 54 + 2, -228}}, {17, 6}).edge(darker(belly, 0.2), 1.5).fill_soft(belly);
  easel.blob({{4, -212}, {54, -196}, {66, -156}, {46, -112}, {6, -102}, {-36, -112}, {-58, -156}, {-46, -196}})
      .edge(edge, 2)
      .fill_soft(coat, 0.06);
  easel.oval({8, -126}, 44, 26).fill_soft(lighter(coat, 0.07), 0.04);
  for (const double x : {-8.0, 24.0}) easel.oval({x, -138}, 4, 3).fill(darker(coat, 0.25));
  easel.from({-22, -120}).bend({-8, -104}, {24, -104}, {38, -120}).line(darker(coat, 0.3), 3.4);
  easel.corners({{22, -112}, {30, -114}, {27, -103}}).fill(rgb(0xFFFFFF));
  for (const double side : {-1.0, 1.0}) {
    draw_creature_eye(easel, {6 + side * 29, -164}, 13.5, rgb(0xE08A30));
    easel.glow({6 + side * 46, -136}, 17, rgb(0xF0707A).faded(0.55));
  }
}

}  // namespace

void draw_winged(Easel& easel, const Light& light, Companion companion) {
  switch (companion) {
    case Companion::owl:
      return owl(easel, light);
    case Companion::bird:
      return bird(easel, light);
    case Companion::butterfly:
      return butterfly(easel, light);
    default:
      return dragon(easel, light);
  }
}

}  // namespace odeon::storybook
