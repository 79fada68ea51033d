// Pango, loaded when the first text is set, as Cairo is (cairo.hpp), and fontconfig, which knows the fonts.
#pragma once

#include <fontconfig/fontconfig.h>
#include <hb-ot.h>
#include <pango/pangocairo.h>

#include "base/shared_library.hpp"

namespace odeon::pictures {

struct Pango {
  SharedLibrary library{"libpango-1.0.so.0"};
  SharedLibrary on_cairo{"libpangocairo-1.0.so.0"};
  SharedLibrary objects{"libgobject-2.0.so.0"};
  SharedLibrary shaper{"libharfbuzz.so.0"};

  decltype(&::g_object_ref) g_object_ref = objects["g_object_ref"];
  decltype(&::g_object_unref) g_object_unref = objects["g_object_unref"];

  decltype(&::pango_attr_letter_spacing_new) pango_attr_letter_spacing_new = library["pango_attr_letter_spacing_new"];
  decltype(&::pango_attr_list_insert) pango_attr_list_insert = library["pango_attr_list_insert"];
  decltype(&::pango_attr_list_new) pango_attr_list_new = library["pango_attr_list_new"];
  decltype(&::pango_attr_list_unref) pango_attr_list_unref = library["pango_attr_list_unref"];
  decltype(&::pango_context_load_font) pango_context_load_font = library["pango_context_load_font"];
  decltype(&::pango_context_set_language) pango_context_set_language = library["pango_context_set_language"];
  decltype(&::pango_context_set_round_glyph_positions) pango_context_set_round_glyph_positions =
      library["pango_context_set_round_glyph_positions"];
  decltype(&::pango_font_description_free) pango_font_description_free = library["pango_font_description_free"];
  decltype(&::pango_font_description_new) pango_font_description_new = library["pango_font_description_new"];
  decltype(&::pango_font_description_set_absolute_size) pango_font_description_set_absolute_size =
      library["pango_font_description_set_absolute_size"];
  decltype(&::pango_font_description_set_family) pango_font_description_set_family =
      library["pango_font_description_set_family"];
  decltype(&::pango_font_description_set_style) pango_font_description_set_style =
      library["pango_font_description_set_style"];
  decltype(&::pango_font_description_set_weight) pango_font_description_set_weight =
      library["pango_font_description_set_weight"];
  decltype(&::pango_font_get_hb_font) pango_font_get_hb_font = library["pango_font_get_hb_font"];
  decltype(&::pango_font_map_create_context) pango_font_map_create_context = library["pango_font_map_create_context"];
  decltype(&::pango_language_from_string) pango_language_from_string = library["pango_language_from_string"];
  decltype(&::pango_layout_get_context) pango_layout_get_context = library["pango_layout_get_context"];
  decltype(&::pango_layout_get_extents) pango_layout_get_extents = library["pango_layout_get_extents"];
  decltype(&::pango_layout_get_font_description) pango_layout_get_font_description =
      library["pango_layout_get_font_description"];
  decltype(&::pango_layout_get_iter) pango_layout_get_iter = library["pango_layout_get_iter"];
  decltype(&::pango_layout_get_line_count) pango_layout_get_line_count = library["pango_layout_get_line_count"];
  decltype(&::pango_layout_get_size) pango_layout_get_size = library["pango_layout_get_size"];
  decltype(&::pango_layout_get_text) pango_layout_get_text = library["pango_layout_get_text"];
  decltype(&::pango_layout_iter_free) pango_layout_iter_free = library["pango_layout_iter_free"];
  decltype(&::pango_layout_iter_get_baseline) pango_layout_iter_get_baseline =
      library["pango_layout_iter_get_baseline"];
  decltype(&::pango_layout_iter_get_run_extents) pango_layout_iter_get_run_extents =
      library["pango_layout_iter_get_run_extents"];
  decltype(&::pango_layout_iter_get_run_readonly) pango_layout_iter_get_run_readonly =
      library["pango_layout_iter_get_run_readonly"];
  decltype(&::pango_layout_iter_next_run) pango_layout_iter_next_run = library["pango_layout_iter_next_run"];
  decltype(&::pango_layout_new) pango_layout_new = library["pango_layout_new"];
  decltype(&::pango_layout_set_alignment) pango_layout_set_alignment = library["pango_layout_set_alignment"];
  decltype(&::pango_layout_set_attributes) pango_layout_set_attributes = library["pango_layout_set_attributes"];
  decltype(&::pango_layout_set_ellipsize) pango_layout_set_ellipsize = library["pango_layout_set_ellipsize"];
  decltype(&::pango_layout_set_font_description) pango_layout_set_font_description =
      library["pango_layout_set_font_description"];
  decltype(&::pango_layout_set_height) pango_layout_set_height = library["pango_layout_set_height"];
  decltype(&::pango_layout_set_line_spacing) pango_layout_set_line_spacing = library["pango_layout_set_line_spacing"];
  decltype(&::pango_layout_set_text) pango_layout_set_text = library["pango_layout_set_text"];
  decltype(&::pango_layout_set_width) pango_layout_set_width = library["pango_layout_set_width"];
  decltype(&::pango_layout_set_wrap) pango_layout_set_wrap = library["pango_layout_set_wrap"];

