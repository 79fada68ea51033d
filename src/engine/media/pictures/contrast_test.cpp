#include "engine/media/pictures/contrast.hpp"

#include <gtest/gtest.h>

namespace odeon::pictures {
namespace {

// Values that contrast checkers publish.
TEST(Contrast, IsWhatWcagSays) {
  EXPECT_NEAR(contrast(kBlack, kWhite), 21, 1e-9);
  EXPECT_NEAR(contrast(kWhite, kWhite), 1, 1e-9);
  struct Row {
    const char* colour;
    double on_white;
  };
  for (const Row& row : {Row{"#777777", 4.478},
                         {"#767676", 4.542},
                         {"#ff0000", 3.998},
                         {"#0000ff", 8.592},
                         {"#ffff00", 1.074},
                         {"#9146FF", 4.642}}) {
    EXPECT_NEAR(contrast(*parse_colour(row.colour), kWhite), row.on_white, 0.001) << row.colour;
    EXPECT_EQ(contrast(*parse_colour(row.colour), kWhite), contrast(kWhite, *parse_colour(row.colour)));
  }
}

}  // namespace
}  // namespace odeon::pictures
