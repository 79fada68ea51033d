// What canvas.cpp and text.cpp share: our values as Cairo's.
#pragma once

#include "engine/media/pictures/cairo.hpp"
#include "engine/media/pictures/canvas.hpp"

namespace odeon::pictures {

void set_source(cairo_t* context, const Paint& paint);
void set_line(cairo_t* context, const Stroke& stroke);
void add_path(cairo_t* context, const Path& path);

}  // namespace odeon::pictures
