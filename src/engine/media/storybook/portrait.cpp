#include <array>

#include "engine/media/storybook/figure.hpp"
#include "engine/media/storybook/nature.hpp"
#include "engine/media/storybook/settings.hpp"
#include "engine/media/storybook/sky.hpp"
#include "engine/media/storybook/storybook.hpp"
#include "engine/media/storybook/texture.hpp"

namespace odeon::storybook {
namespace {

// A soft ground in a colour that lets the clothes speak, with what the hero might like around.
void portrait_ground(Stage& stage, const Look& look) {
  Easel& easel = stage.easel;
  const std::array tints{rgb(0xBFE3EC), rgb(0xF9DDB8), rgb(0xF6CBD0), rgb(0xCFE5C0), rgb(0xD8CCEC)};
  const Ink tint = mix(stage.chance.pick(tints), lighter(look.accent, 0.25), 0.22);
  easel.rows(-2, 1002, lighter(tint, 0.03), darker(tint, 0.04));
  const Point middle{easel.width() * 0.5, 470};
  for (int i = 0; i < 16; ++i) {
    const Point out = heading(22.5 * i + 4), next = heading(22.5 * i + 15.25);
    easel.corners({middle, middle + out * 1000, middle + next * 1000});
  }
  easel.fill(rgb(0xFFFFFF).faded(0.16));
  easel.glow(middle, 430, rgb(0xFFFDF2).faded(0.85));
  easel.disc(middle + Point{0, 20}, 372).fill(lighter(tint, 0.06).faded(0.75));
}

// Sprigs and small stars to both sides, as around a medal.
void garland(Stage& stage, const Look& look, bool low) {
  Easel& easel = stage.easel;
  const Point middle{easel.width() * 0.5, 490};
  const Ink leaf = rgb(0x6FA86B), deep = rgb(0x4E8A66);
  // What is below goes over the shoulders, the rest behind the head.
  const int first_leaf = low ? 0 : 5, last_leaf = low ? 5 : 15, first_flower = low ? 0 : 2, last_flower = low ? 2 : 6;
  for (const double side : {-1.0, 1.0})
    for (int i = first_leaf; i < last_leaf; ++i) {
      const double turn = side * (12 + i * 10.5);
      const Point at = middle + heading(turn) * 372;
      const auto kept = easel.at(at, 1, -turn + side * 62);
      easel.blob({{0, 8}, {-15, -22}, {0, -58}, {15, -22}}).fill_soft(i % 2 ? leaf : deep, 0.06);
      easel.from({0, 4}).to({0, -46}).line(lighter(leaf, 0.12).faded(0.7), 2.4);
    }
  const std::array petals{look.accent, look.main, rgb(0xFFFFFF), rgb(0xF6B6C4)};
  for (const double side : {-1.0, 1.0})
    for (int i = first_flower; i < last_flower; ++i) {
      const Point at = middle + heading(side * (16 + i * 26)) * (376 + (i % 2 ? 16 : -14));
      const Ink ink = lighter(petals[static_cast<std::size_t>(i) % petals.size()], 0.03);
      for (int petal = 0; petal < 5; ++petal) easel.disc(at + heading(72.0 * petal + 10 * i) * 15, 13);
      easel.edge(darker(ink, 0.10), 1.5).fill_soft(ink, 0.06);
      easel.disc(at, 9).fill_soft(rgb(0xFFD968));
    }
  if (low) return;
  for (int i = 0; i < 9; ++i)
    draw_star(easel, middle + heading(180 + (i - 4) * 24.0 + stage.chance.between(-5, 5)) * (430 + (i % 2) * 34),
              stage.chance.between(9, 17), rgb(0xFFE08A), i * 13.0);
}

}  // namespace

pictures::Picture draw_avatar(const VisualProfile& profile, Size size) {
  const Look look = Look::of(profile);
  const Scene scene{.seed = profile.seed};
  const Light light = Light::of(Daytime::day, Season::summer, Weather::clear);
  pictures::Canvas canvas(size.width, size.height);
  canvas.paint(pictures::kWhite);
  {
    Easel easel(canvas);
    Stage stage{easel, light, scene, Chance(profile.seed + 3)};
    portrait_ground(stage, look);
    garland(stage, look, false);
    const Point middle{easel.width() * 0.5, 510};
    {
      // Whoever wears a tall hat sits a little lower.
      const double low = look.wizard_hat                                                                          ? 92
                         : look.crown || look.hair_style == HairStyle::bun || look.hair_style == HairStyle::spiky ? 34
                                                                                                                  : 0;
      const auto clipped =
          easel.from({-10, -10})
              .to({easel.width() + 10, -10})
              .to({easel.width() + 10, middle.y})
              .to({middle.x + 372, middle.y})
              .bend({middle.x + 372, middle.y + 205}, {middle.x + 205, middle.y + 352}, {middle.x, middle.y + 352})
              .bend({middle.x - 205, middle.y + 352}, {middle.x - 372, middle.y + 205}, {middle.x - 372, middle.y})
              .to({-10, middle.y})
              .close()
              .inside();
      const auto placed = easel.at(middle + Point{0, -24 + low}, look.wizard_hat                      ? 2.55
                                                                 : look.hair_style == HairStyle::afro ? 2.75
                                                                                                      : 3.0);
      constexpr std::array moods{Mood::happy, Mood::happy, Mood::curious};
      draw_bust(easel, look, light, moods[profile.seed % moods.size()]);
    }
    garland(stage, look, true);
  }
  pictures::Picture picture = std::move(canvas).finish();
  apply_texture(picture, look.art, profile.seed);
  return picture;
}

}  // namespace odeon::storybook
