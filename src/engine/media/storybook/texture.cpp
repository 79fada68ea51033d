#include "engine/media/storybook/texture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/media/storybook/chance.hpp"

namespace odeon::storybook {
namespace {

struct Medium {
  double waver = 0;  // of edges, in thousandths of the height
  double waver_size = 26;
  double grain = 0;     // of the paper, ± share of light
  double mottle = 0;    // of washes, ± share of light
  double pooling = 0;   // along edges
  bool margin = false;  // the paper stays bare at the border
};

Medium medium_of(ArtStyle style) {
  switch (style) {
    case ArtStyle::watercolor:
      return {1.7, 26, 0.030, 0.055, 0.34, true};
    case ArtStyle::gouache:
      return {0.9, 30, 0.024, 0.030, 0.14, false};
    case ArtStyle::cartoon:
      return {0, 30, 0.006, 0, 0, false};
    case ArtStyle::crayon:
      return {2.2, 9, 0.105, 0.040, 0.20, true};
    case ArtStyle::pastel:
      return {1.5, 14, 0.070, 0.050, 0.05, true};
    case ArtStyle::paper:
      return {0.6, 40, 0.045, 0.012, 0.26, false};
  }
  return {};
}

// Smooth noise from -1 to 1, row by row.
class Field {
 public:
  Field(int width, int height, double cell, std::uint64_t seed)
      : cell_(std::max(static_cast<std::size_t>(cell), std::size_t{2})),
        columns_(static_cast<std::size_t>(width) / cell_ + 2),
        lattice_(columns_ * (static_cast<std::size_t>(height) / cell_ + 2)),
        line_(columns_),
        eased_(cell_) {
    Chance chance(seed);
    for (float& value : lattice_) value = static_cast<float>(chance.between(-1, 1));
    for (std::size_t i = 0; i < cell_; ++i) {
      const float t = static_cast<float>(i) / static_cast<float>(cell_);
      eased_[i] = t * t * (3 - 2 * t);
    }
  }

  void row(std::size_t y, std::vector<float>& out) {
    const float* above = &lattice_[y / cell_ * columns_];
    const float share = eased_[y % cell_];
    for (std::size_t i = 0; i < columns_; ++i) line_[i] = above[i] + (above[i + columns_] - above[i]) * share;
    for (std::size_t left = 0, x = 0; x < out.size(); ++left) {
      const std::size_t count = std::min(cell_, out.size() - x);
      const float from = line_[left], rise = line_[left + 1] - from;
      for (std::size_t i = 0; i < count; ++i) out[x + i] = from + rise * eased_[i];
      x += count;
    }
  }

 private:
  std::size_t cell_, columns_;
  std::vector<float> lattice_, line_, eased_;
};

constexpr int tile = 128;

// Grain that repeats every `tile` pixels: fine noise, a little drawn out, as of pressed paper.
std::array<float, tile * tile> paper_grain() {
  std::array<float, tile * tile> fine, grain;
  Chance chance(7);
  for (float& value : fine) value = static_cast<float>(chance.between(-1, 1));
  const auto at = [&](int x, int y) {
    return fine[static_cast<std::size_t>(((y + tile) % tile) * tile + (x + tile) % tile)];
  };
  for (int y = 0; y < tile; ++y)
    for (int x = 0; x < tile; ++x)
      grain[static_cast<std::size_t>(y * tile + x)] =
          at(x, y) * 0.5F + (at(x + 1, y) + at(x - 1, y) + at(x, y + 1) + at(x, y - 1)) * 0.25F +
          (at(x + 2, y + 1) - at(x - 2, y - 1)) * 0.15F;
  return grain;
}

float light_of(std::uint32_t pixel) {
  return static_cast<float>(((pixel >> 16) & 255) * 5 + ((pixel >> 8) & 255) * 9 + (pixel & 255) * 2) / 16;
}

// The light of a picture a fourth as wide and high, blurred.
struct Blurred {
  int width, height;
  std::vector<float> light;

  explicit Blurred(const pictures::Picture& picture)
      : width((picture.width() + 3) / 4),
        height((picture.height() + 3) / 4),
        light(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    for (int y = 0; y < height; ++y) {
      const auto row = picture.row(std::min(y * 4 + 1, picture.height() - 1)),
                 next = picture.row(std::min(y * 4 + 3, picture.height() - 1));
      for (int x = 0; x < width; ++x) {
        const auto a = static_cast<std::size_t>(std::min(x * 4 + 1, picture.width() - 1)),
                   b = static_cast<std::size_t>(std::min(x * 4 + 3, picture.width() - 1));
        at(x, y) = (light_of(row[a]) + light_of(row[b]) + light_of(next[a]) + light_of(next[b])) / 4;
      }
    }
    std::vector<float> line(static_cast<std::size_t>(std::max(width, height)));
    for (int y = 0; y < height; ++y) smooth(line, width, [&](int x) -> float& { return at(x, y); });
    for (int x = 0; x < width; ++x) smooth(line, height, [&](int y) -> float& { return at(x, y); });
  }

