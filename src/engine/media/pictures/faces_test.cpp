#include "engine/media/pictures/faces.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "engine/media/pictures/blur.hpp"
#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/cascade.hpp"
#include "engine/media/pictures/resize.hpp"
#include "testing/scratch.hpp"

namespace odeon::pictures {
namespace {

// A face as a camera has it in light from above: what lies deep is dark, what stands out is light.
void paint_face(Canvas& canvas, Point middle, double size, Colour skin, Colour hair) {
  const auto at = [&](double x, double y) { return Point{middle.x + x * size, middle.y + y * size}; };
  const auto oval = [&](double x, double y, double wide, double high, Colour colour) {
    canvas.fill(Path::ellipse(at(x, y), wide * size, high * size), colour);
  };
  const Colour shade = with_alpha(adjusted(skin, -0.22), 0.85), light = with_alpha(adjusted(skin, 0.07), 0.9);
  const Colour dark{38, 26, 24};
  oval(0, -0.14, 0.60, 0.66, hair);
  canvas.fill(Path::rounded({at(-0.2, 0.4).x, at(0, 0.4).y, 0.4 * size, 0.5 * size}, 0.1 * size),
              adjusted(skin, -0.12));
  canvas.fill(Path::ellipse(at(0, 0.08), 0.47 * size, 0.60 * size),
              LinearGradient{at(0, -0.4), at(0, 0.7), {{0, adjusted(skin, 0.03)}, {1, adjusted(skin, -0.10)}}});
  oval(0, -0.24, 0.34, 0.13, light);
  for (const double side : {-1.0, 1.0}) {
    oval(side * 0.21, -0.03, 0.155, 0.095, shade);
    oval(side * 0.21, -0.12, 0.14, 0.025, with_alpha(hair, 0.9));
    oval(side * 0.21, -0.01, 0.085, 0.042, {235, 232, 228});
    oval(side * 0.21, -0.01, 0.042, 0.045, dark);
    oval(side * 0.25, 0.20, 0.12, 0.09, light);
    oval(side * 0.06, 0.25, 0.03, 0.018, with_alpha(dark, 0.7));
  }
  oval(0, 0.10, 0.045, 0.17, light);
  oval(0, 0.25, 0.085, 0.02, shade);
  oval(0, 0.40, 0.17, 0.045, {150, 66, 66});
  oval(0, 0.395, 0.16, 0.010, with_alpha(dark, 0.8));
  oval(0, 0.47, 0.10, 0.02, shade);
  oval(0, 0.56, 0.13, 0.06, light);
}

struct Person {
  Colour skin, hair;
};
constexpr Person kPeople[] = {{{236, 190, 160}, {60, 40, 30}},
                              {{198, 145, 105}, {30, 22, 20}},
                              {{126, 82, 58}, {22, 18, 18}},
                              {{245, 208, 180}, {205, 170, 100}}};

// Somebody out of doors.
Picture photo(int width, int height, Point middle, double size, const Person& person) {
  Canvas canvas(width, height);
  canvas.paint(LinearGradient{{0, 0}, {0, height * 1.0}, {{0, {150, 180, 210}}, {1, {96, 128, 92}}}});
  canvas.fill(Path::ellipse({middle.x, middle.y + 1.6 * size}, 1.1 * size, 0.95 * size), Colour{70, 80, 120});
  paint_face(canvas, middle, size, person.skin, person.hair);
  Picture out = std::move(canvas).finish();
  blur(out, size / 60);
  return out;
}

TEST(Faces, AreFoundWhereTheyAre) {
  for (const Person& person : kPeople)
    for (const double size : {80.0, 140.0, 300.0}) {
      const Point middle{700, 420};
      const auto faces = find_faces(photo(1280, 853, middle, size, person));
      ASSERT_EQ(faces.size(), 1u) << size << " " << to_hex(person.skin);
      const Crop& box = faces[0].box;
      EXPECT_NEAR(box.x + box.width / 2.0, middle.x, 0.15 * size);
      EXPECT_NEAR(box.y + box.height / 2.0, middle.y + 0.1 * size, 0.25 * size);
      EXPECT_NEAR(box.width, size, 0.4 * size);
      EXPECT_GE(faces[0].windows, 3);
    }
}

TEST(Faces, TheLargestComesFirst) {
  Canvas canvas(1200, 600);
  canvas.paint(Colour{120, 130, 140});
  paint_face(canvas, {300, 300}, 130, kPeople[0].skin, kPeople[0].hair);
  paint_face(canvas, {850, 300}, 240, kPeople[1].skin, kPeople[1].hair);
  const auto faces = find_faces(std::move(canvas).finish());
  ASSERT_EQ(faces.size(), 2u);
  EXPECT_GT(faces[0].box.x, 600);
  EXPECT_LT(faces[1].box.x, 600);
}

TEST(Faces, AreNotSeenWhereNoneAre) {
  Canvas canvas(900, 600);
  canvas.paint(LinearGradient{{0, 0}, {900, 600}, {{0, {240, 200, 160}}, {1, {60, 90, 120}}}});
  for (int i = 0; i < 30; ++i)
    canvas.fill(Path::circle({i * 197.0 - 900 * (i * 197 / 900), i * 131.0 - 600 * (i * 131 / 600)}, 18 + i),
                Colour{static_cast<std::uint8_t>(i * 8), 120, static_cast<std::uint8_t>(250 - i * 7)});
  EXPECT_TRUE(find_faces(std::move(canvas).finish()).empty());
  for (const auto& [width, height] : {std::pair{1, 1}, {19, 400}, {3000, 5}})
    EXPECT_TRUE(find_faces(Picture(width, height)).empty());
  EXPECT_TRUE(find_faces(Picture()).empty());
}

// Beside something that is far more colourful: heads stay on.
RC_GTEST_PROP(SmartCrop, KeepsFaces, ()) {
  const bool wide = *rc::gen::arbitrary<bool>();
  const int width = wide ? 900 : 400, height = wide ? 400 : 900;
  const double size = *rc::gen::inRange(90, 150);
  const auto place = [&](int side) {
    return static_cast<double>(*rc::gen::inRange(static_cast<int>(size), side - static_cast<int>(size)));
  };
  const Point middle{place(width), place(height)};
  Picture picture = photo(width, height, middle, size, kPeople[static_cast<std::size_t>(*rc::gen::inRange(0, 4))]);
  Canvas canvas(std::move(picture));
  const Point ball{width - middle.x, height - middle.y};
  if (std::hypot(ball.x - middle.x, ball.y - middle.y) > 2 * size)
    canvas.fill(Path::circle(ball, 40), Colour{230, 20, 30});
  const Crop part = smart_crop(canvas.picture(), 1, 1);
  RC_ASSERT(middle.x - 0.45 * size >= part.x && middle.x + 0.45 * size <= part.x + part.width);
  RC_ASSERT(middle.y - 0.45 * size >= part.y && middle.y + 0.60 * size <= part.y + part.height);
}

TEST(Cascade, OthersAreNone) {
  const testing::ScratchFolder folder;
  const auto read = [&](const std::string& text) {
    std::ofstream(folder / "cascade.xml") << text;
    return Cascade::read(folder / "cascade.xml");
  };
  // A window that is darker at its top half, by the one feature that there is.
  const auto file = [](std::string_view nodes, std::string_view rectangle = "0 0 4 4 -1.") {
    return fmt::format(R"(<?xml version="1.0"?><opencv_storage><cascade type_id="opencv-cascade-classifier">
      <stageType>BOOST</stageType><featureType>HAAR</featureType><height>4</height><width>4</width><stages><_>
      <stageThreshold>0.5</stageThreshold><weakClassifiers><_><internalNodes>{}</internalNodes>
      <leafValues>0. 1.</leafValues></_></weakClassifiers></_></stages><features><_><rects><_>{}</_><_>0 2 4 2 2.</_></rects>
      <tilted>0</tilted></_></features></cascade></opencv_storage>)",
                       nodes, rectangle);
  };
  const auto cascade = read(file("0 -1 0 0.5"));
  ASSERT_TRUE(cascade);
  Grey grey{4, 6, {}};
  for (const std::uint8_t row : {200, 200, 20, 20, 200, 200}) grey.light.insert(grey.light.end(), 4, row);
  EXPECT_EQ(cascade->scan(LightSums(grey)), (std::vector<std::pair<int, int>>{{0, 2}}));
  EXPECT_FALSE(Cascade::read(folder / "missing.xml"));
  for (const std::string& bad :
       {std::string(), std::string("<opencv_storage/>"), file("0 -2 0 0.5"), file("1 -1 0 0.5"), file("0 -1 1 0.5"),
        file("0 -1 0"), file("0 -1 0 0.5", "0 0 5 4 -1."), file("0 -1 0 0.5", "0 0 4 -1."),
        file("0 -1 0 0.5", "-1 0 4 4 1")})
    EXPECT_FALSE(read(bad)) << bad;
}

}  // namespace
}  // namespace odeon::pictures
