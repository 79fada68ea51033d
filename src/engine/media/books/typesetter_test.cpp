#include "engine/media/books/typesetter.hpp"

#include <gtest/gtest.h>

namespace odeon::books {
namespace {

TEST(TextBlock, LinesHaveOneDistanceWhateverIsInThem) {
  const Typesetter typesetter("en");
  for (const std::string_view text : {"plain", "emoji 🌟 between", "שלום"}) {
    const TextBlock block(typesetter, text, {.size = 20}, 400);
    EXPECT_EQ(block.lines(), 1) << text;
    EXPECT_DOUBLE_EQ(block.height(), 30) << text;
  }
}

TEST(TextBlock, LargerTypeTakesMoreLines) {
  const Typesetter typesetter("en");
  const std::string text(
      "The brave little hedgehog walked on and on, over hills and through valleys, until the moon came out again.");
  int before = 0;
  for (const double size : {6.0, 12.0, 24.0, 48.0}) {
    const int lines = TextBlock(typesetter, text, {.size = size}, 300).lines();
    EXPECT_GT(lines, before);
    before = lines;
  }
}

TEST(TextBlock, BalancingTakesNoMoreLinesAndTellsOfWordsThatAreTooLong) {
  const Typesetter typesetter("de");
  for (const auto& [text, is_balanced] : std::initializer_list<std::pair<std::string_view, bool>>{
           {"Emil", true},
           {"Der Fuchs und die größte Brücke der Welt", true},
           {"Die Donaudampfschifffahrt", true},
           {"Eine Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik fährt", false},
           {"🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟 🌟", true}}) {
    TextBlock block(typesetter, text, {.size = 24, .align = Align::centre}, 340);
    const int lines = block.lines();
    EXPECT_EQ(block.balance(), is_balanced) << text;
    EXPECT_EQ(block.lines(), lines) << text;
  }
}

}  // namespace
}  // namespace odeon::books
