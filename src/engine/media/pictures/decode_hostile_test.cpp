// Files that are not what they should be.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/media/pictures/decode.hpp"
#include "engine/media/pictures/pillow_test.hpp"
#include "testing/memory.hpp"

namespace odeon::pictures {
namespace {

using pillow::corners;

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

TEST(DecodeHostile, RefusesWhatIsNoPicture) {
  for (const std::string& bytes :
       {std::string(), std::string("<svg xmlns='http://www.w3.org/2000/svg'/>"), std::string("GIF89a"),
        std::string(1000, '\0'), std::string("RIFF\x10\0\0\0WAVEfmt ", 16), std::string("\xff\xd8")})
    EXPECT_EQ(code_of(bytes), "NOT_A_PICTURE");
}

TEST(DecodeHostile, RefusesFilesThatEndTooEarly) {
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
TEST(DecodeHostile, OverlooksBytesThatAreOfNoPart) {
  std::string file = corners("image.save(path, 'JPEG', quality=95, subsampling=0)");
  file.insert(file.find("\xff\xda"), "hello");
  const Picture read = decode(file + std::string(500, 'x'));
  EXPECT_GT(read.at(5, 5).red, 250);
  EXPECT_GT(read.at(5, 35).blue, 250);
}

// Headers that promise more than anybody may send, with next to nothing behind them.
TEST(DecodeHostile, RefusesBombsByTheirHeaders) {
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
TEST(DecodeHostile, UnpacksNothingButPixels) {
  const std::string file = pillow::made_by(R"(
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(7900000), 9))
open(path, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 0)) + 250 * bomb
  + chunk(b"IDAT", zlib.compress(b"\0\x10\x20")) + chunk(b"IEND", b""))
)");
  testing::most_resident();  // the peak begins anew
  const std::size_t before = testing::resident();
  EXPECT_EQ(decode(file).at(1, 0), (Colour{0x20, 0x20, 0x20}));
  EXPECT_LT(testing::most_resident(), before + 100 * 1024);
}

TEST(DecodeHostile, RefusesMoreScansThanAnybodyMakes) {
  const std::string file = corners("image.save(path, 'JPEG', progressive=True)");
  const std::size_t last = file.rfind("\xff\xda");
  ASSERT_NE(last, file.npos);
  std::string bomb = file.substr(0, file.size() - 2);
  for (int i = 0; i < 100; ++i) bomb += file.substr(last, file.size() - 2 - last);
  EXPECT_EQ(code_of(file), "");
  EXPECT_EQ(code_of(bomb + "\xff\xd9"), "PICTURE_DAMAGED");
}

TEST(DecodeHostile, HeedsItsLimits) {
  const std::string file = corners("image.save(path, 'PNG')");
  EXPECT_EQ(code_of(file, {.limits = {.bytes = file.size() - 1}}), "PICTURE_TOO_LARGE");
  EXPECT_EQ(code_of(file, {.limits = {.side = 59}}), "PICTURE_TOO_LARGE");
  EXPECT_EQ(code_of(file, {.limits = {.pixels = 60 * 40 - 1}}), "PICTURE_TOO_LARGE");
  EXPECT_EQ(code_of(file, {.limits = {.bytes = file.size(), .side = 60, .pixels = 60 * 40}}), "");
}

TEST(DecodeHostile, AnAnimatedWebpIsNoStillPicture) {
  const std::string file =
      corners("image.save(path, 'WEBP', save_all=True, append_images=[image.transpose(Image.Transpose.ROTATE_180)])");
  EXPECT_TRUE(inspect(file).is_animated);
  EXPECT_EQ(code_of(file), "PICTURE_ANIMATED");
}

// Bytes of files changed, cut, doubled and mixed: each gives a picture of its size or an Error{invalid}.
RC_GTEST_PROP(DecodeHostile, MutatedFilesGiveAPictureOrAnError, ()) {
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
