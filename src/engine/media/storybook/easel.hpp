// What every shape is drawn with: soft outlines and soft fills. A path is built, then used up by a fill or a line.
// One thread at a time.
#pragma once

#include <initializer_list>
#include <span>
#include <utility>

#include "engine/media/pictures/canvas.hpp"
#include "engine/media/storybook/ink.hpp"

namespace odeon::storybook {

class Easel {
 public:
  // Undoes a placement or a clip at its end.
  using Kept = pictures::Canvas::Saved;

  // Draws on all of the canvas, which must outlive it, as on a page 1000 units high. Throws Error{invalid} if it is
  // smaller or longer than these: what is drawn within a window would be scaled beyond what Cairo can invert.
  static constexpr int smallest_side = 16, longest_by = 4;
  explicit Easel(pictures::Canvas& canvas);
  Easel(const Easel&) = delete;
  Easel& operator=(const Easel&) = delete;

  double width() const { return width_; }

  Easel& from(Point start);
  Easel& to(Point next);
  Easel& bend(Point first, Point second, Point end);
  Easel& close();
  Easel& oval(Point centre, double rx, double ry, double turn = 0);
  Easel& disc(Point centre, double radius) { return oval(centre, radius, radius); }
  Easel& box(double left, double top, double width, double height, double corner = 0);
  // A closed shape without corners through these points.
  Easel& blob(std::span<const Point> points);
  Easel& blob(std::initializer_list<Point> points) { return blob(std::span(points.begin(), points.size())); }
  Easel& corners(std::initializer_list<Point> points);
  // An open line without corners through these points.
  Easel& through(std::span<const Point> points);
  Easel& through(std::initializer_list<Point> points) { return through(std::span(points.begin(), points.size())); }
  // A limb: a band along the points, as wide as is said at each of them, with round ends.
  Easel& band(std::span<const Point> points, std::span<const double> widths);
  Easel& band(std::initializer_list<Point> points, std::initializer_list<double> widths) {
    return band(std::span(points.begin(), points.size()), std::span(widths.begin(), widths.size()));
  }

  // A line around the path, which stays. What is filled then covers its inner half.
  Easel& edge(Ink ink, double thickness);
  void fill(Ink ink);
  // With volume: lighter at the upper left, darker at the lower right, by so much.
  void fill_soft(Ink ink, double depth = 0.07);
  void fill_down(Ink top, Ink bottom);
  void line(Ink ink, double thickness);
  void glow(Point centre, double radius, Ink ink);
  // All across the page.
  void rows(double top, double bottom, Ink first, Ink last);

  // Until the answer ends, only within the path.
  [[nodiscard]] Kept inside();
  // Until the answer ends, coordinates are counted from there.
  [[nodiscard]] Kept at(Point origin, double scale = 1, double turn = 0);
  [[nodiscard]] Kept mirrored(Point origin, double scale = 1);

 private:
  pictures::Path taken() { return std::exchange(path_, {}); }

  pictures::Canvas& canvas_;
  const Kept unscaled_;
  double width_;
  pictures::Path path_;
};

}  // namespace odeon::storybook
