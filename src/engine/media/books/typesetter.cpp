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

bool has_colours(PangoFont* font) {
  const PrintLibraries& l = print_libraries();
  hb_face_t* face = l.hb_font_get_face(l.pango_font_get_hb_font(font));
  return l.hb_ot_color_has_png(face) || l.hb_ot_color_has_layers(face);
}

int pango_units(double points) {
  return static_cast<int>(std::lround(points * PANGO_SCALE));
}

// Cairo would paint coloured glyphs with a pixel to the point, so they are painted larger and placed as a picture.
// `ink` is around what is painted, in Pango's units. It has a clip because Cairo 1.16 takes what is first painted on a
// sheet without one for its background, and then loses the tags around it.
void draw_emoji(cairo_t* on, const char* text, PangoLayoutRun* run, double x, double baseline,
                const PangoRectangle& ink) {
  const PrintLibraries& l = print_libraries();
  const double left = static_cast<double>(ink.x) / PANGO_SCALE - 1, top = static_cast<double>(ink.y) / PANGO_SCALE - 1;
  const auto pixels = [](int length) {
    return std::min(static_cast<int>(std::ceil((static_cast<double>(length) / PANGO_SCALE + 2) * kEmojiScale)), 16'000);
  };
  const int width = pixels(ink.width), height = pixels(ink.height);
  const PrintPtr<cairo_surface_t> sheet(l.cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height));
  const PrintPtr<cairo_t> painter(l.cairo_create(sheet.get()));
  l.cairo_scale(painter.get(), kEmojiScale, kEmojiScale);
  l.cairo_move_to(painter.get(), x - left, baseline - top);
  l.pango_cairo_show_glyph_item(painter.get(), text, run);
  l.cairo_save(on);
  l.cairo_translate(on, left, top);
  l.cairo_scale(on, 1 / kEmojiScale, 1 / kEmojiScale);
  l.cairo_set_source_surface(on, sheet.get(), 0, 0);
  l.cairo_rectangle(on, 0, 0, width, height);
  l.cairo_clip(on);
  l.cairo_paint(on);
  l.cairo_restore(on);
}

}  // namespace

const PrintLibraries& print_libraries() {
  static const PrintLibraries table;
  return table;
}

Typesetter::Typesetter(std::string_view language)
    : fonts_(print_libraries().pango_cairo_font_map_new()),
      context_(print_libraries().pango_font_map_create_context(fonts_.get())) {
  const PrintLibraries& l = print_libraries();
  l.pango_cairo_font_map_set_resolution(reinterpret_cast<PangoCairoFontMap*>(fonts_.get()), 72);
  l.pango_context_set_language(context_.get(), l.pango_language_from_string(std::string(language).c_str()));
  // Nothing is fitted to a screen's pixels.
  cairo_font_options_t* options = l.cairo_font_options_create();
  l.cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  l.cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  l.pango_cairo_context_set_font_options(context_.get(), options);
  l.cairo_font_options_destroy(options);
  l.pango_context_set_round_glyph_positions(context_.get(), FALSE);
}

TextBlock::TextBlock(const Typesetter& typesetter, std::string_view text, const Type& type, double width)
    : type_(type), width_(width), layout_(print_libraries().pango_layout_new(typesetter.context())) {
  const PrintLibraries& l = print_libraries();
  PangoFontDescription* font = l.pango_font_description_new();
  l.pango_font_description_set_family(font, kFamilies);
  l.pango_font_description_set_weight(font, type.weight == Weight::bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  l.pango_font_description_set_absolute_size(font, type.size * PANGO_SCALE);
  l.pango_layout_set_font_description(layout_.get(), font);
  l.pango_font_description_free(font);
  l.pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
  l.pango_layout_set_alignment(layout_.get(), type.align == Align::centre ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
  l.pango_layout_set_text(layout_.get(), text.data(), static_cast<int>(text.size()));
  set_width(width);
}

void TextBlock::set_width(double width) {
  print_libraries().pango_layout_set_width(layout_.get(), pango_units(width));
}

int TextBlock::lines() const {
  return print_libraries().pango_layout_get_line_count(layout_.get());
}

bool TextBlock::holds(double width, int lines_at_most) {
  set_width(width);
  int widest = 0;
  print_libraries().pango_layout_get_size(layout_.get(), &widest, nullptr);
  return lines() <= lines_at_most && widest <= pango_units(width);
}

bool TextBlock::balance() {
  const PrintLibraries& l = print_libraries();
  const int wanted = lines();
  if (wanted > kMostBalanced) return true;
  // No word is broken for it.
  l.pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD);
  if (!holds(width_, wanted)) {
    l.pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
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
  const PrintLibraries& l = print_libraries();
  const PrintPtr<PangoFont> font(l.pango_context_load_font(l.pango_layout_get_context(layout_.get()),
                                                           l.pango_layout_get_font_description(layout_.get())));
  hb_codepoint_t blank = 0;
  if (!font || !l.hb_font_get_nominal_glyph(l.pango_font_get_hb_font(font.get()), ' ', &blank)) return;
  l.cairo_set_scaled_font(on, l.pango_cairo_font_get_scaled_font(reinterpret_cast<PangoCairoFont*>(font.get())));
  const cairo_glyph_t glyph{blank, x, baseline};
  const cairo_text_cluster_t cluster{static_cast<int>(text.size()), 1};
  l.cairo_show_text_glyphs(on, text.data(), static_cast<int>(text.size()), &glyph, 1, &cluster, 1, {});
}

void TextBlock::draw(cairo_t* on, double left, double top, Ink ink, int first, int count) const {
  const PrintLibraries& l = print_libraries();
  l.cairo_set_source_rgb(on, ink.red, ink.green, ink.blue);
  const char* text = l.pango_layout_get_text(layout_.get());
  const PrintPtr<PangoLayoutIter> at(l.pango_layout_get_iter(layout_.get()));
  int line = 0;
  do {
    PangoLayoutRun* run = l.pango_layout_iter_get_run_readonly(at.get());
    if (!run) {  // the end of a line
      ++line;
      continue;
    }
    if (line < first || line >= first + count) continue;
    PangoRectangle painted, logical;
    l.pango_layout_iter_get_run_extents(at.get(), &painted, &logical);
    const double x = left + inset_ + static_cast<double>(logical.x) / PANGO_SCALE;
    const double baseline = top + (line - first + kBaseline) * leading();
    if (has_colours(run->item->analysis.font)) {
      painted.x += pango_units(x) - logical.x;
      painted.y += pango_units(baseline) - l.pango_layout_iter_get_baseline(at.get());
      draw_emoji(on, text, run, x, baseline, painted);
      l.cairo_set_source_rgb(on, ink.red, ink.green, ink.blue);
      write_unseen(on, {text + run->item->offset, static_cast<std::size_t>(run->item->length)}, x, baseline);
    } else {
      l.cairo_move_to(on, x, baseline);
      l.pango_cairo_show_glyph_item(on, text, run);
    }
  } while (l.pango_layout_iter_next_run(at.get()));
}

}  // namespace odeon::books
