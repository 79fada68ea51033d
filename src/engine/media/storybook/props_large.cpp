#include <array>

#include "engine/media/storybook/props.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

void boat(Easel& easel, const Light& light) {
  const Ink hull = light.on(rgb(0xC0633F)), sail = light.on(rgb(0xFFF6E4));
  easel.box(-3, -150, 6, 122).fill_soft(light.on(rgb(0x7B5136)));
  easel.from({6, -148})
      .bend({44, -120}, {58, -84}, {56, -44})
      .to({6, -44})
      .close()
      .edge(darker(sail, 0.12), 1.5)
      .fill_soft(sail, 0.07);
  easel.from({-6, -130})
      .bend({-34, -104}, {-44, -76}, {-44, -44})
      .to({-6, -44})
      .close()
      .edge(darker(sail, 0.12), 1.5)
      .fill_soft(light.on(rgb(0xF6C98A)), 0.07);
  easel.corners({{0, -166}, {24, -158}, {0, -148}}).fill(light.on(rgb(0xE4572E)));
  easel.from({-74, -34})
      .to({76, -34})
      .bend({68, -4}, {44, 0}, {34, 0})
      .to({-40, 0})
      .bend({-60, 0}, {-70, -14}, {-74, -34})
      .close();
  easel.edge(darker(hull, 0.15), 2).fill_soft(hull, 0.09);
  easel.box(-78, -40, 158, 11, 5).fill_soft(light.on(rgb(0xF3E0BC)));
}

void balloon(Easel& easel, const Light& light) {
  const std::array inks{rgb(0xE4572E), rgb(0xFFF1D6), rgb(0xF6C445), rgb(0xFFF1D6), rgb(0x3FA7A0)};
  for (const double side : {-1.0, 1.0})
    easel.from({side * 34, 20}).to({side * 15, 74}).line(light.on(rgb(0x8A5B3C)), 2.4);
  const auto outline = [&] {
    easel.from({0, -92})
        .bend({76, -92}, {96, -10}, {36, 34})
        .to({-36, 34})
        .bend({-96, -10}, {-76, -92}, {0, -92})
        .close();
  };
  outline();
  easel.edge(light.on(rgb(0xA8402A)), 2).fill_soft(light.on(inks[0]), 0.08);
  {
    outline();
    const auto kept = easel.inside();
    for (int i = 0; i < 5; ++i) {
      const double x = (i - 2) * 32.0;
      easel.from({x * 0.1, -94})
          .bend({x * 1.5 - 20, -70}, {x * 1.5 - 20, -10}, {x * 0.7 - 8, 36})
          .to({x * 0.7 + 8, 36})
          .bend({x * 1.5 + 20, -10}, {x * 1.5 + 20, -70}, {x * 0.1, -94})
          .close();
      easel.fill_soft(light.on(inks[static_cast<std::size_t>(i)]), 0.07);
    }
    easel.oval({-30, -52}, 14, 28, 22).fill(rgb(0xFFFFFF).faded(0.35));
  }
  easel.box(-19, 72, 38, 28, 6).edge(light.on(rgb(0x6B4528)), 2).fill_soft(light.on(rgb(0xB07A45)), 0.08);
  easel.box(-22, 70, 44, 8, 4).fill_soft(light.on(rgb(0x8A5B3C)));
}

void rocket(Easel& easel, const Light& light) {
  const Ink body = light.on(rgb(0xF7F3EC)), red = light.on(rgb(0xE4572E));
  for (const double side : {-1.0, 1.0})
    easel.blob({{side * 24, -66}, {side * 58, -28}, {side * 56, 0}, {side * 24, -18}})
        .edge(darker(red, 0.15), 2)
        .fill_soft(red, 0.08);
  easel.from({0, -176})
      .bend({44, -136}, {46, -70}, {30, -14})
      .to({-30, -14})
      .bend({-46, -70}, {-44, -136}, {0, -176})
      .close()
      .edge(darker(body, 0.16), 2)
      .fill_soft(body, 0.08);
  easel.from({0, -176})
      .bend({20, -158}, {30, -140}, {35, -122})
      .bend({18, -114}, {-18, -114}, {-35, -122})
      .bend({-30, -140}, {-20, -158}, {0, -176})
      .close()
      .fill_soft(red, 0.08);
  easel.disc({0, -84}, 18).edge(darker(body, 0.2), 4).fill_soft(light.on(rgb(0x6FC0E8)), 0.1);
  easel.box(-31, -34, 62, 11, 4).fill_soft(light.on(rgb(0xF6C445)));
  easel.box(-20, -14, 40, 12, 4).fill_soft(light.on(rgb(0x6B7388)));
}

