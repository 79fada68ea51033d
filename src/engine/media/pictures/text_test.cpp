#include "engine/media/pictures/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <thread>

#include "engine/media/pictures/blur.hpp"
#include "engine/media/pictures/fonts.hpp"

namespace odeon::pictures {
namespace {

constexpr Colour kPaper{255, 255, 255};

// Around every pixel that is not paper.
Box painted(const Picture& picture) {
  int left = picture.width(), top = picture.height(), right = -1, bottom = -1;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) {
      const Colour colour = picture.at(x, y);
      if (colour.red > 245 && colour.green > 245 && colour.blue > 245) continue;
      left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
    }
  if (right < 0) return {};
  return {left * 1.0, top * 1.0, right - left + 1.0, bottom - top + 1.0};
}

struct Set {
  Picture picture;
  TextFit fit;
};

Set set(std::string_view text, const TextStyle& style, Box box) {
  Canvas canvas(700, 500);
  canvas.paint(kPaper);
  const TextFit fit = draw_text(canvas, text, style, box);
  return {std::move(canvas).finish(), fit};
}

void expect_within(Box inner, Box outer, double slack) {
  EXPECT_GE(inner.x, outer.x - slack);
  EXPECT_GE(inner.y, outer.y - slack);
  EXPECT_LE(inner.x + inner.width, outer.x + outer.width + slack);
  EXPECT_LE(inner.y + inner.height, outer.y + outer.height + slack);
}

TextStyle headline() {
  return {.families = {"Inter Display", "Inter"},
          .weight = 900,
          .min_size = 12,
          .max_size = 200,
          .align = Align::centre,
          .anchor = Anchor::middle,
          .line_height = 1.05,
          .fill = LinearGradient{{0, 0}, {0, 1}, {{0, {255, 220, 0}}, {1, {255, 90, 0}}}},
          .outline = Outline{.width = 0.08},
          .balanced = true};
}

// The five languages, and what is hard: accents on capitals, descenders, long words, emoji of several code points.
constexpr const char* kTexts[] = {
    "The Brave Little Fox",
    "¡ÁRBOLES MÁGICOS! ¿Quién?",
    "L'ÉTÉ où la forêt s'est tue — ÇA ALORS",
    "Donaudampfschifffahrtsgesellschaft überquert ÄÖÜ",
    "Perché gli gnomi ÈÀÙ giocano",
    "jgpqy ÁÊŮ",
    "10 RECETTES ⚡ à moins de 5 €",
    "Sleepy 🦊 and the 🌙 moon 👨‍👩‍👧 family",
    "🎉🎉🎉",
    "a",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
};

TEST(Text, StaysInItsBoxOutlineIncludedAndSaysWhereItIs) {
  for (const char* text : kTexts)
    for (const Box box : {Box{20, 30, 640, 200}, Box{100, 50, 300, 400}, Box{50, 200, 600, 60}}) {
      SCOPED_TRACE(text);
      const auto [picture, fit] = set(text, headline(), box);
      EXPECT_TRUE(fit.fits);
      const Box seen = painted(picture);
      ASSERT_GT(seen.width, 0);
      expect_within(seen, box, 1);
      expect_within(seen, fit.ink, 1.01);
      expect_within(fit.ink, box, 0.01);
      // What is told is there; the bitmaps of emoji have a margin.
      const bool has_emoji =
          std::string_view(text).contains("\xe2\x9a\xa1") || std::string_view(text).contains("\xf0\x9f");
      expect_within(fit.ink, seen, has_emoji ? 0.4 * fit.size : 2);
    }
}

TEST(Text, IsAsLargeAsItMayBe) {
  for (const char* text : kTexts) {
    SCOPED_TRACE(text);
    const Box box{20, 20, 600, 150};
    const TextFit fit = measure_text(text, headline(), box);
    if (fit.size == 200) continue;
    TextStyle larger = headline();
    larger.min_size = fit.size + 1;
    const TextFit forced = measure_text(text, larger, box);
    EXPECT_TRUE(!forced.fits || forced.ink.width > box.width + 0.01 || forced.ink.height > box.height + 0.01 ||
                forced.lines > fit.lines)
        << fit.size;
  }
}

TEST(Text, HeedsTheNumberOfLines) {
  TextStyle style = headline();
  const std::string text = "Seven ways to bake bread at home without an oven";
  double before = 0;
  for (const int lines : {1, 2, 3}) {
    style.max_lines = lines;
    const TextFit fit = measure_text(text, style, {0, 0, 700, 500});
    EXPECT_LE(fit.lines, lines);
    EXPECT_GT(fit.size, before) << "more lines leave room for larger letters";
    before = fit.size;
  }
}

TEST(Text, EndsInAnEllipsisWhereEvenTheSmallestDoesNotFit) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "word ";
  const Box box{10, 10, 200, 60};
  const auto [picture, fit] = set(text, {.min_size = 14, .max_size = 30}, box);
  EXPECT_FALSE(fit.fits);
  EXPECT_EQ(fit.size, 14);
  EXPECT_GE(fit.lines, 3);
  expect_within(painted(picture), box, 1.5);
  const TextFit lone = set(std::string(300, 'W'), {.min_size = 14, .max_size = 30}, box).fit;
  EXPECT_EQ(lone.size, 14);
  expect_within(lone.ink, box, 1.5);
}

