#include "engine/media/pictures/paint.hpp"

#include <cmath>

namespace odeon::pictures {
namespace {

void add_stop(cairo_pattern_t* pattern, double at, Colour colour) {
  cairo().cairo_pattern_add_color_stop_rgba(pattern, at, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0,
                                            colour.alpha / 255.0);
}

// Cairo mixes in sRGB, which is dull and dark half-way between two hues. Stops in between lead it through OKLab.
void add_stops(cairo_pattern_t* pattern, const std::vector<Stop>& stops) {
  for (std::size_t i = 0; i < stops.size(); ++i) {
    add_stop(pattern, stops[i].at, stops[i].colour);
    if (i + 1 == stops.size()) break;
    const Stop &from = stops[i], &to = stops[i + 1];
    const int steps = std::clamp(static_cast<int>(distance(to_oklab(from.colour), to_oklab(to.colour)) / 0.04), 1, 12);
    for (int step = 1; step < steps; ++step) {
      const double share = static_cast<double>(step) / steps;
      add_stop(pattern, std::lerp(from.at, to.at, share), mix(from.colour, to.colour, share));
    }
  }
}

void set_gradient(cairo_t* context, cairo_pattern_t* pattern, const std::vector<Stop>& stops) {
  add_stops(pattern, stops);
  cairo().cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD);
  cairo().cairo_set_source(context, pattern);
  cairo().cairo_pattern_destroy(pattern);
}

struct SourceOf {
  cairo_t* context;

  void operator()(Colour colour) const {
    cairo().cairo_set_source_rgba(context, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0,
                                  colour.alpha / 255.0);
  }
  void operator()(const LinearGradient& gradient) const {
    set_gradient(context,
                 cairo().cairo_pattern_create_linear(gradient.from.x, gradient.from.y, gradient.to.x, gradient.to.y),
                 gradient.stops);
  }
  void operator()(const RadialGradient& gradient) const {
    const auto [x, y] = gradient.centre;
    set_gradient(context, cairo().cairo_pattern_create_radial(x, y, 0, x, y, gradient.radius), gradient.stops);
  }
};

cairo_line_join_t join_of(Join join) {
  switch (join) {
    case Join::mitre:
      return CAIRO_LINE_JOIN_MITER;
    case Join::bevel:
      return CAIRO_LINE_JOIN_BEVEL;
    case Join::round:
      break;
  }
  return CAIRO_LINE_JOIN_ROUND;
}

cairo_line_cap_t cap_of(Cap cap) {
  switch (cap) {
    case Cap::butt:
      return CAIRO_LINE_CAP_BUTT;
    case Cap::square:
      return CAIRO_LINE_CAP_SQUARE;
    case Cap::round:
      break;
  }
  return CAIRO_LINE_CAP_ROUND;
}

}  // namespace

void set_source(cairo_t* context, const Paint& paint) {
  std::visit(SourceOf{context}, paint);
}

void set_line(cairo_t* context, const Stroke& stroke) {
  cairo().cairo_set_line_width(context, stroke.width);
  cairo().cairo_set_line_join(context, join_of(stroke.join));
  cairo().cairo_set_line_cap(context, cap_of(stroke.cap));
  cairo().cairo_set_dash(context, stroke.dashes.data(), static_cast<int>(stroke.dashes.size()), 0);
}

void add_path(cairo_t* context, const Path& path) {
  const Cairo& c = cairo();
  for (const Path::Segment& at : path.segments()) {
    switch (at.kind) {
      case Path::Kind::move:
        c.cairo_move_to(context, at.to.x, at.to.y);
        break;
      case Path::Kind::line:
        c.cairo_line_to(context, at.to.x, at.to.y);
        break;
      case Path::Kind::curve:
        c.cairo_curve_to(context, at.first.x, at.first.y, at.second.x, at.second.y, at.to.x, at.to.y);
        break;
      case Path::Kind::close:
        c.cairo_close_path(context);
        break;
    }
  }
}

cairo_surface_t* surface_on(const Picture& picture, cairo_format_t format) {
  // Cairo only reads what it is given as a source.
  auto* bytes = reinterpret_cast<unsigned char*>(const_cast<std::uint32_t*>(picture.pixels().data()));
  return cairo().cairo_image_surface_create_for_data(bytes, format, picture.width(), picture.height(),
                                                     4 * picture.width());
}

}  // namespace odeon::pictures
