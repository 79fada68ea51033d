#include "engine/media/pictures/resize.hpp"

#include <cmath>
#include <cstring>
#include <numbers>

#include "base/error.hpp"
#include "engine/media/pictures/canvas.hpp"

namespace odeon::pictures {
namespace {

// Blue, green, red and alpha as light: linear, premultiplied.
typedef float Light4 __attribute__((vector_size(16)));

constexpr double kLobes = 3;

double lanczos(double x) {
  x = std::abs(x);
  if (x < 1e-8) return 1;
  if (x >= kLobes) return 0;
  const double turn = std::numbers::pi * x;
  return kLobes * std::sin(turn) * std::sin(turn / kLobes) / (turn * turn);
}

// What of the source makes one pixel of the result.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Taps> taps_for(int from, int to) {
  const double ratio = static_cast<double>(from) / to, spread = std::max(1.0, ratio), reach = kLobes * spread;
  std::vector<Taps> out(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * ratio;
    const int first = std::max(0, static_cast<int>(std::floor(centre - reach)));
    const int end = std::min(from, static_cast<int>(std::ceil(centre + reach)));
    Taps& taps = out[static_cast<std::size_t>(i)];
    taps.first = first;
    double sum = 0;
    for (int at = first; at < end; ++at) {
      const double weight = lanczos((at + 0.5 - centre) / spread);
      taps.weights.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& weight : taps.weights) weight = static_cast<float>(weight / sum);
  }
  return out;
}

const std::array<float, 256>& light_table() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(to_linear(static_cast<std::uint8_t>(i)));
    return out;
  }();
  return table;
}

constexpr int kShades = 16'384;  // fine enough for the steep dark end of sRGB's curve

std::uint32_t shade_of(float light) {
  static const std::array<std::uint8_t, kShades> table = [] {
    std::array<std::uint8_t, kShades> out{};
    for (std::size_t i = 0; i < kShades; ++i) out[i] = from_linear(static_cast<double>(i) / (kShades - 1));
    return out;
  }();
  const int index = static_cast<int>(light * (kShades - 1) + 0.5f);
  return table[static_cast<std::size_t>(std::clamp(index, 0, kShades - 1))];
}

Light4 light_at(std::uint32_t pixel, const std::array<float, 256>& table) {
  const std::uint32_t alpha = pixel >> 24;
  if (alpha == 255) return Light4{table[pixel & 255], table[pixel >> 8 & 255], table[pixel >> 16 & 255], 1};
  const Colour colour = to_colour(pixel);
  const float opacity = static_cast<float>(alpha) / 255;
  return Light4{table[colour.blue] * opacity, table[colour.green] * opacity, table[colour.red] * opacity, opacity};
}

std::uint32_t pixel_of(Light4 light) {
  const float opacity = light[3];
  if (opacity > 0.999f) return 0xff000000 | shade_of(light[2]) << 16 | shade_of(light[1]) << 8 | shade_of(light[0]);
  if (opacity < 0.002f) return 0;
  const auto shade = [&](int i) { return static_cast<std::uint8_t>(shade_of(light[i] / opacity)); };
  return to_pixel({shade(2), shade(1), shade(0), static_cast<std::uint8_t>(std::lround(opacity * 255))});
}

void stretch_row(std::span<const std::uint32_t> row, const std::vector<Taps>& columns, std::vector<Light4>& light,
                 std::vector<Light4>& out) {
  const std::array<float, 256>& table = light_table();
  for (std::size_t x = 0; x < row.size(); ++x) light[x] = light_at(row[x], table);
  for (std::size_t x = 0; x < columns.size(); ++x) {
    const Light4* from = light.data() + columns[x].first;
    Light4 sum{};
    for (const float weight : columns[x].weights) sum += *from++ * weight;
    out[x] = sum;
  }
}

}  // namespace

Picture resize(const Picture& picture, int width, int height) {
  if (width == picture.width() && height == picture.height()) return picture;
  Picture out(width, height);
  if (picture.width() == 0) throw Error(Fault::internal, "PICTURE_FAILED", "There is no picture to resize.");
  const std::vector<Taps> columns = taps_for(picture.width(), width), rows = taps_for(picture.height(), height);
  std::size_t most = 0;
  for (const Taps& taps : rows) most = std::max(most, taps.weights.size());
  // Rows of the source at their new width: only those that the row under way is made of.
  std::vector<std::vector<Light4>> stretched(most, std::vector<Light4>(static_cast<std::size_t>(width)));
  std::vector<Light4> light(static_cast<std::size_t>(picture.width())), sums(static_cast<std::size_t>(width));
  int ready = 0;
  for (int y = 0; y < height; ++y) {
    const Taps& taps = rows[static_cast<std::size_t>(y)];
    for (const int end = taps.first + static_cast<int>(taps.weights.size()); ready < end; ++ready)
      stretch_row(picture.row(ready), columns, light, stretched[static_cast<std::size_t>(ready) % most]);
    std::fill(sums.begin(), sums.end(), Light4{});
    for (std::size_t i = 0; i < taps.weights.size(); ++i) {
      const Light4* from = stretched[(static_cast<std::size_t>(taps.first) + i) % most].data();
      for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += from[x] * taps.weights[i];
    }
    const auto into = out.row(y);
    for (std::size_t x = 0; x < sums.size(); ++x) into[x] = pixel_of(sums[x]);
  }
  return out;
}

Picture crop(const Picture& picture, const Crop& part) {
  if (part.x < 0 || part.y < 0 || part.x > picture.width() - part.width || part.y > picture.height() - part.height)
    throw Error(Fault::invalid, "PICTURE_CROP", "The part lies outside the picture.");
  Picture out(part.width, part.height);
  for (int y = 0; y < part.height; ++y)
    std::ranges::copy(picture.row(part.y + y).subspan(static_cast<std::size_t>(part.x), out.row(y).size()),
                      out.row(y).begin());
  return out;
}

Picture cover(const Picture& picture, int width, int height) {
  const Crop part = smart_crop(picture, width, height);
  if (part.width == picture.width() && part.height == picture.height()) return resize(picture, width, height);
  return resize(crop(picture, part), width, height);
}

Picture contain(const Picture& picture, int width, int height, Colour background) {
  const double scale =
      std::min(static_cast<double>(width) / picture.width(), static_cast<double>(height) / picture.height());
  const auto scaled = [&](int side, int most) {
    return std::clamp(static_cast<int>(std::lround(side * scale)), 1, most);
  };
  const Picture inner = resize(picture, scaled(picture.width(), width), scaled(picture.height(), height));
  Canvas canvas(width, height);
  canvas.paint(background);
  canvas.draw(inner,
              {static_cast<double>((width - inner.width()) / 2), static_cast<double>((height - inner.height()) / 2),
               static_cast<double>(inner.width()), static_cast<double>(inner.height())});
  return std::move(canvas).finish();
}

}  // namespace odeon::pictures
