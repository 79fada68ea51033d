#include "engine/media/pictures/decode.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/encode.hpp"
#include "engine/media/pictures/pillow_test.hpp"
#include "engine/media/pictures/srgb_profile.hpp"

namespace odeon::pictures {
namespace {

// A red corner at the top left, a green one at the top right, a blue one at the bottom left; grey elsewhere.
constexpr const char* kCorners = R"(
image = Image.new("RGB", (60, 40), (128, 128, 128))
draw = ImageDraw.Draw(image)
draw.rectangle((0, 0, 19, 13), (255, 0, 0))
draw.rectangle((40, 0, 59, 13), (0, 255, 0))
draw.rectangle((0, 26, 19, 39), (0, 0, 255))
)";

std::string corners(const std::string& rest) {
  return pillow::made_by(kCorners + rest);
}

std::string code_of(const std::string& bytes, const DecodeOptions& options = {}) {
  try {
    decode(bytes, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    EXPECT_FALSE(error.message.empty());
    return error.code;
  }
  return "";
}

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

TEST(Decode, RefusesWhatIsNoPicture) {
  for (const std::string& bytes :
       {std::string(), std::string("<svg xmlns='http://www.w3.org/2000/svg'/>"), std::string("GIF89a"),
        std::string(1000, '\0'), std::string("RIFF\x10\0\0\0WAVEfmt ", 16), std::string("\xff\xd8")})
    EXPECT_EQ(code_of(bytes), "NOT_A_PICTURE");
}

TEST(Decode, RefusesFilesThatEndTooEarly) {
  for (const char* save :
       {"image.save(path, 'PNG')", "image.save(path, 'JPEG')", "image.save(path, 'JPEG', progressive=True)",
        "image.save(path, 'WEBP')", "image.save(path, 'WEBP', lossless=True)"}) {
    const std::string file =
        pillow::made_by(std::string("image = Image.effect_noise((200, 150), 80).convert('RGB')\n") + save);
    EXPECT_EQ(code_of(file), "");
    for (const double share : {0.05, 0.3, 0.7, 0.98})
      EXPECT_EQ(code_of(file.substr(0, static_cast<std::size_t>(share * static_cast<double>(file.size())))),
                "PICTURE_DAMAGED")
          << save << share;
  }
}

// Cameras and programs leave such bytes between the parts of a file and behind it.
TEST(Decode, OverlooksBytesThatAreOfNoPart) {
  std::string file = corners("image.save(path, 'JPEG', quality=95, subsampling=0)");
  file.insert(file.find("\xff\xda"), "hello");
  expect_corners(decode(file + std::string(500, 'x')));
}

// Headers that promise more than anybody may send, with next to nothing behind them.
TEST(Decode, RefusesBombsByTheirHeaders) {
  const std::string png = pillow::made_by(R"(
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
open(path, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 6, 0, 0, 0))
  + chunk(b"IDAT", zlib.compress(bytes(1000000))) + chunk(b"IEND", b""))
)");
  EXPECT_EQ(inspect(png).width, 60'000);
  EXPECT_EQ(code_of(png), "PICTURE_TOO_LARGE");
  std::string jpeg = corners("image.save(path, 'JPEG')");
  const std::size_t frame = jpeg.find(std::string("\xff\xc0\x00\x11\x08", 5));
  ASSERT_NE(frame, jpeg.npos);
  jpeg.replace(frame + 5, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(code_of(jpeg), "PICTURE_TOO_LARGE");
  std::string webp = corners("image.save(path, 'WEBP', lossless=True)");
  webp[webp.find("VP8L") + 9] = '\xff', webp[webp.find("VP8L") + 10] = '\xff', webp[webp.find("VP8L") + 11] = '\xff';
  EXPECT_EQ(code_of(webp, {.limits = {.pixels = 1'000'000}}), "PICTURE_TOO_LARGE");
}

// Comments of eight megabytes that are packed into eight kilobytes: together two gigabytes.
TEST(Decode, UnpacksNothingButPixels) {
  const std::string file = pillow::made_by(R"(
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(7900000), 9))
open(path, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 0)) + 250 * bomb
  + chunk(b"IDAT", zlib.compress(b"\0\x10\x20")) + chunk(b"IEND", b""))
)");
  const auto peak = [] {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::stol(line.substr(6)) / 1024;
    return 0L;
  };
  const long before = peak();  // MB
  EXPECT_EQ(decode(file).at(1, 0), (Colour{0x20, 0x20, 0x20}));
  EXPECT_LT(peak() - before, 100);
}

