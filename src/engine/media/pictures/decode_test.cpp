#include "engine/media/pictures/decode.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/encode.hpp"
#include "engine/media/pictures/pillow_test.hpp"
#include "engine/media/pictures/srgb_profile.hpp"

namespace odeon::pictures {
namespace {

using pillow::corners;

void expect_colour(Colour made, Colour want, int slack) {
  EXPECT_NEAR(made.red, want.red, slack);
  EXPECT_NEAR(made.green, want.green, slack);
  EXPECT_NEAR(made.blue, want.blue, slack);
  EXPECT_EQ(made.alpha, want.alpha);
}

void expect_corners(const Picture& picture, int slack = 3) {
  ASSERT_EQ(picture.width(), 60);
  ASSERT_EQ(picture.height(), 40);
  expect_colour(picture.at(5, 5), {255, 0, 0}, slack);
  expect_colour(picture.at(50, 5), {0, 255, 0}, slack);
  expect_colour(picture.at(5, 35), {0, 0, 255}, slack);
  expect_colour(picture.at(50, 35), {128, 128, 128}, slack);
}

TEST(Decode, ReadsWhatOthersWrite) {
  for (const char* save : {
           "image.save(path, 'PNG')",
           "image.quantize(8).save(path, 'PNG')",
           "image.convert('RGBA').save(path, 'PNG')",
           "image.save(path, 'JPEG', quality=95, subsampling=0)",
           "image.save(path, 'JPEG', quality=95, subsampling=0, progressive=True)",
           "image.save(path, 'JPEG', quality=95, subsampling=0, icc_profile=ImageCms.ImageCmsProfile("
           "ImageCms.createProfile('sRGB')).tobytes())",
           "image.save(path, 'WEBP', lossless=True)",
           "image.convert('RGBA').save(path, 'WEBP', lossless=True)",
       })
    expect_corners(decode(corners(save)));
}

TEST(Decode, ReadsLossyWebp) {
  expect_corners(decode(corners("image.save(path, 'WEBP', quality=98)")), 12);
}

TEST(Decode, ReadsInterlacedAndDeepPng) {
  // 16 bits and Adam7, which Pillow does not write.
  const std::string deep = pillow::made_by(R"(
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
def passes(width, height):
    for x0, y0, dx, dy in ((0,0,8,8),(4,0,8,8),(0,4,4,8),(2,0,4,4),(0,2,2,4),(1,0,2,2),(0,1,1,2)):
        for y in range(y0, height, dy):
            row = b"".join(struct.pack(">HHH", x * 1000, y * 1000, 30000) for x in range(x0, width, dx))
            if row:
                yield b"\0" + row
open(path, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 33, 21, 16, 2, 0, 0, 1))
  + chunk(b"IDAT", zlib.compress(b"".join(passes(33, 21)))) + chunk(b"IEND", b""))
)");
  const Picture read = decode(deep);
  ASSERT_EQ(read.width(), 33);
  // Of 16 bits, libpng takes sRGB for a power of 2.2, which is off a little where it is dark.
  expect_colour(read.at(20, 10), {20'000 / 257, 10'000 / 257, 30'000 / 257}, 4);
}

TEST(Decode, KeepsWhatShinesThrough) {
  for (const char* save : {"image.save(path, 'PNG')", "image.save(path, 'WEBP', lossless=True, exact=True)"}) {
    const Picture read = decode(pillow::made_by(std::string("image = Image.new('RGBA', (30, 20), (255, 100, 0, "
                                                            "0))\nimage.paste((200, 100, 50, 128), (0, 0, 15, 20))\n") +
                                                save));
    EXPECT_EQ(read.at(20, 10), kTransparent);
    expect_colour(read.at(5, 10), {200, 100, 50, 128}, 1);
    EXPECT_FALSE(read.is_opaque());
  }
}

TEST(Decode, IsUprightHoweverTheCameraWasHeld) {
  // Each turns the upright picture into what the camera stored.
  static constexpr const char* kStored[] = {"",          "FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM",
                                            "TRANSPOSE", "ROTATE_90",       "TRANSVERSE", "ROTATE_270"};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string turn = kStored[orientation - 1];
    for (const std::string save : {"'JPEG', quality=95, subsampling=0", "'PNG'", "'WEBP', lossless=True"}) {
      if (save[1] != 'J' && orientation != 6) continue;  // one shows that it is read
      const std::string file = corners(
          (turn.empty() ? "" : "image = image.transpose(Image.Transpose." + turn + ")\n") +
          fmt::format("exif = Image.Exif()\nexif[0x112] = {}\nimage.save(path, {}, exif=exif)", orientation, save));
      const PictureInfo info = inspect(file);
      EXPECT_EQ(info.width, 60) << save << orientation;
      EXPECT_EQ(info.height, 40);
      expect_corners(decode(file));
    }
  }
}

TEST(Decode, AppliesTheProfileOfTheFile) {
  // sRGB with red and green exchanged: what the file calls red, it means green.
  std::string profile = srgb_profile();
  for (const auto& [from, to] : {std::pair{"rXYZ", "????"}, {"gXYZ", "rXYZ"}, {"????", "gXYZ"}})
    profile.replace(profile.find(from), 4, to);
  const testing::ScratchFolder folder;
  media::strangers::save(folder / "swapped.icc", profile);
  for (const char* save : {"'PNG'", "'JPEG', quality=95, subsampling=0", "'WEBP', lossless=True"}) {
    const std::string file =
        corners(fmt::format("image.save(path, {}, icc_profile=open('{}', 'rb').read())", save, folder / "swapped.icc"));
    EXPECT_TRUE(inspect(file).has_profile);
    const Picture read = decode(file);
    expect_colour(read.at(5, 5), {0, 255, 0}, 4);
    expect_colour(read.at(50, 5), {255, 0, 0}, 4);
    expect_colour(read.at(5, 35), {0, 0, 255}, 4);
  }
}

TEST(Decode, AppliesProfilesOfGrey) {
  // Linear light: half of it is a bright grey.
  const std::string file = pillow::made_by(R"(
tags = [(b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)), (b"kTRC", b"curv" + bytes(8)),
  (b"cprt", b"text\0\0\0\0none\0\0\0\0"), (b"desc", b"desc\0\0\0\0\0\0\0\5grey\0" + bytes(79))]
table, data = struct.pack(">I", len(tags)), b""
for name, value in tags:
    table += name + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(data), len(value))
    data += value
head = struct.pack(">I4sI4s4s4s12s4s", 0, b"none", 0x02100000, b"mntr", b"GRAY", b"XYZ ", bytes(12), b"acsp")
head = head.ljust(68, b"\0") + struct.pack(">iii", 63190, 65536, 54061)
profile = head.ljust(128, b"\0") + table + data
profile = struct.pack(">I", len(profile)) + profile[4:]
Image.new("L", (20, 20), 128).save(path, "PNG", icc_profile=profile)
)");
  EXPECT_EQ(inspect(file).model, ColourModel::grey);
  expect_colour(decode(file).at(5, 5), {188, 188, 188}, 2);
}

