// Words that fit their box: any script of the installed fonts, emoji in their colours, an outline and a shadow.
//
// Blocking and heavy (a headline 1–3 ms; the first of a process loads Pango and the list of fonts: 20 ms, 7 MB): call
// it through run_blocking. Thread-safe: each call has a font map of its own, which is kept for the next.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/media/pictures/canvas.hpp"

namespace odeon::pictures {

enum class Align { left, centre, right };
enum class Anchor { top, middle, bottom };
enum class Slant { upright, italic };

// Lengths below are parts of the font's size, so that they stay in proportion whatever size fits.
struct Outline {
  double width = 0.06;  // seen outside the letters; corners are round
  Paint paint = kBlack;
};

struct Shadow {
  double right = 0.03, down = 0.06;
  double blur = 0.06;  // standard deviation
  Colour colour = {0, 0, 0, 160};
};

struct TextStyle {
  std::vector<std::string> families = {"Inter"};  // the first that has the letter
  int weight = 400;                               // 100…1000, as in CSS
  Slant slant = Slant::upright;
  double min_size = 12, max_size = 72;  // pixels, over 0; the largest that fits is taken
  int max_lines = 0;                    // 0: as many as fit
  Align align = Align::left;
  Anchor anchor = Anchor::top;
  double line_height = 1.2;   // of the font's size
  double letter_spacing = 0;  // of the font's size
  Paint fill = kBlack;        // gradients span the text: (0, 0) is its top left, (1, 1) its bottom right
  std::optional<Outline> outline;
  std::optional<Shadow> shadow;  // may reach out of the box
  bool balanced = false;         // lines of like length, as a headline has them
  std::string language = "en";   // BCP 47
};

struct TextFit {
  double size = 0;  // of the font, pixels
  int lines = 0;
  bool fits = true;  // else not even at the smallest size: words are broken, or it ends in an ellipsis
  Box ink;           // around all that is painted but the shadow
};

// How `text` (UTF-8; what is not is replaced) would be set in the box: within it, its outline included. Words are not
// broken unless they alone are too long at the smallest size.
TextFit measure_text(std::string_view text, const TextStyle& style, Box box);
// Sets it so.
TextFit draw_text(Canvas& canvas, std::string_view text, const TextStyle& style, Box box);

}  // namespace odeon::pictures
