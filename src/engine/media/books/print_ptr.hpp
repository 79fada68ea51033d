// What Cairo and Pango hand out, owned. Both are loaded with the first book that is printed (pictures/cairo.hpp).
#pragma once

#include <memory>

#include "engine/media/pictures/cairo.hpp"
#include "engine/media/pictures/pango.hpp"

namespace odeon::books {

using pictures::Cairo;
using pictures::cairo;
using pictures::Pango;
using pictures::pango;

struct FreePrinted {
  void operator()(cairo_t* context) const { cairo().cairo_destroy(context); }
  void operator()(cairo_surface_t* surface) const { cairo().cairo_surface_destroy(surface); }
  void operator()(PangoContext* context) const { pango().g_object_unref(context); }
  void operator()(PangoFont* font) const { pango().g_object_unref(font); }
  void operator()(PangoLayout* layout) const { pango().g_object_unref(layout); }
  void operator()(PangoLayoutIter* at) const { pango().pango_layout_iter_free(at); }
};
template <class T>
using PrintPtr = std::unique_ptr<T, FreePrinted>;

}  // namespace odeon::books
