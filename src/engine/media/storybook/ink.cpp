#include "engine/media/storybook/ink.hpp"

#include <algorithm>

namespace odeon::storybook {

Ink mix(Ink a, Ink b, double share_of_b) {
  const double share = std::clamp(share_of_b, 0.0, 1.0);
  return {pictures::mix(a.colour, b.colour, share), std::lerp(a.cover, b.cover, share)};
}

Ink lighter(Ink ink, double by) {
  pictures::Oklab lab = to_oklab(ink.colour);
  lab.lightness = std::clamp(lab.lightness + by, 0.0, 1.0);
  lab.b += by * 0.06;
  return {pictures::to_colour(lab), ink.cover};
}

Ink darker(Ink ink, double by) {
  pictures::Oklab lab = to_oklab(ink.colour);
  lab.lightness = std::clamp(lab.lightness - by, 0.0, 1.0);
  lab.a += by * 0.05, lab.b -= by * 0.10;
  return {pictures::to_colour(lab), ink.cover};
}

double lightness(Ink ink) {
  return to_oklab(ink.colour).lightness;
}

}  // namespace odeon::storybook
