// Where limbs are: a pose as angles, and the joints that follow from it.
#pragma once

#include <array>

#include "engine/media/storybook/ink.hpp"
#include "engine/media/storybook/scene.hpp"

namespace odeon::storybook {

// Angles in degrees as heading() takes them. Of the pairs, the first is at the viewer's left.
struct Stance {
  struct Limb {
    double upper = 0, lower = 0;
    bool in_front = false;  // of the body
  };
  std::array<Limb, 2> arms, legs;
  double lean = 0;   // of the trunk
  double tilt = 0;   // of the head
  double turn = 0;   // of the face, -1 to 1
  double whole = 0;  // of everything
  double lift = 0;   // off the ground
  static Stance of(Pose pose);
};

// Lengths of a body, feet at 0.
struct Build {
  double head = 76, trunk = 102, thigh = 52, shin = 52, arm = 52, forearm = 45;
  double shoulders = 43, hips = 28, girth = 1;
  static Build of(double stature, double girth);
};

// On the page of a child that stands at 0,0, before the whole is turned.
struct Joints {
  struct Chain {
    Point root, middle, end;
  };
  Point hip, chest, head;
  std::array<Chain, 2> arms, legs;
  Joints(const Stance& stance, const Build& build);
};

}  // namespace odeon::storybook
