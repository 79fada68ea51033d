// Things a scene tells of.
#pragma once

#include "engine/media/storybook/stage.hpp"

namespace odeon::storybook {

enum class Place { sky, ground };  // where a thing is found
Place place_of(Prop prop);
// In its middle at 0,0 (what stands: its foot), about 120 units large.
void draw_prop(Easel& easel, const Light& light, Prop prop);

// Props of the scene around the child, who stands at `child` and leaves the other side (1: right) freer.
void draw_props_behind(Stage& stage, Point child, double child_side);
void draw_props_in_front(Stage& stage, Point child, double child_side);

// Parts of draw_prop.
void draw_large_thing(Easel& easel, const Light& light, Prop prop);
void draw_small_thing(Easel& easel, const Light& light, Prop prop);

}  // namespace odeon::storybook
