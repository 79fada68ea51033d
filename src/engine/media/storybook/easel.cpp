#include "engine/media/storybook/easel.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"

namespace odeon::storybook {
namespace {

using pictures::Path;

pictures::Colour colour_of(Ink ink) {
  return pictures::with_alpha(ink.colour, std::clamp(ink.cover, 0.0, 1.0));
}

// Catmull–Rom: the curve passes each point in the direction of its neighbours.
Point on_spline(Point before, Point a, Point b, Point after, double t) {
  const Point first = a + (b - before) * (1.0 / 6), second = b - (after - a) * (1.0 / 6);
  const double u = 1 - t;
  return a * (u * u * u) + first * (3 * u * u * t) + second * (3 * u * t * t) + b * (t * t * t);
}

pictures::LinearGradient gradient(Point from, Point to, Ink first, Ink middle, Ink last) {
  return {from, to, {{0, colour_of(first)}, {0.5, colour_of(middle)}, {1, colour_of(last)}}};
}

}  // namespace

Easel::Easel(pictures::Canvas& canvas)
    : canvas_(canvas), unscaled_(canvas.saved()), width_(1000.0 * canvas.width() / canvas.height()) {
  const auto [shorter, longer] = std::minmax({canvas.width(), canvas.height()});
  if (shorter < smallest_side || longer > shorter * longest_by)
    throw Error(
        Fault::invalid, "DRAWING_SIZE",
        fmt::format("A drawing is at least {} pixels wide and high, and at most {} times as long one way as the other.",
                    smallest_side, longest_by));
  canvas_.scale(canvas.height() / 1000.0, canvas.height() / 1000.0);
}

Easel& Easel::from(Point start) {
  path_.move_to(start);
  return *this;
}
Easel& Easel::to(Point next) {
  path_.line_to(next);
  return *this;
}
Easel& Easel::bend(Point first, Point second, Point end) {
  path_.curve_to(first, second, end);
  return *this;
}
Easel& Easel::close() {
  path_.close();
  return *this;
}

Easel& Easel::oval(Point centre, double rx, double ry, double turn) {
  rx = std::max(rx, 0.01), ry = std::max(ry, 0.01);
  Path shape = Path::ellipse({}, rx, ry);
  path_.add(shape.transformed(
      pictures::Transform::turned(radians(turn)).then(pictures::Transform::moved(centre.x, centre.y))));
  return *this;
}

Easel& Easel::box(double left, double top, double width, double height, double corner) {
  path_.add(corner > 0 ? Path::rounded({left, top, width, height}, corner)
                       : Path::rectangle({left, top, width, height}));
  return *this;
}

Easel& Easel::blob(std::span<const Point> points) {
  path_.add(Path::smooth(points, true));
  return *this;
}

Easel& Easel::corners(std::initializer_list<Point> points) {
  path_.add(Path::polygon(std::span(points.begin(), points.size())));
  return *this;
}

Easel& Easel::through(std::span<const Point> points) {
  path_.add(Path::smooth(points, false));
  return *this;
}

Easel& Easel::band(std::span<const Point> points, std::span<const double> widths) {
  constexpr int steps = 6;
  const std::size_t n = points.size();
  std::vector<Point> middle, side;
  std::vector<double> half;
  for (std::size_t i = 0; i + 1 < n; ++i)
    for (int step = 0; step < steps; ++step) {
      const double t = static_cast<double>(step) / steps;
      middle.push_back(on_spline(points[i ? i - 1 : 0], points[i], points[i + 1], points[std::min(i + 2, n - 1)], t));
      half.push_back(std::lerp(widths[i], widths[i + 1], t) / 2);
    }
  middle.push_back(points[n - 1]);
  half.push_back(widths[n - 1] / 2);
  for (std::size_t i = 0; i < middle.size(); ++i) {
    const Point along = middle[std::min(i + 1, middle.size() - 1)] - middle[i ? i - 1 : 0];
    side.push_back(Point{-along.y, along.x} * (1 / std::max(length(along), 1e-6)));
  }
  // A half circle of two curves from one side of an end to the other.
  const auto round = [&](Point at, Point across, double radius, Point outwards) {
    constexpr double k = 0.5523;
    const Point start = at + across * radius, tip = at + outwards * radius, end = at - across * radius;
    path_.curve_to(start + outwards * (radius * k), tip + across * (radius * k), tip);
    path_.curve_to(tip - across * (radius * k), end + outwards * (radius * k), end);
  };
  path_.move_to(middle[0] + side[0] * half[0]);
  for (std::size_t i = 1; i < middle.size(); ++i) path_.line_to(middle[i] + side[i] * half[i]);
  round(middle.back(), side.back(), half.back(), {side.back().y, -side.back().x});
  for (std::size_t i = middle.size(); i-- > 0;) path_.line_to(middle[i] - side[i] * half[i]);
  round(middle[0], side[0] * -1, half[0], {-side[0].y, side[0].x});
  path_.close();
  return *this;
}

Easel& Easel::edge(Ink ink, double thickness) {
  canvas_.stroke(path_, colour_of(ink), {.width = thickness * 2});
  return *this;
}

void Easel::fill(Ink ink) {
  canvas_.fill(taken(), colour_of(ink));
}

void Easel::fill_soft(Ink ink, double depth) {
  const Path path = taken();
  const pictures::Box box = path.bounds();
  // Nobody sees volume in what is so small.
  if (box.width * box.height < 450) return canvas_.fill(path, colour_of(ink));
  canvas_.fill(path, gradient({box.x + box.width * 0.2, box.y}, {box.x + box.width * 0.8, box.y + box.height},
                              lighter(ink, depth * 0.7), ink, darker(ink, depth)));
}

void Easel::fill_down(Ink top, Ink bottom) {
  const Path path = taken();
  const pictures::Box box = path.bounds();
  canvas_.fill(path, gradient({0, box.y}, {0, box.y + box.height}, top, mix(top, bottom, 0.5), bottom));
}

void Easel::line(Ink ink, double thickness) {
  canvas_.stroke(taken(), colour_of(ink), {.width = thickness});
}

// Gradients computed for each pixel are what costs most on a large page; a small picture of them enlarged costs a
// fifth.
void Easel::glow(Point centre, double radius, Ink ink) {
  constexpr int side = 40;
  pictures::Picture light(side, side);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const double out = std::min(std::hypot(x + 0.5 - side / 2.0, y + 0.5 - side / 2.0) / (side / 2.0 - 1), 1.0);
      light.row(y)[static_cast<std::size_t>(x)] = pictures::to_pixel(colour_of(ink.faded((1 - out) * (1 - out))));
    }
  canvas_.draw(light, {centre.x - radius, centre.y - radius, radius * 2, radius * 2});
}

void Easel::rows(double top, double bottom, Ink first, Ink last) {
  constexpr int steps = 64;
  pictures::Picture column(1, steps);
  for (int y = 0; y < steps; ++y)
    column.row(y)[0] = pictures::to_pixel(colour_of(mix(first, last, static_cast<double>(y) / (steps - 1))));
  canvas_.draw(column, {-2, top, width_ + 4, bottom - top});
}

Easel::Kept Easel::inside() {
  Kept kept = canvas_.saved();
  canvas_.clip(taken());
  return kept;
}

Easel::Kept Easel::at(Point origin, double scale, double turn) {
  Kept kept = canvas_.saved();
  canvas_.translate(origin.x, origin.y);
  canvas_.rotate(radians(turn));
  canvas_.scale(scale, scale);
  return kept;
}

Easel::Kept Easel::mirrored(Point origin, double scale) {
  Kept kept = canvas_.saved();
  canvas_.translate(origin.x, origin.y);
  canvas_.scale(-scale, scale);
  return kept;
}

}  // namespace odeon::storybook
