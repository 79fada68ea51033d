#include "engine/media/pictures/saliency.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace odeon::pictures {
namespace {

constexpr std::size_t kN = kSaliencySide;
using Complex = std::complex<float>;
using Spectrum = std::vector<Complex>;  // kN × kN

// Cooley and Tukey's, in place, of kN values that are `stride` apart.
void transform_line(Complex* values, std::size_t stride, float direction) {
  for (std::size_t i = 1, j = 0; i < kN; ++i) {
    std::size_t bit = kN / 2;
    for (; j & bit; bit /= 2) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i * stride], values[j * stride]);
  }
  for (std::size_t length = 2; length <= kN; length *= 2) {
    const Complex step = std::polar(1.0f, direction * 2 * std::numbers::pi_v<float> / static_cast<float>(length));
    for (std::size_t from = 0; from < kN; from += length) {
      Complex turn = 1;
      for (std::size_t i = from; i < from + length / 2; ++i, turn *= step) {
        const Complex even = values[i * stride], odd = values[(i + length / 2) * stride] * turn;
        values[i * stride] = even + odd;
        values[(i + length / 2) * stride] = even - odd;
      }
    }
  }
}

void transform_plane(Spectrum& plane, float direction) {
  for (std::size_t i = 0; i < kN; ++i) transform_line(plane.data() + i * kN, 1, direction);
  for (std::size_t i = 0; i < kN; ++i) transform_line(plane.data() + i, kN, direction);
}

// The mean of each cell and its neighbours; `wraps` for spectra, whose edges meet.
std::vector<float> smoothed(const std::vector<float>& plane, bool wraps) {
  std::vector<float> out(plane.size());
  const auto near = [&](std::size_t i, std::size_t step) {  // step is 0, 1 or 2
    if (wraps) return (i + step + kN - 1) % kN;
    return i + step == 0 ? 0 : std::min(i + step - 1, kN - 1);
  };
  for (std::size_t y = 0; y < kN; ++y)
    for (std::size_t x = 0; x < kN; ++x) {
      float sum = 0;
      for (std::size_t dy = 0; dy < 3; ++dy)
        for (std::size_t dx = 0; dx < 3; ++dx) sum += plane[near(y, dy) * kN + near(x, dx)];
      out[y * kN + x] = sum / 9;
    }
  return out;
}

// The mean of each cell's pixels, of some of them where there are many.
std::array<Colour, kN * kN> cells_of(const Picture& picture) {
  std::array<Colour, kN * kN> out;
  const auto begin = [](std::size_t cell, int side) {
    return static_cast<int>(cell * static_cast<std::size_t>(side) / kN);
  };
  for (std::size_t row = 0; row < kN; ++row)
    for (std::size_t column = 0; column < kN; ++column) {
      const int left = begin(column, picture.width()), top = begin(row, picture.height());
      const int right = std::max(left + 1, begin(column + 1, picture.width()));
      const int bottom = std::max(top + 1, begin(row + 1, picture.height()));
      const int step_x = std::max(1, (right - left) / 8), step_y = std::max(1, (bottom - top) / 8);
      std::uint32_t red = 0, green = 0, blue = 0, count = 0;
      for (int y = top; y < bottom; y += step_y)
        for (int x = left; x < right; x += step_x, ++count) {
          const std::uint32_t pixel = picture.row(y)[static_cast<std::size_t>(x)];
          red += pixel >> 16 & 255, green += pixel >> 8 & 255, blue += pixel & 255;
        }
      const auto mean = [&](std::uint32_t sum) { return static_cast<std::uint8_t>(sum / count); };
      out[row * kN + column] = {mean(red), mean(green), mean(blue)};
    }
  return out;
}

std::vector<float> spectral_residual(const std::array<Colour, kN * kN>& cells) {
  Spectrum plane(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i)
    plane[i] = 0.299f * cells[i].red + 0.587f * cells[i].green + 0.114f * cells[i].blue;
  transform_plane(plane, -1);
  std::vector<float> amplitude(plane.size());
  for (std::size_t i = 0; i < plane.size(); ++i) amplitude[i] = std::log(std::abs(plane[i]) + 1e-3f);
  const std::vector<float> mean = smoothed(amplitude, true);
  for (std::size_t i = 0; i < plane.size(); ++i)
    plane[i] = std::polar(std::exp(amplitude[i] - mean[i]), std::arg(plane[i]));
  transform_plane(plane, 1);
  std::vector<float> out(plane.size());
  for (std::size_t i = 0; i < plane.size(); ++i) out[i] = std::norm(plane[i]);
  for (int i = 0; i < 3; ++i) out = smoothed(out, false);
  // To a transform the edges meet those opposite, which stands out and means nothing.
  constexpr std::size_t kEdge = 4;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t x = i % kN, y = i / kN, inwards = std::min({x, y, kN - 1 - x, kN - 1 - y});
    if (inwards < kEdge) out[i] *= static_cast<float>(inwards) / kEdge;
  }
  return out;
}

// Of whatever origin: what differs is lightness, hue and chroma stay within these.
float looks_like_skin(Colour colour) {
  const Oklch value = to_oklch(to_oklab(colour));
  return value.hue > 25 && value.hue < 80 && value.chroma > 0.04 && value.chroma < 0.14 && value.lightness > 0.35 &&
                 value.lightness < 0.92
             ? 1
             : 0;
}

}  // namespace

Saliency saliency(const Picture& picture) {
  const std::array<Colour, kN * kN> cells = cells_of(picture);
  std::vector<float> found = spectral_residual(cells);
  float sum = 0, skin = 0;
  for (std::size_t i = 0; i < found.size(); ++i) sum += found[i], skin += looks_like_skin(cells[i]);
  // Where half of the picture looks like skin, it is wood or sand.
  const float weight = skin > 0 && skin < static_cast<float>(found.size()) / 2 ? 0.5f / skin : 0;
  Saliency out{};
  float total = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = (sum > 0 ? found[i] / sum : 0) + weight * looks_like_skin(cells[i]);
    total += out[i];
  }
  for (float& value : out) value = total > 0 ? value / total : 1.0f / static_cast<float>(out.size());
  return out;
}

}  // namespace odeon::pictures
