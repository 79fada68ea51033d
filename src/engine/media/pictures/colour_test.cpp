#include "engine/media/pictures/colour.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace odeon::pictures {
namespace {

// The table that its author published.
TEST(Colour, OklabIsWhatItsAuthorSays) {
  struct Row {
    double x, y, z, lightness, a, b;
  };
  for (const Row& row : {Row{0.950, 1, 1.089, 1, 0, 0}, Row{1, 0, 0, 0.450, 1.236, -0.019},
                         Row{0, 1, 0, 0.922, -0.671, 0.263}, Row{0, 0, 1, 0.153, -1.415, -0.449}}) {
    const Oklab made = oklab_of_xyz(row.x, row.y, row.z);
    EXPECT_NEAR(made.lightness, row.lightness, 0.001);
    EXPECT_NEAR(made.a, row.a, 0.001);
    EXPECT_NEAR(made.b, row.b, 0.001);
  }
}

// CSS Color 4's own examples.
TEST(Colour, OklchIsWhatCssSays) {
  const Oklch red = to_oklch(to_oklab(Colour{255, 0, 0}));
  EXPECT_NEAR(red.lightness, 0.62796, 1e-4);
  EXPECT_NEAR(red.chroma, 0.25768, 1e-4);
  EXPECT_NEAR(red.hue, 29.234, 0.01);
  EXPECT_EQ(to_colour(to_oklab(Oklch{0.40101, 0.12332, 21.555})), (Colour{125, 35, 41}));
}

TEST(Colour, IsReadFromHexAndWritten) {
  EXPECT_EQ(parse_colour("#9146FF"), (Colour{0x91, 0x46, 0xff}));
  EXPECT_EQ(parse_colour("#fb0"), (Colour{0xff, 0xbb, 0}));
  EXPECT_EQ(parse_colour("#01020380"), (Colour{1, 2, 3, 128}));
  for (const char* wrong : {"", "#", "red", "9146ff", "#12", "#12345", "#1234567", "#ggg", "#-12345", "#12 456"})
    EXPECT_FALSE(parse_colour(wrong)) << wrong;
  EXPECT_EQ(to_hex({0x91, 0x46, 0xff}), "#9146ff");
  EXPECT_EQ(to_hex({1, 2, 3, 128}), "#01020380");
}

TEST(Colour, WhatCannotBeShownKeepsItsHue) {
  const Oklch wanted{0.7, 0.4, 150};
  const Oklch shown = to_oklch(to_oklab(to_colour(to_oklab(wanted))));
  EXPECT_LT(shown.chroma, 0.3);
  EXPECT_NEAR(shown.hue, wanted.hue, 1);
  EXPECT_NEAR(shown.lightness, wanted.lightness, 0.01);
}

RC_GTEST_PROP(Colour, ComesBackFromOklab, (std::uint8_t red, std::uint8_t green, std::uint8_t blue)) {
  const Colour colour{red, green, blue};
  RC_ASSERT(to_colour(to_oklab(colour)) == colour);
  RC_ASSERT(to_colour(to_oklab(to_oklch(to_oklab(colour)))) == colour);
  RC_ASSERT(parse_colour(to_hex(colour)) == colour);
}

RC_GTEST_PROP(Colour, AMixtureLiesBetween, (std::uint8_t red, std::uint8_t green, std::uint8_t blue)) {
  // Near black a step of 8 bits is far.
  const auto bright = [](std::uint8_t value) { return static_cast<std::uint8_t>(64 + value / 2); };
  const Colour a{bright(red), bright(green), bright(blue)}, b{bright(blue), bright(red), bright(green), 100};
  RC_ASSERT(mix(a, b, 0) == a);
  RC_ASSERT(mix(a, b, 1) == b);
  const double whole = distance(to_oklab(a), to_oklab(b)), half = distance(to_oklab(a), to_oklab(mix(a, b, 0.5)));
  RC_ASSERT(half <= whole / 2 + 0.02);
}

}  // namespace
}  // namespace odeon::pictures