TEST(Text, IsAlignedAndAnchored) {
  const Box box{100, 100, 500, 300};
  TextStyle style{.min_size = 40, .max_size = 40};
  for (const Align align : {Align::left, Align::centre, Align::right})
    for (const Anchor anchor : {Anchor::top, Anchor::middle, Anchor::bottom}) {
      style.align = align, style.anchor = anchor;
      const Box ink = painted(set("Hall", style, box).picture);
      const double left = ink.x - box.x, right = box.x + box.width - ink.x - ink.width;
      const double above = ink.y - box.y, below = box.y + box.height - ink.y - ink.height;
      if (align == Align::left) EXPECT_LT(left, 6);
      if (align == Align::centre) EXPECT_NEAR(left, right, 5);
      if (align == Align::right) EXPECT_LT(right, 6);
      if (anchor == Anchor::top) EXPECT_LT(above, 3);
      if (anchor == Anchor::middle) EXPECT_NEAR(above, below, 3);
      if (anchor == Anchor::bottom) EXPECT_LT(below, 3);
    }
}

TEST(Text, HasItsColoursAndItsOutline) {
  TextStyle style{.weight = 900, .min_size = 150, .max_size = 150, .fill = Colour{0, 200, 0}};
  style.outline = Outline{.width = 0.1, .paint = Colour{200, 0, 0}};
  const auto [picture, fit] = set("I", style, {100, 100, 400, 300});
  const int y = static_cast<int>(fit.ink.y + fit.ink.height / 2);
  EXPECT_EQ(picture.at(static_cast<int>(fit.ink.x + fit.ink.width / 2), y), (Colour{0, 200, 0}));
  EXPECT_EQ(picture.at(static_cast<int>(fit.ink.x) + 5, y), (Colour{200, 0, 0}));
  EXPECT_EQ(picture.at(static_cast<int>(fit.ink.x) - 2, y), kPaper);
}

TEST(Text, AGradientSpansTheInk) {
  TextStyle style{.weight = 900, .min_size = 200, .max_size = 200};
  style.fill = LinearGradient{{0, 0}, {0, 1}, {{0, {255, 0, 0}}, {1, {0, 0, 255}}}};
  const auto [picture, fit] = set("I", style, {100, 100, 400, 300});
  const int x = static_cast<int>(fit.ink.x + fit.ink.width / 2);
  EXPECT_GT(picture.at(x, static_cast<int>(fit.ink.y) + 3).red, 240);
  EXPECT_GT(picture.at(x, static_cast<int>(fit.ink.y + fit.ink.height) - 4).blue, 240);
}

TEST(Text, EmojiKeepTheirColours) {
  TextStyle style{.min_size = 200, .max_size = 200, .fill = kBlack};
  style.outline = Outline{};
  const auto [picture, fit] = set("🦊", style, {100, 100, 400, 300});
  int orange = 0, other = 0;
  for (const std::uint32_t pixel : picture.pixels()) {
    const Oklch colour = to_oklch(to_oklab(to_colour(pixel)));
    if (colour.chroma > 0.1 && colour.hue > 30 && colour.hue < 90) ++orange;
    if (colour.chroma < 0.02 && colour.lightness < 0.5) ++other;
  }
  EXPECT_GT(orange, 5000) << "a fox is orange";
  EXPECT_LT(other, orange / 3) << "and no silhouette";
}

TEST(Text, AShadowLiesBehindAndBeside) {
  TextStyle style{.weight = 900, .min_size = 150, .max_size = 150, .fill = Colour{0, 200, 0}};
  style.shadow = Shadow{.right = 0.3, .down = 0, .blur = 0.02, .colour = {0, 0, 0, 255}};
  const auto [picture, fit] = set("I", style, {100, 100, 400, 300});
  const int x = static_cast<int>(fit.ink.x + fit.ink.width / 2), y = static_cast<int>(fit.ink.y + fit.ink.height / 2);
  EXPECT_EQ(picture.at(x, y), (Colour{0, 200, 0}));
  EXPECT_LT(picture.at(x + 45, y).green, 40);
  EXPECT_EQ(picture.at(x - 45, y), kPaper);
}

TEST(Text, TakesWhateverBytesThereAre) {
  for (const std::string& text : {std::string(), std::string(" "), std::string("\xff\xfe bad"), std::string("a\0b", 3),
                                  std::string("\n\n\n"), std::string("مرحبا שלום"), std::string(3, '\x07')}) {
    const TextFit fit = set(text, headline(), {10, 10, 400, 200}).fit;
    EXPECT_GE(fit.size, 12);
  }
}

