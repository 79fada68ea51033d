#include "engine/media/pictures/text_layout.hpp"

#include <cmath>

#include "base/text.hpp"
#include "engine/media/pictures/cairo.hpp"

namespace odeon::pictures {
namespace {

constexpr double kUnits = PANGO_SCALE * TextLayout::kSize;  // Pango's in the size of the font

// Without what moves no pen: control characters, which Pango would show as boxes.
std::string printable(std::string_view text) {
  std::string out = text::to_valid_utf8(text);
  std::erase_if(out, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; });
  return out;
}

void use_plain_metrics(PangoContext* context) {
  const Cairo& c = cairo();
  cairo_font_options_t* options = c.cairo_font_options_create();
  c.cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  c.cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  c.cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  pango().pango_cairo_context_set_font_options(context, options);
  c.cairo_font_options_destroy(options);
  pango().pango_context_set_round_glyph_positions(context, FALSE);
}

void set_font(PangoLayout* layout, const TextStyle& style) {
  const Pango& p = pango();
  PangoFontDescription* font = p.pango_font_description_new();
  p.pango_font_description_set_family(font, text::join(style.families, ",").c_str());
  p.pango_font_description_set_weight(font, static_cast<PangoWeight>(std::clamp(style.weight, 100, 1000)));
  p.pango_font_description_set_style(font, style.slant == Slant::italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
  p.pango_font_description_set_absolute_size(font, kUnits);
  p.pango_layout_set_font_description(layout, font);
  p.pango_font_description_free(font);
}

void set_letter_spacing(PangoLayout* layout, double spacing) {
  if (spacing == 0) return;
  const Pango& p = pango();
  PangoAttrList* attributes = p.pango_attr_list_new();
  p.pango_attr_list_insert(attributes,
                           p.pango_attr_letter_spacing_new(static_cast<int>(std::lround(spacing * kUnits))));
  p.pango_layout_set_attributes(layout, attributes);
  p.pango_attr_list_unref(attributes);
}

PangoAlignment alignment_of(Align align) {
  return align == Align::left ? PANGO_ALIGN_LEFT : align == Align::centre ? PANGO_ALIGN_CENTER : PANGO_ALIGN_RIGHT;
}

Box box_of(const PangoRectangle& at) {
  return {at.x / kUnits, at.y / kUnits, at.width / kUnits, at.height / kUnits};
}

}  // namespace

bool has_colours(PangoFont* font) {
  hb_face_t* face = pango().hb_font_get_face(pango().pango_font_get_hb_font(font));
  return pango().hb_ot_color_has_png(face) || pango().hb_ot_color_has_layers(face);
}

void TextLayout::Unref::operator()(void* object) const {
  pango().g_object_unref(object);
}

TextLayout::TextLayout(std::string_view text, const TextStyle& style)
    : map_(borrow_font_map()),
      context_(pango().pango_font_map_create_context(map_.get())),
      layout_((use_plain_metrics(context_.get()), pango().pango_layout_new(context_.get()))) {
  const Pango& p = pango();
  p.pango_context_set_language(context_.get(), p.pango_language_from_string(style.language.c_str()));
  set_font(layout_.get(), style);
  set_letter_spacing(layout_.get(), style.letter_spacing);
  p.pango_layout_set_alignment(layout_.get(), alignment_of(style.align));
  const std::string clean = printable(text);
  p.pango_layout_set_text(layout_.get(), clean.data(), static_cast<int>(clean.size()));
  // Pango's factor is of the font's own line, which differs between fonts.
  p.pango_layout_set_line_spacing(layout_.get(), 1);
  const double own = logical().height / std::max(1, lines());
  p.pango_layout_set_line_spacing(layout_.get(), static_cast<float>(style.line_height / std::max(own, 0.1)));
}

void TextLayout::set_width(double width) {
  pango().pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD);
  pango().pango_layout_set_width(layout_.get(), static_cast<int>(std::max(0.0, width * kUnits)));
}

void TextLayout::truncate(double width, double height) {
  set_width(width);
  pango().pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
  pango().pango_layout_set_height(layout_.get(), static_cast<int>(std::max(1.0, height * kUnits)));
  pango().pango_layout_set_ellipsize(layout_.get(), PANGO_ELLIPSIZE_END);
}

int TextLayout::lines() const {
  return pango().pango_layout_get_line_count(layout_.get());
}

Box TextLayout::ink() const {
  PangoRectangle ink;
  pango().pango_layout_get_extents(layout_.get(), &ink, nullptr);
  return box_of(ink);
}

Box TextLayout::logical() const {
  PangoRectangle logical;
  pango().pango_layout_get_extents(layout_.get(), nullptr, &logical);
  return box_of(logical);
}

void TextLayout::each_run(const Run& letters, const Run& emoji) const {
  const Pango& p = pango();
  const std::unique_ptr<PangoLayoutIter, decltype(p.pango_layout_iter_free)> at(p.pango_layout_get_iter(layout_.get()),
                                                                                p.pango_layout_iter_free);
  do {
    const PangoLayoutRun* run = p.pango_layout_iter_get_run_readonly(at.get());
    if (!run) continue;  // the end of a line
    PangoRectangle logical;
    p.pango_layout_iter_get_run_extents(at.get(), nullptr, &logical);
    const Point origin{logical.x / kUnits, p.pango_layout_iter_get_baseline(at.get()) / kUnits};
    PangoFont* font = run->item->analysis.font;
    (has_colours(font) ? emoji : letters)(font, run->glyphs, origin);
  } while (p.pango_layout_iter_next_run(at.get()));
}

}  // namespace odeon::pictures
