#include <array>

#include "engine/media/storybook/props.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

void book(Easel& easel, const Light& light) {
  const Ink cover = light.on(rgb(0x8E4FA0)), page = light.on(rgb(0xFFF8E6));
  easel.corners({{-70, -10}, {-62, -58}, {0, -46}, {62, -58}, {70, -10}, {0, 4}})
      .edge(darker(cover, 0.14), 3)
      .fill_soft(cover);
  for (const double side : {-1.0, 1.0}) {
    easel.from({0, -44})
        .bend({side * 20, -66}, {side * 44, -66}, {side * 60, -60})
        .to({side * 66, -18})
        .bend({side * 44, -26}, {side * 18, -22}, {0, -4})
        .close()
        .edge(darker(page, 0.12), 1.5)
        .fill_soft(page, 0.05);
    for (const double y : {-50.0, -42.0, -34.0})
      easel.from({side * 14, y + 4})
          .bend({side * 26, y - 4}, {side * 40, y - 4}, {side * 54, y})
          .line(darker(page, 0.25).faded(0.7), 2.4);
  }
}

void lantern(Easel& easel, const Light& light) {
  const Ink brass = light.on(rgb(0x9A6A3A));
  easel.glow({0, -52}, 150, rgb(0xFFD873).faded(light.dark ? 0.75 : 0.35));
  easel.from({-26, -98}).bend({-26, -142}, {26, -142}, {26, -98}).line(brass, 5);
  easel.corners({{-22, -100}, {22, -100}, {34, -84}, {-34, -84}}).fill_soft(brass, 0.08);
  easel.box(-28, -84, 56, 66, 8).edge(darker(brass, 0.1), 3).fill_down(rgb(0xFFF3C0), rgb(0xFFC65A));
  easel.blob({{0, -72}, {9, -50}, {0, -34}, {-9, -50}}).fill(rgb(0xF2843A));
  easel.box(-34, -20, 68, 20, 6).fill_soft(brass, 0.08);
}

void umbrella(Easel& easel, const Light& light) {
  const Ink red = light.on(rgb(0xE4572E));
  easel.from({0, -120}).to({0, -16}).bend({0, 4}, {-24, 4}, {-24, -14}).line(light.on(rgb(0x7B5136)), 6);
  const std::array edges{-76.0, -28.0, 28.0, 76.0};
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    easel.from({0, -136})
        .bend({edges[i] * 0.7, -132}, {edges[i], -104}, {edges[i], -74})
        .bend({edges[i] * 0.7 + edges[i + 1] * 0.3, -84}, {edges[i] * 0.3 + edges[i + 1] * 0.7, -84},
              {edges[i + 1], -74});
    easel.bend({edges[i + 1], -104}, {edges[i + 1] * 0.7, -132}, {0, -136})
        .close()
        .fill_soft(i == 1 ? lighter(red, 0.07) : red, 0.08);
  }
}

void ball(Easel& easel, const Light& light) {
  const auto outline = [&] { easel.disc({0, -40}, 40); };
  outline();
  easel.edge(light.on(rgb(0x9E3A2A)), 2).fill_soft(light.on(rgb(0xFFF6E6)), 0.08);
  outline();
  const auto kept = easel.inside();
  const std::array inks{rgb(0xE4572E), rgb(0xF6C445), rgb(0x3E7CC4)};
  for (std::size_t i = 0; i < 3; ++i) {
    const double turn = 120.0 * static_cast<double>(i);
    easel.from({-6, -46})
        .to(Point{-6, -46} + heading(turn) * 70)
        .to(Point{-6, -46} + heading(turn + 58) * 70)
        .close()
        .fill_soft(light.on(inks[i]), 0.08);
  }
  easel.oval({-16, -60}, 12, 8, -30).fill(rgb(0xFFFFFF).faded(0.55));
}

