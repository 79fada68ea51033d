// What grows and lies about outdoors. Places are where a thing stands on the ground; `far` is 0 (near) to 1.
#pragma once

#include "engine/media/storybook/stage.hpp"

namespace odeon::storybook {

// Rolling ground from y down to the page's end, across the page.
void draw_hill(Stage& stage, double y, double swing, Ink ink, double far);
void draw_round_tree(Stage& stage, Point at, double size, double far);
void draw_pine(Stage& stage, Point at, double size, double far);
void draw_palm(Stage& stage, Point at, double size, double far);
void draw_bush(Stage& stage, Point at, double size, double far);
void draw_rock(Stage& stage, Point at, double size, Ink ink, double far);
void draw_grass(Stage& stage, double top, double bottom, int tufts, Ink ink);
void draw_flower(Stage& stage, Point at, double size, Ink petals);
// Flowers of the season, or tufts in snow.
void draw_flowers(Stage& stage, double top, double bottom, int count);
void draw_path(Stage& stage, double top, double bottom, Point vanishing, Ink ink);
// Dark leaves in the near corners, that the eye looks past.
void draw_leafy_frame(Stage& stage, Ink ink);
void draw_grassy_frame(Stage& stage, Ink ink);

}  // namespace odeon::storybook
