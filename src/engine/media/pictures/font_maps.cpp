#include "engine/media/pictures/font_maps.hpp"

#include "engine/media/pictures/pango.hpp"

namespace odeon::pictures {
namespace {

// As many as were ever in use at once. They live as long as the process, as fontconfig's lists do.
struct FontMaps {
  std::mutex mutex;
  std::vector<PangoFontMap*> free;
};

FontMaps& font_maps() {
  static auto* const maps = new FontMaps;
  return *maps;
}

}  // namespace

const Pango& pango() {
  static const Pango table;
  return table;
}

const Fontconfig& fontconfig() {
  static const Fontconfig table;
  return table;
}

BorrowedFontMap borrow_font_map() {
  FontMaps& maps = font_maps();
  {
    const std::scoped_lock lock(maps.mutex);
    if (!maps.free.empty()) {
      PangoFontMap* map = maps.free.back();
      maps.free.pop_back();
      return BorrowedFontMap(map);
    }
  }
  PangoFontMap* map = pango().pango_cairo_font_map_new();
  pango().pango_cairo_font_map_set_resolution(reinterpret_cast<PangoCairoFontMap*>(map), 72);
  return BorrowedFontMap(map);
}

void ReturnFontMap::operator()(PangoFontMap* map) const {
  FontMaps& maps = font_maps();
  const std::scoped_lock lock(maps.mutex);
  maps.free.push_back(map);
}

}  // namespace odeon::pictures
