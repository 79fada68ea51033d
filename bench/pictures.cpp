// What pictures cost: pictures_bench FOLDER
//
// Draws a thumbnail of 1280 × 720, writes it as each format, and looks for the colours of boards whose colours are
// known. Leaves what it made and found in FOLDER, for others to do the same with, and prints `name CPU-milliseconds` a
// line.
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <numbers>
#include <random>

#include "base/error.hpp"
#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/encode.hpp"
#include "engine/media/pictures/palette.hpp"
#include "engine/media/pictures/resize.hpp"
#include "engine/media/pictures/text.hpp"

namespace {

using namespace odeon;
using namespace odeon::pictures;

constexpr int kWidth = 1280, kHeight = 720, kRounds = 30, kBoards = 20;

double cpu_milliseconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& at) {
    return static_cast<double>(at.tv_sec) * 1e3 + static_cast<double>(at.tv_usec) / 1e3;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

template <class Fn>
void measure(std::string_view name, Fn fn) {
  fn();  // libraries and fonts are loaded
  const double before = cpu_milliseconds();
  for (int i = 0; i < kRounds; ++i) fn();
  fmt::print("{} {:.2f}\n", name, (cpu_milliseconds() - before) / kRounds);
  std::fflush(stdout);
}

void save(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// A ground with a gradient, rays, a glow, a headline with gradient, outline and shadow, and a badge.
Picture thumbnail() {
  Canvas canvas(kWidth, kHeight);
  canvas.coarsely(0.25, [](Canvas& small) {
    small.paint(
        LinearGradient{{0, 0}, {kWidth, kHeight}, {{0, {30, 20, 90}}, {0.6, {120, 30, 140}}, {1, {240, 90, 60}}}});
  });
  Path rays;
  for (int i = 0; i < 14; ++i) {
    const double angle = i * std::numbers::pi / 7, next = angle + std::numbers::pi / 14;
    rays.move_to({900, 380})
        .line_to({900 + 1200 * std::cos(angle), 380 + 1200 * std::sin(angle)})
        .line_to({900 + 1200 * std::cos(next), 380 + 1200 * std::sin(next)})
        .close();
  }
  canvas.fill(rays, Colour{255, 255, 255, 26});
  canvas.coarsely(0.25, [](Canvas& small) {
    small.paint(RadialGradient{{900, 380}, 420, {{0, {255, 230, 150, 200}}, {1, {255, 230, 150, 0}}}});
  });
  canvas.fill(Path::circle({900, 400}, 190),
              LinearGradient{{900, 210}, {900, 590}, {{0, {60, 200, 220}}, {1, {20, 80, 160}}}});
  canvas.stroke(Path::circle({900, 400}, 190), kWhite, {.width = 10});
  draw_text(canvas, "10 TRICKS nobody told you",
            {.families = {"Inter Display", "Inter"},
             .weight = 900,
             .min_size = 40,
             .max_size = 160,
             .anchor = Anchor::middle,
             .line_height = 1.05,
             .fill = LinearGradient{{0, 0}, {0, 1}, {{0, {255, 250, 210}}, {1, {255, 200, 40}}}},
             .outline = Outline{.width = 0.05},
             .shadow = Shadow{},
             .balanced = true},
            {50, 60, 640, 600});
  canvas.fill(Path::rounded({1040, 50, 190, 80}, 24), Colour{230, 30, 60});
  draw_text(canvas, "NEW",
            {.families = {"Inter"},
             .weight = 800,
             .min_size = 20,
             .max_size = 52,
             .align = Align::centre,
             .anchor = Anchor::middle,
             .fill = kWhite},
            {1040, 50, 190, 80});
  return std::move(canvas).finish();
}

struct Board {
  std::vector<Colour> colours;
  std::string jpeg;
};

// Five to seven colours, at least 0.14 apart in OKLab, as ellipses on a ground, with noise.
Board make_board(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto byte = [&] { return static_cast<std::uint8_t>(random() & 255); };
  Board out;
  const std::size_t count = 5 + random() % 3;
  while (out.colours.size() < count) {
    const Colour next{byte(), byte(), byte()};
    if (std::ranges::all_of(out.colours,
                            [&](Colour other) { return distance(to_oklab(next), to_oklab(other)) >= 0.14; }))
      out.colours.push_back(next);
  }
  Canvas canvas(kWidth, kHeight);
  canvas.paint(out.colours[0]);
  for (std::size_t i = 1; i < count; ++i)
    canvas.fill(
        Path::ellipse({160 + 320.0 * static_cast<double>((i - 1) % 4), 180 + 360.0 * static_cast<double>((i - 1) / 4)},
                      80 + random() % 70, 80 + random() % 80),
        out.colours[i]);
  Picture picture = std::move(canvas).finish();
  for (std::uint32_t& pixel : picture.pixels()) {
    const Colour colour = to_colour(pixel);
    const auto noisy = [&](int value) {
      return static_cast<std::uint8_t>(
          std::clamp(value + static_cast<int>(random() % 11 + random() % 11) - 10, 0, 255));
    };
    pixel = to_pixel({noisy(colour.red), noisy(colour.green), noisy(colour.blue)});
  }
  out.jpeg = encode(picture, Format::jpeg, {.quality = 85});
  return out;
}

void run(const std::string& folder) {
  const Picture made = thumbnail();
  measure("draw", [] { thumbnail(); });
  measure("draw+jpeg", [] { encode(thumbnail(), Format::jpeg); });
  measure("draw+png", [] { encode(thumbnail(), Format::png, {.effort = Effort::quick}); });
  measure("png", [&] { encode(made, Format::png); });
  measure("webp", [&] { encode(made, Format::webp); });
  for (const Format format : {Format::png, Format::jpeg, Format::webp})
    save(fmt::format("{}/thumbnail.{}", folder, extension(format)), encode(made, format));

  const std::string photo = encode(resize(made, 4000, 3000), Format::jpeg);
  save(folder + "/photo.jpg", photo);
  measure("resize", [&] {
    const int shrink = shrink_for(inspect(photo), kWidth, kHeight);
    encode(cover(decode(photo, {.shrink = shrink}), kWidth, kHeight), Format::jpeg, {.quality = 88});
  });

  std::vector<Board> boards;
  std::string told;
  for (int i = 0; i < kBoards; ++i) {
    boards.push_back(make_board(static_cast<std::uint32_t>(104'729 + i)));
    save(fmt::format("{}/board-{}.jpg", folder, i), boards.back().jpeg);
    for (const Colour colour : boards.back().colours) told += to_hex(colour) + " ";
    told += "\n";
  }
  save(folder + "/boards.txt", told);
  std::string found;
  for (const Board& board : boards) {
    for (const Swatch& at : palette_of_file(board.jpeg, 7)) found += to_hex(at.colour) + " ";
    found += "\n";
  }
  save(folder + "/palette.txt", found);
  std::size_t next = 0;
  measure("palette", [&] { palette_of_file(boards[next++ % boards.size()].jpeg, 7); });
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return fmt::print(stderr, "usage: pictures_bench FOLDER\n"), 2;
  try {
    run(arguments[1]);
  } catch (...) {
    fmt::print(stderr, "pictures: {}\n", describe(std::current_exception()));
    return 1;
  }
}
