// A text as Pango lays it out, at one size of font: without hinting all lengths are in proportion, so other sizes are
// tried by changing the width of the lines alone, and drawn scaled.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/media/pictures/font_maps.hpp"
#include "engine/media/pictures/pango.hpp"
#include "engine/media/pictures/text.hpp"

namespace odeon::pictures {

// Lengths in parts of the font's size. Not thread-safe.
class TextLayout {
 public:
  TextLayout(std::string_view text, const TextStyle& style);

  // Lines of this width, words kept whole.
  void set_width(double width);
  // The same; words are broken where they must be and what is higher than this ends in an ellipsis.
  void truncate(double width, double height);

  int lines() const;
  Box ink() const;      // of what would be painted, from the layout's top left corner
  Box logical() const;  // with the room around letters

  // Calls `letters` for each run of plain letters and `emoji` for each of coloured glyphs, at the origin of the run.
  using Run = std::function<void(PangoFont* font, PangoGlyphString* glyphs, Point origin)>;
  void each_run(const Run& letters, const Run& emoji) const;

  // The size at which the layout is made: what Cairo's matrix has to be scaled from.
  static constexpr double kSize = 100;

 private:
  struct Unref {
    void operator()(void* object) const;
  };

  BorrowedFontMap map_;  // outlives what is made of it
  std::unique_ptr<PangoContext, Unref> context_;
  std::unique_ptr<PangoLayout, Unref> layout_;
};

}  // namespace odeon::pictures