TEST(Text, BalancedLinesAreOfLikeLength) {
  TextStyle style{.min_size = 40, .max_size = 40, .align = Align::centre};
  const std::string text = "The night the lighthouse forgot how to shine again";
  const Box box{0, 0, 640, 300};
  const TextFit greedy = measure_text(text, style, box);
  style.balanced = true;
  const TextFit even = measure_text(text, style, box);
  EXPECT_EQ(even.lines, greedy.lines);
  EXPECT_LT(even.ink.width, greedy.ink.width - 20);
  EXPECT_NEAR(even.ink.x + even.ink.width / 2, 320, 4);
}

// Font maps are Pango's and fontconfig's state is everybody's: threads of the heavy pool set texts at the same time.
TEST(Text, IsTheSameOnAllThreadsAtOnce) {
  const auto pixels = [](std::size_t i) {
    const Set made = set(kTexts[i % std::size(kTexts)], headline(), {20, 30, 640, 200});
    return std::vector<std::uint32_t>(made.picture.pixels().begin(), made.picture.pixels().end());
  };
  std::vector<std::vector<std::uint32_t>> want;
  for (std::size_t i = 0; i < std::size(kTexts); ++i) want.push_back(pixels(i));
  std::atomic<int> different = 0, fonts = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < 6; ++thread)
      threads.emplace_back([&, thread] {
        for (std::size_t i = 0; i < std::size(kTexts); ++i)
          if (pixels(i + thread) != want[(i + thread) % want.size()]) ++different;
        fonts += static_cast<int>(installed_fonts().size());
      });
  }
  EXPECT_EQ(different, 0);
  EXPECT_EQ(fonts, 6 * static_cast<int>(installed_fonts().size()));
}

RC_GTEST_PROP(Text, FitsWhateverBoxItIsGiven, ()) {
  const auto words = *rc::gen::inRange(1, 12);
  std::string text;
  for (int i = 0; i < words; ++i) text += std::string(static_cast<std::size_t>(*rc::gen::inRange(1, 12)), 'n') + " ";
  TextStyle style = headline();
  style.min_size = 4;
  style.outline->width = *rc::gen::inRange(0, 20) / 100.0;
  style.align = *rc::gen::element(Align::left, Align::centre, Align::right);
  style.balanced = *rc::gen::arbitrary<bool>();
  const Box box{10, 10, *rc::gen::inRange(120, 600) * 1.0, *rc::gen::inRange(60, 400) * 1.0};
  const TextFit fit = measure_text(text, style, box);
  RC_ASSERT(fit.size >= 4 && fit.size <= 200 && fit.lines >= 1);
  if (!fit.fits) return;
  RC_ASSERT(fit.ink.x >= box.x - 0.01 && fit.ink.y >= box.y - 0.01);
  RC_ASSERT(fit.ink.x + fit.ink.width <= box.x + box.width + 0.01);
  RC_ASSERT(fit.ink.y + fit.ink.height <= box.y + box.height + 0.01);
}

TEST(Fonts, AreThoseThatTheSetupInstalls) {
  const std::vector<FontFamily> fonts = installed_fonts();
  const auto find = [&](std::string_view name) {
    const auto found = std::find_if(fonts.begin(), fonts.end(), [&](const FontFamily& at) { return at.name == name; });
    return found == fonts.end() ? FontFamily{} : *found;
  };
  for (const char* name : {"Inter", "Inter Display", "Lato", "Open Sans", "Bebas Neue", "Comic Neue", "Andika"})
    EXPECT_FALSE(find(name).weights.empty()) << name;
  EXPECT_EQ(std::ranges::count(find("Inter").weights, 900), 1);
  EXPECT_TRUE(find("Lato").has_italic);
  EXPECT_FALSE(find("Lato").has_colours);
  EXPECT_TRUE(find("Noto Color Emoji").has_colours);
}

TEST(Blur, KeepsTheSumAndSpreadsAsAGaussianDoes) {
  for (const double radius : {1.5, 3.0, 8.0}) {
    Picture picture(101, 101);
    for (int y = 48; y <= 52; ++y)
      for (int x = 48; x <= 52; ++x) picture.row(y)[static_cast<std::size_t>(x)] = 0xff000000;
    blur(picture, radius);
    double sum = 0, variance = 0;
    for (int y = 0; y < 101; ++y)
      for (int x = 0; x < 101; ++x) {
        const double weight = picture.at(x, y).alpha;
        sum += weight, variance += weight * (x - 50) * (x - 50);
      }
    // Rounding to 8 bits loses most where it is faint.
    EXPECT_NEAR(sum / (25 * 255), 1, 0.1) << radius;
    EXPECT_NEAR(std::sqrt(variance / sum - 2), radius, 0.2 * radius);
  }
}

TEST(Blur, LeavesAPlainPictureAsItIs) {
  Canvas canvas(40, 30);
  canvas.paint(Colour{200, 100, 50});
  Picture picture = std::move(canvas).finish();
  blur(picture, 5);
  EXPECT_EQ(picture.at(0, 0), (Colour{200, 100, 50}));
  EXPECT_EQ(picture.at(39, 29), (Colour{200, 100, 50}));
}

}  // namespace
}  // namespace odeon::pictures