  decltype(&::pango_cairo_context_set_font_options) pango_cairo_context_set_font_options =
      on_cairo["pango_cairo_context_set_font_options"];
  decltype(&::pango_cairo_font_get_scaled_font) pango_cairo_font_get_scaled_font =
      on_cairo["pango_cairo_font_get_scaled_font"];
  decltype(&::pango_cairo_font_map_new) pango_cairo_font_map_new = on_cairo["pango_cairo_font_map_new"];
  decltype(&::pango_cairo_font_map_set_resolution) pango_cairo_font_map_set_resolution =
      on_cairo["pango_cairo_font_map_set_resolution"];
  decltype(&::pango_cairo_glyph_string_path) pango_cairo_glyph_string_path = on_cairo["pango_cairo_glyph_string_path"];
  decltype(&::pango_cairo_show_glyph_item) pango_cairo_show_glyph_item = on_cairo["pango_cairo_show_glyph_item"];
  decltype(&::pango_cairo_show_glyph_string) pango_cairo_show_glyph_string = on_cairo["pango_cairo_show_glyph_string"];

  decltype(&::hb_font_get_face) hb_font_get_face = shaper["hb_font_get_face"];
  decltype(&::hb_font_get_nominal_glyph) hb_font_get_nominal_glyph = shaper["hb_font_get_nominal_glyph"];
  decltype(&::hb_ot_color_has_layers) hb_ot_color_has_layers = shaper["hb_ot_color_has_layers"];
  decltype(&::hb_ot_color_has_png) hb_ot_color_has_png = shaper["hb_ot_color_has_png"];
};
// Thread-safe, as is what follows. Throws Error{unavailable} if Pango is missing.
const Pango& pango();
// Whether its glyphs are pictures, as emoji are. Such are painted: as a path they would be silhouettes.
bool has_colours(PangoFont* font);

struct Fontconfig {
  SharedLibrary library{"libfontconfig.so.1"};
  decltype(&::FcFontList) FcFontList = library["FcFontList"];
  decltype(&::FcFontSetDestroy) FcFontSetDestroy = library["FcFontSetDestroy"];
  decltype(&::FcObjectSetAdd) FcObjectSetAdd = library["FcObjectSetAdd"];
  decltype(&::FcObjectSetCreate) FcObjectSetCreate = library["FcObjectSetCreate"];
  decltype(&::FcObjectSetDestroy) FcObjectSetDestroy = library["FcObjectSetDestroy"];
  decltype(&::FcPatternCreate) FcPatternCreate = library["FcPatternCreate"];
  decltype(&::FcPatternDestroy) FcPatternDestroy = library["FcPatternDestroy"];
  decltype(&::FcPatternGetBool) FcPatternGetBool = library["FcPatternGetBool"];
  decltype(&::FcPatternGetDouble) FcPatternGetDouble = library["FcPatternGetDouble"];
  decltype(&::FcPatternGetInteger) FcPatternGetInteger = library["FcPatternGetInteger"];
  decltype(&::FcPatternGetRange) FcPatternGetRange = library["FcPatternGetRange"];
  decltype(&::FcPatternGetString) FcPatternGetString = library["FcPatternGetString"];
  decltype(&::FcRangeGetDouble) FcRangeGetDouble = library["FcRangeGetDouble"];
  decltype(&::FcWeightToOpenTypeDouble) FcWeightToOpenTypeDouble = library["FcWeightToOpenTypeDouble"];
};
const Fontconfig& fontconfig();

}  // namespace odeon::pictures
