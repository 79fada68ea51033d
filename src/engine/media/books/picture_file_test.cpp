#include "engine/media/books/picture_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/books/books_test.hpp"

namespace odeon::books {
namespace {

using pictures::Format;

TEST(PictureFile, SaysWhatItIsAndHowLarge) {
  const auto png = read_picture_file(testing::scene(1, 70, 30, Format::png));
  ASSERT_TRUE(png);
  EXPECT_EQ(png->kind, PictureFile::Kind::png);
  EXPECT_EQ(std::pair(png->width, png->height), std::pair(70, 30));
  const auto jpeg = read_picture_file(testing::scene(1, 70, 30, Format::jpeg));
  ASSERT_TRUE(jpeg);
  EXPECT_EQ(jpeg->kind, PictureFile::Kind::jpeg);
  EXPECT_EQ(std::tuple(jpeg->width, jpeg->height, jpeg->channels), std::tuple(70, 30, 3));
}

TEST(PictureFile, OthersAreNone) {
  for (const std::string& bytes :
       {std::string(), std::string("GIF89a"), std::string("\xFF\xD8\xFF"), std::string("\xFF\xD8\xFF\xC0\0\x02", 6),
        std::string("\xFF\xD8\xFF\xDA\0\x08", 6), testing::scene(1, 9, 9, Format::webp),
        testing::scene(1, 9, 9, Format::png).substr(0, 30)})
    EXPECT_FALSE(read_picture_file(bytes)) << bytes.size();
}

RC_GTEST_PROP(PictureFileProperty, CutsAndDamageAreSurvived, (std::uint16_t at, std::uint8_t value, bool is_png)) {
  static const std::string png = testing::scene(1, 40, 40, Format::png), jpeg = testing::scene(1, 40, 40, Format::jpeg);
  std::string bytes = is_png ? png : jpeg;
  bytes[at % bytes.size()] = static_cast<char>(value);
  if (const auto file = read_picture_file(bytes)) RC_ASSERT(file->width > 0 && file->height > 0);
  RC_ASSERT(!read_picture_file(std::string_view(bytes).substr(0, at % 20)));
}

}  // namespace
}  // namespace odeon::books
