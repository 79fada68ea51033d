#include "engine/media/pictures/canvas.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numbers>

#include "base/error.hpp"

namespace odeon::pictures {
namespace {

constexpr Colour kRed{255, 0, 0}, kBlue{0, 0, 255};

TEST(Canvas, IsOfTheSizeAskedForAndTransparent) {
  const Picture made = Canvas(7, 5).finish();
  EXPECT_EQ(made.width(), 7);
  EXPECT_EQ(made.height(), 5);
  for (const std::uint32_t pixel : made.pixels()) EXPECT_EQ(pixel, 0u);
}

TEST(Canvas, RefusesSizesThatNoFileHas) {
  for (const auto& [width, height] : {std::pair{0, 5}, {5, -1}, {kMaxSide + 1, 1}, {16'000, 16'000}})
    EXPECT_THROW(Canvas(width, height), Error) << width << " × " << height;
}

TEST(Canvas, FillsStrokesAndClipsWhereItIsTold) {
  Canvas canvas(40, 40);
  canvas.paint(kWhite);
  canvas.fill(Path::rectangle({0, 0, 10, 40}), kRed);
  canvas.stroke(Path().move_to({20, 0}).line_to({20, 40}), kBlue, {.width = 4, .cap = Cap::butt});
  {
    const Canvas::Saved before = canvas.saved();
    canvas.clip(Path::rectangle({30, 30, 10, 10}));
    canvas.paint(kBlack);
  }
  canvas.fill(Path::rectangle({30, 0, 5, 5}), kBlack);
  const Picture made = std::move(canvas).finish();
  EXPECT_EQ(made.at(5, 20), kRed);
  EXPECT_EQ(made.at(15, 20), kWhite);
  EXPECT_EQ(made.at(19, 39), kBlue);
  EXPECT_EQ(made.at(35, 35), kBlack);
  EXPECT_EQ(made.at(35, 20), kWhite);
  EXPECT_EQ(made.at(32, 2), kBlack) << "the clip is gone";
}

TEST(Canvas, TransformsNest) {
  Canvas canvas(100, 100);
  {
    const Canvas::Saved before = canvas.saved();
    canvas.translate(50, 50);
    canvas.rotate(std::numbers::pi / 2);
    canvas.scale(10, 10);
    canvas.fill(Path::rectangle({1, 0, 2, 1}), kRed);
  }
  canvas.fill(Path::rectangle({0, 0, 1, 1}), kBlue);
  const Picture made = std::move(canvas).finish();
  EXPECT_EQ(made.at(45, 70), kRed);
  EXPECT_EQ(made.at(55, 70), kTransparent);
  EXPECT_EQ(made.at(0, 0), kBlue);
}

TEST(Canvas, LayersAreLaidOnAsOne) {
  Canvas canvas(10, 10);
  canvas.paint(kWhite);
  canvas.layer(
      [&] {
        canvas.fill(Path::rectangle({0, 0, 10, 10}), kBlack);
        canvas.fill(Path::rectangle({0, 0, 10, 10}), kBlack);
      },
      0.5);
  EXPECT_NEAR(canvas.picture().at(5, 5).red, 128, 1);
  canvas.layer([&] { canvas.paint(kRed); }, 1, Blend::multiply);
  EXPECT_NEAR(canvas.picture().at(5, 5).red, 128, 1);
  EXPECT_EQ(canvas.picture().at(5, 5).blue, 0);
}

TEST(Canvas, GradientsMixAsPeopleSee) {
  Canvas canvas(101, 1);
  canvas.paint(LinearGradient{{0.5, 0}, {100.5, 0}, {{0, {255, 255, 0}}, {1, {0, 0, 255}}}});
  const Picture made = std::move(canvas).finish();
  for (int x = 0; x <= 100; x += 10) {
    const Oklab want = to_oklab(mix({255, 255, 0}, {0, 0, 255}, x / 100.0));
    EXPECT_LT(distance(to_oklab(made.at(x, 0)), want), 0.02) << x;
  }
}

TEST(Canvas, CoarseGradientsLookLikeFineOnes) {
  const RadialGradient glow{{400, 300}, 500, {{0, {250, 200, 90}}, {0.6, {190, 60, 120}}, {1, {20, 20, 60}}}};
  Canvas fine(800, 450), coarse(800, 450);
  fine.paint(glow);
  coarse.coarsely(0.25, [&](Canvas& small) { small.paint(glow); });
  const Picture a = std::move(fine).finish(), b = std::move(coarse).finish();
  EXPECT_TRUE(b.is_opaque());
  double worst = 0;
  for (int y = 0; y < 450; y += 7)
    for (int x = 0; x < 800; x += 7) worst = std::max(worst, distance(to_oklab(a.at(x, y)), to_oklab(b.at(x, y))));
  EXPECT_LT(worst, 0.03);
}

TEST(Canvas, DrawsPicturesPixelForPixelAndScaled) {
  Picture small(2, 2);
  small.row(0)[0] = to_pixel(kRed), small.row(0)[1] = to_pixel(kBlue);
  small.row(1)[0] = to_pixel(kBlue), small.row(1)[1] = to_pixel(kRed);
  Canvas canvas(20, 20);
  canvas.draw(small, {1, 1, 2, 2});
  canvas.draw(small, {10, 10, 10, 10});
  const Picture made = std::move(canvas).finish();
  EXPECT_EQ(made.at(0, 0), kTransparent);
  EXPECT_EQ(made.at(1, 1), kRed);
  EXPECT_EQ(made.at(2, 1), kBlue);
  EXPECT_EQ(made.at(3, 1), kTransparent);
  EXPECT_EQ(made.at(10, 10), kRed);
  EXPECT_EQ(made.at(19, 10), kBlue);
  EXPECT_EQ(made.at(9, 10), kTransparent);
}

TEST(Canvas, SaysSoWhenSomethingCouldNotBeDrawn) {
  Canvas canvas(10, 10);
  canvas.scale(0, 0);
  canvas.fill(Path::circle({5, 5}, 3), kRed);
  EXPECT_THROW(std::move(canvas).finish(), Error);
}

TEST(Path, KnowsItsBounds) {
  const Box box = Path::circle({50, 40}, 10).bounds();
  EXPECT_NEAR(box.x, 40, 1e-9);
  EXPECT_NEAR(box.height, 20, 1e-9);
  EXPECT_EQ(Path().bounds().width, 0);
}

TEST(Path, ASmoothLineGoesThroughItsPoints) {
  const std::vector<Point> points = {{0, 0}, {10, 20}, {30, 5}};
  const Path open = Path::smooth(points, false), closed = Path::smooth(points, true);
  ASSERT_EQ(open.segments().size(), 3u);
  EXPECT_EQ(open.segments()[1].to.y, 20);
  EXPECT_EQ(closed.segments().size(), 5u);
}

RC_GTEST_PROP(Path, TransformsComposeInTheOrderTheyAreTold, (int x, int y)) {
  const Transform turn = Transform::turned(0.3), move = Transform::moved(4, -2), grow = Transform::scaled(2, 3);
  const Point start{x % 1000 / 10.0, y % 1000 / 10.0};
  const Point together = turn.then(move).then(grow)(start), apart = grow(move(turn(start)));
  RC_ASSERT(std::abs(together.x - apart.x) < 1e-9 && std::abs(together.y - apart.y) < 1e-9);
}

RC_GTEST_PROP(Picture, PixelsComeBackAsTheColoursTheyWere, (std::uint8_t red, std::uint8_t green, std::uint8_t blue)) {
  const Colour opaque{red, green, blue};
  RC_ASSERT(to_colour(to_pixel(opaque)) == opaque);
  const Colour half = to_colour(to_pixel({red, green, blue, 128}));
  RC_ASSERT(half.alpha == 128 && std::abs(half.red - red) <= 1 && std::abs(half.blue - blue) <= 1);
}

// Its own way and Cairo's, which is taken where opacity is wanted.
RC_GTEST_PROP(Canvas, CoarselyIsAsCairoEnlarges, ()) {
  const int width = *rc::gen::inRange(1, 90), height = *rc::gen::inRange(1, 90);
  const double scale = *rc::gen::inRange(1, 101) / 100.0;
  const auto byte = [] { return *rc::gen::arbitrary<std::uint8_t>(); };
  const Colour ground{byte(), byte(), byte(), byte()}, first{byte(), byte(), byte(), byte()},
      last{byte(), byte(), byte()};
  const auto drawn = [&](double opacity) {
    Canvas canvas(width, height);
    canvas.paint(ground);
    canvas.coarsely(
        scale,
        [&](Canvas& small) {
          small.paint(LinearGradient{{0, 0}, {width * 1.0, height * 1.0}, {{0, first}, {1, last}}});
        },
        opacity);
    return std::move(canvas).finish();
  };
  const Picture ours = drawn(1), cairos = drawn(0.9999);
  for (std::size_t i = 0; i < ours.pixels().size(); ++i)
    for (const int shift : {24, 16, 8, 0})
      RC_ASSERT(std::abs(static_cast<int>(ours.pixels()[i] >> shift & 255) -
                         static_cast<int>(cairos.pixels()[i] >> shift & 255)) <= 4);
}

TEST(Canvas, CoarselyHeedsWhatIsInForce) {
  const auto red = [](Canvas& small) { small.paint(Colour{255, 0, 0}); };
  Canvas canvas(40, 20);
  canvas.paint(Colour{0, 0, 255});
  {
    const auto before = canvas.saved();
    canvas.clip(Path::rectangle({0, 0, 20, 20}));
    canvas.coarsely(0.5, red);
  }
  EXPECT_EQ(canvas.picture().at(10, 10), (Colour{255, 0, 0}));
  EXPECT_EQ(canvas.picture().at(30, 10), (Colour{0, 0, 255}));
  canvas.layer([&] { canvas.coarsely(0.5, red); }, 0.5);
  EXPECT_EQ(canvas.picture().at(10, 10), (Colour{255, 0, 0}));
  EXPECT_NEAR(canvas.picture().at(30, 10).red, 128, 1);
  const auto before = canvas.saved();
  canvas.blend(Blend::multiply);
  canvas.coarsely(0.5, red);
  EXPECT_EQ(canvas.picture().at(30, 10).blue, 0);
  EXPECT_NEAR(canvas.picture().at(30, 10).red, 128, 1);
}

}  // namespace
}  // namespace odeon::pictures
