#include <array>

#include "engine/media/storybook/creatures.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

void robot(Easel& easel, const Light& light) {
  const Ink shell = light.on_child(rgb(0x8FC4CF)), trim = light.on_child(rgb(0xE9714F)),
            metal = light.on_child(rgb(0xA9B4C2)), edge = darker(shell, 0.18);
  for (const double side : {-1.0, 1.0}) {
    easel.band({{side * 22, -40}, {side * 22, -14}}, {20, 20}).fill_soft(metal);
    easel.box(side * 22 - 24, -18, 48, 20, 9).edge(darker(trim, 0.15), 2).fill_soft(trim);
    easel.band({{side * 52, -96}, {side * 78, -74}, {side * 74, -42}}, {15, 14, 14})
        .edge(darker(metal, 0.16), 2)
        .fill_soft(metal);
    easel.disc({side * 74, -36}, 14).edge(darker(trim, 0.15), 2).fill_soft(trim);
  }
  easel.box(-54, -118, 108, 88, 24).edge(edge, 2).fill_soft(shell, 0.08);
  easel.box(-32, -100, 64, 44, 10).edge(edge, 2).fill_soft(lighter(shell, 0.10));
  easel.blob({{0, -68}, {-14, -82}, {-12, -92}, {0, -88}, {12, -92}, {14, -82}}).fill_soft(trim);
  easel.box(-14, -130, 28, 16).fill_soft(metal);
  easel.from({0, -206}).to({0, -234}).line(metal, 6);
  easel.glow({0, -240}, 30, rgb(0xFFE27A).faded(0.7));
  easel.disc({0, -240}, 10).fill_soft(rgb(0xFFD24A));
  easel.box(-66, -208, 132, 86, 32).edge(edge, 2).fill_soft(shell, 0.08);
  for (const double side : {-1.0, 1.0})
    easel.box(side * 72 - 8, -180, 16, 32, 7).edge(darker(trim, 0.15), 2).fill_soft(trim);
  easel.box(-50, -194, 100, 58, 22).fill_soft(rgb(0x2B3A55), 0.05);
  for (const double side : {-1.0, 1.0}) {
    easel.oval({side * 23, -170}, 12, 14).fill(rgb(0x8FF0E0));
    easel.disc({side * 23 - 4, -175}, 4.5).fill(rgb(0xFFFFFF));
  }
  easel.from({-12, -150}).bend({-6, -142}, {6, -142}, {12, -150}).line(rgb(0x8FF0E0), 4);
}

void fish(Easel& easel, const Light& light) {
  const Ink coat = light.on_child(rgb(0xF78B45)), fin = light.on_child(rgb(0xE5663A)), white = rgb(0xFFF8EE),
            edge = darker(coat, 0.15);
  easel.blob({{-66, -60}, {-124, -110}, {-138, -74}, {-118, -58}, {-138, -32}, {-122, -6}})
      .edge(darker(fin, 0.14), 2)
      .fill_soft(fin, 0.09);
  easel.blob({{-40, -98}, {0, -146}, {40, -132}, {36, -100}}).edge(darker(fin, 0.14), 2).fill_soft(fin, 0.09);
  const auto body = [&] { easel.blob({{-74, -60}, {-20, -112}, {48, -108}, {86, -62}, {48, -14}, {-20, -8}}); };
  body();
  easel.edge(edge, 2).fill_soft(coat, 0.08);
  {
    body();
    const auto kept = easel.inside();
    easel.band({{-30, -130}, {-14, -60}, {-32, 10}}, {30, 34, 28}).fill(white);
    easel.band({{34, -130}, {22, -60}, {34, 10}}, {20, 24, 20}).fill(white);
  }
  easel.blob({{-4, -46}, {-34, -22}, {-28, -2}, {8, -22}}).edge(darker(fin, 0.14), 2).fill_soft(fin, 0.09);
  draw_creature_eye(easel, {56, -72}, 13, rgb(0x4A7AA5));
  easel.from({66, -42}).bend({70, -36}, {78, -38}, {80, -46}).line(darker(coat, 0.3), 3.4);
}

