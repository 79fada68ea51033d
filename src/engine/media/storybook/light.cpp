#include "engine/media/storybook/light.hpp"

namespace odeon::storybook {
namespace {

void set_hour(Light& light, Daytime time) {
  switch (time) {
    case Daytime::day:
      light = {.zenith = rgb(0x5FB4E5),
               .sky = rgb(0xA5DAF2),
               .horizon = rgb(0xFDF3D6),
               .haze = rgb(0xCDE7EE),
               .glow = rgb(0xFFF4C4),
               .veil = rgb(0xFFF0C8),
               .veiled = 0.04,
               .cloud = rgb(0xFFFFFF),
               .cloud_shade = rgb(0xC9DFEE)};
      break;
    case Daytime::dawn:
      light = {.zenith = rgb(0x8FA9E0),
               .sky = rgb(0xF3B9C4),
               .horizon = rgb(0xFFE7B3),
               .haze = rgb(0xF6D2CC),
               .glow = rgb(0xFFE59A),
               .veil = rgb(0xF7B7A6),
               .veiled = 0.14,
               .cloud = rgb(0xFFE9E4),
               .cloud_shade = rgb(0xD9A9C6)};
      break;
    case Daytime::dusk:
      light = {.zenith = rgb(0x4B3F86),
               .sky = rgb(0xC0629A),
               .horizon = rgb(0xFFB562),
               .haze = rgb(0xD98A97),
               .glow = rgb(0xFFC46B),
               .veil = rgb(0x7A3F7E),
               .veiled = 0.24,
               .cloud = rgb(0xF59A8B),
               .cloud_shade = rgb(0x8A4F93)};
      break;
    case Daytime::night:
      light = {.zenith = rgb(0x141B4D),
               .sky = rgb(0x2B3C86),
               .horizon = rgb(0x6C7FC4),
               .haze = rgb(0x4A5CA6),
               .glow = rgb(0xFFF3C9),
               .veil = rgb(0x1C2766),
               .veiled = 0.46,
               .cloud = rgb(0x5D6DB3),
               .cloud_shade = rgb(0x35438A),
               .dark = true};
      break;
  }
}

void set_season(Light& light, Season season) {
  switch (season) {
    case Season::summer:
      light.leaves = rgb(0x6FAE4A), light.leaves_deep = rgb(0x2F7A52), light.blossom = rgb(0xFFD04F);
      light.grass = rgb(0x9CCB5A), light.grass_deep = rgb(0x4C9A55), light.soil = rgb(0xD9B382);
      break;
    case Season::spring:
      light.leaves = rgb(0xA3D06B), light.leaves_deep = rgb(0x5DAA6B), light.blossom = rgb(0xF7A8C4);
      light.grass = rgb(0xB7DC70), light.grass_deep = rgb(0x6DB768), light.soil = rgb(0xDDBE93);
      break;
    case Season::autumn:
      light.leaves = rgb(0xE8953A), light.leaves_deep = rgb(0xB5502F), light.blossom = rgb(0xC9423A);
      light.grass = rgb(0xD0BC5C), light.grass_deep = rgb(0x9A9148), light.soil = rgb(0xC4935F);
      break;
    case Season::winter:
      light.leaves = rgb(0xE4EEF5), light.leaves_deep = rgb(0x6E98A8), light.blossom = rgb(0xC94F5A);
      light.grass = rgb(0xF4F8FB), light.grass_deep = rgb(0xC7DBEA), light.soil = rgb(0xD8DDE8);
      break;
  }
}

void set_weather(Light& light, Weather weather) {
  if (weather == Weather::clear || weather == Weather::wind) return;
  const Ink grey = light.dark ? rgb(0x38447A) : weather == Weather::rain ? rgb(0x7E94AA) : rgb(0xD5DEE6);
  const double share = weather == Weather::rain ? 0.64 : weather == Weather::fog ? 0.60 : 0.50;
  for (Ink* ink : {&light.zenith, &light.sky, &light.horizon, &light.haze, &light.cloud, &light.cloud_shade})
    *ink = mix(*ink, grey, share);
  light.cloud = mix(light.cloud, rgb(0xFFFFFF), light.dark ? 0.05 : 0.25);
  light.veil = mix(light.veil, grey, 0.5);
  light.veiled += 0.06;
}

}  // namespace

Light Light::of(Daytime time, Season season, Weather weather) {
  Light light;
  set_hour(light, time);
  set_season(light, season);
  set_weather(light, weather);
  return light;
}

Ink Light::on(Ink ink, double far) const {
  return mix(mix(ink, veil, veiled), haze, far);
}

Ink Light::on_child(Ink ink) const {
  return mix(ink, veil, veiled * 0.28);
}

}  // namespace odeon::storybook
