// The sky with what belongs in it.
#pragma once

#include "engine/media/storybook/chance.hpp"
#include "engine/media/storybook/easel.hpp"
#include "engine/media/storybook/light.hpp"

namespace odeon::storybook {

// Down to `horizon`; the same seed gives the same clouds. A rainbow or moon of the scene is there too.
void draw_sky(Easel& easel, const Light& light, const Scene& scene, double horizon, Chance chance);
void draw_cloud(Easel& easel, Point middle, double width, Ink lit, Ink shade, Chance& chance);
void draw_star(Easel& easel, Point middle, double radius, Ink ink, double turn = 0);
void draw_moon(Easel& easel, Point middle, double radius, Ink ink, Ink behind);
// Over the middle of its foot.
void draw_rainbow(Easel& easel, const Light& light, Point foot, double radius);
void draw_stars(Easel& easel, double bottom, int count, Chance& chance);

// Whether draw_sky is seen there: not under trees, water or the earth, and not in rooms.
bool is_under_the_sky(Setting setting);

}  // namespace odeon::storybook