void unicorn(Easel& easel, const Light& light) {
  const Ink coat = light.on_child(rgb(0xFDF7F7)), shade = light.on_child(rgb(0xE3D6EA)),
            edge = light.on_child(rgb(0xB9A6CC)), gold = light.on_child(rgb(0xF3C54B));
  const std::array mane{light.on_child(rgb(0xF29BC0)), light.on_child(rgb(0xB79BF0)), light.on_child(rgb(0x8FD0F0))};
  for (std::size_t i = 0; i < 3; ++i)
    easel.band({{-84, -104}, {-128 + 12.0 * i, -84}, {-134 + 15.0 * i, -34}}, {18, 24, 8}).fill_soft(mane[i], 0.07);
  for (const double x : {-64.0, -34.0, 22.0, 50.0}) {
    easel.band({{x, -66}, {x + 1, -32}, {x, -8}}, {25, 20, 22})
        .edge(edge, 2)
        .fill_soft(x < -50 || (x > 0 && x < 30) ? shade : coat, 0.05);
    easel.box(x - 12, -12, 24, 13, 5).fill_soft(gold);
  }
  easel.blob({{-88, -98}, {-50, -128}, {20, -122}, {60, -108}, {64, -66}, {20, -50}, {-50, -50}, {-86, -62}})
      .edge(edge, 2)
      .fill_soft(coat, 0.06);
  easel.band({{40, -94}, {58, -140}, {64, -178}}, {56, 46, 42}).edge(edge, 2).fill_soft(coat, 0.05);
  easel.band({{40, -94}, {58, -140}}, {52, 42}).fill(coat);
  easel.blob({{44, -214}, {76, -212}, {104, -176}, {112, -148}, {92, -134}, {64, -144}, {42, -168}})
      .edge(edge, 2)
      .fill_soft(coat, 0.05);
  easel.blob({{92, -162}, {114, -150}, {104, -134}, {88, -138}}).fill(mix(coat, rgb(0xF2B5C4), 0.5));
  easel.corners({{64, -212}, {82, -206}, {92, -266}}).edge(darker(gold, 0.14), 2).fill_soft(gold, 0.09);
  easel.blob({{40, -208}, {38, -240}, {60, -216}}).edge(edge, 2).fill_soft(coat);
  for (std::size_t i = 0; i < 3; ++i)
    easel
        .band({{56 - 6.0 * i, -222}, {34 - 7.0 * i, -180}, {36 - 12.0 * i, -128}, {14 - 8.0 * i, -96}}, {12, 22, 20, 6})
        .fill_soft(mane[i], 0.07);
  draw_creature_eye(easel, {76, -180}, 9.5, rgb(0x7A6AC0));
  easel.glow({80, -158}, 15, rgb(0xF0707A).faded(0.5));
}

void turtle(Easel& easel, const Light& light) {
  const Ink skin = light.on_child(rgb(0x9CC46B)), shell = light.on_child(rgb(0x8A6A43)), edge = darker(skin, 0.16);
  for (const double x : {-50.0, 44.0}) easel.oval({x, -14}, 24, 17).edge(edge, 2).fill_soft(skin, 0.07);
  easel.blob({{-70, -30}, {-98, -22}, {-72, -16}}).fill_soft(skin);
  easel.blob({{58, -44}, {84, -66}, {94, -106}, {128, -106}, {138, -76}, {110, -48}, {78, -24}})
      .edge(edge, 2)
      .fill_soft(skin, 0.06);
  const auto dome = [&] {
    easel.from({-84, -26}).bend({-84, -134}, {72, -134}, {76, -26}).bend({40, -12}, {-50, -12}, {-84, -26}).close();
  };
  dome();
  easel.edge(darker(shell, 0.14), 2).fill_soft(shell, 0.09);
  for (const auto& [x, y, r] : {std::tuple{-4.0, -74.0, 25.0},
                                {-48.0, -54.0, 18.0},
                                {40.0, -54.0, 18.0},
                                {-26.0, -34.0, 14.0},
                                {16.0, -34.0, 14.0}})
    easel.oval({x, y}, r, r * 0.82).edge(darker(shell, 0.08), 2).fill_soft(light.on_child(rgb(0xC2A25E)), 0.07);
  draw_creature_eye(easel, {116, -84}, 10, rgb(0x5A7A3A));
  easel.from({112, -60}).bend({118, -54}, {128, -56}, {132, -64}).line(edge, 3);
}

