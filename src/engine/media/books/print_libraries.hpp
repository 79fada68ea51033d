// Cairo and Pango, loaded when the first book is printed: linked, they and what stands behind them would cost every
// process memory and time at its start. So this folder takes only types from their headers and calls through this
// table.
#pragma once

#include <cairo-pdf.h>
#include <hb-ot.h>
#include <pango/pangocairo.h>

#include <memory>

#include "base/shared_library.hpp"

namespace odeon::books {

struct PrintLibraries {
  SharedLibrary cairo{"libcairo.so.2"};
  SharedLibrary pango{"libpango-1.0.so.0"};
  SharedLibrary pango_on_cairo{"libpangocairo-1.0.so.0"};
  SharedLibrary objects{"libgobject-2.0.so.0"};
  SharedLibrary shaper{"libharfbuzz.so.0"};

  decltype(&::cairo_arc) cairo_arc = cairo["cairo_arc"];
  decltype(&::cairo_clip) cairo_clip = cairo["cairo_clip"];
  decltype(&::cairo_close_path) cairo_close_path = cairo["cairo_close_path"];
  decltype(&::cairo_create) cairo_create = cairo["cairo_create"];
  decltype(&::cairo_destroy) cairo_destroy = cairo["cairo_destroy"];
  decltype(&::cairo_fill) cairo_fill = cairo["cairo_fill"];
  decltype(&::cairo_font_options_create) cairo_font_options_create = cairo["cairo_font_options_create"];
  decltype(&::cairo_font_options_destroy) cairo_font_options_destroy = cairo["cairo_font_options_destroy"];
  decltype(&::cairo_font_options_set_hint_metrics) cairo_font_options_set_hint_metrics =
      cairo["cairo_font_options_set_hint_metrics"];
  decltype(&::cairo_font_options_set_hint_style) cairo_font_options_set_hint_style =
      cairo["cairo_font_options_set_hint_style"];
  decltype(&::cairo_image_surface_create) cairo_image_surface_create = cairo["cairo_image_surface_create"];
  decltype(&::cairo_image_surface_create_from_png_stream) cairo_image_surface_create_from_png_stream =
      cairo["cairo_image_surface_create_from_png_stream"];
  decltype(&::cairo_move_to) cairo_move_to = cairo["cairo_move_to"];
  decltype(&::cairo_new_sub_path) cairo_new_sub_path = cairo["cairo_new_sub_path"];
  decltype(&::cairo_paint) cairo_paint = cairo["cairo_paint"];
  decltype(&::cairo_pdf_surface_add_outline) cairo_pdf_surface_add_outline = cairo["cairo_pdf_surface_add_outline"];
  decltype(&::cairo_pdf_surface_create_for_stream) cairo_pdf_surface_create_for_stream =
      cairo["cairo_pdf_surface_create_for_stream"];
  decltype(&::cairo_pdf_surface_set_metadata) cairo_pdf_surface_set_metadata = cairo["cairo_pdf_surface_set_metadata"];
  decltype(&::cairo_pdf_surface_set_page_label) cairo_pdf_surface_set_page_label =
      cairo["cairo_pdf_surface_set_page_label"];
  decltype(&::cairo_rectangle) cairo_rectangle = cairo["cairo_rectangle"];
  decltype(&::cairo_restore) cairo_restore = cairo["cairo_restore"];
  decltype(&::cairo_save) cairo_save = cairo["cairo_save"];
  decltype(&::cairo_scale) cairo_scale = cairo["cairo_scale"];
  decltype(&::cairo_set_scaled_font) cairo_set_scaled_font = cairo["cairo_set_scaled_font"];
  decltype(&::cairo_set_source_rgb) cairo_set_source_rgb = cairo["cairo_set_source_rgb"];
  decltype(&::cairo_set_source_surface) cairo_set_source_surface = cairo["cairo_set_source_surface"];
  decltype(&::cairo_show_page) cairo_show_page = cairo["cairo_show_page"];
  decltype(&::cairo_show_text_glyphs) cairo_show_text_glyphs = cairo["cairo_show_text_glyphs"];
  decltype(&::cairo_status) cairo_status = cairo["cairo_status"];
  decltype(&::cairo_status_to_string) cairo_status_to_string = cairo["cairo_status_to_string"];
  decltype(&::cairo_surface_destroy) cairo_surface_destroy = cairo["cairo_surface_destroy"];
  decltype(&::cairo_surface_finish) cairo_surface_finish = cairo["cairo_surface_finish"];
  decltype(&::cairo_surface_set_mime_data) cairo_surface_set_mime_data = cairo["cairo_surface_set_mime_data"];
  decltype(&::cairo_surface_status) cairo_surface_status = cairo["cairo_surface_status"];
  decltype(&::cairo_tag_begin) cairo_tag_begin = cairo["cairo_tag_begin"];
  decltype(&::cairo_tag_end) cairo_tag_end = cairo["cairo_tag_end"];
  decltype(&::cairo_translate) cairo_translate = cairo["cairo_translate"];

  decltype(&::g_object_unref) g_object_unref = objects["g_object_unref"];