void tent(Easel& easel, const Light& light) {
  const Ink cloth = light.on(rgb(0xE9A23B));
  easel.corners({{0, -118}, {92, 0}, {-92, 0}}).edge(darker(cloth, 0.15), 2).fill_soft(cloth, 0.09);
  easel.from({0, -118}).bend({-6, -70}, {-22, -30}, {-36, 0}).to({36, 0}).bend({22, -30}, {6, -70}, {0, -118}).close();
  easel.fill_soft(light.dark ? rgb(0xFFDB8A) : darker(cloth, 0.28), 0.06);
  easel.from({0, -118})
      .bend({-16, -76}, {-46, -34}, {-66, 0})
      .to({-34, 0})
      .bend({-24, -30}, {-8, -74}, {0, -118})
      .close()
      .fill_soft(lighter(cloth, 0.06));
  easel.corners({{0, -140}, {24, -130}, {0, -120}}).fill(light.on(rgb(0xE4572E)));
}

void campfire(Easel& easel, const Light& light) {
  easel.glow({0, -40}, 190, rgb(0xFFB347).faded(light.dark ? 0.65 : 0.35));
  for (const double turn : {-22.0, 22.0}) {
    const auto kept = easel.at({0, -10}, 1, turn);
    easel.box(-54, -9, 108, 18, 9).edge(light.on(rgb(0x4E3220)), 2).fill_soft(light.on(rgb(0x8A5B3C)), 0.08);
  }
  easel.blob({{0, -122}, {22, -84}, {42, -54}, {30, -16}, {0, -8}, {-30, -16}, {-44, -50}, {-22, -76}})
      .fill_soft(rgb(0xF2763A), 0.06);
  easel.blob({{2, -92}, {20, -56}, {18, -24}, {0, -12}, {-20, -24}, {-22, -50}}).fill_soft(rgb(0xFBB13C), 0.05);
  easel.blob({{0, -58}, {10, -36}, {0, -16}, {-11, -34}}).fill(rgb(0xFFF0B0));
}

void snowman(Easel& easel, const Light& light) {
  const Ink snow = light.on(rgb(0xFBFDFF)), edge = darker(snow, 0.13), coal = rgb(0x35303F);
  for (const auto& [y, r] : {std::pair{-38.0, 42.0}, {-96.0, 30.0}, {-138.0, 23.0}})
    easel.disc({0, y}, r).edge(edge, 2).fill_soft(snow, 0.07);
  for (const double side : {-1.0, 1.0}) {
    easel.through({{side * 26, -100}, {side * 56, -122}, {side * 68, -118}}).line(light.on(rgb(0x7B5136)), 4);
    easel.disc({side * 8, -143}, 3.4).fill(coal);
  }
  easel.corners({{0, -138}, {26, -132}, {0, -130}}).fill_soft(light.on(rgb(0xF08A3C)));
  for (const double y : {-104.0, -90.0, -50.0}) easel.disc({0, y}, 3.6).fill(coal);
  easel.through({{-24, -118}, {0, -110}, {24, -118}}).line(light.on(rgb(0xE4572E)), 12);
  easel.box(-18, -190, 36, 32, 3).fill_soft(rgb(0x3E3A50));
  easel.box(-28, -164, 56, 9, 4).fill_soft(rgb(0x3E3A50));
}

void bicycle(Easel& easel, const Light& light) {
  const Ink frame = light.on(rgb(0x3FA7A0)), tyre = light.on(rgb(0x3E4150));
  for (const double x : {-48.0, 48.0}) {
    easel.disc({x, -34}, 32).line(tyre, 7);
    easel.disc({x, -34}, 27).line(light.on(rgb(0xDDE3E8)), 2);
    for (int i = 0; i < 4; ++i)
      easel.from(Point{x, -34} - heading(45.0 * i) * 26)
          .to(Point{x, -34} + heading(45.0 * i) * 26)
          .line(light.on(rgb(0xDDE3E8)), 1.4);
  }
  easel.from({-48, -34})
      .to({-18, -78})
      .to({34, -80})
      .to({-2, -34})
      .to({-48, -34})
      .from({-2, -34})
      .to({-22, -88})
      .from({48, -34})
      .to({30, -98})
      .line(frame, 7);
  easel.through({{20, -106}, {32, -100}, {48, -108}}).line(tyre, 6);
  easel.box(-40, -96, 36, 10, 5).fill_soft(light.on(rgb(0x8A5B3C)));
}

