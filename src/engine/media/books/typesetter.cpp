#include "engine/media/books/typesetter.hpp"

#include <cmath>

namespace odeon::books {
namespace {

// Andika is drawn for those who learn to read: i, l and 1 differ, a and g are as children write them.
constexpr const char* kFamilies = "Andika,Comic Neue,DejaVu Sans,sans-serif";
// Of emoji, which are pixels: 300 dots an inch.
constexpr double kEmojiScale = 300.0 / 72;
// Among more lines a short one is not seen, and trying takes long.
constexpr int kMostBalanced = 12;
// Where a line's baseline is, in its leading.
constexpr double kBaseline = 0.68;

int pango_units(double points) {
  return static_cast<int>(std::lround(points * PANGO_SCALE));
}

// Cairo would paint coloured glyphs with a pixel to the point, so they are painted larger and placed as a picture.
// `ink` is around what is painted, in Pango's units. It has a clip because Cairo 1.16 takes what is first painted on a
// sheet without one for its background, and then loses the tags around it.
void draw_emoji(cairo_t* on, const char* text, PangoLayoutRun* run, double x, double baseline,
                const PangoRectangle& ink) {
  const Cairo& c = cairo();
  const Pango& p = pango();
  const double left = static_cast<double>(ink.x) / PANGO_SCALE - 1, top = static_cast<double>(ink.y) / PANGO_SCALE - 1;
  const auto pixels = [](int length) {
    return std::min(static_cast<int>(std::ceil((static_cast<double>(length) / PANGO_SCALE + 2) * kEmojiScale)), 16'000);
  };
  const int width = pixels(ink.width), height = pixels(ink.height);
  const PrintPtr<cairo_surface_t> sheet(c.cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height));
  const PrintPtr<cairo_t> painter(c.cairo_create(sheet.get()));
  c.cairo_scale(painter.get(), kEmojiScale, kEmojiScale);
  c.cairo_move_to(painter.get(), x - left, baseline - top);
  p.pango_cairo_show_glyph_item(painter.get(), text, run);
  c.cairo_save(on);
  c.cairo_translate(on, left, top);
  c.cairo_scale(on, 1 / kEmojiScale, 1 / kEmojiScale);
  c.cairo_set_source_surface(on, sheet.get(), 0, 0);
  c.cairo_rectangle(on, 0, 0, width, height);
  c.cairo_clip(on);
  c.cairo_paint(on);
  c.cairo_restore(on);
}

}  // namespace

Typesetter::Typesetter(std::string_view language)
    : fonts_(pictures::borrow_font_map()), context_(pango().pango_font_map_create_context(fonts_.get())) {
  const Cairo& c = cairo();
  const Pango& p = pango();
  p.pango_context_set_language(context_.get(), p.pango_language_from_string(std::string(language).c_str()));
  // Nothing is fitted to a screen's pixels.
  cairo_font_options_t* options = c.cairo_font_options_create();
  c.cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  c.cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  p.pango_cairo_context_set_font_options(context_.get(), options);
  c.cairo_font_options_destroy(options);
  p.pango_context_set_round_glyph_positions(context_.get(), FALSE);
}

TextBlock::TextBlock(const Typesetter& typesetter, std::string_view text, const Type& type, double width)
    : type_(type), width_(width), layout_(pango().pango_layout_new(typesetter.context())) {
  const Pango& p = pango();
  PangoFontDescription* font = p.pango_font_description_new();
  p.pango_font_description_set_family(font, kFamilies);
  p.pango_font_description_set_weight(font, type.weight == Weight::bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  p.pango_font_description_set_absolute_size(font, type.size * PANGO_SCALE);
  p.pango_layout_set_font_description(layout_.get(), font);
  p.pango_font_description_free(font);
  p.pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
  p.pango_layout_set_alignment(layout_.get(), type.align == Align::centre ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
  p.pango_layout_set_text(layout_.get(), text.data(), static_cast<int>(text.size()));
  set_width(width);
}

void TextBlock::set_width(double width) {
  pango().pango_layout_set_width(layout_.get(), pango_units(width));
}

int TextBlock::lines() const {
  return pango().pango_layout_get_line_count(layout_.get());
}

bool TextBlock::holds(double width, int lines_at_most) {
  set_width(width);
  int widest = 0;
  pango().pango_layout_get_size(layout_.get(), &widest, nullptr);
  return lines() <= lines_at_most && widest <= pango_units(width);
}

bool TextBlock::balance() {
  const Pango& p = pango();
  const int wanted = lines();
  if (wanted > kMostBalanced) return true;
  // No word is broken for it.
  p.pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD);
  if (!holds(width_, wanted)) {
    p.pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
    set_width(width_);
    return false;
  }
  // With less than this the last line would not be needed.
  double enough = width_, too_short = width_ * (wanted - 1) / wanted;
  while (enough - too_short > 1) {
    const double middle = (enough + too_short) / 2;
    (holds(middle, wanted) ? enough : too_short) = middle;
  }
  set_width(enough);
  inset_ = type_.align == Align::centre ? (width_ - enough) / 2 : 0;
  return true;
}

// A blank that stands for `text`, so that it is found and read aloud where only its picture is seen.
void TextBlock::write_unseen(cairo_t* on, std::string_view text, double x, double baseline) const {
  const Cairo& c = cairo();
  const Pango& p = pango();
  const PrintPtr<PangoFont> font(p.pango_context_load_font(p.pango_layout_get_context(layout_.get()),
                                                           p.pango_layout_get_font_description(layout_.get())));
  hb_codepoint_t blank = 0;
  if (!font || !p.hb_font_get_nominal_glyph(p.pango_font_get_hb_font(font.get()), ' ', &blank)) return;
  c.cairo_set_scaled_font(on, p.pango_cairo_font_get_scaled_font(reinterpret_cast<PangoCairoFont*>(font.get())));
  const cairo_glyph_t glyph{blank, x, baseline};
  const cairo_text_cluster_t cluster{static_cast<int>(text.size()), 1};
  c.cairo_show_text_glyphs(on, text.data(), static_cast<int>(text.size()), &glyph, 1, &cluster, 1, {});
}

void TextBlock::draw(cairo_t* on, double left, double top, Ink ink, int first, int count) const {
  const Cairo& c = cairo();
  const Pango& p = pango();
  c.cairo_set_source_rgb(on, ink.red, ink.green, ink.blue);
  const char* text = p.pango_layout_get_text(layout_.get());
  const PrintPtr<PangoLayoutIter> at(p.pango_layout_get_iter(layout_.get()));
  int line = 0;
  do {
    PangoLayoutRun* run = p.pango_layout_iter_get_run_readonly(at.get());
    if (!run) {  // the end of a line
      ++line;
      continue;
    }
    if (line < first || line >= first + count) continue;
    PangoRectangle painted, logical;
    p.pango_layout_iter_get_run_extents(at.get(), &painted, &logical);
    const double x = left + inset_ + static_cast<double>(logical.x) / PANGO_SCALE;
    const double baseline = top + (line - first + kBaseline) * leading();
    if (pictures::has_colours(run->item->analysis.font)) {
      painted.x += pango_units(x) - logical.x;
      painted.y += pango_units(baseline) - p.pango_layout_iter_get_baseline(at.get());
      draw_emoji(on, text, run, x, baseline, painted);
      c.cairo_set_source_rgb(on, ink.red, ink.green, ink.blue);
      write_unseen(on, {text + run->item->offset, static_cast<std::size_t>(run->item->length)}, x, baseline);
    } else {
      c.cairo_move_to(on, x, baseline);
      p.pango_cairo_show_glyph_item(on, text, run);
    }
  } while (p.pango_layout_iter_next_run(at.get()));
}

}  // namespace odeon::books
