// Colours as people see them: sRGB of 8 bits, as files and CSS have it, and OKLab, in which distances and mixtures look
// right (Björn Ottosson, "A perceptual color space for image processing", 2020).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace odeon::pictures {

// sRGB (IEC 61966-2-1), not premultiplied.
struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0, alpha = 255;
  bool operator==(const Colour&) const = default;
};

inline constexpr Colour kBlack{0, 0, 0}, kWhite{255, 255, 255}, kTransparent{0, 0, 0, 0};

// Lightness 0…1; a from green to red, b from blue to yellow, about −0.4…0.4.
struct Oklab {
  double lightness = 0, a = 0, b = 0;
};

// The same in polar form: chroma from 0, hue in degrees (0 is pink, 90 yellow, 180 green, 270 blue).
struct Oklch {
  double lightness = 0, chroma = 0, hue = 0;
};

// "#rgb", "#rrggbb" or "#rrggbbaa", in either case. Nothing if it is none of these.
std::optional<Colour> parse_colour(std::string_view hex);
// "#rrggbb", or "#rrggbbaa" of what is not opaque.
std::string to_hex(Colour colour);

// Light from 0 to 1, of an sRGB value of 8 bits; and back, of any light.
double to_linear(std::uint8_t value);
std::uint8_t from_linear(double light);

Oklab to_oklab(Colour colour);                            // alpha is left out
Oklab oklab_of_xyz(double x, double y, double z);         // CIE XYZ under D65, white at Y = 1
Colour to_colour(Oklab value, std::uint8_t alpha = 255);  // what sRGB has not loses chroma, not its hue
Oklch to_oklch(Oklab value);
Oklab to_oklab(Oklch value);

// ΔE_OK: 0.02 is just seen side by side.
double distance(Oklab a, Oklab b);
// From `a` at 0 to `b` at 1, through OKLab.
Colour mix(Colour a, Colour b, double share);
// Lightness and chroma added in OKLab, for tints and shades of one hue.
Colour adjusted(Colour colour, double lightness, double chroma = 0);
Colour with_alpha(Colour colour, double opacity);  // 0…1

}  // namespace odeon::pictures
