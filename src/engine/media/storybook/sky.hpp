// The sky with what belongs in it.
#pragma once

#include "engine/media/storybook/chance.hpp"
#include "engine/media/storybook/easel.hpp"
#include "engine/media/storybook/light.hpp"

namespace odeon::storybook {

// Down to `horizon`; the same seed gives the same clouds.
void draw_sky(Easel& easel, const Light& light, const Scene& scene, double horizon, Chance chance);
void draw_cloud(Easel& easel, Point middle, double width, Ink lit, Ink shade, Chance& chance);
void draw_star(Easel& easel, Point middle, double radius, Ink ink, double turn = 0);
void draw_moon(Easel& easel, Point middle, double radius, Ink ink, Ink behind);
void draw_stars(Easel& easel, double bottom, int count, Chance& chance);

}  // namespace odeon::storybook