void cake(Easel& easel, const Light& light) {
  const Ink sponge = light.on(rgb(0xF2C48D)), icing = light.on(rgb(0xF7B6CC));
  easel.oval({0, -6}, 82, 14).fill_soft(light.on(rgb(0xE9EEF2)));
  easel.box(-62, -56, 124, 50, 12).fill_soft(sponge, 0.08);
  easel.box(-44, -98, 88, 44, 12).fill_soft(sponge, 0.08);
  for (const auto& [half, y] : {std::pair{62.0, -60.0}, {44.0, -102.0}}) {
    easel.from({-half - 2, y + 8}).bend({-half - 2, y - 8}, {half + 2, y - 8}, {half + 2, y + 8});
    for (double x = half; x > -half; x -= half / 2.5)
      easel.bend({x, y + 28}, {x - half / 2.5 + 4, y + 28}, {x - half / 2.5, y + 12});
    easel.close().fill_soft(icing, 0.05);
  }
  for (int i = -1; i <= 1; ++i) {
    easel.box(i * 26.0 - 4, -132, 8, 30, 3).fill_soft(light.on(i ? rgb(0x4FA3D8) : rgb(0xF6C445)));
    easel.glow({i * 26.0, -142}, 24, rgb(0xFFD873).faded(0.8));
    easel.blob({{i * 26.0, -154}, {i * 26.0 + 5, -142}, {i * 26.0, -134}, {i * 26.0 - 5, -142}}).fill(rgb(0xFFB03A));
  }
  for (int i = 0; i < 7; ++i)
    easel.disc({-48 + i * 16.0, -28 - (i % 2) * 8.0}, 4.5).fill(light.on(i % 2 ? rgb(0xE4572E) : rgb(0xFFFFFF)));
}

void gift(Easel& easel, const Light& light) {
  const Ink paper = light.on(rgb(0x4FA3B8)), ribbon = light.on(rgb(0xF6C445));
  easel.box(-52, -74, 104, 74, 5).edge(darker(paper, 0.15), 2).fill_soft(paper, 0.09);
  easel.box(-58, -92, 116, 26, 5).edge(darker(paper, 0.15), 2).fill_soft(lighter(paper, 0.04), 0.07);
  easel.box(-11, -92, 22, 92).fill_soft(ribbon);
  for (const double side : {-1.0, 1.0})
    easel.blob({{0, -94}, {side * 40, -128}, {side * 50, -104}}).edge(darker(ribbon, 0.14), 2).fill_soft(ribbon, 0.08);
  easel.oval({0, -98}, 11, 10).edge(darker(ribbon, 0.14), 2).fill_soft(ribbon);
}

void flowers(Easel& easel, const Light& light) {
  const std::array inks{rgb(0xF28AA5), rgb(0xF6C445), rgb(0xA98AE0), rgb(0xE4572E), rgb(0xFFFFFF)};
  const std::array<Point, 5> heads{{{-40, -92}, {-16, -120}, {14, -102}, {38, -118}, {54, -82}}};
  for (const Point head : heads)
    easel.from({0, -20}).bend({0, -50}, head + Point{0, 30}, head).line(light.on(rgb(0x4E9250)), 5);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    for (int petal = 0; petal < 5; ++petal) easel.disc(heads[i] + heading(72.0 * petal) * 13, 11);
    easel.edge(darker(light.on(inks[i]), 0.10), 1.5).fill_soft(light.on(inks[i]), 0.07);
    easel.disc(heads[i], 8).fill_soft(light.on(rgb(0xFFDB6E)));
  }
  easel.corners({{-34, -52}, {34, -52}, {24, 0}, {-24, 0}})
      .edge(light.on(rgb(0x9A5030)), 2)
      .fill_soft(light.on(rgb(0xD9804F)), 0.09);
  easel.box(-40, -62, 80, 16, 5).fill_soft(light.on(rgb(0xE0905F)), 0.07);
}

void key(Easel& easel, const Light& light) {
  const Ink gold = light.on(rgb(0xF3C54B));
  easel.glow({0, -50}, 90, rgb(0xFFE9A6).faded(0.6));
  const auto kept = easel.at({0, -50}, 1, 35);
  easel.disc({-36, 0}, 22).line(darker(gold, 0.15), 17);
  easel.disc({-36, 0}, 22).line(gold, 12);
  easel.corners({{-14, -7}, {58, -7}, {58, 24}, {46, 24}, {46, 7}, {38, 7}, {38, 19}, {26, 19}, {26, 7}, {-14, 7}})
      .edge(darker(gold, 0.15), 2.5)
      .fill_soft(gold, 0.08);
}

