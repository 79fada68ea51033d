// Our values as Cairo's, for whoever draws with it.
#pragma once

#include "engine/media/pictures/cairo.hpp"
#include "engine/media/pictures/canvas.hpp"

namespace odeon::pictures {

void set_source(cairo_t* context, const Paint& paint);
void set_line(cairo_t* context, const Stroke& stroke);
void add_path(cairo_t* context, const Path& path);
// The picture as a source, which must outlive it. As RGB24, its alpha counts for nothing.
cairo_surface_t* surface_on(const Picture& picture, cairo_format_t format = CAIRO_FORMAT_ARGB32);

}  // namespace odeon::pictures
