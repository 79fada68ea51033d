#include "engine/media/storybook/creatures.hpp"

namespace odeon::storybook {

bool floats(Companion companion, Setting setting) {
  switch (companion) {
    case Companion::bird:
    case Companion::butterfly:
    case Companion::fish:
    case Companion::whale:
      return true;
    case Companion::turtle:
    case Companion::dragon:
      return setting == Setting::underwater || setting == Setting::clouds;
    default:
      return false;
  }
}

void draw_creature_eye(Easel& easel, Point at, double size, Ink iris) {
  easel.oval(at, size, size * 1.16).fill(rgb(0x241A26));
  easel.oval(at + Point{0, size * 0.22}, size * 0.72, size * 0.74).fill_down(darker(iris, 0.22), iris);
  easel.oval(at + Point{0, size * 0.05}, size * 0.46, size * 0.52).fill(rgb(0x170F1A));
  easel.disc(at + Point{-size * 0.28, -size * 0.38}, size * 0.34).fill(rgb(0xFFFFFF));
  easel.disc(at + Point{size * 0.34, size * 0.42}, size * 0.15).fill(rgb(0xFFFFFF).faded(0.85));
}

void draw_creature(Stage& stage, Companion companion, Point at, double scale, double facing) {
  Easel& easel = stage.easel;
  if (floats(companion, stage.scene.setting))
    at = at + Point{0, companion == Companion::butterfly ? -330.0 : companion == Companion::bird ? -300.0 : -230.0};
  const auto kept = facing > 0 ? easel.at(at, scale) : easel.mirrored(at, scale);
  switch (companion) {
    case Companion::dog:
    case Companion::cat:
    case Companion::fox:
    case Companion::rabbit:
    case Companion::bear:
    case Companion::mouse:
    case Companion::lion:
    case Companion::elephant:
      draw_furry(easel, stage.light, companion);
      break;
    case Companion::owl:
    case Companion::bird:
    case Companion::butterfly:
    case Companion::dragon:
      draw_winged(easel, stage.light, companion);
      break;
    default:
      draw_other(easel, stage.light, companion);
  }
}

}  // namespace odeon::storybook
