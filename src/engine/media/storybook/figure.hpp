// The child, whole: from a look and a pose.
#pragma once

#include "engine/media/storybook/easel.hpp"
#include "engine/media/storybook/light.hpp"
#include "engine/media/storybook/look.hpp"
#include "engine/media/storybook/scene.hpp"
#include "engine/media/storybook/stance.hpp"

namespace odeon::storybook {

// Feet at 0,0; about 360 units high at seven years. `wind` blows to the right where it is positive.
void draw_figure(Easel& easel, const Look& look, const Light& light, Pose pose, Mood mood, double wind);
// Head and shoulders, the middle of the head at 0,0.
void draw_bust(Easel& easel, const Look& look, const Light& light, Mood mood);

// Parts of draw_figure.
void draw_cape(Easel& easel, const Look& look, const Light& light, const Joints& joints, double wind);
void draw_legs(Easel& easel, const Look& look, const Light& light, const Joints& joints, const Build& build);
void draw_arm(Easel& easel, const Look& look, const Light& light, const Joints::Chain& arm, const Build& build);
void draw_trunk(Easel& easel, const Look& look, const Light& light, const Joints& joints, const Build& build);

}  // namespace odeon::storybook
