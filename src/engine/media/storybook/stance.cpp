#include "engine/media/storybook/stance.hpp"

#include <algorithm>

namespace odeon::storybook {

Stance Stance::of(Pose pose) {
  switch (pose) {
    case Pose::standing:
      return {.arms = {{{-24, -12}, {24, 12}}}, .legs = {{{-5, -3}, {5, 3}}}, .tilt = 3, .turn = 0.15};
    case Pose::walking:
      return {.arms = {{{-38, -10}, {30, 62, true}}},
              .legs = {{{-24, -34}, {24, 10}}},
              .lean = -4,
              .tilt = -3,
              .turn = 0.5};
    case Pose::running:
      return {.arms = {{{-62, 8}, {38, 118, true}}},
              .legs = {{{-38, -86}, {58, 8}}},
              .lean = -13,
              .tilt = -6,
              .turn = 0.65,
              .lift = 26};
    case Pose::sitting:
      return {.arms = {{{-36, 18, true}, {36, -18, true}}}, .legs = {{{-70, 80}, {70, -80}}}, .tilt = 4, .turn = 0.25};
    case Pose::sleeping:
      return {.tilt = 0};
    case Pose::flying:
      return {.arms = {{{-128, -150}, {132, 158, true}}},
              .legs = {{{-9, -24}, {16, -4}}},
              .tilt = 46,
              .turn = 0.45,
              .whole = 58,
              .lift = 190};
    case Pose::waving:
      return {.arms = {{{-24, -8}, {108, 160, true}}}, .legs = {{{-6, -3}, {6, 3}}}, .tilt = 6, .turn = 0.2};
    case Pose::reading:
      return {.arms = {{{-30, 50, true}, {30, -50, true}}}, .legs = {{{-70, 80}, {70, -80}}}, .tilt = 2, .turn = 0.1};
    case Pose::reaching:
      return {.arms = {{{-34, -16}, {118, 152, true}}},
              .legs = {{{-10, -16}, {8, 5}}},
              .lean = -5,
              .tilt = -10,
              .turn = 0.5,
              .lift = 3};
    case Pose::hugging:
      return {.arms = {{{-12, 52, true}, {12, -52, true}}}, .legs = {{{-5, -3}, {5, 3}}}, .tilt = 9, .turn = 0.1};
    case Pose::jumping:
      return {
          .arms = {{{-112, -156}, {112, 156}}}, .legs = {{{-44, 22}, {42, -26}}}, .tilt = 4, .turn = 0.15, .lift = 80};
    case Pose::dancing:
      return {.arms = {{{-104, -156}, {84, 40, true}}},
              .legs = {{{-7, -2}, {44, -30}}},
              .lean = 5,
              .tilt = 9,
              .turn = -0.2};
    case Pose::swimming:
      return {.arms = {{{-112, -84}, {128, 96, true}}},
              .legs = {{{-16, -34}, {18, 2}}},
              .tilt = 52,
              .turn = 0.45,
              .whole = 64,
              .lift = 170};
    case Pose::pointing:
      return {.arms = {{{-26, -8}, {98, 94, true}}}, .legs = {{{-7, -4}, {7, 4}}}, .tilt = -4, .turn = 0.55};
  }
  return {};
}

Build Build::of(double stature, double girth) {
  Build build;
  build.girth = girth;
  build.trunk *= std::lerp(1, stature, 0.6);
  for (double* length : {&build.thigh, &build.shin, &build.arm, &build.forearm}) *length *= stature;
  build.shoulders *= std::lerp(1, stature, 0.35) * std::lerp(1, girth, 0.5);
  build.hips *= std::lerp(1, girth, 0.7);
  return build;
}

Joints::Joints(const Stance& stance, const Build& build) {
  const auto chain = [](Point root, const Stance::Limb& limb, double upper, double lower) {
    const Point middle = root + heading(limb.upper) * upper;
    return Chain{root, middle, middle + heading(limb.lower) * lower};
  };
  const Point up = heading(180 + stance.lean), across{-up.y, up.x};
  chest = up * build.trunk;
  head = chest + up * (build.head * 0.92) + heading(180 + stance.tilt) * (build.head * 0.05);
  for (const int side : {0, 1}) {
    const double sign = side ? 1 : -1;
    arms[side] =
        chain(chest + across * (sign * build.shoulders * 0.86) - up * 15, stance.arms[side], build.arm, build.forearm);
    legs[side] = chain(Point{sign * build.hips * 0.74, 0} + up * -2, stance.legs[side], build.thigh, build.shin);
  }
  // The lower foot stands on the ground, or what is sat upon does.
  const double sole = std::max({legs[0].end.y + 13, legs[1].end.y + 13, 26.0});
  const Point moved{0, -sole - stance.lift};
  for (Point* point : {&hip, &chest, &head}) *point = *point + moved;
  for (auto* chains : {&arms, &legs})
    for (Chain& limb : *chains)
      for (Point* point : {&limb.root, &limb.middle, &limb.end}) *point = *point + moved;
}

}  // namespace odeon::storybook
