#include "engine/media/pictures/faces.hpp"

#include <cmath>

#include "engine/media/pictures/cascade.hpp"
#include "engine/media/pictures/enlarge.hpp"

namespace odeon::pictures {
namespace {

constexpr const char* kFrontal = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_alt2.xml";
constexpr double kStep = 1.2;  // from one size of window to the next
constexpr double kNear = 0.2;  // of their side: windows that are so near are of one face
constexpr int kLeastWindows = 3;

const Cascade* frontal_faces() {
  static const std::optional<Cascade> cascade = Cascade::read(kFrontal);
  return cascade ? &*cascade : nullptr;
}

// The mean of each pixel's part of the picture, of some of it where there is much.
Grey grey_of(const Picture& picture, int width, int height) {
  Grey out{width, height, {}};
  out.light.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const auto begin = [](int i, int count, int side) { return static_cast<int>(std::int64_t{i} * side / count); };
  for (int y = 0; y < height; ++y) {
    const int top = begin(y, height, picture.height()),
              bottom = std::max(top + 1, begin(y + 1, height, picture.height()));
    const int step = std::max(1, (bottom - top + 1) / 3);
    for (int x = 0; x < width; ++x) {
      const int left = begin(x, width, picture.width()),
                right = std::max(left + 1, begin(x + 1, width, picture.width()));
      std::uint32_t sum = 0, count = 0;
      for (int row = top; row < bottom; row += step)
        for (int column = left; column < right; column += step, ++count) {
          const std::uint32_t pixel = picture.row(row)[static_cast<std::size_t>(column)];
          sum += 77 * (pixel >> 16 & 255) + 150 * (pixel >> 8 & 255) + 29 * (pixel & 255);
        }
      out.light.push_back(static_cast<std::uint8_t>(sum / (256 * count)));
    }
  }
  return out;
}

Grey halved(const Grey& grey) {
  Grey out{grey.width / 2, grey.height / 2, {}};
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      out.light.push_back(static_cast<std::uint8_t>((grey.at(2 * x, 2 * y) + grey.at(2 * x + 1, 2 * y) +
                                                     grey.at(2 * x, 2 * y + 1) + grey.at(2 * x + 1, 2 * y + 1) + 2) /
                                                    4));
  return out;
}

// By less than two, between four pixels.
Grey shrunk(const Grey& grey, double by) {
  Grey out{static_cast<int>(grey.width / by), static_cast<int>(grey.height / by), {}};
  out.light.reserve(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
  const std::vector<Between> columns = places_of(grey.width, out.width, 0, out.width);
  for (const Between& row : places_of(grey.height, out.height, 0, out.height))
    for (const Between& column : columns) {
      const auto across = [&](std::uint32_t y) {
        return grey.at(column.first, y) * (256 - column.share) + grey.at(column.second, y) * column.share;
      };
      const std::uint32_t light = across(row.first) * (256 - row.share) + across(row.second) * row.share;
      out.light.push_back(static_cast<std::uint8_t>((light + (1 << 15)) >> 16));
    }
  return out;
}

struct Window {
  double x, y, side;
};

std::vector<Window> windows_in(const Cascade& cascade, Grey grey) {
  std::vector<Window> out;
  const int width = grey.width, height = grey.height;
  double at = 1;  // how much smaller `grey` has become
  for (double size = 1; std::min(width, height) / size >= cascade.side(); size *= kStep) {
    while (size / at >= 2) grey = halved(grey), at *= 2;
    const double by = size / at;
    for (const auto& [x, y] : cascade.scan(LightSums(by > 1 ? shrunk(grey, by) : grey)))
      out.push_back({x * size, y * size, cascade.side() * size});
  }
  return out;
}

bool are_near(const Window& a, const Window& b) {
  const double most = kNear * std::min(a.side, b.side);
  const auto near = [&](double one, double other) { return std::abs(one - other) <= most; };
  return near(a.x, b.x) && near(a.y, b.y) && near(a.x + a.side, b.x + b.side) && near(a.y + a.side, b.y + b.side);
}

// Those that are near one another, directly or by others in between.
std::vector<std::vector<Window>> groups_of(std::vector<Window> windows) {
  std::vector<std::vector<Window>> out;
  while (!windows.empty()) {
    std::vector<Window> group{windows.back()};
    windows.pop_back();
    for (std::size_t i = 0; i < group.size(); ++i)
      std::erase_if(windows, [&group, from = group[i]](const Window& other) {
        const bool is_near = are_near(from, other);
        if (is_near) group.push_back(other);
        return is_near;
      });
    out.push_back(std::move(group));
  }
  return out;
}

bool holds(const Crop& box, const Crop& other) {
  const int x = other.x + other.width / 2, y = other.y + other.height / 2;
  return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}

}  // namespace

std::vector<Face> find_faces(const Picture& picture, double smallest) {
  const Cascade* cascade = frontal_faces();
  if (!cascade || picture.width() == 0) return {};
  const double scale =
      std::min(1.0, cascade->side() / std::max(smallest, 0.01) / std::max(picture.width(), picture.height()));
  const auto scaled = [&](int side) { return std::max(1, static_cast<int>(side * scale)); };
  const Grey grey = grey_of(picture, scaled(picture.width()), scaled(picture.height()));
  const double across = static_cast<double>(picture.width()) / grey.width;
  std::vector<Face> found;
  for (const std::vector<Window>& group : groups_of(windows_in(*cascade, grey))) {
    const auto count = static_cast<int>(group.size());
    if (count < kLeastWindows) continue;
    Window sum{};
    for (const Window& at : group) sum.x += at.x, sum.y += at.y, sum.side += at.side;
    const auto mean = [&](double all) { return static_cast<int>(all / count * across); };
    const int side = std::min({mean(sum.side), picture.width(), picture.height()});
    found.push_back({{std::clamp(mean(sum.x), 0, picture.width() - side),
                      std::clamp(mean(sum.y), 0, picture.height() - side), side, side},
                     count});
  }
  // Of two in one place the better one is meant.
  std::ranges::sort(found, std::greater{}, &Face::windows);
  std::vector<Face> out;
  for (const Face& face : found)
    if (std::ranges::none_of(
            out, [&](const Face& other) { return holds(other.box, face.box) || holds(face.box, other.box); }))
      out.push_back(face);
  std::ranges::sort(out, std::greater{}, [](const Face& face) { return face.box.width; });
  return out;
}

}  // namespace odeon::pictures
