// Points and colours as storybook drawing reckons with them. A page is 1000 units high, y goes down.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "engine/media/pictures/colour.hpp"
#include "engine/media/pictures/path.hpp"

namespace odeon::storybook {

using pictures::Point;

constexpr Point operator+(Point a, Point b) {
  return {a.x + b.x, a.y + b.y};
}
constexpr Point operator-(Point a, Point b) {
  return {a.x - b.x, a.y - b.y};
}
constexpr Point operator*(Point a, double times) {
  return {a.x * times, a.y * times};
}
inline double length(Point a) {
  return std::hypot(a.x, a.y);
}
constexpr Point between(Point a, Point b, double share) {
  return a + (b - a) * share;
}
constexpr double radians(double degrees) {
  return degrees * std::numbers::pi / 180;
}
// 0° points down, 90° to the right.
inline Point heading(double degrees) {
  return {std::sin(radians(degrees)), std::cos(radians(degrees))};
}

struct Ink {
  pictures::Colour colour;
  double cover = 1;  // opacity
  constexpr Ink faded(double by) const { return {colour, cover * by}; }
};

constexpr Ink rgb(std::uint32_t hex) {
  return {{static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8), static_cast<std::uint8_t>(hex)}};
}
// Mixed as eyes see it (OKLab), so that no mixture turns muddy.
Ink mix(Ink a, Ink b, double share_of_b);
// Lightness up or down by this much of OKLab's 0–1; what gets darker turns a little to violet, lighter to yellow.
Ink lighter(Ink ink, double by);
Ink darker(Ink ink, double by);
// 0–1, of OKLab.
double lightness(Ink ink);

}  // namespace odeon::storybook
