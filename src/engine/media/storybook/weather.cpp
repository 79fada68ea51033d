#include "engine/media/storybook/weather.hpp"

namespace odeon::storybook {
namespace {

void rain(Stage& stage) {
  for (int i = 0; i < 130; ++i) {
    const Point at{stage.chance.between(-40, stage.width() + 80), stage.chance.between(-30, 1000)};
    const double tall = stage.chance.between(16, 46);
    stage.easel.from(at).to(at + Point{-tall * 0.28, tall});
  }
  stage.easel.line(rgb(0xEAF6FF).faded(0.7), 2.8);
  for (int i = 0; i < 22; ++i)
    stage.easel.oval({stage.chance.between(0, stage.width()), stage.chance.between(800, 985)},
                     stage.chance.between(8, 22), 4);
  stage.easel.line(rgb(0xEAF6FF).faded(0.5), 2);
}

void snow(Stage& stage) {
  for (const auto& [count, size, cover] : {std::tuple{90, 2.6, 0.75}, {50, 4.6, 0.9}, {16, 8.5, 0.75}}) {
    for (int i = 0; i < count; ++i)
      stage.easel.disc({stage.chance.between(0, stage.width()), stage.chance.between(0, 1000)},
                       size * stage.chance.between(0.6, 1.2));
    stage.easel.fill(rgb(0xFFFFFF).faded(cover));
  }
}

void wind(Stage& stage) {
  Easel& easel = stage.easel;
  for (int i = 0; i < 6; ++i) {
    const Point at{stage.chance.between(0, stage.width() * 0.8), stage.chance.between(120, 640)};
    const double wide = stage.chance.between(140, 260);
    easel.from(at).bend(at + Point{wide * 0.4, -24}, at + Point{wide * 0.7, 20}, at + Point{wide, -6});
    easel.bend(at + Point{wide + 44, -34}, at + Point{wide + 14, -62}, at + Point{wide - 8, -36});
    easel.line(rgb(0xFFFFFF).faded(0.55), 4.5);
  }
  for (int i = 0; i < 16; ++i) {
    const Point at{stage.chance.between(0, stage.width()), stage.chance.between(160, 900)};
    const double size = stage.chance.between(7, 13), turn = stage.chance.between(0, 180);
    easel.oval(at, size, size * 0.45, turn)
        .fill(stage.light.on(stage.chance.once_in(2) ? stage.light.leaves : stage.light.blossom));
  }
}

void fog(Stage& stage) {
  const Ink mist = mix(stage.light.haze, rgb(0xFFFFFF), stage.light.dark ? 0.12 : 0.45);
  for (int i = 0; i < 5; ++i) {
    const double y = 470 + i * 105 + stage.chance.between(-20, 20), x = stage.width() * stage.chance.between(0.1, 0.9);
    stage.easel.box(x - stage.width() * 0.8, y, stage.width() * 1.6, 46, 23).fill(mist.faded(0.20));
    stage.easel.box(x - stage.width() * 0.5, y - 22, stage.width() * 0.9, 40, 20).fill(mist.faded(0.18));
  }
  stage.easel.rows(-2, 1002, mist.faded(0.14), mist.faded(0.30));
}

// Petals in spring, leaves in autumn, even on a still day.
void drifting(Stage& stage) {
  if (stage.scene.season != Season::spring && stage.scene.season != Season::autumn) return;
  const bool spring = stage.scene.season == Season::spring;
  for (int i = 0; i < 22; ++i) {
    const Point at{stage.chance.between(0, stage.width()), stage.chance.between(60, 930)};
    const double size = stage.chance.between(5, spring ? 9 : 13);
    stage.easel.oval(at, size, size * 0.52, stage.chance.between(0, 180))
        .fill(stage.light.on(stage.chance.once_in(3) && !spring ? stage.light.blossom
                             : spring                           ? stage.light.blossom
                                                                : stage.light.leaves));
  }
}

}  // namespace

void draw_weather(Stage& stage) {
  switch (stage.scene.weather) {
    case Weather::clear:
      drifting(stage);
      break;
    case Weather::rain:
      rain(stage);
      break;
    case Weather::snow:
      snow(stage);
      break;
    case Weather::wind:
      wind(stage);
      break;
    case Weather::fog:
      fog(stage);
      break;
  }
}

}  // namespace odeon::storybook
