#include "engine/media/pictures/palette.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/encode.hpp"

namespace odeon::pictures {
namespace {

struct Board {
  std::vector<Colour> colours;
  std::string jpeg;
};

// Five to seven colours at least 0.14 apart in OKLab, as shapes on a ground, each at least 2 % of it; noise on every
// pixel; JPEG of 1280 × 720.
Board board(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto number = [&](double from, double to) {
    return from + (to - from) * static_cast<double>(random()) / 4294967296.0;
  };
  Board out;
  const std::size_t count = 5 + random() % 3;
  while (out.colours.size() < count) {
    const auto byte = [&] { return static_cast<std::uint8_t>(random() & 255); };
    const Colour next{byte(), byte(), byte()};
    const bool apart = std::ranges::all_of(
        out.colours, [&](Colour other) { return distance(to_oklab(next), to_oklab(other)) >= 0.14; });
    if (apart) out.colours.push_back(next);
  }
  Canvas canvas(1280, 720);
  canvas.paint(out.colours[0]);
  // One in each cell of a grid, so that none hides another.
  for (std::size_t i = 1; i < count; ++i) {
    const double x = 320.0 * static_cast<double>((i - 1) % 4), y = 360.0 * static_cast<double>((i - 1) / 4);
    const Box box{x + number(10, 60), y + number(10, 60), number(150, 240), number(150, 280)};
    if (random() % 2)
      canvas.fill(Path::rounded(box, number(0, 40)), out.colours[i]);
    else
      canvas.fill(Path::ellipse({x + 160, y + 180}, number(70, 150), number(70, 160)), out.colours[i]);
  }
  Picture picture = std::move(canvas).finish();
  static const std::vector<int> noise = [] {
    std::mt19937 source(1);
    std::vector<int> values(1 << 16);
    for (int& value : values) value = static_cast<int>(source() % 11) + static_cast<int>(source() % 11) - 10;
    return values;
  }();
  std::size_t at = random();
  for (std::uint32_t& pixel : picture.pixels()) {
    const std::uint32_t before = std::exchange(pixel, 0xff000000);
    for (const int shift : {16, 8, 0}) {
      const int value = static_cast<int>(before >> shift & 255) + noise[++at * 40503 % noise.size()];
      pixel |= static_cast<std::uint32_t>(std::clamp(value, 0, 255)) << shift;
    }
  }
  out.jpeg = encode(picture, Format::jpeg, {.quality = 85});
  return out;
}

TEST(Palette, FindsEveryTrueColourOfUnseenBoards) {
  constexpr int kBoards = 30;
  int wanted = 0, found = 0, spurious = 0;
  for (int i = 0; i < kBoards; ++i) {
    const Board made = board(static_cast<std::uint32_t>(7919 + i));
    const std::vector<Swatch> swatches = palette_of_file(made.jpeg);
    for (const Colour colour : made.colours) {
      ++wanted;
      const bool is_there = std::ranges::any_of(
          swatches, [&](const Swatch& at) { return distance(to_oklab(at.colour), to_oklab(colour)) < 0.04; });
      found += is_there;
      if (!is_there) ADD_FAILURE() << "board " << i << " lacks " << to_hex(colour);
    }
    for (const Swatch& at : swatches)
      spurious += std::ranges::none_of(
          made.colours, [&](Colour colour) { return distance(to_oklab(at.colour), to_oklab(colour)) < 0.04; });
  }
  EXPECT_EQ(found, wanted);
  EXPECT_LT(spurious, kBoards) << "less than one a board that is not there";
  RecordProperty("spurious", spurious);
}

TEST(Palette, KnowsHowMuchThereIsOfEach) {
  Canvas canvas(100, 100);
  canvas.paint(Colour{255, 255, 255});
  canvas.fill(Path::rectangle({0, 0, 100, 30}), Colour{200, 30, 40});
  canvas.fill(Path::rectangle({0, 30, 100, 10}), Colour{0, 0, 0});
  canvas.fill(Path::rectangle({0, 40, 100, 10}), Colour{120, 120, 120});
  const std::vector<Swatch> found = palette(canvas.picture());
  ASSERT_EQ(found.size(), 4u);
  struct Want {
    Role role;
    Colour colour;
    double share;
  };
  for (const Want& want : {Want{Role::colour, {200, 30, 40}, 0.3}, Want{Role::light, kWhite, 0.5},
                           Want{Role::dark, kBlack, 0.1}, Want{Role::grey, {120, 120, 120}, 0.1}}) {
    const auto at = std::ranges::find(found, want.role, &Swatch::role);
    ASSERT_NE(at, found.end());
    EXPECT_EQ(at->colour, want.colour);
    EXPECT_NEAR(at->share, want.share, 0.01);
  }
  EXPECT_EQ(found[0].role, Role::colour) << "less of it than of white, but it is what one sees";
}

TEST(Palette, IsNeverEmpty) {
  for (const Colour colour : {kWhite, kBlack, kTransparent, Colour{1, 2, 3}, Colour{255, 0, 0}}) {
    Canvas canvas(64, 48);
    canvas.paint(colour);
    const std::vector<Swatch> found = palette(canvas.picture());
    ASSERT_EQ(found.size(), 1u) << to_hex(colour);
    EXPECT_EQ(found[0].colour, colour.alpha == 0 ? kWhite : colour);
    EXPECT_EQ(found[0].share, 1);
  }
  EXPECT_EQ(palette(Picture()).size(), 1u);
  EXPECT_EQ(palette(Picture(1, 1), 0).size(), 1u);
}

TEST(Palette, LooksThroughWhatShinesThrough) {
  Canvas canvas(64, 64);
  canvas.fill(Path::rectangle({0, 0, 32, 64}), Colour{200, 30, 40, 200});
  const std::vector<Swatch> found = palette(canvas.picture());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_LT(distance(to_oklab(found[0].colour), to_oklab(Colour{200, 30, 40})), 0.01);
  EXPECT_EQ(found[0].share, 1);
}

RC_GTEST_PROP(Palette, GivesColoursThatArePartsOfAWhole, ()) {
  Canvas canvas(*rc::gen::inRange(1, 80), *rc::gen::inRange(1, 80));
  for (int i = *rc::gen::inRange(0, 20); i > 0; --i)
    canvas.fill(Path::circle({*rc::gen::inRange(0, 80) * 1.0, *rc::gen::inRange(0, 80) * 1.0}, 15),
                Colour{*rc::gen::arbitrary<std::uint8_t>(), *rc::gen::arbitrary<std::uint8_t>(),
                       *rc::gen::arbitrary<std::uint8_t>(), *rc::gen::arbitrary<std::uint8_t>()});
  const auto most = static_cast<std::size_t>(*rc::gen::inRange(1, 12));
  const std::vector<Swatch> found = palette(canvas.picture(), most);
  RC_ASSERT(!found.empty() && found.size() <= most);
  double sum = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    sum += found[i].share;
    RC_ASSERT(found[i].share > 0 && found[i].colour.alpha == 255);
    for (std::size_t j = 0; j < i; ++j)
      RC_ASSERT(distance(to_oklab(found[i].colour), to_oklab(found[j].colour)) > 0.045);
  }
  RC_ASSERT(sum <= 1 + 1e-9);
}

}  // namespace
}  // namespace odeon::pictures
