#include "products/podcasts/artwork/artwork_picture.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/media/pictures/decode.hpp"
#include "products/podcasts/artwork/artwork_files_test.hpp"

namespace odeon::podcasts {
namespace {

using namespace artwork_files;
using pictures::ColourModel;
using ::testing::HasSubstr;
using ::testing::Not;

// What is refused: its code, and the sentence for whoever sent it.
std::pair<std::string, std::string> fault_of(std::string_view bytes, Squaring squaring = Squaring::refuse) {
  try {
    static_cast<void>(artwork_of(bytes, squaring));
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    EXPECT_EQ(error.fields.at(0).path, "artwork");
    EXPECT_EQ(error.fields.at(0).code, error.code);
    EXPECT_EQ(error.fields.at(0).message, error.message);
    return {error.code, error.message};
  }
  return {};
}

TEST(PictureOfArtwork, SaysWhatIsWrongAndWhatIsWanted) {
  const std::string whole = file(1400, 1400), png = file(1400, 1400, Format::png);
  const struct {
    std::string what, bytes, code, says;
    Squaring squaring = Squaring::refuse;
  } cases[] = {
      {"wide", file(1600, 900), "ARTWORK_NOT_SQUARE",
       "This picture is 1600 × 900; artwork must be square, 1400 to 3000 pixels."},
      {"a little off", file(1500, 1501), "ARTWORK_NOT_SQUARE", "“crop”"},
      {"small", file(1399, 1399), "ARTWORK_TOO_SMALL", "1399 × 1399; artwork must be square, 1400 to 3000 pixels."},
      {"too small to be cut", file(1600, 900), "ARTWORK_TOO_SMALL", "1600 × 900", Squaring::crop},
      {"animated PNG", animated_png(1400), "PICTURE_ANIMATED", "animated"},
      {"animated WebP", animated_webp(1400), "PICTURE_ANIMATED", "animated"},
      {"for print", cmyk_jpeg(1400), "ARTWORK_NOT_RGB", "CMYK"},
      {"half a JPEG", whole.substr(0, whole.size() / 2), "PICTURE_DAMAGED", "damaged"},
      {"half a PNG", png.substr(0, png.size() / 2), "PICTURE_DAMAGED", "damaged"},
      {"a head without pixels", png_said_to_be(2000, 2000), "PICTURE_DAMAGED", "damaged"},
      {"a bomb", png_said_to_be(60'000, 60'000), "PICTURE_TOO_LARGE", "60000 × 60000"},
      {"a bomb that is to be cut", png_said_to_be(60'000, 30'000), "PICTURE_TOO_LARGE", "60000", Squaring::crop},
      {"GIF", "GIF89a\x01\x02\x03", "NOT_A_PICTURE", "PNG, JPEG or WebP"},
      {"a page", "<html></html>", "NOT_A_PICTURE", "PNG, JPEG or WebP"},
      {"nothing", "", "NOT_A_PICTURE", "PNG, JPEG or WebP"}};
  for (const auto& given : cases) {
    SCOPED_TRACE(given.what);
    const auto [code, says] = fault_of(given.bytes, given.squaring);
    EXPECT_EQ(code, given.code);
    EXPECT_THAT(says, HasSubstr(given.says));
  }
  EXPECT_THAT(fault_of(file(1600, 900)).second, Not(HasSubstr("crop"))) << "that would be too small";
}

TEST(PictureOfArtwork, IsWhatDirectoriesTake) {
  const struct {
    std::string what, bytes;
    int side;
    Squaring squaring = Squaring::refuse;
  } cases[] = {{"the least", file(1400, 1400), 1400},
               {"the most", file(3000, 3000), 3000},
               {"more than that", file(3300, 3300), 3000},
               {"much more, read smaller", file(6100, 6100), 3000},
               {"PNG", file(1500, 1500, Format::png), 1500},
               {"WebP", file(1450, 1450, Format::webp), 1450},
               {"cut", file(2000, 1500), 1500, Squaring::crop},
               {"cut and scaled", file(3200, 3500), 3000, Squaring::crop},
               {"square anyway", file(1401, 1401), 1401, Squaring::crop}};
  for (const auto& given : cases) {
    SCOPED_TRACE(given.what);
    const auto made = artwork_of(given.bytes, given.squaring);
    EXPECT_EQ(made.side, given.side);
    const auto info = pictures::inspect(made.bytes);
    EXPECT_EQ(info.format, made.format);
    EXPECT_EQ(info.model, ColourModel::rgb);
    EXPECT_FALSE(info.has_alpha);
    const auto shown = pictures::decode(made.bytes);
    EXPECT_EQ(std::pair(shown.width(), shown.height()), std::pair(given.side, given.side));
    EXPECT_NEAR(shown.at(given.side / 2, given.side / 2).red, 250, 6) << "the sun is in the middle";
    for (std::size_t i = 0; i < kThumbnailSides.size(); ++i) {
      const auto small = pictures::decode(made.thumbnails[i]);
      EXPECT_EQ(std::pair(small.width(), small.height()), std::pair(kThumbnailSides[i], kThumbnailSides[i]));
      EXPECT_EQ(pictures::inspect(made.thumbnails[i]).format, Format::jpeg);
      EXPECT_NEAR(small.at(kThumbnailSides[i] / 2, kThumbnailSides[i] / 2).red, 250, 6);
      EXPECT_LE(made.thumbnails[i].size(), kLargestThumbnail);
    }
  }
}

TEST(PictureOfArtwork, StaysAPngWhereThatIsSmaller) {
  const auto flat = artwork_of(file(1400, 1400, Format::png, false), Squaring::refuse);
  EXPECT_EQ(flat.format, Format::png);
  const auto shown = pictures::decode(flat.bytes);
  EXPECT_EQ(shown.at(5, 5), pictures::kWhite) << "nothing shines through";
  EXPECT_TRUE(shown.is_opaque());
  EXPECT_EQ(artwork_of(file(1400, 1400, Format::webp, false), Squaring::refuse).format, Format::jpeg);
}

// The hardest there is for a JPEG.
TEST(PictureOfArtwork, NoiseFitsTheTagOfASoundToo) {
  pictures::Picture noise(1400, 1400);
  std::uint32_t state = 1;
  for (auto& pixel : noise.pixels()) pixel = 0xff000000 | (state = state * 1'664'525 + 1'013'904'223) >> 8;
  const auto made = artwork_of(pictures::encode(noise, Format::jpeg, {.quality = 60}), Squaring::refuse);
  EXPECT_LE(made.thumbnails[0].size(), kLargestThumbnail);
  EXPECT_GT(made.thumbnails[0].size(), kLargestThumbnail / 4);
}

TEST(PictureOfArtwork, TellsNothingButThePicture) {
  const std::string secret = "51.5007 N, 0.1246 W";
  const std::string sent = jpeg_that_tells(1400, secret);
  EXPECT_THAT(sent, HasSubstr(secret));
  const auto made = artwork_of(sent, Squaring::refuse);
  EXPECT_THAT(made.bytes, Not(HasSubstr(secret)));
  for (const auto& thumbnail : made.thumbnails) EXPECT_THAT(thumbnail, Not(HasSubstr(secret)));
}

// Whatever comes is artwork, or is refused for a reason.
RC_GTEST_PROP(PictureOfArtwork, OrSaysWhyNot, ()) {
  static const std::string png = file(1400, 1400, Format::png, false), jpeg = file(1400, 1500);
  std::string bytes = *rc::gen::element(png, jpeg);
  // Most often in the headers.
  const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, *rc::gen::element(60, 700, 1 << 20))) % bytes.size();
  if (*rc::gen::arbitrary<bool>())
    bytes[at] = static_cast<char>(*rc::gen::arbitrary<std::uint8_t>());
  else
    bytes.resize(at);
  try {
    const auto made = artwork_of(bytes, Squaring::crop);
    RC_ASSERT(made.side >= kLeastSide && made.side <= kMostSide && !made.bytes.empty());
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::invalid && error.fields.size() == 1 && !error.message.empty());
  }
}

}  // namespace
}  // namespace odeon::podcasts
