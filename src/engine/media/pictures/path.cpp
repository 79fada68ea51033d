#include "engine/media/pictures/path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace odeon::pictures {

Transform Transform::turned(double radians) {
  const double c = std::cos(radians), s = std::sin(radians);
  return {c, s, -s, c, 0, 0};
}

Transform Transform::then(const Transform& next) const {
  const Point origin = next({x0, y0});
  return {next.xx * xx + next.xy * yx,
          next.yx * xx + next.yy * yx,
          next.xx * xy + next.xy * yy,
          next.yx * xy + next.yy * yy,
          origin.x,
          origin.y};
}

Path& Path::move_to(Point to) {
  segments_.push_back({Kind::move, to, {}, {}});
  start_ = to;
  return *this;
}

Path& Path::line_to(Point to) {
  if (segments_.empty()) return move_to(to);
  segments_.push_back({Kind::line, to, {}, {}});
  return *this;
}

Path& Path::curve_to(Point first, Point second, Point to) {
  if (segments_.empty()) move_to(first);
  segments_.push_back({Kind::curve, to, first, second});
  return *this;
}

Path& Path::quadratic_to(Point control, Point to) {
  const Point from = segments_.empty() ? control : last();
  const auto towards = [&](Point end) {
    return Point{end.x + 2 * (control.x - end.x) / 3, end.y + 2 * (control.y - end.y) / 3};
  };
  return curve_to(towards(from), towards(to), to);
}

Path& Path::arc(Point centre, double radius, double from, double to) {
  while (to < from) to += 2 * std::numbers::pi;
  const int parts = std::max(1, static_cast<int>(std::ceil((to - from) / (std::numbers::pi / 2) - 1e-9)));
  const double step = (to - from) / parts, reach = 4.0 / 3 * std::tan(step / 4) * radius;
  const auto at = [&](double angle) {
    return Point{centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)};
  };
  line_to(at(from));
  for (int i = 0; i < parts; ++i) {
    const double a = from + i * step, b = a + step;
    const Point start = at(a), end = at(b);
    curve_to({start.x - reach * std::sin(a), start.y + reach * std::cos(a)},
             {end.x + reach * std::sin(b), end.y - reach * std::cos(b)}, end);
  }
  return *this;
}

Path& Path::close() {
  if (!segments_.empty()) segments_.push_back({Kind::close, start_, {}, {}});
  return *this;
}

Path& Path::add(const Path& other) {
  segments_.insert(segments_.end(), other.segments_.begin(), other.segments_.end());
  start_ = other.start_;
  return *this;
}

Path Path::transformed(const Transform& transform) const {
  Path out = *this;
  for (Segment& segment : out.segments_)
    segment = {segment.kind, transform(segment.to), transform(segment.first), transform(segment.second)};
  out.start_ = transform(start_);
  return out;
}

Path Path::rectangle(Box box) {
  const double right = box.x + box.width, bottom = box.y + box.height;
  return Path()
      .move_to({box.x, box.y})
      .line_to({right, box.y})
      .line_to({right, bottom})
      .line_to({box.x, bottom})
      .close();
}

Path Path::rounded(Box box, double radius) {
  using std::numbers::pi;
  radius = std::clamp(radius, 0.0, std::min(box.width, box.height) / 2);
  const double left = box.x + radius, right = box.x + box.width - radius;
  const double top = box.y + radius, bottom = box.y + box.height - radius;
  return Path()
      .arc({right, top}, radius, -pi / 2, 0)
      .arc({right, bottom}, radius, 0, pi / 2)
      .arc({left, bottom}, radius, pi / 2, pi)
      .arc({left, top}, radius, pi, 3 * pi / 2)
      .close();
}

Path Path::circle(Point centre, double radius) {
  return Path().arc(centre, radius, 0, 2 * std::numbers::pi).close();
}

Path Path::ellipse(Point centre, double radius_x, double radius_y) {
  return circle({}, 1).transformed({radius_x, 0, 0, radius_y, centre.x, centre.y});
}

Path Path::polygon(std::span<const Point> corners) {
  Path out;
  for (const Point corner : corners) out.line_to(corner);
  return out.close();
}

Path Path::smooth(std::span<const Point> points, bool closed) {
  Path out;
  if (points.empty()) return out;
  const auto count = static_cast<std::ptrdiff_t>(points.size());
  const auto at = [&](std::ptrdiff_t i) {
    return points[static_cast<std::size_t>(closed ? (i + count) % count : std::clamp<std::ptrdiff_t>(i, 0, count - 1))];
  };
  out.move_to(points[0]);
  for (std::ptrdiff_t i = 0; i < (closed ? count : count - 1); ++i) {
    const Point before = at(i - 1), from = at(i), to = at(i + 1), after = at(i + 2);
    out.curve_to({from.x + (to.x - before.x) / 6, from.y + (to.y - before.y) / 6},
                 {to.x - (after.x - from.x) / 6, to.y - (after.y - from.y) / 6}, to);
  }
  return closed ? out.close() : out;
}

Box Path::bounds() const {
  if (segments_.empty()) return {};
  constexpr double kFar = std::numeric_limits<double>::infinity();
  Point low{kFar, kFar}, high{-kFar, -kFar};
  const auto include = [&](Point point) {
    low = {std::min(low.x, point.x), std::min(low.y, point.y)};
    high = {std::max(high.x, point.x), std::max(high.y, point.y)};
  };
  for (const Segment& segment : segments_) {
    include(segment.to);
    if (segment.kind == Kind::curve) include(segment.first), include(segment.second);
  }
  return {low.x, low.y, high.x - low.x, high.y - low.y};
}

Point Path::last() const {
  return segments_.back().to;
}

}  // namespace odeon::pictures
