// A child's head: face, hair, hats. Drawn around 0,0, the chin below.
#pragma once

#include "engine/media/storybook/easel.hpp"
#include "engine/media/storybook/light.hpp"
#include "engine/media/storybook/look.hpp"

namespace odeon::storybook {

// All of a head is measured by it: from its middle to its crown.
inline constexpr double unit = 76;

struct Countenance {
  Mood mood = Mood::happy;
  bool eyes_closed = false;
  double turn = 0;  // of the face, -1 to 1
  double wind = 0;  // that loose hair follows
};

// What hangs behind the trunk is drawn before it.
void draw_hair_behind(Easel& easel, const Look& look, const Light& light, const Countenance& face);
void draw_head(Easel& easel, const Look& look, const Light& light, const Countenance& face);

// Parts of draw_head.
void draw_face(Easel& easel, const Look& look, const Light& light, const Countenance& face);
void draw_hair_in_front(Easel& easel, const Look& look, const Light& light, const Countenance& face);
void draw_headwear(Easel& easel, const Look& look, const Light& light, const Countenance& face);

}  // namespace odeon::storybook
