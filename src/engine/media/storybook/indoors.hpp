// What rooms are furnished with.
#pragma once

#include "engine/media/storybook/stage.hpp"

namespace odeon::storybook {

// A colour as it looks in a room: lamps keep the night out.
Ink indoors(const Stage& stage, Ink ink);
// Down to the floor, with dots or stripes on it; then boards from the floor on.
enum class Paper { dots, stripes };
void draw_wall(Stage& stage, Ink paper, double floor, Paper print);
void draw_boards(Stage& stage, double floor, Ink wood);
// Its upper middle is given. Through it, the weather and the time of day are seen.
void draw_window(Stage& stage, Point at, double wide, double tall, Ink curtain);
void draw_rug(Stage& stage, Ink ink, Ink trim);
void draw_bookcase(Stage& stage, double left, double top, double wide, int rows);
// At night only.
void draw_lamp_light(Stage& stage, Point at, double radius);

}  // namespace odeon::storybook
