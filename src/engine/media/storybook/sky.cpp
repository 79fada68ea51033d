#include "engine/media/storybook/sky.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace odeon::storybook {

void draw_star(Easel& easel, Point middle, double radius, Ink ink, double turn) {
  std::array<Point, 10> points;
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i] = middle + heading(180 + turn + 36.0 * static_cast<double>(i)) * (i % 2 ? radius * 0.52 : radius);
  easel.from(points[0]);
  for (std::size_t i = 1; i < points.size(); ++i) easel.to(points[i]);
  easel.close().edge(ink, radius * 0.14).fill_soft(ink, 0.06);
}

void draw_stars(Easel& easel, double bottom, int count, Chance& chance) {
  for (int i = 0; i < count; ++i) {
    const Point place{chance.between(0, easel.width()), chance.between(0, bottom) * chance.between(0.5, 1)};
    const double size = chance.between(1.2, 3.6);
    const Ink ink = chance.once_in(4) ? rgb(0xFFE6A8) : rgb(0xF4F6FF);
    if (chance.once_in(7)) {
      easel.glow(place, size * 7, ink.faded(0.35));
      easel.corners({place + Point{0, -size * 3}, place + Point{size * 0.6, -size * 0.6}, place + Point{size * 3, 0},
                     place + Point{size * 0.6, size * 0.6}, place + Point{0, size * 3},
                     place + Point{-size * 0.6, size * 0.6}, place + Point{-size * 3, 0},
                     place + Point{-size * 0.6, -size * 0.6}});
    } else {
      easel.disc(place, size);
    }
    easel.fill(ink.faded(chance.between(0.5, 1)));
  }
}

void draw_moon(Easel& easel, Point middle, double radius, Ink ink, Ink behind) {
  easel.glow(middle, radius * 3.4, ink.faded(0.42));
  easel.disc(middle, radius).fill_soft(ink, 0.05);
  const Ink crater = darker(ink, 0.06);
  for (const auto& [x, y, r] :
       {std::array{-0.30, -0.25, 0.20}, {0.32, 0.12, 0.27}, {-0.22, 0.42, 0.14}, {0.2, -0.5, 0.1}})
    easel.oval(middle + Point{x, y} * radius, r * radius, r * radius * 0.86).fill(mix(crater, behind, 0.08));
}

void draw_rainbow(Easel& easel, const Light& light, Point foot, double radius) {
  const std::array inks{rgb(0xEE6A5B), rgb(0xF7A04B), rgb(0xF9DB64), rgb(0x7CC874), rgb(0x5BA8E0), rgb(0x9A7BD6)};
  const double band = radius * 0.06;
  for (std::size_t i = 0; i < inks.size(); ++i) {
    const double r = radius - band * static_cast<double>(i);
    easel.from(foot - Point{r, 0}).bend(foot + Point{-r, -r * 1.33}, foot + Point{r, -r * 1.33}, foot + Point{r, 0});
    easel.line(mix(inks[i], light.sky, light.dark ? 0.45 : 0.12).faded(0.62), band * 1.03);
  }
}

bool is_under_the_sky(Setting setting) {
  switch (setting) {
    case Setting::forest:
    case Setting::cave:
    case Setting::underwater:
    case Setting::space:
    case Setting::bedroom:
    case Setting::school:
    case Setting::kitchen:
    case Setting::library:
      return false;
    default:
      return true;
  }
}

void draw_cloud(Easel& easel, Point middle, double width, Ink lit, Ink shade, Chance& chance) {
  const int puffs = 5;
  std::vector<std::pair<Point, double>> parts;
  for (int i = 0; i < puffs; ++i) {
    const double at = (i + 0.5) / puffs - 0.5;
    const double tall = width * (0.10 + 0.15 * (1 - 4 * at * at)) * chance.between(0.8, 1.2);
    parts.push_back({middle + Point{at * width * 0.86, -tall * 0.62}, tall});
  }
  const double base = width * 0.07;
  const auto shape = [&](double grown, Point moved) {
    for (const auto& [at, r] : parts) easel.disc(at + moved, r * grown);
    easel.box(middle.x - width * 0.46 + moved.x, middle.y - base * 1.6 + moved.y, width * 0.92, base * 2, base);
  };
  shape(1, {});
  easel.fill(shade);
  {
    shape(1, {});
    const auto kept = easel.inside();
    shape(0.95, {-width * 0.018, -width * 0.035});
    easel.fill(mix(lit, shade, 0.35));
    shape(0.86, {-width * 0.035, -width * 0.06});
    easel.fill(lit);
  }
}

void draw_sky(Easel& easel, const Light& light, const Scene& scene, double horizon, Chance chance) {
  easel.rows(-2, horizon * 0.55, light.zenith, light.sky);
  easel.rows(horizon * 0.55 - 1, horizon + 2, light.sky, light.horizon);
  easel.box(-2, horizon, easel.width() + 4, 1002 - horizon).fill(light.horizon);
  const bool covered =
      scene.weather == Weather::rain || scene.weather == Weather::fog || scene.weather == Weather::snow;
  const double side = chance.once_in(2) ? 0.22 : 0.78;
  const Point lamp{easel.width() * (side + chance.between(-0.06, 0.06)),
                   horizon * (scene.time == Daytime::day || light.dark ? 0.27 : 0.80) + chance.between(-20, 20)};
  if (light.dark) {
    draw_stars(easel, horizon * 0.9, covered ? 25 : 120, chance);
    draw_moon(easel, lamp, 62, covered ? mix(light.glow, light.sky, 0.4) : light.glow, light.sky);
  } else if (!covered) {
    easel.glow(lamp, 430, light.glow.faded(0.75));
    easel.disc(lamp, 118).fill(light.glow.faded(0.28));
    easel.disc(lamp, 88).fill(light.glow.faded(0.40));
    easel.disc(lamp, 62).fill_soft(mix(light.glow, rgb(0xFFC94A), 0.45), 0.04);
  }
  if (std::ranges::find(scene.props, Prop::rainbow) != scene.props.end())
    draw_rainbow(easel, light, {easel.width() * 0.5, horizon + 40}, std::min(easel.width() * 0.46, horizon * 0.95));
  const int clouds = covered ? 7 : 4;
  for (int i = 0; i < clouds; ++i) {
    const double far = static_cast<double>(i) / clouds;
    const Point middle{easel.width() * (chance.between(-0.05, 1.05) * 0.5 + (i % 2 ? 0.5 : 0.0)),
                       horizon * (0.72 - far * 0.58) + chance.between(-25, 25)};
    const double width = (covered ? 300 : 190) * (0.55 + far * 0.8) * chance.between(0.8, 1.2);
    const double thin = covered ? 0.95 : scene.weather == Weather::wind ? 0.8 : 0.9;
    draw_cloud(easel, middle, width, mix(light.cloud, light.horizon, 0.35 * (1 - far)).faded(thin),
               mix(light.cloud_shade, light.horizon, 0.35 * (1 - far)).faded(thin), chance);
  }
}

}  // namespace odeon::storybook
