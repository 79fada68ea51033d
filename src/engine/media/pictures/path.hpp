// Shapes before they are drawn: values that can be kept, moved and drawn several times.
#pragma once

#include <span>
#include <vector>

namespace odeon::pictures {

// In pixels from the top left corner, y downwards.
struct Point {
  double x = 0, y = 0;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

// x' = xx·x + xy·y + x0, y' = yx·x + yy·y + y0.
struct Transform {
  double xx = 1, yx = 0, xy = 0, yy = 1, x0 = 0, y0 = 0;

  static Transform moved(double x, double y) { return {1, 0, 0, 1, x, y}; }
  static Transform scaled(double x, double y) { return {x, 0, 0, y, 0, 0}; }
  static Transform turned(double radians);  // clockwise, as seen
  // This first, then `next`.
  Transform then(const Transform& next) const;
  Point operator()(Point point) const { return {xx * point.x + xy * point.y + x0, yx * point.x + yy * point.y + y0}; }
};

// Figures of lines and Bézier curves. Drawing begins with move_to, or where the last figure was closed.
class Path {
 public:
  enum class Kind { move, line, curve, close };
  struct Segment {
    Kind kind;
    Point to, first, second;  // the control points of a curve
  };

  Path& move_to(Point to);
  Path& line_to(Point to);
  Path& curve_to(Point first, Point second, Point to);
  Path& quadratic_to(Point control, Point to);
  // A part of a circle, clockwise from `from` to `to`, both in radians from the right; joined by a line to what is
  // there.
  Path& arc(Point centre, double radius, double from, double to);
  Path& close();
  Path& add(const Path& other);
  Path transformed(const Transform& transform) const;

  static Path rectangle(Box box);
  static Path rounded(Box box, double radius);  // no more than half of the shorter side
  static Path circle(Point centre, double radius);
  static Path ellipse(Point centre, double radius_x, double radius_y);
  static Path polygon(std::span<const Point> corners);
  // Through all points without a corner (Catmull–Rom).
  static Path smooth(std::span<const Point> points, bool closed);

  std::span<const Segment> segments() const { return segments_; }
  bool is_empty() const { return segments_.empty(); }
  // Around all points and control points.
  Box bounds() const;

 private:
  Point last() const;

  std::vector<Segment> segments_;
  Point start_;  // of the figure under way
};

}  // namespace odeon::pictures
