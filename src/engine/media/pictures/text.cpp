#include "engine/media/pictures/text.hpp"

#include <cmath>

#include "engine/media/pictures/blur.hpp"
#include "engine/media/pictures/paint.hpp"
#include "engine/media/pictures/text_layout.hpp"

namespace odeon::pictures {
namespace {

struct Placed {
  TextFit fit;
  Point origin;  // of the layout
};

double outline_width(const TextStyle& style) {
  return style.outline ? style.outline->width : 0;
}

bool fits(TextLayout& layout, const TextStyle& style, Box box, double size) {
  const double width = box.width / size - 2 * outline_width(style),
               height = box.height / size - 2 * outline_width(style);
  if (width <= 0 || height <= 0) return false;
  layout.set_width(width);
  const Box ink = layout.ink();
  // The logical width tells of a word that is wider than the line.
  return ink.height <= height && ink.width <= width && layout.logical().width <= width + 1e-3 &&
         (style.max_lines == 0 || layout.lines() <= style.max_lines);
}

// The largest size that fits, to a quarter of a pixel; nothing if even the smallest does not.
std::optional<double> fitting_size(TextLayout& layout, const TextStyle& style, Box box) {
  if (fits(layout, style, box, style.max_size)) return style.max_size;
  if (!fits(layout, style, box, style.min_size)) return {};
  double low = style.min_size, high = style.max_size;
  while (high - low > 0.25) {
    const double middle = (low + high) / 2;
    (fits(layout, style, box, middle) ? low : high) = middle;
  }
  return low;
}

// The narrowest width that takes no more lines; what it leaves is divided by the alignment.
double balance(TextLayout& layout, double width) {
  layout.set_width(width);
  const int lines = layout.lines();
  if (lines < 2) return width;
  double low = width / 2, high = width;
  for (int i = 0; i < 7; ++i) {
    const double middle = (low + high) / 2;
    layout.set_width(middle);
    (layout.lines() <= lines && layout.logical().width <= middle + 1e-3 ? high : low) = middle;
  }
  layout.set_width(high);
  return high;
}

void truncate_to_fit(TextLayout& layout, const TextStyle& style, double width, double height) {
  double rows = std::floor(height / style.line_height);
  if (style.max_lines > 0) rows = std::min<double>(rows, style.max_lines);
  // Half a line more: Pango leaves out those that do not fit as a whole.
  layout.truncate(width, (std::max(1.0, rows) + 0.5) * style.line_height);
}

Placed place(TextLayout& layout, const TextStyle& style, Box box) {
  const std::optional<double> found = fitting_size(layout, style, box);
  const double size = found.value_or(style.min_size), outside = outline_width(style);
  const double width = std::max(0.0, box.width / size - 2 * outside);
  double used = width;
  if (!found) {
    truncate_to_fit(layout, style, width, box.height / size - 2 * outside);
  } else {
    layout.set_width(width);
    if (style.balanced) used = balance(layout, width);
  }
  const Box ink = layout.ink();
  const double room = box.height / size - 2 * outside - ink.height;
  const double down = style.anchor == Anchor::top ? 0 : style.anchor == Anchor::middle ? room / 2 : room;
  const double right = style.align == Align::left     ? 0
                       : style.align == Align::centre ? (width - used) / 2
                                                      : width - used;
  // Letters may reach over their line's ends a little; the box holds them all the same.
  const double left = std::clamp(right + ink.x, 0.0, std::max(0.0, width - ink.width)) - ink.x;
  Placed out;
  out.origin = {box.x + (outside + left) * size, box.y + (outside + down - ink.y) * size};
  out.fit = {size, layout.lines(), found.has_value(),
             Box{out.origin.x + (ink.x - outside) * size, out.origin.y + (ink.y - outside) * size,
                 (ink.width + 2 * outside) * size, (ink.height + 2 * outside) * size}};
  return out;
}

// Draws letters and emoji as they are placed on whatever canvas; coordinates are the first canvas's.
class Brush {
 public:
  Brush(const TextLayout& layout, const TextStyle& style, const Placed& placed)
      : layout_(layout), style_(style), placed_(placed) {}

  // Rough ones have sixteen shades and cost half: enough for outlines, and for what is blurred.
  enum class Edges { fine, rough };
  void draw(Canvas& canvas, Edges edges) const {
    cairo_t* context = canvas.context();
    const auto set_edges = [context](Edges wanted) {
      cairo().cairo_set_tolerance(context, wanted == Edges::fine ? 0.1 : 0.3);
      cairo().cairo_set_antialias(context, wanted == Edges::fine ? CAIRO_ANTIALIAS_DEFAULT : CAIRO_ANTIALIAS_FAST);
    };
    add_letters(context);
    if (style_.outline) {
      set_spanning_source(context, style_.outline->paint);
      set_line(context, {.width = 2 * style_.outline->width * placed_.fit.size});
      set_edges(Edges::rough);
      cairo().cairo_stroke_preserve(context);
    }
    set_spanning_source(context, style_.fill);
    set_edges(edges);
    cairo().cairo_fill(context);
    show_emoji(context);
  }

