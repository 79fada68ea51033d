// What we write, as programs of others read it.
#include "engine/media/pictures/encode.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/srgb_profile.hpp"
#include "engine/media/strangers_test.hpp"

namespace odeon::pictures {
namespace {

namespace strangers = media::strangers;

Picture drawn(int width, int height, bool opaque) {
  Canvas canvas(width, height);
  if (opaque) canvas.paint(Colour{250, 240, 220});
  canvas.fill(Path::circle({width / 2.0, height / 2.0}, height / 3.0), with_alpha({200, 40, 90}, opaque ? 1 : 0.5));
  canvas.fill(Path::rectangle({0, 0, width / 4.0, height / 4.0}), Colour{20, 90, 200});
  return std::move(canvas).finish();
}

class Encoded : public ::testing::Test {
 protected:
  // What Pillow says: format, size, mode, the profile's name, and the pixels at the corner and in the middle.
  boost::json::value pillow(const std::string& bytes) {
    strangers::save(folder_ / "picture", bytes);
    static constexpr const char* kScript = R"(
import io, json, sys
from PIL import Image, ImageCms
image = Image.open(sys.argv[1])
image.load()
profile = image.info.get("icc_profile")
name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip() if profile else ""
width, height = image.size
print(json.dumps({"format": image.format, "size": image.size, "mode": image.mode, "profile": name,
  "srgb": image.info.get("srgb"), "corner": image.getpixel((1, 1)), "middle": image.getpixel((width // 2, height // 2))}))
)";
    return boost::json::parse(strangers::run({"/usr/bin/python3", "-c", kScript, folder_ / "picture"}));
  }

  static void expect_near(const boost::json::value& pixel, std::vector<int> want, int slack) {
    const auto& values = pixel.as_array();
    ASSERT_EQ(values.size(), want.size());
    for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(values[i].as_int64(), want[i], slack) << i;
  }

  testing::ScratchFolder folder_;
};

TEST_F(Encoded, PngIsExact) {
  for (const Effort effort : {Effort::quick, Effort::normal, Effort::small}) {
    const auto read = pillow(encode(drawn(321, 123, true), Format::png, {.effort = effort}));
    EXPECT_EQ(read.at("format"), "PNG");
    EXPECT_EQ(read.at("size"), (boost::json::array{321, 123}));
    EXPECT_EQ(read.at("mode"), "RGB");
    EXPECT_EQ(read.at("srgb"), 0);
    expect_near(read.at("corner"), {20, 90, 200}, 0);
    expect_near(read.at("middle"), {200, 40, 90}, 0);
  }
}

TEST_F(Encoded, PngAndWebpKeepWhatShinesThrough) {
  for (const Format format : {Format::png, Format::webp}) {
    const auto read = pillow(encode(drawn(200, 100, false), format, {.lossless = true}));
    EXPECT_EQ(read.at("mode"), "RGBA");
    expect_near(read.at("middle"), {200, 40, 90, 128}, 1);
    expect_near(read.at("corner"), {20, 90, 200, 255}, 0);
  }
}

TEST_F(Encoded, JpegAndWebpSayThatTheyAreSrgb) {
  for (const auto& [format, name] : {std::pair{Format::jpeg, "JPEG"}, {Format::webp, "WEBP"}}) {
    for (const Effort effort : {Effort::quick, Effort::small}) {
      const auto read = pillow(encode(drawn(333, 222, true), format, {.quality = 95, .effort = effort}));
      EXPECT_EQ(read.at("format"), name);
      EXPECT_EQ(read.at("size"), (boost::json::array{333, 222}));
      EXPECT_EQ(read.at("mode"), "RGB");
      EXPECT_EQ(read.at("profile"), "sRGB");
      expect_near(read.at("corner"), {20, 90, 200}, 4);
      expect_near(read.at("middle"), {200, 40, 90}, 4);
    }
  }
}

TEST_F(Encoded, JpegHasABackgroundWhereNothingWas) {
  Canvas canvas(64, 64);
  canvas.fill(Path::rectangle({0, 0, 32, 64}), with_alpha({255, 0, 0}, 0.5));
  const auto read = pillow(encode(canvas.picture(), Format::jpeg, {.quality = 95, .background = {0, 255, 0}}));
  expect_near(read.at("corner"), {128, 127, 0}, 6);
}

TEST_F(Encoded, TheSameOptionsGiveTheSameBytes) {
  for (const Format format : {Format::png, Format::jpeg, Format::webp})
    EXPECT_EQ(encode(drawn(300, 200, false), format), encode(drawn(300, 200, false), format));
}

TEST_F(Encoded, LowerQualityIsSmaller) {
  for (const Format format : {Format::jpeg, Format::webp})
    EXPECT_LT(encode(drawn(640, 360, true), format, {.quality = 30}).size(),
              encode(drawn(640, 360, true), format, {.quality = 95}).size());
}

// ImageMagick's own sRGB primaries, and colours that lcms moves from our profile to its own sRGB stay what they are.
TEST_F(Encoded, TheProfileIsSrgb) {
  strangers::save(folder_ / "srgb.icc", srgb_profile());
  EXPECT_LT(srgb_profile().size(), 600u);
  static constexpr const char* kScript = R"(
import sys
from PIL import Image, ImageCms
ours, theirs = ImageCms.getOpenProfile(sys.argv[1]), ImageCms.createProfile("sRGB")
image = Image.new("RGB", (16, 16 * 16))
image.putdata([(r * 17, g * 17, b * 17) for r in range(16) for g in range(16) for b in range(16)])
moved = ImageCms.profileToProfile(image, ours, theirs)
print(max(abs(a - b) for p, q in zip(image.getdata(), moved.getdata()) for a, b in zip(p, q)))
)";
  EXPECT_LE(std::stoi(strangers::run({"/usr/bin/python3", "-c", kScript, folder_ / "srgb.icc"})), 1);
}

}  // namespace
}  // namespace odeon::pictures