  float& at(int x, int y) {
    return light[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }

 private:
  template <class At>
  static void smooth(std::vector<float>& line, int count, At at) {
    for (int i = 0; i < count; ++i) line[static_cast<std::size_t>(i)] = at(i);
    const auto kept = [&](int i) { return line[static_cast<std::size_t>(std::clamp(i, 0, count - 1))]; };
    for (int i = 0; i < count; ++i)
      at(i) = (kept(i - 2) + kept(i - 1) * 2 + kept(i) * 3 + kept(i + 1) * 2 + kept(i + 2)) / 9;
  }
};

// `share` is of 256.
std::uint32_t sampled_between(std::uint32_t a, std::uint32_t b, std::uint32_t share) {
  const std::uint32_t even = ((a & 0x00FF00FF) * (256 - share) + (b & 0x00FF00FF) * share) >> 8;
  const std::uint32_t odd = ((a >> 8) & 0x00FF00FF) * (256 - share) + ((b >> 8) & 0x00FF00FF) * share;
  return (even & 0x00FF00FF) | (odd & 0xFF00FF00);
}

std::uint32_t sampled(const std::uint32_t* above, const std::uint32_t* below, std::uint32_t across,
                      std::uint32_t down) {
  return sampled_between(sampled_between(above[0], above[1], across), sampled_between(below[0], below[1], across),
                         down);
}

// How bare the paper is there, 0–1.
float bareness(int inwards, double margin, float wash, float dab) {
  const double reached = inwards / margin - 0.22 - 0.22 * wash - 0.16 * dab;
  return static_cast<float>(std::clamp(1 - reached * 3.2, 0.0, 1.0));
}

std::uint32_t shaded(std::uint32_t pixel, int shade) {
  const auto channel = [&](int shift) {
    return std::min(static_cast<int>((pixel >> shift) & 255) * shade >> 8, 255) << shift;
  };
  return 0xFF000000U | static_cast<std::uint32_t>(channel(16) | channel(8) | channel(0));
}

}  // namespace

void apply_texture(pictures::Picture& picture, ArtStyle style, std::uint64_t seed) {
  const Medium medium = medium_of(style);
  const int width = picture.width(), height = picture.height();
  if (width < 4 || height < 4) return;
  const double unit = height / 1000.0;
  static const auto grain = paper_grain();
  const pictures::Picture before = picture;
  Blurred blurred(before);
  Field right(width, height, medium.waver_size * unit, seed + 1),
      down(width, height, medium.waver_size * unit, seed + 2);
  Field wash(width, height, 70 * unit, seed + 3), dab(width, height, 17 * unit, seed + 4);
  const auto w = static_cast<std::size_t>(width);
  std::vector<float> dx(w), dy(w), washes(w), dabs(w), shades(w);
  const auto waver = static_cast<float>(medium.waver * unit * 256);
  const auto grained = static_cast<float>(medium.grain), mottled = static_cast<float>(medium.mottle),
             pooled = static_cast<float>(medium.pooling / 255);
  const double margin = 34 * unit;
  const int reach = medium.margin ? static_cast<int>(margin * 1.6) : 0;
  for (int y = 0; y < height; ++y) {
    const auto at_row = static_cast<std::size_t>(y);
    right.row(at_row, dx), down.row(at_row, dy), wash.row(at_row, washes), dab.row(at_row, dabs);
    // Lit a little more in the upper middle than at the corners.
    const auto below = static_cast<float>(y) / static_cast<float>(height) - 0.42F;
    const float* grains = &grain[at_row % tile * tile];
    for (std::size_t x = 0; x < w; ++x) {
      const float aside = static_cast<float>(x) / static_cast<float>(w) - 0.5F;
      shades[x] = 1.02F - (below * below + aside * aside) * 0.13F + (washes[x] * 0.6F + dabs[x] * 0.4F) * mottled +
                  grains[x % tile] * grained;
    }
    const auto out = picture.row(y);
    const float* soft = &blurred.light[static_cast<std::size_t>(std::min(y / 4, blurred.height - 1)) *
                                       static_cast<std::size_t>(blurred.width)];
    for (int x = 0; x < width; ++x) {
      const auto at = static_cast<std::size_t>(x);
      const int from_x = std::clamp((x << 8) + static_cast<int>(dx[at] * waver), 0, ((width - 1) << 8) - 1);
      const int from_y = std::clamp((y << 8) + static_cast<int>(dy[at] * waver), 0, ((height - 1) << 8) - 1);
      const std::uint32_t* above =
          &before.pixels()[static_cast<std::size_t>(from_y >> 8) * w + static_cast<std::size_t>(from_x >> 8)];
      const std::uint32_t pixel =
          sampled(above, above + w, static_cast<std::uint32_t>(from_x & 255), static_cast<std::uint32_t>(from_y & 255));
      const float edge = light_of(pixel) - soft[static_cast<std::size_t>(x >> 2)];
      out[at] = shaded(pixel, static_cast<int>((shades[at] + edge * pooled) * 256));
    }
    if (reach == 0) continue;
    const bool whole = y < reach || y >= height - reach;
    for (int x = 0; x < width; ++x) {
      if (!whole && x == reach) x = std::max(x, width - reach);
      const auto at = static_cast<std::size_t>(x);
      const float bare = bareness(std::min({x, y, width - 1 - x, height - 1 - y}), margin, washes[at], dabs[at]);
      const std::uint32_t paper = shaded(0xFFFCF8F0, static_cast<int>((1 + (shades[at] - 1) * 0.3F) * 256));
      if (bare > 0) out[at] = sampled_between(out[at], paper, static_cast<std::uint32_t>(bare * 256));
    }
  }
}

}  // namespace odeon::storybook