void telescope(Easel& easel, const Light& light) {
  for (const double x : {-36.0, 0.0, 36.0}) easel.from({0, -78}).to({x, 0}).line(light.on(rgb(0x8A5B3C)), 6);
  const auto kept = easel.at({0, -88}, 1, -32);
  easel.box(-60, -14, 78, 28, 5).edge(light.on(rgb(0x2F3F66)), 2).fill_soft(light.on(rgb(0x4A68A8)), 0.08);
  easel.box(14, -18, 46, 36, 5).edge(light.on(rgb(0x2F3F66)), 2).fill_soft(light.on(rgb(0x5E80C2)), 0.08);
  for (const double x : {-64.0, 10.0, 56.0}) easel.box(x, -19, 9, 38, 3).fill_soft(light.on(rgb(0xF3C54B)));
}

void treasure(Easel& easel, const Light& light) {
  const Ink wood = light.on(rgb(0xA8693A)), gold = light.on(rgb(0xF3C54B));
  easel.glow({0, -70}, 130, rgb(0xFFE27A).faded(0.6));
  easel.from({-66, -62})
      .to({-60, -96})
      .bend({-52, -128}, {52, -128}, {60, -96})
      .to({66, -62})
      .close()
      .edge(darker(wood, 0.15), 2)
      .fill_soft(darker(wood, 0.06), 0.08);
  for (int i = 0; i < 9; ++i)
    easel.oval({-48 + i * 12.0, -62 - (i % 3) * 8.0}, 13, 11).edge(darker(gold, 0.14), 1.5).fill_soft(gold, 0.08);
  easel.disc({-18, -76}, 11).fill_soft(light.on(rgb(0xE4577A)), 0.1);
  easel.disc({24, -74}, 10).fill_soft(light.on(rgb(0x5FC0E0)), 0.1);
  easel.box(-66, -60, 132, 60, 6).edge(darker(wood, 0.15), 2).fill_soft(wood, 0.08);
  for (const double x : {-50.0, 38.0}) easel.box(x, -62, 13, 62, 2).fill_soft(gold);
  easel.box(-68, -62, 136, 10, 3).fill_soft(gold);
  easel.box(-13, -58, 26, 30, 6).edge(darker(gold, 0.15), 1.5).fill_soft(gold);
  easel.disc({0, -46}, 4).fill(rgb(0x4A3022));
}

void kite(Easel& easel, const Light& light) {
  easel.through({{0, 62}, {-22, 96}, {10, 126}, {-14, 158}}).line(light.on(rgb(0xFFF6E4)), 3);
  for (const auto& [x, y] : {std::pair{-20.0, 94.0}, {8.0, 126.0}, {-12.0, 156.0}})
    easel.corners({{x - 13, y - 7}, {x + 13, y + 7}, {x + 13, y - 7}, {x - 13, y + 7}}).fill(light.on(rgb(0xF6C445)));
  const std::array<std::array<Point, 2>, 4> sides{
      {{{{0, -70}, {50, -8}}}, {{{50, -8}, {0, 62}}}, {{{0, 62}, {-50, -8}}}, {{{-50, -8}, {0, -70}}}}};
  const std::array inks{rgb(0xE4572E), rgb(0x3FA7A0), rgb(0xF6C445), rgb(0xEF86B0)};
  for (std::size_t i = 0; i < sides.size(); ++i)
    easel.corners({{0, -8}, sides[i][0], sides[i][1]})
        .edge(rgb(0xFFFAF0).faded(0.8), 1.5)
        .fill_soft(light.on(inks[i]), 0.06);
}

}  // namespace

void draw_large_thing(Easel& easel, const Light& light, Prop prop) {
  switch (prop) {
    case Prop::boat:
      return boat(easel, light);
    case Prop::balloon:
      return balloon(easel, light);
    case Prop::rocket:
      return rocket(easel, light);
    case Prop::tent:
      return tent(easel, light);
    case Prop::campfire:
      return campfire(easel, light);
    case Prop::snowman:
      return snowman(easel, light);
    case Prop::rainbow:
      return draw_rainbow(easel, light, {0, 20}, 116);
    case Prop::bicycle:
      return bicycle(easel, light);
    case Prop::telescope:
      return telescope(easel, light);
    case Prop::treasure:
      return treasure(easel, light);
    case Prop::kite:
      return kite(easel, light);
    default:
      return draw_moon(easel, {}, 66, rgb(0xFFF1C0), light.sky);
  }
}

}  // namespace odeon::storybook