  decltype(&::pango_context_load_font) pango_context_load_font = pango["pango_context_load_font"];
  decltype(&::pango_context_set_language) pango_context_set_language = pango["pango_context_set_language"];
  decltype(&::pango_context_set_round_glyph_positions) pango_context_set_round_glyph_positions =
      pango["pango_context_set_round_glyph_positions"];
  decltype(&::pango_font_description_free) pango_font_description_free = pango["pango_font_description_free"];
  decltype(&::pango_font_description_new) pango_font_description_new = pango["pango_font_description_new"];
  decltype(&::pango_font_description_set_absolute_size) pango_font_description_set_absolute_size =
      pango["pango_font_description_set_absolute_size"];
  decltype(&::pango_font_description_set_family) pango_font_description_set_family =
      pango["pango_font_description_set_family"];
  decltype(&::pango_font_description_set_weight) pango_font_description_set_weight =
      pango["pango_font_description_set_weight"];
  decltype(&::pango_font_get_hb_font) pango_font_get_hb_font = pango["pango_font_get_hb_font"];
  decltype(&::pango_font_map_create_context) pango_font_map_create_context = pango["pango_font_map_create_context"];
  decltype(&::pango_language_from_string) pango_language_from_string = pango["pango_language_from_string"];
  decltype(&::pango_layout_get_context) pango_layout_get_context = pango["pango_layout_get_context"];
  decltype(&::pango_layout_get_font_description) pango_layout_get_font_description =
      pango["pango_layout_get_font_description"];
  decltype(&::pango_layout_get_iter) pango_layout_get_iter = pango["pango_layout_get_iter"];
  decltype(&::pango_layout_get_line_count) pango_layout_get_line_count = pango["pango_layout_get_line_count"];
  decltype(&::pango_layout_get_size) pango_layout_get_size = pango["pango_layout_get_size"];
  decltype(&::pango_layout_get_text) pango_layout_get_text = pango["pango_layout_get_text"];
  decltype(&::pango_layout_iter_free) pango_layout_iter_free = pango["pango_layout_iter_free"];
  decltype(&::pango_layout_iter_get_baseline) pango_layout_iter_get_baseline = pango["pango_layout_iter_get_baseline"];
  decltype(&::pango_layout_iter_get_run_extents) pango_layout_iter_get_run_extents =
      pango["pango_layout_iter_get_run_extents"];
  decltype(&::pango_layout_iter_get_run_readonly) pango_layout_iter_get_run_readonly =
      pango["pango_layout_iter_get_run_readonly"];
  decltype(&::pango_layout_iter_next_run) pango_layout_iter_next_run = pango["pango_layout_iter_next_run"];
  decltype(&::pango_layout_new) pango_layout_new = pango["pango_layout_new"];
  decltype(&::pango_layout_set_alignment) pango_layout_set_alignment = pango["pango_layout_set_alignment"];
  decltype(&::pango_layout_set_font_description) pango_layout_set_font_description =
      pango["pango_layout_set_font_description"];
  decltype(&::pango_layout_set_text) pango_layout_set_text = pango["pango_layout_set_text"];
  decltype(&::pango_layout_set_width) pango_layout_set_width = pango["pango_layout_set_width"];
  decltype(&::pango_layout_set_wrap) pango_layout_set_wrap = pango["pango_layout_set_wrap"];

  decltype(&::pango_cairo_context_set_font_options) pango_cairo_context_set_font_options =
      pango_on_cairo["pango_cairo_context_set_font_options"];
  decltype(&::pango_cairo_font_get_scaled_font) pango_cairo_font_get_scaled_font =
      pango_on_cairo["pango_cairo_font_get_scaled_font"];
  decltype(&::pango_cairo_font_map_new) pango_cairo_font_map_new = pango_on_cairo["pango_cairo_font_map_new"];
  decltype(&::pango_cairo_font_map_set_resolution) pango_cairo_font_map_set_resolution =
      pango_on_cairo["pango_cairo_font_map_set_resolution"];
  decltype(&::pango_cairo_show_glyph_item) pango_cairo_show_glyph_item = pango_on_cairo["pango_cairo_show_glyph_item"];

  decltype(&::hb_font_get_face) hb_font_get_face = shaper["hb_font_get_face"];
  decltype(&::hb_font_get_nominal_glyph) hb_font_get_nominal_glyph = shaper["hb_font_get_nominal_glyph"];
  decltype(&::hb_ot_color_has_layers) hb_ot_color_has_layers = shaper["hb_ot_color_has_layers"];
  decltype(&::hb_ot_color_has_png) hb_ot_color_has_png = shaper["hb_ot_color_has_png"];
};

// Thread-safe. Throws Error{unavailable} if a library is missing; the next call tries again.
const PrintLibraries& print_libraries();

struct FreePrinted {
  void operator()(cairo_t* context) const { print_libraries().cairo_destroy(context); }
  void operator()(cairo_surface_t* surface) const { print_libraries().cairo_surface_destroy(surface); }
  void operator()(PangoFontMap* map) const { print_libraries().g_object_unref(map); }
  void operator()(PangoContext* context) const { print_libraries().g_object_unref(context); }
  void operator()(PangoFont* font) const { print_libraries().g_object_unref(font); }
  void operator()(PangoLayout* layout) const { print_libraries().g_object_unref(layout); }
  void operator()(PangoLayoutIter* at) const { print_libraries().pango_layout_iter_free(at); }
};
template <class T>
using PrintPtr = std::unique_ptr<T, FreePrinted>;

}  // namespace odeon::books
