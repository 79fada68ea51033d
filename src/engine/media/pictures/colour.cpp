#include "engine/media/pictures/colour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace odeon::pictures {
namespace {

struct Light {
  double red, green, blue;
};

Light light_of(Oklab value) {
  const double l = value.lightness + 0.3963377774 * value.a + 0.2158037573 * value.b;
  const double m = value.lightness - 0.1055613458 * value.a - 0.0638541728 * value.b;
  const double s = value.lightness - 0.0894841775 * value.a - 1.2914855480 * value.b;
  const double long_ = l * l * l, medium = m * m * m, short_ = s * s * s;
  return {4.0767416621 * long_ - 3.3077115913 * medium + 0.2309699292 * short_,
          -1.2684380046 * long_ + 2.6097574011 * medium - 0.3413193965 * short_,
          -0.0041960863 * long_ - 0.7034186147 * medium + 1.7076147010 * short_};
}

Oklab of_cones(double l, double m, double s) {
  l = std::cbrt(l), m = std::cbrt(m), s = std::cbrt(s);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

bool in_gamut(Light light) {
  constexpr double kSlack = 1e-4;
  for (const double value : {light.red, light.green, light.blue})
    if (value < -kSlack || value > 1 + kSlack) return false;
  return true;
}

std::uint8_t byte_of_digit(char digit, bool& good) {
  if (digit >= '0' && digit <= '9') return static_cast<std::uint8_t>(digit - '0');
  const char lower = static_cast<char>(digit | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<std::uint8_t>(lower - 'a' + 10);
  good = false;
  return 0;
}

}  // namespace

std::optional<Colour> parse_colour(std::string_view hex) {
  if (!hex.starts_with('#')) return {};
  hex.remove_prefix(1);
  if (hex.size() != 3 && hex.size() != 6 && hex.size() != 8) return {};
  const bool is_short = hex.size() == 3;
  std::array<std::uint8_t, 4> parts{0, 0, 0, 255};
  bool good = true;
  for (std::size_t i = 0; i < (is_short ? 3 : hex.size() / 2); ++i) {
    const std::uint8_t high = byte_of_digit(hex[is_short ? i : 2 * i], good);
    parts[i] = static_cast<std::uint8_t>(16 * high + byte_of_digit(hex[is_short ? i : 2 * i + 1], good));
    if (!good) return {};
  }
  return Colour{parts[0], parts[1], parts[2], parts[3]};
}

std::string to_hex(Colour colour) {
  const std::string rgb = fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
  return colour.alpha == 255 ? rgb : rgb + fmt::format("{:02x}", colour.alpha);
}

double to_linear(std::uint8_t value) {
  static const std::array<double, 256> table = [] {
    std::array<double, 256> out{};
    for (int i = 0; i < 256; ++i) {
      const double v = i / 255.0;
      out[static_cast<std::size_t>(i)] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    }
    return out;
  }();
  return table[value];
}

std::uint8_t from_linear(double light) {
  light = std::clamp(light, 0.0, 1.0);
  const double value = light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(value * 255));
}

Oklab to_oklab(Colour colour) {
  const double r = to_linear(colour.red), g = to_linear(colour.green), b = to_linear(colour.blue);
  return of_cones(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
                  0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
                  0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
}

Oklab oklab_of_xyz(double x, double y, double z) {
  return of_cones(0.8189330101 * x + 0.3618667424 * y - 0.1288597137 * z,
                  0.0329845436 * x + 0.9293118715 * y + 0.0361456387 * z,
                  0.0482003018 * x + 0.2643662691 * y + 0.6338517070 * z);
}

Colour to_colour(Oklab value, std::uint8_t alpha) {
  value.lightness = std::clamp(value.lightness, 0.0, 1.0);
  Light light = light_of(value);
  if (!in_gamut(light)) {
    double low = 0, high = 1;
    for (int i = 0; i < 20; ++i) {
      const double middle = (low + high) / 2;
      light = light_of({value.lightness, value.a * middle, value.b * middle});
      (in_gamut(light) ? low : high) = middle;
    }
    light = light_of({value.lightness, value.a * low, value.b * low});
  }
  return {from_linear(light.red), from_linear(light.green), from_linear(light.blue), alpha};
}

Oklch to_oklch(Oklab value) {
  const double hue = std::atan2(value.b, value.a) * 180 / std::numbers::pi;
  return {value.lightness, std::hypot(value.a, value.b), hue < 0 ? hue + 360 : hue};
}

Oklab to_oklab(Oklch value) {
  const double hue = value.hue * std::numbers::pi / 180;
  return {value.lightness, value.chroma * std::cos(hue), value.chroma * std::sin(hue)};
}

double distance(Oklab a, Oklab b) {
  return std::hypot(a.lightness - b.lightness, a.a - b.a, a.b - b.b);
}

Colour mix(Colour a, Colour b, double share) {
  const Oklab from = to_oklab(a), to = to_oklab(b);
  const auto between = [&](double x, double y) { return x + (y - x) * share; };
  return to_colour({between(from.lightness, to.lightness), between(from.a, to.a), between(from.b, to.b)},
                   static_cast<std::uint8_t>(std::lround(std::clamp(between(a.alpha, b.alpha), 0.0, 255.0))));
}

Colour adjusted(Colour colour, double lightness, double chroma) {
  Oklch value = to_oklch(to_oklab(colour));
  value.lightness += lightness;
  value.chroma = std::max(0.0, value.chroma + chroma);
  return to_colour(to_oklab(value), colour.alpha);
}

Colour with_alpha(Colour colour, double opacity) {
  colour.alpha = static_cast<std::uint8_t>(std::lround(std::clamp(opacity, 0.0, 1.0) * 255));
  return colour;
}

}  // namespace odeon::pictures
