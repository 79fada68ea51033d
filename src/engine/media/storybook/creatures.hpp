// Friends of a hero.
#pragma once

#include "engine/media/storybook/stage.hpp"

namespace odeon::storybook {

// Whether it swims or flies there, and so stands on nothing.
bool floats(Companion companion, Setting setting);
// Feet at `at`; about 200 units high at 1; looks to the right where `facing` is 1, to the left where it is -1.
void draw_creature(Stage& stage, Companion companion, Point at, double scale, double facing);

// Those of a kind, around 0,0, looking to the right.
void draw_furry(Easel& easel, const Light& light, Companion companion);
void draw_winged(Easel& easel, const Light& light, Companion companion);
void draw_other(Easel& easel, const Light& light, Companion companion);
// Eyes of all of them.
void draw_creature_eye(Easel& easel, Point at, double size, Ink iris);

}  // namespace odeon::storybook