TEST(Decode, ReadsCmykAsAdobeWritesIt) {
  const std::string file = corners("image.convert('CMYK').save(path, 'JPEG', quality=95)");
  EXPECT_EQ(inspect(file).model, ColourModel::cmyk);
  expect_corners(decode(file), 8);
}

TEST(Decode, ShrinksJpegsWhileItReads) {
  const std::string file =
      pillow::made_by("image = Image.new('RGB', (801, 601), (200, 40, 90))\nimage.save(path, 'JPEG', quality=90)");
  for (const int shrink : {1, 2, 4, 8}) {
    const Picture read = decode(file, {.shrink = shrink});
    EXPECT_EQ(read.width(), (801 + shrink - 1) / shrink);
    EXPECT_EQ(read.height(), (601 + shrink - 1) / shrink);
    expect_colour(read.at(50, 50), {200, 40, 90}, 4);
  }
  const PictureInfo info = inspect(file);
  EXPECT_EQ(shrink_for(info, 801, 601), 1);
  EXPECT_EQ(shrink_for(info, 400, 300), 2);
  EXPECT_EQ(shrink_for(info, 400, 301), 1);
  EXPECT_EQ(shrink_for(info, 10, 10), 8);
}

TEST(Inspect, TellsWhatAFileIs) {
  struct Row {
    const char* save;
    Format format;
    ColourModel model;
    bool has_alpha;
  };
  for (const Row& row : {
           Row{"image.save(path, 'PNG')", Format::png, ColourModel::rgb, false},
           {"image.convert('RGBA').save(path, 'PNG')", Format::png, ColourModel::rgb, true},
           {"image.convert('P').save(path, 'PNG')", Format::png, ColourModel::palette, false},
           {"image.convert('P').save(path, 'PNG', transparency=0)", Format::png, ColourModel::palette, true},
           {"image.convert('L').save(path, 'PNG')", Format::png, ColourModel::grey, false},
           {"image.convert('LA').save(path, 'PNG')", Format::png, ColourModel::grey, true},
           {"image.save(path, 'JPEG')", Format::jpeg, ColourModel::rgb, false},
           {"image.convert('L').save(path, 'JPEG')", Format::jpeg, ColourModel::grey, false},
           {"image.save(path, 'WEBP')", Format::webp, ColourModel::rgb, false},
           {"i = image.convert('RGBA')\ni.putalpha(9)\ni.save(path, 'WEBP')", Format::webp, ColourModel::rgb, true},
       }) {
    SCOPED_TRACE(row.save);
    const PictureInfo info = inspect(corners(row.save));
    EXPECT_EQ(info.format, row.format);
    EXPECT_EQ(info.width, 60);
    EXPECT_EQ(info.height, 40);
    EXPECT_EQ(info.model, row.model);
    EXPECT_EQ(info.has_alpha, row.has_alpha);
    EXPECT_FALSE(info.is_animated);
  }
}

