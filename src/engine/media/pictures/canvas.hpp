// Drawing at exact sizes.
//
//   Canvas canvas(1280, 720);
//   canvas.paint(LinearGradient{{0, 0}, {0, 720}, {{0, sky}, {1, haze}}});
//   canvas.fill(Path::circle({640, 360}, 200), sun);
//   std::string file = encode(std::move(canvas).finish(), Format::png);
//
// Everything here computes for milliseconds: call it through run_blocking. The first canvas of a process loads Cairo
// (3 ms, 3 MB). The same calls give the same pixels, on any thread.
#pragma once

#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "engine/media/pictures/path.hpp"
#include "engine/media/pictures/picture.hpp"

typedef struct _cairo cairo_t;
typedef struct _cairo_surface cairo_surface_t;

namespace odeon::pictures {

// Where on a gradient (0…1) it has which colour; in between they are mixed in OKLab.
struct Stop {
  double at;
  Colour colour;
};

// Beyond its ends a gradient keeps its last colours.
struct LinearGradient {
  Point from, to;
  std::vector<Stop> stops;
};

struct RadialGradient {
  Point centre;
  double radius;
  std::vector<Stop> stops;  // from the centre outwards
};

using Paint = std::variant<Colour, LinearGradient, RadialGradient>;

enum class Join { round, mitre, bevel };
enum class Cap { round, butt, square };
enum class FillRule { nonzero, even_odd };
// How what is drawn meets what is there (W3C Compositing and Blending Level 1); `erase` takes away by its alpha.
enum class Blend { over, multiply, screen, overlay, soft_light, hard_light, add, erase };

struct Stroke {
  double width = 1;  // pixels
  Join join = Join::round;
  Cap cap = Cap::round;
  std::vector<double> dashes;  // on, off, …, in pixels; none is a whole line
};

// Not thread-safe; may go from thread to thread. Failures of Cairo show in `finish`.
class Canvas {
 public:
  // Transparent. Throws as Picture does.
  Canvas(int width, int height);
  // Draws on what is there.
  explicit Canvas(Picture under);
  Canvas(Canvas&&) noexcept = default;
  Canvas& operator=(Canvas&&) noexcept = default;

  int width() const { return picture_->width(); }
  int height() const { return picture_->height(); }

  // Everywhere (within the clip). Cheapest for a plain colour; for gradients of the whole canvas see `coarsely`.
  void paint(const Paint& paint, double opacity = 1);
  void fill(const Path& path, const Paint& paint, FillRule rule = FillRule::nonzero);
  void stroke(const Path& path, const Paint& paint, const Stroke& stroke = {});
  // A picture scaled into the box, smoothly; for shrinking to less than half see resize.hpp.
  void draw(const Picture& picture, Box into, double opacity = 1);

  // These hold until the `saved` around them dies.
  void clip(const Path& path, FillRule rule = FillRule::nonzero);
  void blend(Blend blend);
  void transform(const Transform& transform);  // happens to what is drawn before earlier transforms do
  void translate(double x, double y) { transform(Transform::moved(x, y)); }
  void scale(double x, double y) { transform(Transform::scaled(x, y)); }
  void rotate(double radians) { transform(Transform::turned(radians)); }

  struct Restore {
    void operator()(cairo_t* context) const;
  };
  using Saved = std::unique_ptr<cairo_t, Restore>;
  // Keeps clip, blend and transform, and brings them back when it dies, which must be before the canvas does.
  [[nodiscard]] Saved saved();

  // What `draw` draws on this canvas becomes one sheet, which is laid on with one opacity and blend.
  void layer(const std::function<void()>& draw, double opacity = 1, Blend blend = Blend::over);
  // What `draw` draws on the canvas it is given, in the same coordinates, is drawn at `scale` (0…1] and enlarged
  // smoothly: soft gradients of the whole canvas in a fraction of the time. Ignores the transform, heeds the clip.
  void coarsely(double scale, const std::function<void(Canvas&)>& draw, double opacity = 1);

  // The picture so far; drawing may go on once it is no longer looked at.
  const Picture& picture() const;
  // The canvas is of no use after it. Throws Error{internal} if something could not be drawn.
  Picture finish() &&;

  // For what draws with Cairo itself, in this folder.
  cairo_t* context() { return context_.get(); }

 private:
  struct Close {
    void operator()(cairo_t* context) const;
    void operator()(cairo_surface_t* surface) const;
  };

  // Whether pixels may be laid over its own, which are up to date then: no transform, clip, layer or blend is in force.
  bool is_plain() const;

  std::unique_ptr<Picture> picture_;  // where it lives, Cairo draws
  std::unique_ptr<cairo_surface_t, Close> surface_;
  std::unique_ptr<cairo_t, Close> context_;
};

}  // namespace odeon::pictures