TEST(Decode, RefusesMoreScansThanAnybodyMakes) {
  const std::string file = corners("image.save(path, 'JPEG', progressive=True)");
  const std::size_t last = file.rfind("\xff\xda");
  ASSERT_NE(last, file.npos);
  std::string bomb = file.substr(0, file.size() - 2);
  for (int i = 0; i < 100; ++i) bomb += file.substr(last, file.size() - 2 - last);
  EXPECT_EQ(code_of(file), "");
  EXPECT_EQ(code_of(bomb + "\xff\xd9"), "PICTURE_DAMAGED");
}

TEST(Decode, HeedsItsLimits) {
  const std::string file = corners("image.save(path, 'PNG')");
  EXPECT_EQ(code_of(file, {.limits = {.bytes = file.size() - 1}}), "PICTURE_TOO_LARGE");
  EXPECT_EQ(code_of(file, {.limits = {.side = 59}}), "PICTURE_TOO_LARGE");
  EXPECT_EQ(code_of(file, {.limits = {.pixels = 60 * 40 - 1}}), "PICTURE_TOO_LARGE");
  EXPECT_EQ(code_of(file, {.limits = {.bytes = file.size(), .side = 60, .pixels = 60 * 40}}), "");
}

TEST(Decode, AnAnimatedWebpIsNoStillPicture) {
  const std::string file =
      corners("image.save(path, 'WEBP', save_all=True, append_images=[image.transpose(Image.Transpose.ROTATE_180)])");
  EXPECT_TRUE(inspect(file).is_animated);
  EXPECT_EQ(code_of(file), "PICTURE_ANIMATED");
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

// Bytes of files changed, cut, doubled and mixed: each gives a picture of its size or an Error{invalid}.
RC_GTEST_PROP(Decode, MutatedFilesGiveAPictureOrAnError, ()) {
  static const std::vector<std::string> files = [] {
    std::vector<std::string> out;
    for (const char* save :
         {"image.save(path, 'PNG')", "image.convert('P').save(path, 'PNG', transparency=0)",
          "image.save(path, 'PNG', icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes())",
          "image.save(path, 'JPEG')", "image.save(path, 'JPEG', progressive=True)",
          "image.convert('CMYK').save(path, 'JPEG')", "image.save(path, 'WEBP')",
          "exif = Image.Exif()\nexif[0x112] = 6\nimage.save(path, 'JPEG', exif=exif)",
          "exif = Image.Exif()\nexif[0x112] = 8\nimage.convert('RGBA').save(path, 'WEBP', lossless=True, exif=exif)"})
      out.push_back(corners(save));
    return out;
  }();
  for (int round = 0; round < 20; ++round) {
    std::string bytes = *rc::gen::elementOf(files);
    for (int change = *rc::gen::inRange(1, 6); change > 0; --change) {
      const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, 1 << 20)) % (bytes.size() + 1);
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          bytes.resize(at);
          break;
        case 1:
          bytes.insert(at, bytes.substr(at / 2, 50));
          break;
        case 2:
          bytes.erase(at, 7);
          break;
        default:
          if (at < bytes.size()) bytes[at] = static_cast<char>(*rc::gen::arbitrary<std::uint8_t>());
      }
    }
    try {
      const PictureInfo info = inspect(bytes);
      const Picture read = decode(bytes, {.limits = {.pixels = 1'000'000}, .shrink = *rc::gen::element(1, 4)});
      RC_ASSERT(read.width() <= info.width && read.height() <= info.height && read.width() > 0);
    } catch (const Error& error) {
      RC_ASSERT(error.fault == Fault::invalid);
    }
  }
}

}  // namespace
}  // namespace odeon::pictures