TEST(Decode, NothingButPixelsGoesOn) {
  const std::string secret = "51.5007 N, 0.1246 W";
  const std::string file = corners("exif = Image.Exif()\nexif[0x10e] = '" + secret +
                                   "'\nimage.save(path, 'JPEG', exif=exif, comment='" + secret + "')");
  ASSERT_NE(file.find(secret), file.npos);
  for (const Format format : {Format::png, Format::jpeg, Format::webp}) {
    const std::string saved = encode(decode(file), format);
    EXPECT_EQ(saved.find(secret), saved.npos);
    EXPECT_EQ(saved.find("Exif"), saved.npos);
  }
}

Picture random_picture(bool opaque) {
  const int width = *rc::gen::inRange(1, 90), height = *rc::gen::inRange(1, 90);
  Canvas canvas(width, height);
  if (opaque) canvas.paint(Colour{*rc::gen::arbitrary<std::uint8_t>(), 100, 50});
  for (int i = 0; i < 3; ++i)
    canvas.fill(Path::circle({*rc::gen::inRange(0, 90) * 1.0, *rc::gen::inRange(0, 90) * 1.0}, 20),
                Colour{*rc::gen::arbitrary<std::uint8_t>(), 30, *rc::gen::arbitrary<std::uint8_t>(),
                       *rc::gen::arbitrary<std::uint8_t>()});
  return std::move(canvas).finish();
}

RC_GTEST_PROP(Decode, GivesBackWhatWasEncodedWithoutLoss, (bool opaque)) {
  const Picture before = random_picture(opaque);
  const auto effort = *rc::gen::element(Effort::quick, Effort::normal, Effort::small);
  for (const Format format : {Format::png, Format::webp}) {
    const std::string file = encode(before, format, {.effort = effort, .lossless = true});
    RC_ASSERT(inspect(file).width == before.width() && inspect(file).height == before.height());
    const Picture after = decode(file);
    // What hardly shows loses some of its colour when it is premultiplied, once.
    for (std::size_t i = 0; i < before.pixels().size(); ++i)
      for (const int shift : {24, 16, 8, 0})
        RC_ASSERT(std::abs(static_cast<int>(before.pixels()[i] >> shift & 255) -
                           static_cast<int>(after.pixels()[i] >> shift & 255)) <= 1);
  }
}

}  // namespace
}  // namespace odeon::pictures
