// Cairo, loaded when the first picture is drawn: linked, it and the fifteen libraries behind it (fonts, X11) would cost
// every process memory and time at its start. So whoever draws takes only types from its header and calls through this
// table.
#pragma once

#include <cairo-pdf.h>

#include "base/shared_library.hpp"

namespace odeon::pictures {

struct Cairo {
  SharedLibrary library{"libcairo.so.2"};

  decltype(&::cairo_clip) cairo_clip = library["cairo_clip"];
  decltype(&::cairo_close_path) cairo_close_path = library["cairo_close_path"];
  decltype(&::cairo_copy_clip_rectangle_list) cairo_copy_clip_rectangle_list =
      library["cairo_copy_clip_rectangle_list"];
  decltype(&::cairo_create) cairo_create = library["cairo_create"];
  decltype(&::cairo_curve_to) cairo_curve_to = library["cairo_curve_to"];
  decltype(&::cairo_destroy) cairo_destroy = library["cairo_destroy"];
  decltype(&::cairo_fill) cairo_fill = library["cairo_fill"];
  decltype(&::cairo_fill_preserve) cairo_fill_preserve = library["cairo_fill_preserve"];
  decltype(&::cairo_font_options_create) cairo_font_options_create = library["cairo_font_options_create"];
  decltype(&::cairo_font_options_destroy) cairo_font_options_destroy = library["cairo_font_options_destroy"];
  decltype(&::cairo_font_options_set_antialias) cairo_font_options_set_antialias =
      library["cairo_font_options_set_antialias"];
  decltype(&::cairo_font_options_set_hint_metrics) cairo_font_options_set_hint_metrics =
      library["cairo_font_options_set_hint_metrics"];
  decltype(&::cairo_font_options_set_hint_style) cairo_font_options_set_hint_style =
      library["cairo_font_options_set_hint_style"];
  decltype(&::cairo_get_group_target) cairo_get_group_target = library["cairo_get_group_target"];
  decltype(&::cairo_get_matrix) cairo_get_matrix = library["cairo_get_matrix"];
  decltype(&::cairo_get_operator) cairo_get_operator = library["cairo_get_operator"];
  decltype(&::cairo_identity_matrix) cairo_identity_matrix = library["cairo_identity_matrix"];
  decltype(&::cairo_image_surface_create) cairo_image_surface_create = library["cairo_image_surface_create"];
  decltype(&::cairo_image_surface_create_for_data) cairo_image_surface_create_for_data =
      library["cairo_image_surface_create_for_data"];
  decltype(&::cairo_line_to) cairo_line_to = library["cairo_line_to"];
  decltype(&::cairo_move_to) cairo_move_to = library["cairo_move_to"];
  decltype(&::cairo_new_path) cairo_new_path = library["cairo_new_path"];
  decltype(&::cairo_paint) cairo_paint = library["cairo_paint"];
  decltype(&::cairo_paint_with_alpha) cairo_paint_with_alpha = library["cairo_paint_with_alpha"];
  decltype(&::cairo_pattern_add_color_stop_rgba) cairo_pattern_add_color_stop_rgba =
      library["cairo_pattern_add_color_stop_rgba"];
  decltype(&::cairo_pattern_create_for_surface) cairo_pattern_create_for_surface =
      library["cairo_pattern_create_for_surface"];
  decltype(&::cairo_pattern_create_linear) cairo_pattern_create_linear = library["cairo_pattern_create_linear"];
  decltype(&::cairo_pattern_create_radial) cairo_pattern_create_radial = library["cairo_pattern_create_radial"];
  decltype(&::cairo_pattern_destroy) cairo_pattern_destroy = library["cairo_pattern_destroy"];
  decltype(&::cairo_pattern_set_extend) cairo_pattern_set_extend = library["cairo_pattern_set_extend"];
  decltype(&::cairo_pattern_set_filter) cairo_pattern_set_filter = library["cairo_pattern_set_filter"];
  decltype(&::cairo_pdf_surface_add_outline) cairo_pdf_surface_add_outline = library["cairo_pdf_surface_add_outline"];
  decltype(&::cairo_pdf_surface_create_for_stream) cairo_pdf_surface_create_for_stream =
      library["cairo_pdf_surface_create_for_stream"];
  decltype(&::cairo_pdf_surface_set_metadata) cairo_pdf_surface_set_metadata =
      library["cairo_pdf_surface_set_metadata"];
  decltype(&::cairo_pdf_surface_set_page_label) cairo_pdf_surface_set_page_label =
      library["cairo_pdf_surface_set_page_label"];
  decltype(&::cairo_pop_group_to_source) cairo_pop_group_to_source = library["cairo_pop_group_to_source"];
  decltype(&::cairo_push_group) cairo_push_group = library["cairo_push_group"];
  decltype(&::cairo_rectangle) cairo_rectangle = library["cairo_rectangle"];
  decltype(&::cairo_rectangle_list_destroy) cairo_rectangle_list_destroy = library["cairo_rectangle_list_destroy"];
  decltype(&::cairo_restore) cairo_restore = library["cairo_restore"];
  decltype(&::cairo_save) cairo_save = library["cairo_save"];
  decltype(&::cairo_scale) cairo_scale = library["cairo_scale"];
  decltype(&::cairo_set_antialias) cairo_set_antialias = library["cairo_set_antialias"];
  decltype(&::cairo_set_dash) cairo_set_dash = library["cairo_set_dash"];
  decltype(&::cairo_set_fill_rule) cairo_set_fill_rule = library["cairo_set_fill_rule"];
  decltype(&::cairo_set_line_cap) cairo_set_line_cap = library["cairo_set_line_cap"];
  decltype(&::cairo_set_line_join) cairo_set_line_join = library["cairo_set_line_join"];
  decltype(&::cairo_set_line_width) cairo_set_line_width = library["cairo_set_line_width"];
  decltype(&::cairo_set_matrix) cairo_set_matrix = library["cairo_set_matrix"];
  decltype(&::cairo_set_operator) cairo_set_operator = library["cairo_set_operator"];
  decltype(&::cairo_set_scaled_font) cairo_set_scaled_font = library["cairo_set_scaled_font"];
  decltype(&::cairo_set_source) cairo_set_source = library["cairo_set_source"];
  decltype(&::cairo_set_source_rgb) cairo_set_source_rgb = library["cairo_set_source_rgb"];
  decltype(&::cairo_set_source_rgba) cairo_set_source_rgba = library["cairo_set_source_rgba"];
  decltype(&::cairo_set_source_surface) cairo_set_source_surface = library["cairo_set_source_surface"];
  decltype(&::cairo_set_tolerance) cairo_set_tolerance = library["cairo_set_tolerance"];
  decltype(&::cairo_show_page) cairo_show_page = library["cairo_show_page"];
  decltype(&::cairo_show_text_glyphs) cairo_show_text_glyphs = library["cairo_show_text_glyphs"];
  decltype(&::cairo_status) cairo_status = library["cairo_status"];
  decltype(&::cairo_status_to_string) cairo_status_to_string = library["cairo_status_to_string"];
  decltype(&::cairo_stroke) cairo_stroke = library["cairo_stroke"];
  decltype(&::cairo_stroke_preserve) cairo_stroke_preserve = library["cairo_stroke_preserve"];
  decltype(&::cairo_surface_destroy) cairo_surface_destroy = library["cairo_surface_destroy"];
  decltype(&::cairo_surface_finish) cairo_surface_finish = library["cairo_surface_finish"];
  decltype(&::cairo_surface_flush) cairo_surface_flush = library["cairo_surface_flush"];
  decltype(&::cairo_surface_mark_dirty) cairo_surface_mark_dirty = library["cairo_surface_mark_dirty"];
  decltype(&::cairo_surface_set_mime_data) cairo_surface_set_mime_data = library["cairo_surface_set_mime_data"];
  decltype(&::cairo_surface_status) cairo_surface_status = library["cairo_surface_status"];
  decltype(&::cairo_tag_begin) cairo_tag_begin = library["cairo_tag_begin"];
  decltype(&::cairo_tag_end) cairo_tag_end = library["cairo_tag_end"];
  decltype(&::cairo_transform) cairo_transform = library["cairo_transform"];
  decltype(&::cairo_translate) cairo_translate = library["cairo_translate"];
};

// Thread-safe. Throws Error{unavailable} if Cairo is missing; the next call tries again.
const Cairo& cairo();

}  // namespace odeon::pictures
