#include "engine/ai/providers/pictures.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include "engine/ai/providers/picture_bytes_test.hpp"

namespace odeon::ai {
namespace {

TEST(Pictures, AreKnownByTheirFirstBytes) {
  EXPECT_EQ(picture_type(kPng), "image/png");
  EXPECT_EQ(picture_type(kJpeg), "image/jpeg");
  EXPECT_EQ(picture_type(std::string("RIFF\x10\0\0\0WEBPVP8 ", 16)), "image/webp");
  for (const char* other : {"", "RIFF", "RIFFxxxxWAVE", "<svg/>", "GIF89a"})
    EXPECT_EQ(picture_type(other), "") << other;
}

TEST(Pictures, ComeInDataUrls) {
  const Picture picture{.media_type = "image/png", .bytes = kPng, .url = ""};
  EXPECT_EQ(url_of(picture), "data:image/png;base64,iVBORw0K");
  EXPECT_EQ(picture_of_data_url(url_of(picture)), picture);
  // Bytes are believed, what is said of them is not.
  EXPECT_EQ(picture_of_data_url("DATA:image/jpeg;charset=x;base64,iVBORw0K"), picture);
  for (const char* other : {"", "data:", "data:image/png,x", "data:image/png;base64,", "data:image/png;base64,????",
                            "data:text/html;base64,PGh0bWw+", "https://x.example/a.png"})
    EXPECT_FALSE(picture_of_data_url(other)) << other;
  EXPECT_EQ(url_of({.media_type = "", .bytes = "", .url = "https://x.example/a.png"}), "https://x.example/a.png");
}

RC_GTEST_PROP(Pictures, NeverAreWhatIsNoPicture, (const std::string& bytes)) {
  RC_ASSERT(picture_of_data_url(bytes).has_value() == false);
  RC_ASSERT(picture_of_data_url(url_of({.media_type = "image/png", .bytes = kPng + bytes, .url = ""}))->bytes ==
            kPng + bytes);
}

TEST(Pictures, HaveTheNearestShape) {
  constexpr Shape shapes[] = {{1, 1}, {16, 9}, {9, 16}};
  const auto ratio = [&](int width, int height) { return ratio_of(nearest_shape(width, height, shapes)); };
  EXPECT_EQ(ratio(1280, 720), "16:9");
  EXPECT_EQ(ratio(1024, 1000), "1:1");
  EXPECT_EQ(ratio(500, 4000), "9:16");
  EXPECT_EQ(ratio(0, -5), "1:1");
}

}  // namespace
}  // namespace odeon::ai
