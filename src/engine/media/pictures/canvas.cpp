#include "engine/media/pictures/canvas.hpp"

#include <cmath>

#include "base/error.hpp"
#include "engine/media/pictures/enlarge.hpp"
#include "engine/media/pictures/paint.hpp"

namespace odeon::pictures {
namespace {

cairo_operator_t operator_of(Blend blend) {
  switch (blend) {
    case Blend::over:
      break;
    case Blend::multiply:
      return CAIRO_OPERATOR_MULTIPLY;
    case Blend::screen:
      return CAIRO_OPERATOR_SCREEN;
    case Blend::overlay:
      return CAIRO_OPERATOR_OVERLAY;
    case Blend::soft_light:
      return CAIRO_OPERATOR_SOFT_LIGHT;
    case Blend::hard_light:
      return CAIRO_OPERATOR_HARD_LIGHT;
    case Blend::add:
      return CAIRO_OPERATOR_ADD;
    case Blend::erase:
      return CAIRO_OPERATOR_DEST_OUT;
  }
  return CAIRO_OPERATOR_OVER;
}

cairo_fill_rule_t rule_of(FillRule rule) {
  return rule == FillRule::even_odd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING;
}

cairo_matrix_t matrix_of(cairo_t* context) {
  cairo_matrix_t out;
  cairo().cairo_get_matrix(context, &out);
  return out;
}

void paint_source(cairo_t* context, double opacity) {
  if (opacity >= 1)
    cairo().cairo_paint(context);
  else
    cairo().cairo_paint_with_alpha(context, std::max(0.0, opacity));
}

}  // namespace

const Cairo& cairo() {
  static const Cairo table;
  return table;
}

void Canvas::Restore::operator()(cairo_t* context) const {
  cairo().cairo_restore(context);
}

void Canvas::Close::operator()(cairo_t* context) const {
  cairo().cairo_destroy(context);
}

void Canvas::Close::operator()(cairo_surface_t* surface) const {
  cairo().cairo_surface_destroy(surface);
}

Canvas::Canvas(int width, int height) : Canvas(Picture(width, height)) {}

Canvas::Canvas(Picture under)
    : picture_(std::make_unique<Picture>(std::move(under))),
      surface_(surface_on(*picture_)),
      context_(cairo().cairo_create(surface_.get())) {}

void Canvas::paint(const Paint& paint, double opacity) {
  set_source(context(), paint);
  paint_source(context(), opacity);
}

void Canvas::fill(const Path& path, const Paint& paint, FillRule rule) {
  add_path(context(), path);
  set_source(context(), paint);
  cairo().cairo_set_fill_rule(context(), rule_of(rule));
  cairo().cairo_fill(context());
}

void Canvas::stroke(const Path& path, const Paint& paint, const Stroke& stroke) {
  add_path(context(), path);
  set_source(context(), paint);
  set_line(context(), stroke);
  cairo().cairo_stroke(context());
}

void Canvas::draw(const Picture& picture, Box into, double opacity) {
  if (opacity >= 1 && is_plain() && lay_enlarged(picture, *picture_, into)) {
    cairo().cairo_surface_mark_dirty(surface_.get());
    return;
  }
  const Saved before = saved();
  // Without alpha Cairo need not mix it with what is there.
  const cairo_format_t format = picture.is_opaque() ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32;
  const std::unique_ptr<cairo_surface_t, Close> surface(surface_on(picture, format));
  cairo_pattern_t* pattern = cairo().cairo_pattern_create_for_surface(surface.get());
  // Its edge stays sharp: what lies beyond is the last pixel, and the box cuts it off.
  cairo().cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD);
  cairo().cairo_pattern_set_filter(pattern, CAIRO_FILTER_BILINEAR);
  translate(into.x, into.y);
  const bool as_is = into.x == std::floor(into.x) && into.y == std::floor(into.y) && into.width == picture.width() &&
                     into.height == picture.height();
  cairo().cairo_rectangle(context(), 0, 0, into.width, into.height);
  cairo().cairo_clip(context());
  if (!as_is) scale(into.width / picture.width(), into.height / picture.height());
  cairo().cairo_set_source(context(), pattern);
  cairo().cairo_pattern_destroy(pattern);
  paint_source(context(), opacity);
}

void Canvas::clip(const Path& path, FillRule rule) {
  add_path(context(), path);
  cairo().cairo_set_fill_rule(context(), rule_of(rule));
  cairo().cairo_clip(context());
}

void Canvas::blend(Blend blend) {
  cairo().cairo_set_operator(context(), operator_of(blend));
}

void Canvas::transform(const Transform& t) {
  const cairo_matrix_t matrix{t.xx, t.yx, t.xy, t.yy, t.x0, t.y0};
  cairo().cairo_transform(context(), &matrix);
}

Canvas::Saved Canvas::saved() {
  cairo().cairo_save(context());
  return Saved(context());
}

void Canvas::layer(const std::function<void()>& draw, double opacity, Blend how) {
  cairo().cairo_push_group(context());
  try {
    draw();
  } catch (...) {
    cairo().cairo_pop_group_to_source(context());
    throw;
  }
  cairo().cairo_pop_group_to_source(context());
  const Saved before = saved();
  blend(how);
  paint_source(context(), opacity);
}

void Canvas::coarsely(double scale, const std::function<void(Canvas&)>& draw, double opacity) {
  const auto smaller = [&](int side) { return std::max(1, static_cast<int>(std::ceil(side * scale))); };
  Canvas small(smaller(width()), smaller(height()));
  small.scale(static_cast<double>(small.width()) / width(), static_cast<double>(small.height()) / height());
  draw(small);
  const Saved before = saved();
  cairo().cairo_identity_matrix(context());
  this->draw(std::move(small).finish(), {0, 0, static_cast<double>(width()), static_cast<double>(height())}, opacity);
}

bool Canvas::is_plain() const {
  const Cairo& c = cairo();
  cairo_t* context = context_.get();
  const cairo_matrix_t matrix = matrix_of(context);
  if (matrix.xx != 1 || matrix.yy != 1 || matrix.xy != 0 || matrix.yx != 0 || matrix.x0 != 0 || matrix.y0 != 0 ||
      c.cairo_get_operator(context) != CAIRO_OPERATOR_OVER || c.cairo_get_group_target(context) != surface_.get())
    return false;
  const std::unique_ptr<cairo_rectangle_list_t, decltype(c.cairo_rectangle_list_destroy)> clip(
      c.cairo_copy_clip_rectangle_list(context), c.cairo_rectangle_list_destroy);
  if (clip->status != CAIRO_STATUS_SUCCESS || clip->num_rectangles != 1) return false;
  const cairo_rectangle_t& open = clip->rectangles[0];
  c.cairo_surface_flush(surface_.get());
  return open.x == 0 && open.y == 0 && open.width == width() && open.height == height();
}

const Picture& Canvas::picture() const {
  cairo().cairo_surface_flush(surface_.get());
  return *picture_;
}

Picture Canvas::finish() && {
  const cairo_status_t status = cairo().cairo_status(context());
  if (status != CAIRO_STATUS_SUCCESS)
    throw Error(Fault::internal, "PICTURE_FAILED", "The picture could not be drawn.")
        .with_detail(cairo().cairo_status_to_string(status));
  context_.reset();
  surface_.reset();
  return std::move(*picture_);
}

}  // namespace odeon::pictures
