#include "engine/media/storybook/texture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
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

  const float* row(int y) const {
    return &light[static_cast<std::size_t>(std::min(y, height - 1)) * static_cast<std::size_t>(width)];
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

// Channels of pixels side by side, so that all of them are reckoned with at once.
using Bytes4 = std::uint8_t __attribute__((vector_size(4)));
using Bytes8 = std::uint8_t __attribute__((vector_size(8)));
using Words8 = std::uint16_t __attribute__((vector_size(16)));
using Floats4 = float __attribute__((vector_size(16)));
using Ints4 = std::int32_t __attribute__((vector_size(16)));

// Between four pixels; the shares are of 256.
std::uint32_t sampled(const std::uint32_t* above, const std::uint32_t* below, int across, int down) {
  Bytes8 upper, lower;
  std::memcpy(&upper, above, sizeof upper);
  std::memcpy(&lower, below, sizeof lower);
  const auto to = static_cast<std::uint16_t>(across), from = static_cast<std::uint16_t>(256 - across);
  const auto low = static_cast<std::uint16_t>(down), high = static_cast<std::uint16_t>(256 - down);
  Words8 mixed = (__builtin_convertvector(upper, Words8) * high + __builtin_convertvector(lower, Words8) * low) >> 8;
  mixed *= Words8{from, from, from, from, to, to, to, to};
  mixed = (mixed + __builtin_shufflevector(mixed, mixed, 4, 5, 6, 7, 0, 1, 2, 3)) >> 8;
  const Bytes8 packed = __builtin_convertvector(mixed, Bytes8);
  std::uint32_t pixel;
  std::memcpy(&pixel, &packed, sizeof pixel);
  return pixel;
}

// Each channel times `shade`; opaque.
std::uint32_t shaded(std::uint32_t pixel, float shade) {
  Bytes4 bytes;
  std::memcpy(&bytes, &pixel, sizeof bytes);
  Floats4 light = __builtin_convertvector(__builtin_convertvector(bytes, Ints4), Floats4) * std::max(shade, 0.0F);
  const Floats4 most{255, 255, 255, 255};
  light = light < most ? light : most;
  bytes = __builtin_convertvector(__builtin_convertvector(light, Ints4), Bytes4);
  std::memcpy(&pixel, &bytes, sizeof pixel);
  return pixel | 0xFF000000;
}

// One picture under way, row by row. Loops are kept apart and plain, so that they are compiled for several pixels at
// once.
class Sheet {
 public:
  Sheet(pictures::Picture& picture, const Medium& medium, std::uint64_t seed)
      : picture_(picture),
        before_(picture),
        blurred_(before_),
        medium_(medium),
        scale_(picture.height() / 1000.0),
        right_(picture.width(), picture.height(), medium.waver_size * scale_, seed + 1),
        down_(picture.width(), picture.height(), medium.waver_size * scale_, seed + 2),
        wash_(picture.width(), picture.height(), 70 * scale_, seed + 3),
        dab_(picture.width(), picture.height(), 17 * scale_, seed + 4),
        width_(static_cast<std::size_t>(picture.width())),
        height_(static_cast<std::size_t>(picture.height())) {
    for (auto* row : {&dx_, &dy_, &washes_, &dabs_, &shades_, &lit_}) row->resize(width_);
    // Lit a little more in the upper middle than at the corners.
    for (std::size_t x = 0; x < width_; ++x) {
      const float aside = static_cast<float>(x) / static_cast<float>(width_) - 0.5F;
      lit_[x] = 1.02F - aside * aside * 0.13F;
    }
  }

  void work(std::size_t y) {
    wash_.row(y, washes_), dab_.row(y, dabs_);
    shade(y);
    if (medium_.waver > 0) waver(y);
    pool(y);
    if (medium_.margin) bare(y);
  }

 private:
  void shade(std::size_t y) {
    static const auto grain = paper_grain();
    const float below = static_cast<float>(y) / static_cast<float>(height_) - 0.42F, dimmed = below * below * 0.13F;
    const auto grained = static_cast<float>(medium_.grain), wide = static_cast<float>(medium_.mottle * 0.6),
               fine = static_cast<float>(medium_.mottle * 0.4);
    const float* grains = &grain[y % tile * tile];
    for (std::size_t left = 0; left < width_; left += tile) {
      const std::size_t count = std::min<std::size_t>(tile, width_ - left);
      for (std::size_t i = 0; i < count; ++i)
        shades_[left + i] =
            lit_[left + i] - dimmed + washes_[left + i] * wide + dabs_[left + i] * fine + grains[i] * grained;
    }
  }

  void waver(std::size_t y) {
    right_.row(y, dx_), down_.row(y, dy_);
    const auto far = static_cast<float>(medium_.waver * scale_ * 256);
    const int last_x = (static_cast<int>(width_ - 1) << 8) - 1, last_y = (static_cast<int>(height_ - 1) << 8) - 1;
    const auto out = picture_.row(static_cast<int>(y));
    const std::uint32_t* pixels = before_.pixels().data();
    for (std::size_t x = 0; x < width_; ++x) {
      const int from_x = std::clamp((static_cast<int>(x) << 8) + static_cast<int>(dx_[x] * far), 0, last_x);
      const int from_y = std::clamp((static_cast<int>(y) << 8) + static_cast<int>(dy_[x] * far), 0, last_y);
      const std::uint32_t* above = pixels + static_cast<std::size_t>(from_y >> 8) * width_ + (from_x >> 8);
      out[x] = sampled(above, above + width_, from_x & 255, from_y & 255);
    }
  }

  void pool(std::size_t y) {
    const auto out = picture_.row(static_cast<int>(y));
    const float* soft = blurred_.row(static_cast<int>(y / 4));
    const auto pooled = static_cast<float>(medium_.pooling / 255);
    for (std::size_t x = 0; x < width_; ++x) shades_[x] += (light_of(out[x]) - soft[x >> 2]) * pooled;
    for (std::size_t x = 0; x < width_; ++x) out[x] = shaded(out[x], shades_[x]);
  }

  void bare(std::size_t y) {
    const double margin = 34 * scale_;
    const auto reach = static_cast<std::size_t>(margin * 1.6);
    const auto out = picture_.row(static_cast<int>(y));
    const bool across = y < reach || y + reach >= height_;
    for (std::size_t x = 0; x < width_; ++x) {
      if (!across && x >= reach && x + reach < width_) continue;
      const std::size_t inwards = std::min({x, y, width_ - 1 - x, height_ - 1 - y});
      const double reached = static_cast<double>(inwards) / margin - 0.22 - 0.22 * washes_[x] - 0.16 * dabs_[x];
      const auto share = static_cast<int>(std::clamp(1 - reached * 3.2, 0.0, 1.0) * 256);
      const std::uint32_t pair[]{out[x], shaded(0xFFFCF8F0, 1 + (lit_[x] - 1) * 0.3F)};
      out[x] = sampled(pair, pair, share, 0);
    }
  }

  pictures::Picture& picture_;
  const pictures::Picture before_;
  const Blurred blurred_;
  const Medium medium_;
  const double scale_;
  Field right_, down_, wash_, dab_;
  const std::size_t width_, height_;
  std::vector<float> dx_, dy_, washes_, dabs_, shades_, lit_;
};

}  // namespace

void apply_texture(pictures::Picture& picture, ArtStyle style, std::uint64_t seed) {
  if (picture.width() < 4 || picture.height() < 4) return;
  Sheet sheet(picture, medium_of(style), seed);
  for (int y = 0; y < picture.height(); ++y) sheet.work(static_cast<std::size_t>(y));
}

}  // namespace odeon::storybook
