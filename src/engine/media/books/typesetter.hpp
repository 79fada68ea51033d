// Text in lines, for print. Lengths are points (1/72 inch).
#pragma once

#include <string>
#include <string_view>

#include "engine/media/books/print_ptr.hpp"
#include "engine/media/pictures/font_maps.hpp"

namespace odeon::books {

enum class Weight { regular, bold };
enum class Align { start, centre };

struct Type {
  double size;
  Weight weight = Weight::regular;
  Align align = Align::start;
  double leading = 1.5;  // from line to line, in sizes
};

struct Ink {
  double red, green, blue;  // 0…1, sRGB
};

// A set of fonts that one writer of a book uses. Not thread-safe.
class Typesetter {
 public:
  explicit Typesetter(std::string_view language);
  PangoContext* context() const { return context_.get(); }

 private:
  pictures::BorrowedFontMap fonts_;  // outlives what is made of it
  PrintPtr<PangoContext> context_;
};

// A paragraph in lines of one width and an even distance, whatever fonts its letters come from. Words are kept whole
// unless one is longer than a line. The typesetter must outlive it.
class TextBlock {
 public:
  // `text` has no line breaks of its own.
  TextBlock(const Typesetter& typesetter, std::string_view text, const Type& type, double width);

  int lines() const;
  double leading() const { return type_.size * type_.leading; }
  double height() const { return lines() * leading(); }
  // Makes lines shorter, if they are few, so that as many are of like length and none has a word alone. Changes nothing
  // and returns false if a word is longer than a line.
  bool balance();
  // Lines first…first+count-1, the first of them with its top at `top`, the lines' left end at `left`.
  void draw(cairo_t* on, double left, double top, Ink ink, int first, int count) const;
  void draw(cairo_t* on, double left, double top, Ink ink) const { draw(on, left, top, ink, 0, lines()); }

 private:
  void set_width(double width);
  bool holds(double width, int lines_at_most);
  void write_unseen(cairo_t* on, std::string_view text, double x, double baseline) const;

  Type type_;
  double width_;      // that it was given
  double inset_ = 0;  // by how much balanced lines begin further in
  PrintPtr<PangoLayout> layout_;
};

}  // namespace odeon::books