 private:
  void scaled(cairo_t* context, const std::function<void()>& draw) const {
    cairo_matrix_t before;
    cairo().cairo_get_matrix(context, &before);
    const double scale = placed_.fit.size / TextLayout::kSize;
    const cairo_matrix_t matrix{scale, 0, 0, scale, placed_.origin.x, placed_.origin.y};
    cairo().cairo_transform(context, &matrix);
    draw();
    cairo().cairo_set_matrix(context, &before);
  }

  void add_letters(cairo_t* context) const {
    cairo().cairo_new_path(context);
    scaled(context, [&] {
      layout_.each_run(
          [&](PangoFont* font, PangoGlyphString* glyphs, Point origin) {
            cairo().cairo_move_to(context, origin.x * TextLayout::kSize, origin.y * TextLayout::kSize);
            pango().pango_cairo_glyph_string_path(context, font, glyphs);
          },
          [](PangoFont*, PangoGlyphString*, Point) {});
    });
  }

  // As a path, emoji would be silhouettes.
  void show_emoji(cairo_t* context) const {
    cairo().cairo_new_path(context);
    scaled(context, [&] {
      layout_.each_run([](PangoFont*, PangoGlyphString*, Point) {},
                       [&](PangoFont* font, PangoGlyphString* glyphs, Point origin) {
                         cairo().cairo_move_to(context, origin.x * TextLayout::kSize, origin.y * TextLayout::kSize);
                         pango().pango_cairo_show_glyph_string(context, font, glyphs);
                       });
    });
    cairo().cairo_new_path(context);
  }

  void set_spanning_source(cairo_t* context, const Paint& paint) const {
    cairo_matrix_t before;
    cairo().cairo_get_matrix(context, &before);
    const Box& ink = placed_.fit.ink;
    const cairo_matrix_t matrix{std::max(ink.width, 1e-3), 0, 0, std::max(ink.height, 1e-3), ink.x, ink.y};
    cairo().cairo_transform(context, &matrix);
    set_source(context, paint);
    cairo().cairo_set_matrix(context, &before);
  }

  const TextLayout& layout_;
  const TextStyle& style_;
  const Placed& placed_;
};

// Blurred at a size at which the blur is two pixels: what is soft has no detail. Laid on at whole pixels, which is
// several times faster and as soft.
void draw_shadow(Canvas& canvas, const Brush& brush, const Shadow& shadow, const TextFit& fit) {
  const double blurred = shadow.blur * fit.size, scale = std::min(1.0, 2 / std::max(blurred, 0.1));
  const double margin = std::ceil(3 * blurred) + 2;
  const Box area{std::floor(fit.ink.x - margin), std::floor(fit.ink.y - margin),
                 std::ceil(fit.ink.width + 2 * margin) + 1, std::ceil(fit.ink.height + 2 * margin) + 1};
  Canvas small(static_cast<int>(std::ceil(area.width * scale)), static_cast<int>(std::ceil(area.height * scale)));
  small.scale(small.width() / area.width, small.height() / area.height);
  small.translate(-area.x, -area.y);
  brush.draw(small, Brush::Edges::rough);
  Picture shape = std::move(small).finish();
  tint(shape, shadow.colour);
  blur(shape, blurred * scale);
  canvas.draw(shape, {std::round(area.x + shadow.right * fit.size), std::round(area.y + shadow.down * fit.size),
                      area.width, area.height});
}

}  // namespace

TextFit measure_text(std::string_view text, const TextStyle& style, Box box) {
  TextLayout layout(text, style);
  return place(layout, style, box).fit;
}

TextFit draw_text(Canvas& canvas, std::string_view text, const TextStyle& style, Box box) {
  TextLayout layout(text, style);
  const Placed placed = place(layout, style, box);
  if (placed.fit.ink.width <= 0 || placed.fit.ink.height <= 0) return placed.fit;
  const Brush brush(layout, style, placed);
  if (style.shadow) draw_shadow(canvas, brush, *style.shadow, placed.fit);
  const Canvas::Saved before = canvas.saved();
  brush.draw(canvas, Brush::Edges::fine);
  return placed.fit;
}

}  // namespace odeon::pictures