void frog(Easel& easel, const Light& light) {
  const Ink skin = light.on_child(rgb(0x7CC05A)), belly = light.on_child(rgb(0xE9F3B8)), edge = darker(skin, 0.16);
  for (const double side : {-1.0, 1.0}) {
    easel.oval({side * 54, -30}, 36, 28, side * -24).edge(edge, 2).fill_soft(skin, 0.07);
    easel.oval({side * 58, -6}, 34, 9).edge(edge, 2).fill_soft(skin, 0.05);
  }
  easel.blob({{0, -120}, {56, -100}, {62, -50}, {36, -8}, {-36, -8}, {-62, -50}, {-56, -100}})
      .edge(edge, 2)
      .fill_soft(skin, 0.07);
  easel.oval({0, -38}, 34, 30).fill_soft(belly, 0.05);
  for (const double side : {-1.0, 1.0}) {
    easel.disc({side * 34, -118}, 23).edge(edge, 2).fill_soft(skin, 0.06);
    draw_creature_eye(easel, {side * 34, -120}, 14, rgb(0xD0A030));
    easel.glow({side * 42, -80}, 15, rgb(0xF0707A).faded(0.6));
    easel.band({{side * 26, -44}, {side * 30, -12}}, {16, 18}).edge(edge, 2).fill_soft(skin);
  }
  easel.from({-36, -84}).bend({-20, -64}, {20, -64}, {36, -84}).line(darker(skin, 0.3), 4);
}

void whale(Easel& easel, const Light& light) {
  const Ink skin = light.on_child(rgb(0x6C93C4)), belly = light.on_child(rgb(0xDDE9F3)), edge = darker(skin, 0.15);
  easel.blob({{-112, -64}, {-156, -130}, {-190, -120}, {-176, -86}, {-204, -62}, {-176, -48}})
      .edge(edge, 2)
      .fill_soft(skin, 0.08);
  const auto body = [&] {
    easel.blob({{-140, -66}, {-70, -118}, {40, -150}, {124, -110}, {132, -52}, {80, -10}, {-40, -12}, {-112, -40}});
  };
  body();
  easel.edge(edge, 2).fill_soft(skin, 0.08);
  {
    body();
    const auto kept = easel.inside();
    easel.blob({{-120, -20}, {0, -44}, {142, -56}, {150, 10}, {-100, 20}}).fill_soft(belly, 0.05);
    for (const double y : {-32.0, -20.0, -8.0})
      easel.from({0, y}).bend({40, y + 2}, {90, y - 4}, {130, y - 12}).line(darker(belly, 0.12), 3);
  }
  easel.blob({{10, -36}, {-24, -2}, {-50, 6}, {-22, -34}}).edge(edge, 2).fill_soft(darker(skin, 0.04), 0.07);
  draw_creature_eye(easel, {92, -78}, 11, rgb(0x3A5A8A));
  for (const double side : {-1.0, 1.0})
    easel.through({{44, -150}, {44 + side * 8, -188}, {44 + side * 34, -200}}).line(rgb(0xDFF3FF).faded(0.9), 9);
}

}  // namespace

void draw_other(Easel& easel, const Light& light, Companion companion) {
  switch (companion) {
    case Companion::robot:
      return robot(easel, light);
    case Companion::fish:
      return fish(easel, light);
    case Companion::unicorn:
      return unicorn(easel, light);
    case Companion::turtle:
      return turtle(easel, light);
    case Companion::frog:
      return frog(easel, light);
    default:
      return whale(easel, light);
  }
}

}  // namespace odeon::storybook
