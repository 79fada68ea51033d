#include "engine/media/pictures/resize.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/encode.hpp"
#include "engine/media/pictures/pillow_test.hpp"

namespace odeon::pictures {
namespace {

Picture plain(int width, int height, Colour colour) {
  Canvas canvas(width, height);
  canvas.paint(colour);
  return std::move(canvas).finish();
}

RC_GTEST_PROP(Resize, IsExactAndKeepsAPlainColour, ()) {
  const auto side = [] { return *rc::gen::inRange(1, 200); };
  const auto byte = [] { return *rc::gen::arbitrary<std::uint8_t>(); };
  const Colour colour{byte(), byte(), byte()};
  const int width = side(), height = side();
  const Picture made = resize(plain(side(), side(), colour), width, height);
  RC_ASSERT(made.width() == width && made.height() == height);
  for (const std::uint32_t pixel : made.pixels()) RC_ASSERT(pixel == to_pixel(colour));
}

// Black and white lines, too fine to be seen, are half of the light of white: 188, where a mean of the bytes says 128.
TEST(Resize, MixesLight) {
  Picture lines(400, 400);
  for (int y = 0; y < 400; ++y)
    for (std::uint32_t& pixel : lines.row(y)) pixel = y % 2 ? 0xff000000 : 0xffffffff;
  EXPECT_NEAR(resize(lines, 100, 100).at(50, 50).red, 188, 2);
}

TEST(Resize, ColoursOfWhatIsNotSeenDoNotBleed) {
  Picture picture(100, 100);
  for (int y = 0; y < 100; ++y)
    for (std::size_t x = 0; x < 50; ++x) picture.row(y)[x] = to_pixel({255, 0, 0});
  const Picture small = resize(picture, 20, 20);
  for (int x = 0; x < 20; ++x) {
    const Colour colour = small.at(x, 10);
    if (colour.alpha > 8) EXPECT_EQ(colour.red, 255) << x;
    EXPECT_EQ(colour.green, 0);
  }
  EXPECT_EQ(small.at(2, 10).alpha, 255);
  EXPECT_EQ(small.at(17, 10).alpha, 0);
}

// The same picture scaled down by Pillow's Lanczos in linear light, of 32-bit floats.
TEST(Resize, AgreesWithPillow) {
  Canvas canvas(640, 360);
  canvas.paint(LinearGradient{{0, 0}, {640, 360}, {{0, {250, 220, 40}}, {1, {20, 40, 160}}}});
  for (int i = 0; i < 12; ++i)
    canvas.fill(Path::circle({50.0 * i + 30, 180 + 8.0 * i}, 20), Colour{static_cast<std::uint8_t>(20 * i), 60, 90});
  const Picture before = std::move(canvas).finish();
  const testing::ScratchFolder folder;
  media::strangers::save(folder / "before.png", encode(before, Format::png));
  media::strangers::save(folder / "after.png", encode(resize(before, 213, 120), Format::png));
  media::strangers::save(folder / "compare.py", R"(
import sys
from PIL import Image, ImageChops
light = [((v / 255 + 0.055) / 1.055) ** 2.4 if v / 255 > 0.04045 else v / 255 / 12.92 for v in range(256)]
def shade(v):
    v = min(1, max(0, v))
    return round(255 * (1.055 * v ** (1 / 2.4) - 0.055 if v > 0.0031308 else 12.92 * v))
def scaled(channel):
    linear = Image.new("F", channel.size)
    linear.putdata([light[v] for v in channel.getdata()])
    small = linear.resize((213, 120), Image.Resampling.LANCZOS)
    out = Image.new("L", small.size)
    out.putdata([shade(v) for v in small.getdata()])
    return out
theirs = Image.merge("RGB", [scaled(c) for c in Image.open(sys.argv[1]).split()])
difference = ImageChops.difference(theirs, Image.open(sys.argv[2]))
print(max(high for _, high in difference.getextrema()))
)");
  EXPECT_LE(std::stoi(media::strangers::run(
                {"/usr/bin/python3", folder / "compare.py", folder / "before.png", folder / "after.png"})),
            2);
}

TEST(Crop, TakesThePartThatIsAskedFor) {
  Picture picture(10, 8);
  picture.row(3)[4] = to_pixel(kWhite);
  const Picture part = crop(picture, {4, 3, 2, 5});
  EXPECT_EQ(part.width(), 2);
  EXPECT_EQ(part.height(), 5);
  EXPECT_EQ(part.at(0, 0), kWhite);
  for (const Crop& outside :
       {Crop{-1, 0, 2, 2}, Crop{9, 0, 2, 2}, Crop{0, 7, 2, 2}, Crop{0, 0, 11, 1}, Crop{0, 0, 0, 1}})
    EXPECT_THROW(crop(picture, outside), Error);
}

// A small red ball on a quiet ground, wherever it lies, is in the part that is kept.
RC_GTEST_PROP(SmartCrop, KeepsWhatStandsOut, ()) {
  const bool wide = *rc::gen::arbitrary<bool>();
  const int width = wide ? 800 : 300, height = wide ? 300 : 800;
  const double x = *rc::gen::inRange(60, width - 60), y = *rc::gen::inRange(60, height - 60);
  Canvas canvas(width, height);
  canvas.paint(LinearGradient{{0, 0}, {0, height * 1.0}, {{0, {120, 160, 200}}, {1, {90, 130, 90}}}});
  canvas.fill(Path::circle({x, y}, 30), Colour{230, 30, 30});
  const Crop part = smart_crop(canvas.picture(), 1, 1);
  RC_ASSERT(part.width == 300 && part.height == 300);
  RC_ASSERT(x - 30 >= part.x && x + 30 <= part.x + part.width);
  RC_ASSERT(y - 30 >= part.y && y + 30 <= part.y + part.height);
}

TEST(SmartCrop, KeepsTheMiddleOfWhatIsPlain) {
  EXPECT_EQ(smart_crop(plain(400, 200, {90, 90, 90}), 1, 1), (Crop{100, 0, 200, 200}));
  EXPECT_EQ(smart_crop(plain(400, 200, {90, 90, 90}), 2, 1), (Crop{0, 0, 400, 200}));
}

RC_GTEST_PROP(Cover, FillsExactly, ()) {
  const auto side = [] { return *rc::gen::inRange(1, 150); };
  const int width = side(), height = side();
  const Picture made = cover(plain(side(), side(), {10, 200, 30}), width, height);
  RC_ASSERT(made.width() == width && made.height() == height && made.is_opaque());
}

TEST(Contain, KeepsAllOfItInTheMiddle) {
  const Picture made = contain(plain(200, 100, {10, 200, 30}), 100, 100, kWhite);
  EXPECT_EQ(made.width(), 100);
  EXPECT_EQ(made.height(), 100);
  EXPECT_EQ(made.at(50, 24), kWhite);
  EXPECT_EQ(made.at(50, 26), (Colour{10, 200, 30}));
  EXPECT_EQ(made.at(0, 73), (Colour{10, 200, 30}));
  EXPECT_EQ(made.at(50, 76), kWhite);
}

}  // namespace
}  // namespace odeon::pictures
