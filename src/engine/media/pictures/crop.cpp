#include "engine/media/pictures/crop.hpp"

#include <cmath>

#include "base/error.hpp"
#include "engine/media/pictures/faces.hpp"
#include "engine/media/pictures/saliency.hpp"

namespace odeon::pictures {
namespace {

using Weights = std::array<double, kSaliencySide>;

// What all faces weigh, where everything else together weighs one.
constexpr double kFaces = 3;
// Of the longer side: smaller ones are not what a picture is of.
constexpr double kSmallestFace = 1.0 / 12;

// A head, from some hair to the neck, in the parts of `side` that it covers.
void add_head(Weights& weights, int side, double from, double to, double weight) {
  const auto part = [&](double at) {
    return static_cast<std::size_t>(std::clamp(at * kSaliencySide / side, 0.0, kSaliencySide - 1.0));
  };
  const std::size_t first = part(from), last = part(to);
  for (std::size_t i = first; i <= last; ++i) weights[i] += weight / static_cast<double>(last - first + 1);
}

void add_faces(const Picture& picture, Weights& columns, Weights& rows) {
  const std::vector<Face> faces = find_faces(picture, kSmallestFace);
  // Who is nearer counts for more.
  double all = 0;
  for (const Face& face : faces) all += face.box.width;
  for (const auto& [box, windows] : faces) {
    const double weight = kFaces * box.width / all;
    add_head(columns, picture.width(), box.x, box.x + box.width, weight);
    add_head(rows, picture.height(), box.y - 0.35 * box.height, box.y + 1.15 * box.height, weight);
  }
}

// Where a window of `length` out of `side` begins, so that it has most of `weights` (of kSaliencySide equal parts).
// What lies at its very ends counts for less: what draws the eye should not be cut.
int best_offset(const Weights& weights, int side, int length) {
  const int room = side - length;
  const auto inside = [&](int from) {
    double sum = 0;
    for (std::size_t i = 0; i < kSaliencySide; ++i) {
      const double at = (static_cast<double>(i) + 0.5) * side / kSaliencySide - from;
      sum += weights[i] * std::clamp(std::min(at, length - at) / (0.2 * length), 0.0, 1.0);
    }
    return sum;
  };
  constexpr int kTrials = 64;
  int best = room / 2;
  double most = -1;
  for (int i = 0; i <= kTrials; ++i) {
    const int from = static_cast<int>(std::int64_t{room} * i / kTrials);
    const double off = 2 * std::abs(static_cast<double>(i) / kTrials - 0.5);
    if (const double worth = inside(from) - 0.05 * off * off; worth > most) most = worth, best = from;
  }
  return best;
}

}  // namespace

Crop smart_crop(const Picture& picture, int width, int height) {
  if (width < 1 || height < 1 || picture.width() == 0)
    throw Error(Fault::invalid, "PICTURE_CROP", "A picture cannot be cut to nothing.");
  const std::int64_t w = picture.width(), h = picture.height();
  Crop out{0, 0, picture.width(), picture.height()};
  if (w * height > h * width)
    out.width = std::max(1, static_cast<int>((2 * h * width + height) / (2 * height)));
  else
    out.height = std::max(1, static_cast<int>((2 * w * height + width) / (2 * width)));
  if (out.width == picture.width() && out.height == picture.height()) return out;
  const Saliency seen = saliency(picture);
  Weights columns{}, rows{};
  for (std::size_t i = 0; i < seen.size(); ++i)
    columns[i % kSaliencySide] += seen[i], rows[i / kSaliencySide] += seen[i];
  add_faces(picture, columns, rows);
  if (out.width < picture.width()) out.x = best_offset(columns, picture.width(), out.width);
  if (out.height < picture.height()) out.y = best_offset(rows, picture.height(), out.height);
  return out;
}

}  // namespace odeon::pictures