void map(Easel& easel, const Light& light) {
  const Ink paper = light.on(rgb(0xF3E0B3));
  easel.blob({{-76, -84}, {-30, -92}, {24, -84}, {74, -94}, {78, -14}, {28, -4}, {-26, -12}, {-78, -2}})
      .edge(darker(paper, 0.18), 2)
      .fill_soft(paper, 0.08);
  for (const auto& [x, y] : {std::pair{-52.0, -26.0}, {-34.0, -40.0}, {-14.0, -42.0}, {4.0, -34.0}, {22.0, -40.0}})
    easel.oval({x, y}, 6, 3.4, -15).fill(light.on(rgb(0xB5483A)));
  easel.from({36, -66}).to({56, -46}).from({56, -66}).to({36, -46}).line(light.on(rgb(0xD0382E)), 7);
  easel.blob({{-58, -66}, {-36, -76}, {-22, -64}, {-40, -56}}).fill(light.on(rgb(0x8FB86B)));
}

void crown(Easel& easel, const Light& light) {
  const Ink gold = light.on(rgb(0xF3C54B));
  easel.glow({0, -30}, 110, rgb(0xFFE9A6).faded(0.5));
  easel.corners({{-54, 0}, {-64, -66}, {-30, -36}, {0, -82}, {30, -36}, {64, -66}, {54, 0}})
      .edge(darker(gold, 0.15), 3)
      .fill_soft(gold, 0.09);
  for (const auto& [x, y] : {std::pair{-64.0, -68.0}, {0.0, -84.0}, {64.0, -68.0}})
    easel.disc({x, y}, 9).fill_soft(lighter(gold, 0.07));
  for (const auto& [x, ink] : {std::pair{-30.0, rgb(0x4FA3D8)}, {0.0, rgb(0xE4577A)}, {30.0, rgb(0x6FBF6A)}})
    easel.disc({x, -16}, 8).fill_soft(light.on(ink), 0.1);
}

void wand(Easel& easel, const Light& light) {
  const auto kept = easel.at({0, -50}, 1, 30);
  easel.box(-5, -30, 10, 92, 5).edge(light.on(rgb(0x3E2A52)), 1.5).fill_soft(light.on(rgb(0x6B4A8A)), 0.08);
  easel.glow({0, -48}, 90, rgb(0xFFE27A).faded(0.7));
  draw_star(easel, {0, -48}, 32, rgb(0xFFD857), 0);
  for (const auto& [x, y] : {std::pair{44.0, -70.0}, {-46.0, -64.0}, {38.0, -14.0}})
    draw_star(easel, {x, y}, 9, rgb(0xFFF0B0), 12);
}

void heart(Easel& easel, const Light& light) {
  const Ink red = light.on(rgb(0xE8506A));
  easel.glow({0, -20}, 110, rgb(0xFFB3C0).faded(0.5));
  easel.from({0, 50})
      .bend({-84, -8}, {-62, -84}, {0, -38})
      .bend({62, -84}, {84, -8}, {0, 50})
      .close()
      .edge(darker(red, 0.14), 2)
      .fill_soft(red, 0.09);
  easel.oval({-28, -34}, 11, 15, 30).fill(rgb(0xFFFFFF).faded(0.5));
}

void apple(Easel& easel, const Light& light) {
  const Ink red = light.on(rgb(0xDB4C3F));
  easel.through({{0, -70}, {4, -88}, {14, -98}}).line(light.on(rgb(0x7B5136)), 6);
  easel.blob({{8, -88}, {36, -106}, {44, -88}, {22, -80}}).fill_soft(light.on(rgb(0x6FA84F)));
  easel.blob({{0, -70}, {32, -80}, {48, -48}, {32, -8}, {0, -4}, {-32, -8}, {-48, -48}, {-32, -80}})
      .edge(darker(red, 0.14), 2)
      .fill_soft(red, 0.10);
  easel.oval({-22, -54}, 8, 14, 20).fill(rgb(0xFFFFFF).faded(0.5));
}

void shell(Easel& easel, const Light& light) {
  const Ink pink = light.on(rgb(0xF6B8A6));
  easel.from({-16, 0})
      .bend({-90, -40}, {-60, -100}, {0, -100})
      .bend({60, -100}, {90, -40}, {16, 0})
      .close()
      .edge(darker(pink, 0.15), 2)
      .fill_soft(pink, 0.09);
  for (const double turn : {-48.0, -24.0, 0.0, 24.0, 48.0})
    easel.from({0, -4}).to(Point{0, -4} + heading(180 + turn) * 86).line(darker(pink, 0.10).faded(0.8), 3.4);
  easel.box(-20, -12, 40, 13, 5).fill_soft(darker(pink, 0.04));
}

