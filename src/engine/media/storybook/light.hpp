// The light of a picture: by time of day, season and weather. It keeps the colours of a picture few and in harmony.
#pragma once

#include "engine/media/storybook/ink.hpp"
#include "engine/media/storybook/scene.hpp"

namespace odeon::storybook {

struct Light {
  Ink zenith, sky, horizon;  // from top to bottom
  Ink haze;                  // what far things fade into
  Ink glow;                  // of the sun or moon, and of lit edges
  Ink veil;                  // what everything near is tinted with
  double veiled = 0;         // how much of it, 0–1
  Ink cloud, cloud_shade;
  bool dark = false;  // lamps and stars are lit
  Ink leaves, leaves_deep, blossom, grass, grass_deep, soil;

  static Light of(Daytime time, Season season, Weather weather);
  // A colour of daylight as it looks here, `far` from 0 (near) to 1 (lost in haze).
  Ink on(Ink ink, double far = 0) const;
  // On whoever the picture is about: colours stay true enough to be recognised.
  Ink on_child(Ink ink) const;
};

}  // namespace odeon::storybook