void teddy(Easel& easel, const Light& light) {
  const Ink fur = light.on(rgb(0xC9915A)), pale = light.on(rgb(0xF0D3A8)), edge = darker(fur, 0.14);
  for (const double side : {-1.0, 1.0}) {
    easel.disc({side * 30, -112}, 15).edge(edge, 2).fill_soft(fur);
    easel.oval({side * 40, -52}, 14, 24, side * -38).edge(edge, 2).fill_soft(fur);
    easel.oval({side * 26, -14}, 19, 16).edge(edge, 2).fill_soft(fur);
    easel.disc({side * 28, -13}, 9).fill(pale);
  }
  easel.oval({0, -40}, 36, 38).edge(edge, 2).fill_soft(fur, 0.08);
  easel.oval({0, -38}, 21, 23).fill_soft(pale);
  easel.oval({0, -92}, 38, 34).edge(edge, 2).fill_soft(fur, 0.07);
  easel.oval({0, -82}, 18, 14).fill_soft(pale);
  easel.oval({0, -88}, 7, 5).fill(rgb(0x3A2A26));
  for (const double side : {-1.0, 1.0}) easel.disc({side * 15, -99}, 4.5).fill(rgb(0x2B2024));
  easel.from({-6, -76}).bend({-3, -72}, {3, -72}, {6, -76}).line(rgb(0x5A3A30), 2.6);
}

void drum(Easel& easel, const Light& light) {
  const Ink red = light.on(rgb(0xD9534A)), gold = light.on(rgb(0xF3C54B)), skin = light.on(rgb(0xFFF6E4));
  easel.box(-56, -70, 112, 66, 10).edge(darker(red, 0.15), 2).fill_soft(red, 0.09);
  for (int i = 0; i < 4; ++i)
    easel.from({-52 + i * 28.0, -62}).to({-38 + i * 28.0, -12}).to({-24 + i * 28.0, -62}).line(skin, 3);
  easel.box(-60, -18, 120, 14, 6).fill_soft(gold);
  easel.oval({0, -70}, 60, 16).edge(darker(gold, 0.1), 4).fill_soft(skin, 0.05);
  for (const double side : {-1.0, 1.0}) {
    easel.from({side * 14, -78}).to({side * 56, -128}).line(light.on(rgb(0xA8713F)), 6);
    easel.disc({side * 13, -79}, 8).fill_soft(light.on(rgb(0xC98A4B)));
  }
}

void mushroom(Easel& easel, const Light& light) {
  easel.band({{0, -4}, {0, -50}}, {44, 32}).edge(light.on(rgb(0xC9B497)), 2).fill_soft(light.on(rgb(0xFBF0DC)), 0.06);
  const Ink red = light.on(rgb(0xDB4C3F));
  easel.from({-66, -46})
      .bend({-62, -126}, {62, -126}, {66, -46})
      .bend({26, -32}, {-26, -32}, {-66, -46})
      .close()
      .edge(darker(red, 0.14), 2)
      .fill_soft(red, 0.09);
  for (const auto& [x, y, r] :
       {std::tuple{-30.0, -66.0, 10.0}, {4.0, -88.0, 12.0}, {36.0, -62.0, 9.0}, {0.0, -54.0, 6.0}})
    easel.oval({x, y}, r, r * 0.82).fill(light.on(rgb(0xFFFAF0)));
}

}  // namespace

void draw_small_thing(Easel& easel, const Light& light, Prop prop) {
  switch (prop) {
    case Prop::book:
      return book(easel, light);
    case Prop::lantern:
      return lantern(easel, light);
    case Prop::umbrella:
      return umbrella(easel, light);
    case Prop::ball:
      return ball(easel, light);
    case Prop::cake:
      return cake(easel, light);
    case Prop::gift:
      return gift(easel, light);
    case Prop::flowers:
      return flowers(easel, light);
    case Prop::key:
      return key(easel, light);
    case Prop::map:
      return map(easel, light);
    case Prop::crown:
      return crown(easel, light);
    case Prop::wand:
      return wand(easel, light);
    case Prop::heart:
      return heart(easel, light);
    case Prop::apple:
      return apple(easel, light);
    case Prop::shell:
      return shell(easel, light);
    case Prop::teddy:
      return teddy(easel, light);
    case Prop::drum:
      return drum(easel, light);
    case Prop::mushroom:
      return mushroom(easel, light);
    default:
      easel.glow({}, 130, rgb(0xFFE9A6).faded(0.6));
      draw_star(easel, {}, 62, rgb(0xFFD857), 8);
  }
}

}  // namespace odeon::storybook
